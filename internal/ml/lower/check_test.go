package lower

import (
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
)

// TestCheckShared: values that are used twice are looked at once, however long their chain is.
func TestCheckShared(t *testing.T) {
	b := &graph.Builder{Graph: graph.New("doubled")}
	x := b.Input("x", graph.Of(graph.F32, 256))
	for range 60 {
		x = b.Binary(graph.Add, x, x)
	}
	check(t, b, x)
}

// TestCheckLargeOutput: a large output is an array in memory, and costs no lanes.
func TestCheckLargeOutput(t *testing.T) {
	b := &graph.Builder{Graph: graph.New("wide")}
	check(t, b, b.Add(&graph.Softmax{}, b.Input("x", graph.Of(graph.F32, 50_000))))
}

func check(t *testing.T, b *graph.Builder, output *graph.Value) {
	t.Helper()
	b.Graph.Output("y", output)
	if b.Err != nil {
		t.Fatal(b.Err)
	}
	if err := Check(b.Graph); err != nil {
		t.Error(err)
	}
}
