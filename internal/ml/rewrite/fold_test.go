package rewrite

import (
	"context"
	"errors"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// product is the product of an n×n constant with itself, added to an input.
func product(t *testing.T, n int) *graph.Graph {
	t.Helper()
	g := graph.New("product")
	x, err := g.Input("x", graph.Of(graph.F32, n, n))
	must := func(v *graph.Value, failed error) *graph.Value {
		if err = errors.Join(err, failed); err != nil {
			t.Fatal(err)
		}
		return v
	}
	c := must(g.Constant(graph.NewTensor(graph.F32, n, n)))
	squared := must(g.Add(&graph.MatMul{}, c, c))
	g.Output("y", must(g.Add(&graph.Binary{Fn: graph.Add}, x, squared)))
	return g
}

// TestFoldingIsBounded: folding spends operations, of which larger graphs have more.
func TestFoldingIsBounded(t *testing.T) {
	g := product(t, 64)
	if _, err := Normalize(t.Context(), g); err != nil {
		t.Error(err)
	}
	w := &work{ctx: t.Context(), left: 1 << 18, normal: map[*graph.Graph]bool{}}
	if _, err := w.normalize(g); err == nil || sqlstate.Of(err).Code != sqlstate.ProgramLimitExceeded {
		t.Errorf("got %v", err)
	}
}

func TestNormalizeEndsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	why := sqlstate.New(sqlstate.QueryCanceled, "as asked")
	cancel(why)
	if _, err := Normalize(ctx, product(t, 4)); !errors.Is(err, why) {
		t.Errorf("got %v", err)
	}
}
