package lower

import (
	"slices"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
)

// TestHalves: dense layers and convolutions of f32 have products of bf16, what is depthwise, recurrent or of f64 has not, in branches too.
func TestHalves(t *testing.T) {
	g := graph.New("m")
	add := func(g *graph.Graph, op graph.Op, args ...*graph.Value) *graph.Value {
		v, err := g.Add(op, args...)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	dense := func(e graph.Elem, in, out int) *graph.Dense {
		return &graph.Dense{W: graph.NewTensor(e, in, out), B: graph.NewTensor(e, out)}
	}
	one := []int{1}
	conv := func(x *graph.Value, out, channels, group int) *graph.Value {
		w := graph.Window{Strides: one, Dilations: one, Begin: []int{0}, End: []int{0}, ChannelsLast: true}
		return add(g, &graph.Conv{W: graph.NewTensor(graph.F32, out, channels, 1), B: graph.NewTensor(graph.F32, out), Group: group, Window: w}, x)
	}
	input := func(g *graph.Graph, name string, e graph.Elem, dims ...int) *graph.Value {
		v, err := g.Input(name, graph.Of(e, dims...))
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	x, y := input(g, "x", graph.F32, 5, 4), input(g, "y", graph.F64, 4)
	add(g, dense(graph.F32, 4, 3), x)
	add(g, dense(graph.F64, 4, 3), y)
	conv(conv(x, 6, 4, 1), 6, 1, 6)
	branch := func() *graph.Graph {
		b := graph.New("branch")
		b.Output("z", add(b, dense(graph.F32, 4, 2), input(b, "x", graph.F32, 5, 4)))
		return b
	}
	truth := graph.NewTensor(graph.Bool)
	condition := add(g, &graph.Constant{Value: truth})
	add(g, &graph.If{Then: branch(), Else: branch(), ThenArgs: 1}, condition, x, x)
	h := Halves(g)
	if want := int64(4*3 + 6*4 + 2*4*2); h.Products != 4 || h.Weights != want {
		t.Errorf("%d products of %d weights, want 4 of %d", h.Products, h.Weights, want)
	}
	if got, want := h.Without(), []string{"1 dense layer", "1 depthwise convolution"}; !slices.Equal(got, want) {
		t.Errorf("without: %q, want %q", got, want)
	}
}
