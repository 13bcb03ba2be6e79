package planner

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/planner/bind"
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/explain"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/planner/plantest"
	"github.com/flernd/flernd/internal/planner/rules"
	"github.com/flernd/flernd/internal/planner/stats"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

func parse(t *testing.T, sql string) dialect.Stmt {
	t.Helper()
	stmts, err := dialect.Parse(sql)
	if err != nil || len(stmts) != 1 {
		t.Fatalf("%s: %v", sql, err)
	}
	return stmts[0]
}

func TestDeclaredParameters(t *testing.T) {
	env := plantest.Env(plantest.New())
	env.ParamTypes = []sqltype.Type{sqltype.Of(sqltype.Int8), sqltype.Of(sqltype.Unknown)}
	p, err := Plan(parse(t, "SELECT $1 + 1, b FROM t WHERE b = $2"), env)
	if err != nil {
		t.Fatal(err)
	}
	if p.ParamTypes[0].Kind != sqltype.Int8 || p.ParamTypes[1].Kind != sqltype.Text || p.Columns[0].Type.Kind != sqltype.Int8 {
		t.Errorf("parameters %v, first column %v", p.ParamTypes, p.Columns[0].Type)
	}
	if env.ParamTypes[1].Kind != sqltype.Unknown {
		t.Error("planning changed the declared types")
	}
	_, err = Plan(parse(t, "SELECT $1 + 1"), env)
	if sqlstate.Of(err).Code != sqlstate.IndeterminateDatatype {
		t.Errorf("an unused parameter of unknown type: %v", err)
	}
}

// TestNumbering: operators are numbered as EXPLAIN prints them, those that it leaves out after the others.
func TestNumbering(t *testing.T) {
	env := plantest.Env(plantest.New())
	p, err := Plan(parse(t, "SELECT a, count(*) FROM t JOIN u USING (a) GROUP BY a ORDER BY 2"), env)
	if err != nil {
		t.Fatal(err)
	}
	var ids []int
	physical.Walk(p.Root, func(n physical.Node) { ids = append(ids, n.Base().ID) })
	want := []int{6, 1, 2, 3, 4, 5} // the root, which sends the rows, is not printed
	for i := range want {
		if i >= len(ids) || ids[i] != want[i] {
			t.Fatalf("numbers %v, want %v", ids, want)
		}
	}
}

// TestAnalyze: what scripts read of EXPLAIN ANALYZE is where PostgreSQL has it, in ms.
func TestAnalyze(t *testing.T) {
	env := plantest.Env(plantest.New())
	p, err := Plan(parse(t, "SELECT a FROM t WHERE b = 'x' ORDER BY a"), env)
	if err != nil {
		t.Fatal(err)
	}
	a := &explain.Analysis{Planning: 1500 * time.Microsecond, Compilation: 20 * time.Millisecond, Execution: 250 * time.Microsecond,
		Counters: []int64{0, 7, 8, 7}}
	out := Explain(p.Root, explain.Options{Format: explain.JSON, Costs: true, Analysis: a})
	var doc []struct {
		Plan struct {
			NodeType   string  `json:"Node Type"`
			ActualRows int     `json:"Actual Rows"`
			TotalCost  float64 `json:"Total Cost"`
			Plans      []struct {
				ActualRows int    `json:"Actual Rows"`
				Filter     string `json:"Filter"`
			}
		}
		Planning    float64 `json:"Planning Time"`
		Compilation float64 `json:"Compilation Time"`
		Execution   float64 `json:"Execution Time"`
	}
	if err := json.Unmarshal([]byte(strings.Join(out, "\n")), &doc); err != nil || len(doc) != 1 || len(doc[0].Plan.Plans) != 1 {
		t.Fatalf("%v\n%s", err, out)
	}
	d := doc[0]
	if d.Planning != 1.5 || d.Compilation != 20 || d.Execution != 0.25 || d.Plan.NodeType != "Sort" || d.Plan.ActualRows != 7 ||
		d.Plan.Plans[0].ActualRows != 8 || d.Plan.Plans[0].Filter != "(b = 'x'::text)" {
		t.Errorf("%+v", d)
	}
	text := strings.Join(Explain(p.Root, explain.Options{Analysis: a}), "\n")
	want := "Sort  (actual rows=7 loops=1)\n  Sort Key: a\n  ->  Seq Scan on t  (actual rows=8 loops=1)\n        Filter: (b = 'x'::text)\n" +
		"Planning Time: 1.500 ms\nCompilation Time: 20.000 ms\nExecution Time: 0.250 ms"
	if text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
}

// TestSameEstimates plans a query of many conditions again and again: estimates are the same to the last bit.
func TestSameEstimates(t *testing.T) {
	env := plantest.Env(plantest.New())
	stmt := parse(t, "SELECT l_tax FROM lineitem WHERE l_orderkey < 4000001 AND l_partkey > 77777 AND l_suppkey < 7001 AND l_quantity > 3.7 "+
		"AND l_extendedprice < 70000.01 AND l_discount > 0.03 AND l_tax < 0.07 AND l_shipdate > '1993-02-03' AND l_commitdate < '1997-08-09'")
	b, err := bind.Statement(stmt, env)
	if err != nil {
		t.Fatal(err)
	}
	n, err := rules.Apply(b.Root, b.NextCol)
	if err != nil {
		t.Fatal(err)
	}
	found := map[float64]bool{}
	logical.WalkPlan(n, func(x logical.Node) {
		if f, ok := x.(*logical.Filter); ok {
			for range 200 {
				found[stats.New(n).Selectivity(f.Conds)] = true
			}
		}
	})
	if len(found) != 1 {
		t.Errorf("%d estimates: %v", len(found), found)
	}
}
