package rewrite

import (
	"context"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
)

// TestAttentionTurns: attention is recognised as long as there is room for what it moves.
func TestAttentionTurns(t *testing.T) {
	g := graph.New("attentions")
	add := func(op graph.Op, args ...*graph.Value) *graph.Value {
		v, err := g.Add(op, args...)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	const heads, places, size = 2, 3, 4
	x, err := g.Input("x", graph.Of(graph.F32, heads, places, size))
	if err != nil {
		t.Fatal(err)
	}
	y, err := g.Input("y", graph.Of(graph.F32, heads, size, places))
	if err != nil {
		t.Fatal(err)
	}
	z := x
	for range 5 {
		z = add(&graph.MatMul{}, add(&graph.Softmax{}, add(&graph.MatMul{}, z, y)), x)
	}
	g.Output("z", z)
	const each = 4 * heads * places * size
	for _, c := range []struct{ turns, want int }{{0, 0}, {2*each + each/2, 2}, {5 * each, 5}} {
		w := &work{ctx: context.Background(), left: foldOps, turns: c.turns, normal: map[*graph.Graph]bool{}}
		out, err := w.normalize(g)
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		for _, v := range out.Values {
			if match[graph.Attention](v) != nil {
				got++
			}
		}
		if got != c.want {
			t.Errorf("room for %d elements: %d of 5 are attention, want %d", c.turns, got, c.want)
		}
	}
}
