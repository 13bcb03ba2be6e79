package rewrite

import (
	"math/rand"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/interp"
)

// TestChannelsLast: a net with a normalisation, a residual, a concatenation, a factor and means gives the same when its channels are
// moved, and nothing changes places but the image, and what an operator wants in its old order.
func TestChannelsLast(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	floats := func(dims ...int) *graph.Tensor {
		x := graph.NewTensor(graph.F32, dims...)
		for i := range x.F32 {
			x.F32[i] = float32(r.NormFloat64())
		}
		return x
	}
	b := &graph.Builder{Graph: graph.New("net")}
	constant := func(x *graph.Tensor) *graph.Value { return b.Add(&graph.Constant{Value: x}) }
	ones, zeros := []int{1, 1}, []int{0, 0}
	same := graph.Window{Strides: ones, Dilations: ones, Begin: ones, End: ones}
	conv := func(x *graph.Value, out, group int) *graph.Value {
		return b.Add(&graph.Conv{W: floats(out, x.Type.Dims[0]/group, 3, 3), B: floats(out), Group: group, Window: same}, x)
	}
	x := b.Input("image", graph.Of(graph.F32, 3, 7, 6))
	y := b.Binary(graph.Add, b.Binary(graph.Mul, conv(x, 4, 1), constant(floats(4, 1, 1))), constant(floats(4, 1, 1)))
	y = b.Binary(graph.Add, b.Unary(graph.Relu, y), conv(y, 4, 4))
	y = b.Add(&graph.Reshape{Dims: []int{6, 7, 6}}, b.Add(&graph.Concat{}, y, conv(y, 2, 2)))
	means := b.Add(&graph.Reduce{Fn: graph.ReduceMean}, b.Add(&graph.Reshape{Dims: []int{6, 42}}, y))
	factor := b.Unary(graph.Sigmoid, b.Add(&graph.Reshape{Dims: []int{6, 1, 1}}, means))
	y = b.Binary(graph.Mul, b.Binary(graph.Add, y, constant(floats(6, 7, 6))), factor)
	y = b.Add(&graph.Pool{Kernel: []int{2, 2}, Window: graph.Window{Strides: []int{2, 2}, Dilations: ones, Begin: zeros, End: zeros}}, y)
	b.Graph.Output("softmax", b.Add(&graph.Softmax{}, y)) // along the old last axis
	if b.Err != nil {
		t.Fatal(b.Err)
	}
	g, err := Normalize(t.Context(), b.Graph)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(g.String(), "= pick "); n != 2 {
		t.Errorf("%d times elements change places\n%s", n, g)
	}
	again, err := Normalize(t.Context(), g)
	if err != nil || again.String() != g.String() {
		t.Errorf("a second run changes it: %v\n%s", err, again)
	}
	in := []*graph.Tensor{floats(3, 7, 6)}
	before, err := interp.Run(b.Graph, in, interp.Options{})
	if err != nil {
		t.Fatal(err)
	}
	after, err := interp.Run(g, in, interp.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if d := near(before[0], after[0]); d != "" {
		t.Error(d)
	}
}
