package rules

import (
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// distinctAggregates computes count(DISTINCT x) and its kin in two levels: rows are grouped by the keys and x, then by the
// keys alone, where each x counts once. The other aggregates beside it are computed per group below and combined above.
func distinctAggregates(c *context, n logical.Node) logical.Node {
	n = logical.MapInputs(n, func(in logical.Node) logical.Node { return distinctAggregates(c, in) })
	agg, ok := n.(*logical.Aggregate)
	if !ok {
		return n
	}
	var arg logical.Expr
	for _, a := range agg.Aggs {
		if !a.Agg.Distinct {
			continue
		}
		if arg != nil && !logical.Equal(arg, a.Agg.Arg) || logical.IsVolatile(a.Agg.Arg) {
			c.err = sqlstate.Unsupported("aggregates over DISTINCT values of different expressions in one query level")
			return n
		}
		arg = a.Agg.Arg
	}
	if arg == nil {
		return n
	}
	d := &distinctSplit{ctx: c, lower: &logical.Aggregate{Input: agg.Input, Keys: append([]logical.NamedExpr(nil), agg.Keys...)}}
	d.upper = &logical.Aggregate{Input: d.lower}
	for _, k := range agg.Keys {
		d.upper.Keys = append(d.upper.Keys, logical.NamedExpr{Col: k.Col, Expr: &logical.Ref{Col: k.Col}})
	}
	d.value = d.column("", arg)
	d.lower.Keys = append(d.lower.Keys, logical.NamedExpr{Col: d.value, Expr: arg})
	return d.split(agg)
}

type distinctSplit struct {
	ctx          *context
	lower, upper *logical.Aggregate
	value        logical.Column // the distinct argument
}

func (d *distinctSplit) column(name string, e logical.Expr) logical.Column {
	return d.ctx.newColumn(logical.Column{Name: name, Type: e.Type(), Nullable: e.Nullable()})
}

func (d *distinctSplit) split(agg *logical.Aggregate) logical.Node {
	var top []logical.NamedExpr
	for _, k := range agg.Keys {
		top = append(top, logical.NamedExpr{Col: k.Col, Expr: &logical.Ref{Col: k.Col}})
	}
	for _, a := range agg.Aggs {
		if a.Agg.Distinct {
			g := *a.Agg
			g.Distinct, g.Arg = false, &logical.Ref{Col: d.value}
			col := d.combine(&g)
			top = append(top, logical.NamedExpr{Col: a.Col, Expr: &logical.Ref{Col: col}})
			continue
		}
		top = append(top, logical.NamedExpr{Col: a.Col, Expr: d.twoLevels(a)})
	}
	return &logical.Project{Input: d.upper, Exprs: top}
}

// partial adds an aggregate to the lower level.
func (d *distinctSplit) partial(g *logical.Agg) logical.Expr {
	col := d.column(g.Func.String(), g)
	d.lower.Aggs = append(d.lower.Aggs, logical.NamedAgg{Col: col, Agg: g})
	return &logical.Ref{Col: col}
}

// combine adds an aggregate to the upper level.
func (d *distinctSplit) combine(g *logical.Agg) logical.Column {
	col := d.column(g.Func.String(), g)
	d.upper.Aggs = append(d.upper.Aggs, logical.NamedAgg{Col: col, Agg: g})
	return col
}

// twoLevels computes an aggregate of all rows from the groups below. Without any row the upper level has no group to
// combine (or, without keys, nothing but nulls), where a count must still be 0.
func (d *distinctSplit) twoLevels(a logical.NamedAgg) logical.Expr {
	g := a.Agg
	switch g.Func {
	case logical.Count, logical.CountStar:
		return d.count(g)
	case logical.Avg:
		return d.average(g)
	}
	p := d.partial(g)
	up := &logical.Agg{Func: g.Func, Arg: p, Typ: g.Typ}
	if g.Func == logical.Sum && p.Type().Kind == sqltype.Int8 {
		up.Typ = sqltype.Of(sqltype.Numeric)
		return &logical.Cast{Arg: &logical.Ref{Col: d.combine(up)}, Typ: g.Typ}
	}
	return &logical.Ref{Col: d.combine(up)}
}

func (d *distinctSplit) count(g *logical.Agg) logical.Expr {
	up := &logical.Agg{Func: logical.Sum, Arg: d.partial(g), Typ: sqltype.Of(sqltype.Numeric)}
	sum := &logical.Cast{Arg: &logical.Ref{Col: d.combine(up)}, Typ: g.Typ}
	return &logical.Call{Func: logical.Coalesce, Args: []logical.Expr{sum, &logical.Const{Typ: g.Typ}}, Typ: g.Typ}
}

// average is the sum over the count, both of all rows; the sum is null where the count is 0.
func (d *distinctSplit) average(g *logical.Agg) logical.Expr {
	if g.Typ.Kind == sqltype.Interval {
		d.ctx.err = sqlstate.Unsupported("avg(interval) beside a DISTINCT aggregate")
		return g.Arg
	}
	arg := g.Arg
	if arg.Type().Kind != g.Typ.Kind {
		arg = &logical.Cast{Arg: arg, Typ: g.Typ}
	}
	sum := d.twoLevels(logical.NamedAgg{Agg: &logical.Agg{Func: logical.Sum, Arg: arg, Typ: g.Typ}})
	n := &logical.Agg{Func: logical.Sum, Typ: sqltype.Of(sqltype.Numeric),
		Arg: d.partial(&logical.Agg{Func: logical.Count, Arg: g.Arg, Typ: sqltype.Of(sqltype.Int8)})}
	count := logical.Expr(&logical.Ref{Col: d.combine(n)})
	if g.Typ.Kind != sqltype.Numeric {
		count = &logical.Cast{Arg: count, Typ: g.Typ}
	}
	return &logical.Call{Func: logical.Div, Args: []logical.Expr{sum, count}, Typ: g.Typ}
}
