package forest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
)

// look describes a tree by its children: node i leads to yes[i] and no[i]; a leaf has -1 and its number as the value.
func (f *Forest) look(yes, no []int32) Look {
	return func(i int) (graph.TreeNode, bool, error) {
		if yes[i] == -1 {
			f.Values = append(f.Values, graph.LeafValue{Weight: float64(i)})
			return graph.TreeNode{}, true, nil
		}
		return graph.TreeNode{Threshold: float64(i), Yes: yes[i], No: no[i]}, false, nil
	}
}

func TestAdd(t *testing.T) {
	f := New()
	// The root is node 2, a parent stands behind its child.
	if err := f.Add(5, f.look([]int32{-1, -1, 3, 0, -1}, []int32{0, 0, 4, 1, 0}), 2); err != nil {
		t.Fatal(err)
	}
	if err := f.Add(1, f.look([]int32{-1}, nil), 0); err != nil {
		t.Fatal(err)
	}
	f.Features, f.Targets, f.Base, f.Out = 1, 1, []float64{0}, graph.F32
	if _, err := f.Infer([]graph.Type{graph.Of(graph.F32, 1)}); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(f.Roots, f.Leaves, f.Values); got != "[0 -4] [0 1 2 3 4] [{0 0} {0 1} {0 4} {0 0}]" {
		t.Error(got)
	}
	if n := f.Nodes; len(n) != 2 || n[0].Threshold != 2 || n[0].Yes != 1 || n[0].No != ^2 || n[1].Yes != ^0 || n[1].No != ^1 {
		t.Errorf("%+v", n)
	}
}

func TestNoTree(t *testing.T) {
	for want, tree := range map[string][2][]int32{
		"two ways lead to node 0":       {{1, 0}, {1, 0}},
		"two ways lead to node 1":       {{1, -1}, {1, -1}},
		"a node leads to node 7 of 2":   {{1, -1}, {7, -1}},
		"a node leads to node -2147483": {{1, -1}, {-2147483648, -1}},
		"two ways lead to node 2":       {{1, 2, -1}, {2, 2, -1}},
	} {
		f := New()
		err := f.Add(len(tree[0]), f.look(tree[0], tree[1]), 0)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	f := New()
	deep := make([]int32, 200001)
	for i := range deep[:200000] {
		deep[i] = int32(i + 1)
	}
	deep[200000] = -1
	err := f.Add(len(deep), f.look(deep, slices.Repeat([]int32{0}, len(deep))), 0)
	if err == nil {
		t.Error("a chain that leads back to its start passes")
	}
	if err := New().Add(1, f.look([]int32{-1}, nil), 0, 0); err == nil {
		t.Error("two trees of one node pass")
	}
}

func TestCheckNames(t *testing.T) {
	if err := CheckNames([]string{"a", "b", ""}); err != nil {
		t.Error(err)
	}
	if err := CheckNames([]string{"a", "b", "a"}); err == nil || err.Error() != `two features are named "a"` {
		t.Error(err)
	}
}
