package physical

import (
	"math"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/stats"
)

// PostgreSQL's cost units.
const (
	seqPageCost     = 1.0
	cpuTupleCost    = 0.01
	cpuOperatorCost = 0.0025
	pageSize        = 8192
)

// cost fills in an operator's costs from those of its inputs.
func cost(n Node) {
	b := n.Base()
	in := 0.0
	for _, i := range n.Inputs() {
		b.StartupCost += i.Base().StartupCost
		b.TotalCost += i.Base().TotalCost
		in += i.Base().Rows
	}
	switch n := n.(type) {
	case *Scan:
		costScan(n)
	case *Filter:
		b.TotalCost += in * operators(n.Conds)
	case *Project:
		b.TotalCost += in * named(n.Exprs)
	case *Predict:
		for _, c := range n.Calls {
			b.TotalCost += in * cpuOperatorCost * float64(1+len(c.Args))
		}
	case *HashJoin:
		costJoin(n)
	case *HashAggregate:
		b.StartupCost = b.TotalCost + in*(named(n.Keys)+cpuOperatorCost*float64(len(n.Keys)+len(n.Aggs)))
		b.TotalCost = b.StartupCost + b.Rows*cpuTupleCost
	case *Sort:
		keep := in
		if n.Limit != nil {
			keep = b.Rows
		}
		b.StartupCost = b.TotalCost + in*2*cpuOperatorCost*math.Log2(math.Max(2, keep))
		b.TotalCost = b.StartupCost + b.Rows*cpuOperatorCost
	case *Limit:
		if in > 0 {
			b.TotalCost = b.StartupCost + (b.TotalCost-b.StartupCost)*math.Min(1, b.Rows/in)
		}
	case *Result:
		b.TotalCost += in * named(n.Exprs)
		if IsOneRow(n.Input) {
			b.TotalCost = cpuTupleCost
		}
	case *TableSink:
		b.TotalCost += in * (cpuTupleCost + operators(n.Exprs))
		b.Rows = 0
	default:
		b.TotalCost += b.Rows * cpuTupleCost
	}
}

func costScan(n *Scan) {
	rows, width := 0.0, 0
	if n.Snapshot != nil {
		rows = float64(n.Snapshot.Rows)
	}
	for _, c := range n.Cols {
		width += stats.Width(c.Type)
	}
	n.TotalCost = math.Ceil(rows*float64(width)/pageSize)*seqPageCost + rows*(cpuTupleCost+operators(n.Filter))
}

func costJoin(n *HashJoin) {
	build, probe := n.Build.Base(), n.Probe.Base()
	n.StartupCost = build.TotalCost + probe.StartupCost
	n.TotalCost = build.TotalCost + probe.TotalCost + n.Rows*(cpuTupleCost+operators(n.Residual))
	if len(n.BuildKeys) == 0 {
		n.TotalCost += build.Rows * probe.Rows * cpuOperatorCost
		return
	}
	keys := cpuOperatorCost * float64(len(n.BuildKeys))
	n.StartupCost += build.Rows * (keys + cpuTupleCost)
	n.TotalCost += build.Rows*(keys+cpuTupleCost) + probe.Rows*keys
}

// operators is the cost of evaluating expressions on one row.
func operators(es []logical.Expr) float64 {
	n := 0
	for _, e := range es {
		n += calls(e)
	}
	return float64(n) * cpuOperatorCost
}

func named(es []NamedExpr) float64 {
	n := 0
	for _, e := range es {
		n += calls(e.Expr)
	}
	return float64(n) * cpuOperatorCost
}

func calls(e logical.Expr) int {
	n := 0
	logical.Walk(e, func(x logical.Expr) bool {
		switch x.(type) {
		case *logical.Call, *logical.Cast, *logical.Case, *logical.InList, *logical.Quantified, *logical.Predict:
			n++
		}
		return true
	})
	return n
}
