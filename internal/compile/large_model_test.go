package compile

import (
	"math"
	"os"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// build makes a model of one real argument x and one real output of a graph.
func build(t *testing.T, d *database, name string, make func(add func(graph.Op, ...*graph.Value) *graph.Value, x *graph.Value) *graph.Value) {
	t.Helper()
	g := graph.New(name)
	x, err := g.Input("x", graph.Of(graph.F32, 1))
	if err != nil {
		t.Fatal(err)
	}
	g.Output("y", make(func(op graph.Op, args ...*graph.Value) *graph.Value {
		v, err := g.Add(op, args...)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}, x))
	real := sqltype.Of(sqltype.Float4)
	v := &registry.Version{Name: name, Graph: g, Inputs: []registry.Argument{{Name: "x", Type: real}},
		Outputs: []registry.Output{{Name: "y", Type: real, Value: g.Outputs[0].Value}}}
	d.models[name] = &logical.Model{Name: name, Version: 1, ID: uint64(len(d.models) + 1), Impl: v,
		Inputs: []logical.Column{{Name: "x", Type: real}}, Outputs: []logical.Column{{Name: "y", Type: real}}}
}

// TestAttributes: attributes that are no C literals.
func TestAttributes(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	for name, alpha := range map[string]float64{"up": math.Inf(1), "down": math.Inf(-1), "nan": math.NaN()} {
		build(t, d, name, func(add func(graph.Op, ...*graph.Value) *graph.Value, x *graph.Value) *graph.Value {
			return add(&graph.Unary{Fn: graph.LeakyRelu, Alpha: alpha}, x)
		})
	}
	for _, tier := range []string{"fast", "best"} {
		d.opt.Tier = tier
		if got := d.must("select up(-1), down(-1), nan(-1), up(2), nan(3)"); got != "-Infinity|Infinity|NaN|2|3\n" {
			t.Errorf("%s: %s", tier, got)
		}
	}
}

// TestLargestModel: models near the bounds of their sizes compile in time, those beyond are refused: that of elements a row
// of what is worked off in lanes, and that of operators.
func TestLargestModel(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	deep := func(name string, width, layers int) {
		build(t, d, name, func(add func(graph.Op, ...*graph.Value) *graph.Value, x *graph.Value) *graph.Value {
			w := make([]float64, width)
			for i := range w {
				w[i] = float64(i%7) - 3
			}
			v := add(&graph.Dense{W: graph.FloatsOf(graph.F32, w, 1, width), B: graph.FloatsOf(graph.F32, w, width)}, x)
			for range layers {
				v = add(&graph.Unary{Fn: graph.Tanh}, v)
			}
			return add(&graph.Reduce{Fn: graph.ReduceSum}, v)
		})
	}
	deep("large", 200, 20)
	deep("larger", 200, 45)
	deep("largest", 3, 20_000)
	tiers := []string{"fast"}
	if os.Getenv("FLERND_SLOW") != "" {
		tiers = append(tiers, "best")
	}
	for _, d.opt.Tier = range tiers {
		for query, want := range map[string]string{
			"select sum(large(i)) from generate_series(1, 3000) i":  "-2410.8\n",
			"select sum(larger(i)) from generate_series(1, 3000) i": "-1624.7853\n",
		} {
			if got := d.must(query); got != want {
				t.Errorf("%s: %s gives %s", d.opt.Tier, query, got)
			}
		}
	}
	_, _, err := d.run("select largest(1)", "")
	wantCode(t, err, sqlstate.FeatureNotSupported)
}
