package graph

import (
	"math"
	"strings"
	"testing"
)

// stump is one node with two leaves, of values -1 and 1.
func stump(n TreeNode) *TreeEnsemble {
	n.Yes, n.No = ^0, ^1
	return &TreeEnsemble{Features: 2, Targets: 1, Roots: []int32{0}, Nodes: []TreeNode{n}, Leaves: []int32{0, 1, 2},
		Values: []LeafValue{{0, -1}, {0, 1}}, Base: []float64{0}, Out: F32}
}

func TestTreesInfer(t *testing.T) {
	for _, c := range []struct {
		want  string
		spoil func(o *TreeEnsemble)
	}{
		{"", func(o *TreeEnsemble) {}},
		{"node 0 tests feature 2 of 2", func(o *TreeEnsemble) { o.Nodes[0].Feature = 2 }},
		{"node 0 compares an f32 with NaN", func(o *TreeEnsemble) { o.Nodes[0].Threshold = math.NaN() }},
		{"node 0 compares an f32 with 0.1", func(o *TreeEnsemble) { o.Nodes[0].Threshold = 0.1 }},
		{"node 0 leads to 0 and -2", func(o *TreeEnsemble) { o.Nodes[0].Yes = 0 }},
		{"node 0 leads to -1 and -3", func(o *TreeEnsemble) { o.Nodes[0].No = ^2 }},
		{"node 0 leads to 1 and 1", func(o *TreeEnsemble) {
			o.Nodes = append(o.Nodes, o.Nodes[0])
			o.Nodes[0].Yes, o.Nodes[0].No = 1, 1
		}},
		{"tree 1 has root 0", func(o *TreeEnsemble) { o.Roots = append(o.Roots, 0) }},
		{"tree 0 has root -3", func(o *TreeEnsemble) { o.Roots[0] = ^2 }},
		{"leaves do not cover", func(o *TreeEnsemble) { o.Leaves[2] = 1 }},
		{"leaf 1 has a negative", func(o *TreeEnsemble) { o.Leaves[1] = 3 }},
		{"value 1 of a leaf is for target 1", func(o *TreeEnsemble) { o.Values[1].Target = 1 }},
		{"with 1 targets and 0 bases", func(o *TreeEnsemble) { o.Base = nil }},
	} {
		o := stump(TreeNode{})
		c.spoil(o)
		_, err := o.Infer([]Type{Of(F32, 2)})
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}

// TestNarrow compares every test at thresholds between, on and beyond the values of f32 with these values.
func TestNarrow(t *testing.T) {
	passes := func(n TreeNode, x float64) bool {
		switch n.Test {
		case TestLe:
			return x <= n.Threshold
		case TestLt:
			return x < n.Threshold
		case TestGe:
			return x >= n.Threshold
		case TestGt:
			return x > n.Threshold
		case TestEq:
			return x == n.Threshold
		case TestNe:
			return x != n.Threshold
		}
		return false // of an empty set
	}
	inf := math.Inf(1)
	tiny, huge := math.SmallestNonzeroFloat32, math.MaxFloat32
	for _, threshold := range []float64{0, 1, 0.1, -0.1, 1e300, -1e300, inf, -inf, 1e-300, -1e-300, huge, -huge, tiny * 1.5, math.Nextafter(1, 2)} {
		f := float32(threshold)
		xs := []float32{0, 1, -1, float32(inf), float32(-inf), math.MaxFloat32, -math.MaxFloat32, f,
			math.Nextafter32(f, float32(inf)), math.Nextafter32(f, float32(-inf))}
		for test := TestLe; test <= TestNe; test++ {
			wide := stump(TreeNode{Test: test, Threshold: threshold})
			narrow := wide.Narrow()
			if _, err := narrow.Infer([]Type{Of(F32, 2)}); err != nil {
				t.Fatal(err)
			}
			for _, x := range xs {
				if got, want := passes(narrow.Nodes[0], float64(x)), passes(wide.Nodes[0], float64(x)); got != want {
					t.Errorf("%v %s %v is %v, narrow (%s %v) %v", x, test, threshold, want, narrow.Nodes[0].Test, narrow.Nodes[0].Threshold, got)
				}
			}
		}
	}
}
