package lower

import (
	"slices"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/rewrite"
)

// TestDescribeProducts: what follows a convolution is computed where its sums are, and concatenated channels are not copied.
func TestDescribeProducts(t *testing.T) {
	b := &graph.Builder{Graph: graph.New("net")}
	same := graph.Window{Strides: []int{1, 1}, Dilations: []int{1, 1}, Begin: []int{1, 1}, End: []int{1, 1}}
	conv := func(x *graph.Value) *graph.Value {
		c := x.Type.Dims[0]
		return b.Add(&graph.Conv{W: graph.NewTensor(graph.F32, 20, c, 3, 3), B: graph.NewTensor(graph.F32, 20), Group: 1, Window: same}, x)
	}
	constant := func(v float64) *graph.Value { return b.Add(&graph.Constant{Value: graph.Scalar(graph.F32, v)}) }
	six := func(x *graph.Value) *graph.Value {
		return b.Binary(graph.Min, b.Binary(graph.Max, x, constant(0)), constant(6))
	}
	x := b.Input("image", graph.Of(graph.F32, 3, 40, 40))
	y := six(conv(x))                                                // bounded
	z := b.Unary(graph.Relu, b.Binary(graph.Add, conv(y), y))        // residual
	factor := conv(z)                                                // gated by itself
	w := b.Binary(graph.Mul, factor, b.Unary(graph.Sigmoid, factor)) //
	parts := b.Add(&graph.Concat{}, w, b.Unary(graph.Relu, conv(z)))
	all := b.Add(&graph.Pool{Mean: true, Kernel: []int{40, 40}, Window: graph.Window{Strides: []int{1, 1}, Dilations: []int{1, 1},
		Begin: []int{0, 0}, End: []int{0, 0}}}, b.Add(&graph.Reshape{Dims: []int{40, 40, 40}}, parts))
	if b.Err != nil {
		t.Fatal(b.Err)
	}
	b.Graph.Output("y", all)
	g, err := rewrite.Normalize(t.Context(), b.Graph)
	if err != nil {
		t.Fatal(err)
	}
	got := Describe(g, Options{})
	for _, want := range []string{"4 activations within 4 products", "1 addition within 4 products", "2 concatenated parts within 4 products"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q does not tell %q\n%s", got, want, g)
		}
	}
}
