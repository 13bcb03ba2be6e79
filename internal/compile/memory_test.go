package compile

import (
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// TestMemoryOfRowsThatGo runs queries over many rows of which few remain: what the others needed is used again.
func TestMemoryOfRowsThatGo(t *testing.T) {
	d := openDatabase(t, Options{Threads: 2})
	d.opt.MemoryLimit = 32 << 20
	for _, tier := range []string{"fast", "best"} {
		d.opt.Tier = tier
		for _, c := range []struct{ sql, want string }{
			{"select i from generate_series(1, 2000000) i order by i desc limit 3", "2000000\n1999999\n1999998"},
			{"select i from generate_series(1, 2000000) i order by i / 2 limit 2 offset 1", "2\n3"},
			{"select i * 10000000000 as n from generate_series(1, 200000) i order by n limit 2", "10000000000\n20000000000"},
			{"select i * 10000000000 as n from generate_series(1, 200000) i order by n desc limit 2", "2000000000000000\n1999990000000000"},
			{"select nullif(i, 1) as n from generate_series(1, 200000) i order by n desc limit 2", "∅\n200000"},
			{"select f from (select case when i > 5 then 'nan'::float8 else i end as f from generate_series(1, 200000) i) t order by f limit 3 offset 3", "4\n5\nNaN"},
			{"select i from generate_series(1, 2000000) i order by (10000000 + i)::text desc limit 2", "2000000\n1999999"},
			{"select max((10000000 + i)::text || 'x') from generate_series(1, 2000000) i", "12000000x"},
			{"select i % 3 as k, max((10000000 + i)::text) from generate_series(1, 1500000) i group by i % 3 order by k", "0|11500000\n1|11499998\n2|11499999"},
			{"select sum(length(a.i::text || '/' || b.i::text)) from generate_series(1, 2000) a(i), generate_series(1, 2000) b(i) where a.i % 1 = b.i % 1",
				"31572000"},
		} {
			if got := strings.TrimSpace(d.must(c.sql)); got != c.want {
				t.Errorf("%s tier: %s\n got %s\nwant %s", tier, c.sql, got, c.want)
			}
		}
	}
}

// TestMemoryOfModels calls three models in one pipeline whose tiles take more than 4 GiB together: more than the query may have,
// and than 32 bits tell.
func TestMemoryOfModels(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	d.opt.MemoryLimit = 1 << 30
	b := &graph.Builder{Graph: graph.New("large")}
	x := b.Input("x", graph.Of(graph.F64))
	column, row := graph.NewTensor(graph.F64, 4096, 1), graph.NewTensor(graph.F64, 4096)
	y := b.Binary(graph.Add, b.Binary(graph.Add, x, b.Constant(column)), b.Constant(row))
	var rows []*graph.Value
	for i := range 12 { // all there until they are added up
		rows = append(rows, b.Add(&graph.Softmax{}, b.Binary(graph.Mul, y, b.Like(y, float64(i)))))
	}
	sum := rows[0]
	for _, v := range rows[1:] {
		sum = b.Binary(graph.Add, sum, v)
	}
	for range 2 {
		sum = b.Add(&graph.Reduce{Fn: graph.ReduceMax}, sum)
	}
	b.Graph.Output("y", sum)
	if b.Err != nil {
		t.Fatal(b.Err)
	}
	d.models["large"] = sqlModel(registry.Flat(b.Graph), 1)
	for _, d.opt.Tier = range []string{"fast", "best"} {
		_, _, err := d.run("SELECT large(i), large(i + 1), large(i + 2) FROM (SELECT n::float8 i FROM generate_series(1, 3) n) t", "")
		if sqlstate.Of(err).Code != sqlstate.OutOfMemory {
			t.Errorf("%s tier: got %v", d.opt.Tier, err)
		}
	}
}
