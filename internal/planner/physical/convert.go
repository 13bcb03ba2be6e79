package physical

import (
	"fmt"
	"math"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/stats"
)

// Convert picks an operator for each node of a logical plan that the rules have run over, estimates rows and costs, and
// numbers the operators in the order EXPLAIN prints them.
func Convert(root logical.Node) Node {
	c := &converter{est: stats.New(root)}
	n := c.convert(root)
	number(n)
	return n
}

type converter struct{ est *stats.Estimator }

func (c *converter) convert(n logical.Node) Node {
	out := c.operator(n)
	b := out.Base()
	b.Rows = math.Max(c.est.Rows(n), 0)
	for _, col := range out.Columns() {
		b.Width += stats.Width(col.Type)
	}
	cost(out)
	return out
}

func (c *converter) operator(n logical.Node) Node {
	switch n := n.(type) {
	case *logical.Scan:
		return &Scan{Table: n.Table, Snapshot: n.Snapshot, Alias: n.Alias, Cols: n.Cols, Ordinals: n.Ordinals}
	case *logical.Filter:
		return c.filter(n)
	case *logical.Project:
		return &Project{Input: c.convert(n.Input), Exprs: n.Exprs}
	case *logical.PredictRows:
		return &Predict{Input: c.convert(n.Input), Calls: n.Calls}
	case *logical.Join:
		return c.join(n)
	case *logical.Aggregate:
		return &HashAggregate{Input: c.convert(n.Input), Keys: n.Keys, Aggs: n.Aggs}
	case *logical.Sort:
		return &Sort{Input: c.convert(n.Input), Keys: n.Keys, Limit: n.Limit, Offset: n.Offset}
	case *logical.Limit:
		return &Limit{Input: c.convert(n.Input), Count: n.Count, Offset: n.Offset}
	case *logical.Values:
		return &Values{Rows: n.Rows, Cols: n.Cols}
	case *logical.GenerateSeries:
		return &GenerateSeries{Start: n.Start, Stop: n.Stop, Step: n.Step, Col: n.Col}
	case *logical.CSVSource:
		return &CSVSource{Format: n.Format, Cols: n.Cols}
	case *logical.TableSink:
		return &TableSink{Input: c.convert(n.Input), Table: n.Table, Exprs: n.Exprs, Snapshot: n.Snapshot}
	case *logical.Result:
		return &Result{Input: c.convert(n.Input), Exprs: n.Exprs}
	}
	panic(fmt.Sprintf("physical: no operator for %T", n))
}

// filter makes the conjuncts above a scan the scan's own.
func (c *converter) filter(n *logical.Filter) Node {
	if s, ok := n.Input.(*logical.Scan); ok {
		scan := c.operator(s).(*Scan)
		scan.Filter = n.Conds
		return scan
	}
	return &Filter{Input: c.convert(n.Input), Conds: n.Conds}
}

func (c *converter) join(n *logical.Join) Node {
	j := &HashJoin{Probe: c.convert(n.In[0]), Build: c.convert(n.In[1]), ProbeKeys: n.Probe, BuildKeys: n.Key, Residual: n.Conds}
	j.Out = append(append(j.Out, j.Probe.Columns()...), j.Build.Columns()...)
	if most := atMost(j.Build); len(j.BuildKeys) == 0 && most <= fewRows {
		j.Few = int(most)
	}
	return j
}

// number assigns the IDs: first the operators that EXPLAIN prints, parents before children and the probe side before the
// build side, then those that it leaves out.
func number(root Node) {
	id := 0
	each := func(shown bool) {
		Walk(root, func(n Node) {
			if Shown(n) == shown {
				id++
				n.Base().ID = id
			}
		})
	}
	each(true)
	each(false)
}

// Shown reports whether EXPLAIN prints an operator: PostgreSQL has none for sending rows out, nor a separate one for the
// row of a SELECT without FROM, which is its Result.
func Shown(n Node) bool {
	switch n := n.(type) {
	case *Result:
		return IsOneRow(n.Input)
	case *Values:
		return !IsOneRow(n)
	}
	return true
}

// IsOneRow reports whether n is the row of a SELECT without FROM.
func IsOneRow(n Node) bool {
	v, ok := n.(*Values)
	return ok && len(v.Cols) == 0 && len(v.Rows) == 1
}

// Walk calls f for n and the operators below it in the order of EXPLAIN.
func Walk(n Node, f func(Node)) {
	f(n)
	for _, in := range Children(n) {
		Walk(in, f)
	}
}

// Children are an operator's inputs in the order of EXPLAIN: a join's probe side first.
func Children(n Node) []Node {
	if j, ok := n.(*HashJoin); ok {
		return []Node{j.Probe, j.Build}
	}
	return n.Inputs()
}
