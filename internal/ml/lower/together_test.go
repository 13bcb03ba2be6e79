package lower

import (
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/rewrite"
)

// TestTogether: networks and recurrent layers want many rows at a time, convolutions of images few.
func TestTogether(t *testing.T) {
	zeros := func(dims ...int) *graph.Tensor { return graph.NewTensor(graph.F32, dims...) }
	for _, c := range []struct {
		name        string
		layer       func(b *graph.Builder) *graph.Value
		least, most int
	}{
		{"convolution", func(b *graph.Builder) *graph.Value {
			w := graph.Window{Strides: []int{1, 1}, Dilations: []int{1, 1}, Begin: []int{1, 1}, End: []int{1, 1}}
			return b.Add(&graph.Conv{W: zeros(64, 3, 3, 3), B: zeros(64), Group: 1, Window: w}, b.Input("x", graph.Of(graph.F32, 3, 24, 24)))
		}, 1, 16},
		{"network", func(b *graph.Builder) *graph.Value {
			return b.Add(&graph.Dense{W: zeros(40, 4), B: zeros(4)}, b.Input("x", graph.Of(graph.F32, 40)))
		}, networkRows, networkRows},
		{"recurrent", func(b *graph.Builder) *graph.Value {
			d := graph.Direction{W: zeros(64, 256), B: zeros(256), R: zeros(64, 256)}
			return b.Add(&graph.Recurrent{Cell: graph.LSTM, Directions: []graph.Direction{d}}, b.Input("x", graph.Of(graph.F32, 20, 64)))
		}, 64, mostInBand},
	} {
		b := &graph.Builder{Graph: graph.New(c.name)}
		b.Graph.Output("y", c.layer(b))
		if b.Err != nil {
			t.Fatal(b.Err)
		}
		g, err := rewrite.Normalize(t.Context(), b.Graph)
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		if err := lowerNowhere(g, func(rows int) { got = max(got, rows) }); err != nil {
			t.Fatal(c.name, err)
		}
		if got < c.least || got > c.most {
			t.Errorf("%s: %d rows at a time, want %d to %d", c.name, got, c.least, c.most)
		}
	}
}
