package bind

import (
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// predicate binds BETWEEN, IN, LIKE, the IS tests and the functions that are syntax; ok is false for other expressions.
func (b *binder) predicate(p *place, x dialect.Expr) (e logical.Expr, err error, ok bool) {
	switch x := x.(type) {
	case *dialect.Between:
		e, err = b.between(p, x)
	case *dialect.In:
		e, err = b.in(p, x)
	case *dialect.PatternMatch:
		e, err = b.patternMatch(p, x)
	case *dialect.Is:
		e, err = b.is(p, x)
	case *dialect.IsDistinct:
		e, err = b.isDistinct(p, x)
	case *dialect.Coalesce:
		e, err = b.variadic(p, logical.Coalesce, "COALESCE", x.Args, x.Pos())
	case *dialect.MinMax:
		if x.Least {
			e, err = b.variadic(p, logical.Least, "LEAST", x.Args, x.Pos())
		} else {
			e, err = b.variadic(p, logical.Greatest, "GREATEST", x.Args, x.Pos())
		}
	case *dialect.NullIf:
		e, err = b.nullIf(p, x)
	case *dialect.Quantified:
		e, err = b.quantified(p, x)
	default:
		return nil, nil, false
	}
	return e, err, true
}

func boolCall(fn logical.Func, pos int, args ...logical.Expr) *logical.Call {
	return &logical.Call{Func: fn, Args: args, Typ: sqltype.Of(boolean), Pos: pos}
}

// retyped gives a parameter the type that it has got since it was bound: a second use sees the first's.
func (b *binder) retyped(e logical.Expr) logical.Expr {
	if p, ok := e.(*logical.Param); ok && p.Typ.Kind == unknown {
		return &logical.Param{Index: p.Index, Typ: b.params[p.Index-1]}
	}
	return e
}

// between is x >= lo AND x <= hi, or its negation x < lo OR x > hi; SYMMETRIC tries the bounds both ways.
func (b *binder) between(p *place, x *dialect.Between) (logical.Expr, error) {
	arg, err := b.operand(p, x.X)
	if err != nil {
		return nil, err
	}
	if err := b.share(arg, 2, x.Pos()); err != nil {
		return nil, err
	}
	lo, err := b.operand(p, x.Lo)
	if err != nil {
		return nil, err
	}
	low, high, both := ">=", "<=", logical.And
	if x.Negated {
		low, high, both = "<", ">", logical.Or
	}
	// The second bound is bound after the first comparison, which may have given parameters their types.
	l, err := b.operator(low, arg, lo, start(x.X), start(x.Lo), x.Pos())
	if err != nil {
		return nil, err
	}
	hi, err := b.operand(p, x.Hi)
	if err != nil {
		return nil, err
	}
	r, err := b.operator(high, b.retyped(arg), hi, start(x.X), start(x.Hi), x.Pos())
	if err != nil {
		return nil, err
	}
	first := boolCall(both, x.Pos(), l, r)
	if !x.Symmetric {
		return first, nil
	}
	if l, err = b.operator(low, b.retyped(arg), b.retyped(hi), start(x.X), start(x.Hi), x.Pos()); err != nil {
		return nil, err
	}
	if r, err = b.operator(high, b.retyped(arg), b.retyped(lo), start(x.X), start(x.Lo), x.Pos()); err != nil {
		return nil, err
	}
	either := logical.Or
	if x.Negated {
		either = logical.And
	}
	return boolCall(either, x.Pos(), first, boolCall(both, x.Pos(), l, r)), nil
}

func (b *binder) in(p *place, x *dialect.In) (logical.Expr, error) {
	if x.Query != nil {
		return nil, sqlstate.Unsupported("IN with a subquery").At(x.Pos())
	}
	arg, err := b.operand(p, x.X)
	if err != nil {
		return nil, err
	}
	items := make([]logical.Expr, len(x.List))
	for i, it := range x.List {
		if items[i], err = b.operand(p, it); err != nil {
			return nil, err
		}
	}
	return b.inList(arg, items, start(x.X), func(i int) int { return start(x.List[i]) }, x.Negated, x.Pos())
}

// inList binds a list of two or more items without columns to one InList of the items' and the argument's common type, and
// what remains to comparisons, as PostgreSQL makes one array of them.
func (b *binder) inList(arg logical.Expr, items []logical.Expr, argPos int, pos func(int) int, not bool, opPos int) (logical.Expr, error) {
	var list []logical.Expr
	var listPos []int
	var rest []int
	for i, it := range items {
		if logical.RefsOf(it).Empty() && !logical.IsVolatile(it) && !containsAgg(it) && !logical.HasPredict(it) {
			list, listPos = append(list, it), append(listPos, pos(i))
		} else {
			rest = append(rest, i)
		}
	}
	var terms []logical.Expr
	if len(list) > 1 {
		e, ok, err := b.typedList(arg, list, argPos, listPos, not, opPos)
		if err != nil {
			return nil, err
		}
		if ok {
			terms = append(terms, e)
			list = nil
		}
	}
	if list != nil {
		rest = rest[:0]
		for i := range items {
			rest = append(rest, i)
		}
	}
	if _, column := arg.(*logical.Ref); !column {
		if err := b.share(arg, len(rest), opPos); err != nil {
			return nil, err
		}
	}
	op, both := "=", logical.Or
	if not {
		op, both = "<>", logical.And
	}
	for _, i := range rest {
		e, err := b.operator(op, arg, items[i], argPos, pos(i), opPos)
		if err != nil {
			return nil, err
		}
		terms = append(terms, e)
	}
	if len(terms) == 1 {
		return terms[0], nil
	}
	return boolCall(both, opPos, terms...), nil
}

// typedList makes an InList if there is a common type; the operator between the argument and it decides what both are
// converted to.
func (b *binder) typedList(arg logical.Expr, list []logical.Expr, argPos int, pos []int, not bool, opPos int) (logical.Expr, bool, error) {
	all := append([]logical.Expr{arg}, list...)
	t, ok, _ := commonType("", all, func(int) int { return 0 })
	if !ok || t.Kind == array || t.Kind == vector || t.Kind == record {
		return nil, false, nil
	}
	t.Mod = -1
	items := make([]logical.Expr, len(list))
	for i, e := range list {
		c, ok, err := b.coerce(e, t, implicit, pos[i])
		if err != nil || !ok {
			return nil, false, err
		}
		items[i] = c
	}
	c, ch := chooseBinary(binaryOperators["="], arg.Type().Kind, t.Kind)
	if ch != chosen {
		return nil, false, operatorError(ch, "=", []sqltype.Type{arg.Type(), t}, opPos)
	}
	arg, err := b.to(arg, c.target(0), argPos)
	if err != nil {
		return nil, false, err
	}
	for i, e := range items {
		if items[i], err = b.to(e, c.target(1), pos[i]); err != nil {
			return nil, false, err
		}
	}
	return &logical.InList{Arg: arg, List: items, Not: not}, true, nil
}

func (b *binder) patternMatch(p *place, x *dialect.PatternMatch) (logical.Expr, error) {
	op := "~~"
	switch x.Kind {
	case dialect.ILike:
		op = "~~*"
	case dialect.SimilarTo:
		return nil, sqlstate.Unsupported("SIMILAR TO").At(x.Pos())
	}
	if x.Negated {
		op = "!" + op
	}
	l, err := b.operand(p, x.X)
	if err != nil {
		return nil, err
	}
	r, err := b.operand(p, x.Pattern)
	if err != nil {
		return nil, err
	}
	e, err := b.operator(op, l, r, start(x.X), x.Pattern.Pos(), x.Pos())
	if err != nil || x.Escape == nil {
		return e, err
	}
	escape, err := b.expr(p, x.Escape)
	if err != nil {
		return nil, err
	}
	if escape, err = b.to(escape, text, start(x.Escape)); err != nil {
		return nil, err
	}
	if c, ok := escape.(*logical.Const); ok && !c.Value.Null && len([]rune(c.Value.S)) > 1 {
		return nil, sqlstate.New(sqlstate.InvalidEscapeSequence, "invalid escape string").
			WithHint("Escape string must be empty or one character.")
	}
	e.(*logical.Call).Args[2] = escape
	return e, nil
}

func (b *binder) is(p *place, x *dialect.Is) (logical.Expr, error) {
	if x.Kind == dialect.IsNull {
		arg, err := b.operand(p, x.X)
		if err != nil {
			return nil, err
		}
		if arg.Type().Kind == unknown {
			if arg, err = b.coerceUnknown(arg, sqltype.Of(text), start(x.X)); err != nil {
				return nil, err
			}
		}
		fn := logical.IsNull
		if x.Negated {
			fn = logical.IsNotNull
		}
		return boolCall(fn, x.Pos(), arg), nil
	}
	words := [...]string{dialect.IsTrue: "TRUE", dialect.IsFalse: "FALSE", dialect.IsUnknown: "UNKNOWN"}
	fns := [...][2]logical.Func{dialect.IsTrue: {logical.IsTrue, logical.IsNotTrue}, dialect.IsFalse: {logical.IsFalse,
		logical.IsNotFalse}, dialect.IsUnknown: {logical.IsNull, logical.IsNotNull}}
	clause, fn := "IS "+words[x.Kind], fns[x.Kind][0]
	if x.Negated {
		clause, fn = "IS NOT "+words[x.Kind], fns[x.Kind][1]
	}
	arg, err := b.condition(p, x.X, clause)
	if err != nil {
		return nil, err
	}
	return boolCall(fn, x.Pos(), arg), nil
}

func (b *binder) isDistinct(p *place, x *dialect.IsDistinct) (logical.Expr, error) {
	l, err := b.operand(p, x.L)
	if err != nil {
		return nil, err
	}
	r, err := b.operand(p, x.R)
	if err != nil {
		return nil, err
	}
	e, err := b.operator("=", l, r, start(x.L), start(x.R), x.Pos())
	if err != nil {
		return nil, err
	}
	fn := logical.IsDistinct
	if x.Negated {
		fn = logical.IsNotDistinct
	}
	return boolCall(fn, x.Pos(), e.(*logical.Call).Args...), nil
}

// variadic binds COALESCE, GREATEST and LEAST.
func (b *binder) variadic(p *place, fn logical.Func, name string, xs []dialect.Expr, pos int) (logical.Expr, error) {
	args := make([]logical.Expr, len(xs))
	for i, x := range xs {
		var err error
		if args[i], err = b.expr(p, x); err != nil {
			return nil, err
		}
	}
	t, err := b.unify(name, args, func(i int) int { return start(xs[i]) })
	if err != nil {
		return nil, err
	}
	if fn != logical.Coalesce && !hasOrder(t.Kind) {
		return nil, sqlstate.Unsupported("%s of type %s", name, typeName(t)).At(pos)
	}
	return &logical.Call{Func: fn, Args: args, Typ: t, Pos: pos}, nil
}

// nullIf compares as = does and yields its first argument: as it was if = has an operator for just these two types, else
// as = converted it.
func (b *binder) nullIf(p *place, x *dialect.NullIf) (logical.Expr, error) {
	l, err := b.expr(p, x.L)
	if err != nil {
		return nil, err
	}
	r, err := b.expr(p, x.R)
	if err != nil {
		return nil, err
	}
	e, err := b.operator("=", l, r, start(x.L), start(x.R), x.Pos())
	if err != nil {
		return nil, err
	}
	args := e.(*logical.Call).Args
	out := &logical.Call{Func: logical.NullIf, Args: args, Typ: args[0].Type(), Pos: x.Pos()}
	if from := l.Type(); from.Kind != out.Typ.Kind && comparesAcross(from.Kind, r.Type().Kind) {
		return &logical.Cast{Arg: out, Typ: from, Explicit: true, Pos: x.Pos()}, nil
	}
	return out, nil
}
