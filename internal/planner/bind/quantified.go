package bind

import (
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// quantified binds x op ANY (array) and x op ALL (array).
func (b *binder) quantified(p *place, x *dialect.Quantified) (logical.Expr, error) {
	if x.Query != nil {
		return nil, sqlstate.Unsupported("ANY or ALL of a subquery").At(x.Pos())
	}
	if err := checkOperatorSchema(x.Schema, x.Op, x.Pos()); err != nil {
		return nil, err
	}
	arg, err := b.operand(p, x.L)
	if err != nil {
		return nil, err
	}
	of, err := b.expr(p, x.Array)
	if err != nil {
		return nil, err
	}
	if made, ok := of.(*logical.Call); ok && made.Func == logical.MakeArray && len(made.Args) > 0 && (x.Op == "=" && !x.All || x.Op == "<>" && x.All) {
		return b.inList(arg, made.Args, start(x.L), func(int) int { return start(x.Array) }, x.All, x.Pos())
	}
	return b.overElements(x, arg, of)
}

// patternOperators are the operators of the predicates that may stand before ANY.
var patternOperators = map[string]string{"like": "~~", "not like": "!~~", "ilike": "~~*", "not ilike": "!~~*"}

// overElements chooses the operator between the argument and an element, and converts both to what it takes.
func (b *binder) overElements(x *dialect.Quantified, arg, of logical.Expr) (logical.Expr, error) {
	op := x.Op
	if name, ok := patternOperators[op]; ok {
		op = name
	}
	t := of.Type()
	if t.Kind != array && t.Kind != unknown {
		return nil, sqlstate.New(sqlstate.WrongObjectType, "op ANY/ALL (array) requires array on right side").At(x.Pos())
	}
	elem := unknown
	if t.Kind == array {
		elem = t.Elem
	}
	if k := arg.Type().Kind; k == array || k == record {
		return nil, operatorError(none, op, []sqltype.Type{arg.Type(), sqltype.Of(elem)}, x.Pos())
	}
	c, ch := chooseBinary(binaryOperators[op], arg.Type().Kind, elem)
	switch {
	case ch != chosen:
		return nil, operatorError(ch, op, []sqltype.Type{arg.Type(), sqltype.Of(elem)}, x.Pos())
	case c.result != boolean:
		return nil, sqlstate.New(sqlstate.WrongObjectType, "op ANY/ALL (array) requires operator to yield boolean").At(x.Pos())
	case c.lacks != "":
		return nil, sqlstate.Unsupported("%s", c.lacks).At(x.Pos())
	case c.target(1) == vector:
		return nil, sqlstate.Unsupported("an array of vector").At(x.Pos())
	}
	if t.Kind == unknown {
		var err error
		if of, err = b.coerceUnknown(of, sqltype.ArrayOf(c.args[1], 0), start(x.Array)); err != nil {
			return nil, err
		}
	}
	arg, err := b.to(arg, c.args[0], start(x.L))
	if err == nil {
		arg, err = b.to(arg, c.target(0), start(x.L))
	}
	if err != nil {
		return nil, err
	}
	if of, err = b.elementsAs(of, c.target(1), start(x.Array)); err != nil {
		return nil, err
	}
	q := &logical.Quantified{Op: c.fn, All: x.All, Arg: arg, Array: of, Pos: x.Pos()}
	if known, ok := q.Known(); ok {
		return known, nil
	}
	return q, nil
}

// elementsAs converts an array to one of elements of another kind.
func (b *binder) elementsAs(e logical.Expr, k kind, pos int) (logical.Expr, error) {
	if e.Type().Elem == k {
		return e, nil
	}
	out := &logical.Cast{Arg: e, Typ: sqltype.ArrayOf(k, int(e.Type().Len)), Pos: pos}
	if c, ok := logical.Fold(out); ok {
		return c, nil
	}
	return out, nil
}
