package pipeline

import (
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/planner"
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/planner/plantest"
)

// TestCut cuts the plans of queries.
func TestCut(t *testing.T) {
	for _, c := range []struct{ sql, want string }{
		{"select a from t where a > 5", `
p0: Scan#1 → Result#2 (output)`},
		{"select 1", `
p0: Values#2 → Result#1 (output)`},
		{"select a + 1 from t where random() < 0.5 limit 3", `
p0: Scan#2 → Result#3 (output)`}, // the executor limits
		{"select count(*) from t", `
p0: Scan#2 → HashAggregate#1 (group)
p1: HashAggregate#1 → Result#3 (output)`},
		{"select b, count(*) from t group by b having count(*) > 1 order by 2 limit 5", `
p0: Scan#4 → HashAggregate#3 (group)
p1: HashAggregate#3 → Filter#2 → Sort#1 (order)
p2: Sort#1 → Result#5 (output)`},
		{"select count(*) from (select a from t limit 5) x", `
p0: Scan#3 → Limit#2 (order)
p1: Limit#2 → HashAggregate#1 (group)
p2: HashAggregate#1 → Result#4 (output)`},
		{"select t.b, u.x from t, u where t.a = u.a", `
p0: Scan#3 → HashJoin#1 (build)
p1: Scan#2 → HashJoin#1 → Result#4 (output)`},
		{"select n_name from region, nation, supplier where r_regionkey = n_regionkey and n_nationkey = s_nationkey", `
p0: Scan#5 → HashJoin#3 (build)
p1: Scan#4 → HashJoin#3 → HashJoin#1 (build)
p2: Scan#2 → HashJoin#1 → Result#6 (output)`},
		{"select classifier(c1, c2, c3, c4) from data where id < 5", `
p0: Scan#2 → Predict#1 → Result#3 (output)`},
		{"insert into big select i, 0, 0 from generate_series(1, 5) i", `
p0: GenerateSeries#2 → TableSink#1 (output)`},
		{"copy t from stdin", `
p0: CSVSource#2 → TableSink#1 (output)`},
	} {
		stmts, err := dialect.Parse(c.sql)
		if err != nil {
			t.Fatal(err)
		}
		p, err := planner.Plan(stmts[0], plantest.Env(plantest.New()))
		if err != nil {
			t.Errorf("%s: %v", c.sql, err)
			continue
		}
		lines, err := Cut(p.Root)
		if err != nil {
			t.Errorf("%s: %v", c.sql, err)
			continue
		}
		var got strings.Builder
		for i, l := range lines {
			got.WriteString("\n" + l.String())
			if l.Index != i {
				t.Errorf("%s: pipeline %d has index %d", c.sql, i, l.Index)
			}
		}
		if got.String() != c.want {
			t.Errorf("%s\ngot%s\nwant%s", c.sql, got.String(), c.want)
		}
		orderly(t, c.sql, lines)
	}
}

// orderly checks that what a pipeline reads was filled by one before it, and that the last one alone puts out.
func orderly(t *testing.T, sql string, lines []*Pipeline) {
	filled := map[physical.Node]Role{}
	for i, l := range lines {
		switch l.Source.(type) {
		case *physical.HashAggregate:
			check(t, sql, filled, l.Source, Group)
		case *physical.Sort, *physical.Limit:
			check(t, sql, filled, l.Source, Order)
		}
		for _, o := range l.Ops {
			if j, ok := o.(*physical.HashJoin); ok {
				check(t, sql, filled, j, Build)
			}
		}
		filled[l.Sink] = l.Role
		if (l.Role == Output) != (i == len(lines)-1) {
			t.Errorf("%s: %s is pipeline %d of %d", sql, l, i, len(lines))
		}
	}
}

func check(t *testing.T, sql string, filled map[physical.Node]Role, n physical.Node, want Role) {
	if got, ok := filled[n]; !ok || got != want {
		t.Errorf("%s: %s is read before it is filled", sql, name(n))
	}
}

// strange is an operator that Cut does not know.
type strange struct{ physical.Scan }

// TestCutRefuses gives Cut plans that are none.
func TestCutRefuses(t *testing.T) {
	for _, c := range []struct {
		root physical.Node
		want string
	}{
		{&physical.Scan{}, "plan without a result"},
		{&physical.Result{Input: &strange{}}, "operator *pipeline.strange in a pipeline is not supported"},
		{&physical.Result{Input: &physical.Result{}}, "operator *physical.Result in a pipeline is not supported"},
		{&physical.Result{Input: &physical.Sort{Input: &physical.TableSink{}}}, "operator *physical.TableSink in a pipeline is not supported"},
		{&physical.Result{Input: &physical.HashJoin{Build: &strange{}, Probe: &physical.Scan{}}}, "operator *pipeline.strange in a pipeline is not supported"},
	} {
		if _, err := Cut(c.root); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}
