package graph

import (
	"fmt"
	"testing"
)

// TestLive: what some outputs need of a graph with two inputs, one of them read in parts.
func TestLive(t *testing.T) {
	g := New("m")
	x, err := g.Input("x", Of(F32, 4))
	if err != nil {
		t.Fatal(err)
	}
	y, err := g.Input("y", Of(F32, 2))
	if err != nil {
		t.Fatal(err)
	}
	part := mustAdd(t, g, &Unary{Fn: Tanh}, mustAdd(t, g, &Pick{Index: []int32{3, 1}, Dims: []int{2}}, x))
	both := mustAdd(t, g, &Concat{}, part, y)
	dense := mustAdd(t, g, &Dense{W: FloatsOf(F32, []float64{1, 2}, 2, 1), B: F32Of(0)}, part)
	trees := mustAdd(t, g, &TreeEnsemble{Features: 4, Targets: 1, Roots: []int32{0}, Nodes: []TreeNode{{Feature: 1, Yes: ^0, No: ^1}},
		Leaves: []int32{0, 1, 2}, Values: []LeafValue{{0, 1}, {0, 2}}, Base: []float64{0}, Out: F32}, both)
	g.Output("dense", dense)
	g.Output("trees", trees)
	g.Output("last of both", mustAdd(t, g, &Pick{Index: []int32{3}, Dims: []int{1}}, both))
	for _, c := range []struct {
		outputs []bool
		reads   string
		values  int // inputs among them
	}{
		{[]bool{true, true, true}, "[[false true false true] [false true]]", 8},
		{[]bool{true, false, false}, "[[false true false true] [false false]]", 5},
		{[]bool{false, true, false}, "[[false true false false] [false false]]", 6},
		{[]bool{false, false, true}, "[[false false false false] [false true]]", 6},
	} {
		if got := fmt.Sprint(g.Reads(c.outputs)); got != c.reads {
			t.Errorf("%v reads %s, want %s", c.outputs, got, c.reads)
		}
		part := g.Computing(c.outputs)
		if err := part.Verify(); err != nil || len(part.Values) != c.values || len(part.Inputs) != 2 {
			t.Errorf("%v: %v\n%s", c.outputs, err, part)
		}
	}
	if all := g.Computing([]bool{true, true, true}); all.String() != g.String() {
		t.Errorf("got\n%swant\n%s", all, g)
	}
}

func TestCost(t *testing.T) {
	c := CostOf(classifier(t).Values)
	if c.FLOPs != 2*2*3+3 || c.Parameters != 9 || c.Bytes != 36 || c.Layers != 1 || len(c.Operators) != 2 {
		t.Errorf("%+v", c)
	}
	g := New("m")
	x, err := g.Input("x", Of(F32, 2))
	if err != nil {
		t.Fatal(err)
	}
	mustAdd(t, g, &TreeEnsemble{Features: 2, Targets: 1, Roots: []int32{0, ^0}, Nodes: []TreeNode{{Feature: 1, Yes: 1, No: ^1}, {Yes: ^0, No: ^2}},
		Leaves: []int32{0, 1, 2, 3}, Values: []LeafValue{{0, 1}, {0, 2}, {0, 3}}, Base: []float64{0}, Out: F32}, x)
	if c := CostOf(g.Values); c.FLOPs != 4 || c.Parameters != 5 || c.Bytes != 20 {
		t.Errorf("%+v", c)
	}
	near := New("near")
	if x, err = near.Input("x", Of(F32, 2)); err != nil {
		t.Fatal(err)
	}
	mustAdd(t, near, &Distance{Points: F32Of(1, 2, 3, 4, 5, 6).Reshaped(3, 2), Power: 2}, x)
	if c := CostOf(near.Values); c.FLOPs != 18 || c.Parameters != 6 || c.Bytes != 24 || c.Layers != 1 {
		t.Errorf("%+v", c)
	}
}
