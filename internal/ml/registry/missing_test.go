package registry

import (
	"runtime"
	"slices"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
)

func TestMissing(t *testing.T) {
	for name, want := range map[string]bool{"sk_imputer_logreg_wine": true, "sk_logreg_iris": false} {
		for _, a := range load(t, name).Inputs {
			if a.MissingAsNaN != want {
				t.Errorf("%s: argument %s: got %v", name, a.Name, a.MissingAsNaN)
			}
		}
	}
}

// TestMissingPaths follows elements through what moves and scales them into an ensemble.
func TestMissingPaths(t *testing.T) {
	g := graph.New("g")
	add := func(op graph.Op, args ...*graph.Value) *graph.Value {
		v, e := g.Add(op, args...)
		if e != nil {
			t.Fatal(e)
		}
		return v
	}
	x, _ := g.Input("x", graph.Of(graph.F64, 3))
	y, _ := g.Input("y", graph.Of(graph.F32))
	scale := add(&graph.Constant{Value: graph.F32Of(2, 3)})
	scaled := add(&graph.Binary{Fn: graph.Mul}, add(&graph.Cast{To: graph.F32}, add(&graph.Pick{Index: []int32{2, 0}, Dims: []int{2}}, x)), scale)
	all := add(&graph.Concat{}, add(&graph.Unary{Fn: graph.Relu}, y), scaled)
	trees := &graph.TreeEnsemble{Features: 3, Targets: 1, Roots: []int32{0}, Nodes: []graph.TreeNode{{Yes: ^0, No: ^0}},
		Leaves: []int32{0, 0}, Base: []float64{0}, Out: graph.F32}
	g.Output("score", add(trees, all))
	for missingYes, want := range map[bool][]bool{true: {true, false, true, false}, false: {false, false, false, false}} {
		trees.Nodes[0].MissingYes = missingYes
		args, err := arguments(g, nil)
		if err != nil {
			t.Fatal(err)
		}
		markMissing(g, args, false)
		var got []bool
		for _, a := range args {
			got = append(got, a.MissingAsNaN)
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

// TestMissingOfLargeValues: what asks of all elements of many large values costs no memory for each.
func TestMissingOfLargeValues(t *testing.T) {
	const size = 1 << 20
	b := &graph.Builder{Graph: graph.New("g")}
	v := b.Input("x", graph.Of(graph.F32, size))
	for range 200 {
		v = b.Add(&graph.Reshape{Dims: []int{size}}, b.Add(&graph.Reshape{Dims: []int{2, size / 2}}, v))
	}
	b.Graph.Output("missing", b.Unary(graph.IsNaN, v))
	if b.Err != nil {
		t.Fatal(b.Err)
	}
	args, err := arguments(b.Graph, nil)
	if err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	markMissing(b.Graph, args, false)
	runtime.ReadMemStats(&after)
	if made := after.TotalAlloc - before.TotalAlloc; made > 8*size || !args[0].MissingAsNaN {
		t.Errorf("%d bytes, missing as NaN: %t", made, args[0].MissingAsNaN)
	}
}
