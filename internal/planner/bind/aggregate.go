package bind

import (
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// aggregateFunction is an aggregate with its candidates; fn is in each.
type aggregateFunction struct {
	fn    logical.AggFunc
	cands []*candidate
}

var aggregates = makeAggregates()

func makeAggregates() map[string]*aggregateFunction {
	sums := [][2]kind{{int2, int8}, {int4, int8}, {int8, numeric}, {float4, float4}, {float8, float8}, {numeric, numeric},
		{interval, interval}, {vector, vector}}
	avgs := [][2]kind{{int2, numeric}, {int4, numeric}, {int8, numeric}, {float4, float8}, {float8, float8},
		{numeric, numeric}, {interval, interval}, {vector, vector}}
	var same [][2]kind
	for _, k := range []kind{int2, int4, int8, float4, float8, numeric, text, bpchar, date, timestamp, interval} {
		same = append(same, [2]kind{k, k})
	}
	bools := [][2]kind{{boolean, boolean}}
	make := func(fn logical.AggFunc, sigs [][2]kind) *aggregateFunction {
		a := &aggregateFunction{fn: fn}
		for _, s := range sigs {
			c := &candidate{args: []kind{s[0]}, result: s[1]}
			if s[0] == interval && (fn == logical.Sum || fn == logical.Avg) {
				c.lacks = fn.String() + " of intervals"
			}
			a.cands = append(a.cands, c)
		}
		if fn == logical.Min || fn == logical.Max {
			a.cands = append(a.cands, &candidate{args: []kind{array}, result: array})
		}
		return a
	}
	return map[string]*aggregateFunction{
		"count": make(logical.Count, [][2]kind{{anyKind, int8}}), "sum": make(logical.Sum, sums),
		"avg": make(logical.Avg, avgs), "min": make(logical.Min, same), "max": make(logical.Max, same),
		"bool_and": make(logical.BoolAnd, bools), "every": make(logical.BoolAnd, bools), "bool_or": make(logical.BoolOr, bools)}
}

func (b *binder) aggregate(p *place, x *dialect.FuncCall, agg *aggregateFunction) (logical.Expr, error) {
	if err := aggregateAllowed(p, x); err != nil {
		return nil, err
	}
	inner := *p
	inner.aggs, inner.inAgg = false, true
	if x.Star {
		if agg.fn != logical.Count {
			return nil, functionError(none, x.Name, nil, x.Pos())
		}
		return b.countStar(&inner, x)
	}
	args, types, err := b.positional(&inner, x)
	if err != nil {
		return nil, err
	}
	if len(args) == 0 && agg.fn == logical.Count {
		return nil, sqlstate.New(sqlstate.WrongObjectType, "count(*) must be used to call a parameterless aggregate function").At(x.Pos())
	}
	var c *candidate
	ch := none
	if len(args) == 1 {
		c, ch = choose(agg.cands, kindsOf(types))
	}
	if ch != chosen {
		return nil, functionError(ch, x.Name, types, x.Pos())
	}
	if c.lacks != "" {
		return nil, sqlstate.Unsupported("%s", c.lacks).At(x.Pos())
	}
	if _, param := args[0].(*logical.Param); param && types[0].Kind == unknown && agg.fn == logical.Count {
		// Any type will do, so that nothing decides the parameter's: an error when the statement ends.
		return &logical.Agg{Func: agg.fn, Arg: args[0], Typ: sqltype.Of(int8)}, nil
	}
	if err := b.convert(c, args, func(i int) int { return start(x.Args[i].Value) }); err != nil {
		return nil, err
	}
	if agg.fn == logical.Count && types[0].Kind != unknown {
		args[0] = unwrapText(args[0], types[0])
	}
	a := &logical.Agg{Func: agg.fn, Arg: args[0], Distinct: x.Distinct, Typ: sqltype.Of(c.result)}
	if c.result == array {
		a.Typ = sqltype.ArrayOf(args[0].Type().Elem, 0)
	}
	if a.Func == logical.Min || a.Func == logical.Max || a.Func == logical.BoolAnd || a.Func == logical.BoolOr {
		a.Distinct = false // the same with and without
	}
	return a, b.filterClause(&inner, x, a)
}

// unwrapText keeps count's argument as it is: any type counts.
func unwrapText(e logical.Expr, was sqltype.Type) logical.Expr {
	if c, ok := e.(*logical.Cast); ok && c.Arg.Type() == was {
		return c.Arg
	}
	return e
}

func aggregateAllowed(p *place, x *dialect.FuncCall) error {
	switch {
	case p.inAgg:
		return sqlstate.New(sqlstate.GroupingError, "aggregate function calls cannot be nested").At(x.Pos())
	case !p.aggs:
		return sqlstate.New(sqlstate.GroupingError, "aggregate functions are not allowed in %s", p.clause).At(x.Pos())
	case x.WithinGroup:
		return sqlstate.New(sqlstate.WrongObjectType, "%s is not an ordered-set aggregate, so it cannot have WITHIN GROUP", x.Name).At(x.Pos())
	case x.Star && x.Distinct:
		return sqlstate.New(sqlstate.SyntaxError, "DISTINCT specified, but no arguments were given").At(x.Pos())
	}
	return nil // ORDER BY inside the parentheses changes none of the aggregates we have but sums of floats
}

func (b *binder) countStar(p *place, x *dialect.FuncCall) (logical.Expr, error) {
	a := &logical.Agg{Func: logical.CountStar, Typ: sqltype.Of(int8)}
	return a, b.filterClause(p, x, a)
}

// filterClause binds FILTER (WHERE cond) as an argument that is null where the condition does not hold: every aggregate we
// have passes over nulls.
func (b *binder) filterClause(p *place, x *dialect.FuncCall, a *logical.Agg) error {
	if len(x.OrderBy) > 0 {
		return sqlstate.Unsupported("ORDER BY in an aggregate call").At(x.OrderBy[0].Pos())
	}
	if x.Filter == nil {
		return nil
	}
	f := *p
	f.clause = "FILTER"
	cond, err := b.condition(&f, x.Filter, "FILTER")
	if err != nil {
		return err
	}
	if a.Func == logical.CountStar {
		a.Func, a.Arg = logical.Count, &logical.Const{Value: sqltype.Datum{I: 1}, Typ: sqltype.Of(int4)}
	}
	t := a.Arg.Type()
	a.Arg = &logical.Case{Whens: []logical.When{{Cond: cond, Then: a.Arg}}, Typ: t,
		Else: &logical.Const{Value: sqltype.NullDatum, Typ: t}}
	return nil
}

// containsAgg reports whether e has an aggregate call.
func containsAgg(e logical.Expr) bool {
	found := false
	logical.Walk(e, func(x logical.Expr) bool {
		if _, ok := x.(*logical.Agg); ok {
			found = true
		}
		return !found
	})
	return found
}
