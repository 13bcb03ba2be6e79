package compile

import (
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// widening is a model that gives its one input, a narrow type, as a wider one.
func widening(t *testing.T, from, to graph.Elem, in, out sqltype.Kind) *registry.Version {
	t.Helper()
	g := graph.New("m")
	x, err := g.Input("x", graph.Of(from))
	if err != nil {
		t.Fatal(err)
	}
	y, err := g.Add(&graph.Cast{To: to}, x)
	if err != nil {
		t.Fatal(err)
	}
	g.Output("y", y)
	return &registry.Version{Name: "m", Graph: g, Inputs: []registry.Argument{{Name: "x", Type: sqltype.Of(in)}},
		Outputs: []registry.Output{{Name: "y", Type: sqltype.Of(out), Value: y}}}
}

// TestNarrowInputs: an integer that the model's type does not hold is an error of the rows that the call sees; a real is
// rounded.
func TestNarrowInputs(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	d.must("CREATE TABLE t (i smallint, k int, b bigint, r real)")
	d.must("INSERT INTO t VALUES (0, 0, 0, 1), (255, 65535, 4294967295, 0.1), (127, 32767, 7, 70000), (NULL, NULL, NULL, NULL), (-1, -1, -1, -1), (256, 65536, 4294967296, 0)")
	for id, c := range []struct {
		from, to graph.Elem
		in, out  sqltype.Kind
		sql      string
		want     string
	}{
		{graph.U8, graph.I32, sqltype.Int2, sqltype.Int4, "SELECT sum(m(i)), count(m(i)) FROM t WHERE i BETWEEN 0 AND 255", "382 3"},
		{graph.U8, graph.I32, sqltype.Int2, sqltype.Int4, "SELECT sum(m(i)) FROM t WHERE i > 0", ""},
		{graph.U8, graph.I32, sqltype.Int2, sqltype.Int4, "SELECT sum(m(i)) FROM t WHERE i < 200", ""},
		{graph.I8, graph.I32, sqltype.Int2, sqltype.Int4, "SELECT sum(m(i)) FROM t WHERE i < 200", "126"},
		{graph.U16, graph.I32, sqltype.Int4, sqltype.Int4, "SELECT sum(m(k)) FROM t WHERE k BETWEEN 0 AND 65535", "98302"},
		{graph.U16, graph.I32, sqltype.Int4, sqltype.Int4, "SELECT sum(m(k)) FROM t", ""},
		{graph.U32, graph.I64, sqltype.Int8, sqltype.Int8, "SELECT sum(m(b)) FROM t WHERE b BETWEEN 0 AND 4294967295", "4294967302"},
		{graph.U32, graph.I64, sqltype.Int8, sqltype.Int8, "SELECT sum(m(b)) FROM t WHERE b > 0", ""},
		{graph.F16, graph.F32, sqltype.Float4, sqltype.Float4, "SELECT max(m(r)), min(CASE WHEN r < 1 AND r > 0 THEN m(r) END) FROM t", "Infinity 0.099975586"},
	} {
		d.models["m"] = sqlModel(widening(t, c.from, c.to, c.in, c.out), uint64(id+1))
		for _, tier := range []string{"fast", "best"} {
			d.opt.Tier = tier
			rows, _, err := d.run(c.sql, "")
			if c.want == "" {
				if err == nil || sqlstate.Of(err).Code != sqlstate.NumericValueOutOfRange {
					t.Errorf("%s %s, %s: %v, %v", c.from, c.sql, tier, rows, err)
				}
				continue
			}
			if err != nil || len(rows) != 1 || strings.Join(rows[0], " ") != c.want {
				t.Errorf("%s %s, %s: %v, %v; want %s", c.from, c.sql, tier, rows, err, c.want)
			}
		}
	}
}
