package compile

import (
	"fmt"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// TestTextModelOverTable calls a model of texts over dictionary and plain columns, with NULLs, below and above filters.
func TestTextModelOverTable(t *testing.T) {
	d := openDatabase(t, Options{Threads: 2})
	d.models["score"] = sqlModel(textModel(t), 1)
	d.must("CREATE TABLE t (id int4, kind text, note text)")
	var data strings.Builder
	kinds := []string{"", "b", "a", `""`, "zz"} // NULL, two keys, an empty text, no key
	for i := range 5000 {
		fmt.Fprintf(&data, "%d,%s,note %d\n", i, kinds[i%5], i%3*i)
	}
	if _, _, err := d.run("COPY t FROM STDIN WITH (FORMAT csv)", data.String()); err != nil {
		t.Fatal(err)
	}
	const want = "-1|f|1000\n1|f|333\n1|t|167\n2|f|500\n∅|∅|500\n"
	for _, tier := range []string{"fast", "best"} {
		d.opt.Tier = tier
		got := d.must("SELECT score(kind, note), (score(kind, note)).same, count(*) FROM t WHERE id >= 2500 GROUP BY 1, 2 ORDER BY 1, 2")
		if got != want {
			t.Errorf("%s:\n%s\nwant\n%s", tier, got, want)
		}
		if got := d.must("SELECT count(*) FROM t WHERE score(kind, note) = 2 AND length(kind) = 1 AND id % 2 = 0"); got != "500\n" {
			t.Errorf("%s: %s rows", tier, got)
		}
	}
}

// textModel gives 1 for a, 2 for b, else -1, and whether the second text is "note 0".
func textModel(t *testing.T) *registry.Version {
	g := graph.New("score")
	add := func(v *graph.Value, err error) *graph.Value {
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	kind, note := add(g.Input("kind", graph.Of(graph.String))), add(g.Input("note", graph.Of(graph.String)))
	m := graph.NewMap(graph.StringsOf("b", "a"), graph.I64Of(2, 1), graph.Scalar(graph.I64, -1))
	score := add(g.Add(m, kind))
	zero := add(g.Constant(graph.StringsOf("note 0").Reshaped()))
	one := add(g.Constant(graph.Scalar(graph.I64, 1)))
	same := add(g.Add(&graph.Binary{Fn: graph.And}, add(g.Add(&graph.Compare{Fn: graph.Eq}, note, zero)), add(g.Add(&graph.Compare{Fn: graph.Eq}, score, one))))
	g.Output("score", score)
	g.Output("same", same)
	text := sqltype.Of(sqltype.Text)
	return &registry.Version{Name: "score", Version: 1, Graph: g,
		Inputs:  []registry.Argument{{Name: "kind", Type: text}, {Name: "note", Type: text, Input: 1}},
		Outputs: []registry.Output{{Name: "score", Type: sqltype.Of(sqltype.Int8), Value: score}, {Name: "same", Type: sqltype.Of(sqltype.Bool), Value: same}}}
}
