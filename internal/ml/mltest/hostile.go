package mltest

import (
	"math"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Refusal looks at an importer's error: one that a user can read.
func Refusal(t testing.TB, err error) {
	t.Helper()
	switch e := sqlstate.Of(err); e.Code {
	case sqlstate.InvalidParameterValue, sqlstate.FeatureNotSupported, sqlstate.ProgramLimitExceeded:
		if len(e.Message) < 10 || len(e.Message) > 1000 {
			t.Errorf("message %q", e.Message)
		}
	default:
		t.Errorf("code %s: %v", e.Code, err)
	}
}

// Hostile looks at what an importer made of arbitrary bytes: an error that a user can read, or a graph, which run has to
// evaluate on missing values without an error.
func Hostile(t testing.TB, g *graph.Graph, err error, run func(*graph.Graph, []*graph.Tensor) error) {
	t.Helper()
	if err != nil {
		Refusal(t, err)
		return
	}
	in := make([]*graph.Tensor, len(g.Inputs))
	for i, v := range g.Inputs {
		in[i] = graph.NewTensor(v.Type.Elem, v.Type.Dims...)
		for k := range in[i].Size() {
			in[i].SetFloat(k, math.NaN())
		}
	}
	if err := run(g, in); err != nil {
		t.Fatal(err)
	}
}
