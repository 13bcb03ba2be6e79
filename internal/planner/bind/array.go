package bind

import (
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// convertible is canCast for types: arrays convert as their elements do, to vectors and back as pgvector has it.
func convertible(from, to sqltype.Type, ctx context) bool {
	switch {
	case from.Kind == array && to.Kind == array:
		return canCast(from.Elem, to.Elem, ctx)
	case from.Kind == array && to.Kind == vector:
		return ctx >= assignment && from.Elem.IsNumber() && from.Elem != int8 && from.Elem != int2
	case from.Kind == vector && to.Kind == array:
		return to.Elem == float4
	case from.Kind == array && !to.Kind.IsString(), to.Kind == array && !from.Kind.IsString():
		return false
	}
	return canCast(from.Kind, to.Kind, ctx)
}

// array binds ARRAY[…]. to is the type that a cast gives it, or none: its elements' common type decides.
func (b *binder) array(p *place, x *dialect.Array, to *sqltype.Type) (logical.Expr, error) {
	if len(x.Elems) == 0 && to == nil {
		return nil, sqlstate.New(sqlstate.IndeterminateDatatype, "cannot determine type of empty array").At(x.Pos()).
			WithHint("Explicitly cast to the desired type, for example ARRAY[]::integer[].")
	}
	elems, positions := make([]logical.Expr, len(x.Elems)), make([]int, len(x.Elems))
	for i, a := range x.Elems {
		e, err := b.expr(p, a)
		if err != nil {
			return nil, err
		}
		if k := e.Type().Kind; k == array || k == vector || k == record {
			return nil, sqlstate.Unsupported("an array of %s", typeName(e.Type())).At(start(a))
		}
		elems[i], positions[i] = e, start(a)
	}
	if to != nil {
		for i, e := range elems {
			var err error
			if elems[i], err = b.castExplicit(e, to.Element(), positions[i], positions[i]); err != nil {
				return nil, err
			}
		}
		return arrayCall(elems, to.Elem, x.Pos()), nil
	}
	t, err := b.unify("ARRAY", elems, func(i int) int { return positions[i] })
	if err != nil {
		return nil, err
	}
	return arrayCall(elems, t.Kind, x.Pos()), nil
}

func arrayCall(elems []logical.Expr, k kind, pos int) logical.Expr {
	return &logical.Call{Func: logical.MakeArray, Args: elems, Typ: sqltype.ArrayOf(k, len(elems)), Pos: pos}
}

// setOperators compare arrays as sets.
var setOperators = map[string]logical.Func{"@>": logical.ArrayContains, "<@": logical.ArrayContains, "&&": logical.ArrayOverlaps}

// arrayOperator applies an operator to operands of which one at least is an array: || and, for arrays of the same type, comparisons.
func (b *binder) arrayOperator(op string, l, r logical.Expr, lpos, rpos, pos int) (out logical.Expr, err error) {
	known := l.Type()
	if known.Kind != array {
		known = r.Type()
	}
	fn, compares := comparisons[op]
	if op == "||" {
		return b.concatOperator(l, r, lpos, rpos, pos)
	}
	if !compares {
		fn, compares = setOperators[op]
	}
	for i, e := range []*logical.Expr{&l, &r} {
		if (*e).Type().Kind == unknown {
			if *e, err = b.coerceUnknown(*e, known, [2]int{lpos, rpos}[i]); err != nil {
				return nil, err
			}
		}
	}
	if !compares || l.Type().Kind != array || r.Type().Kind != array || l.Type().Elem != r.Type().Elem {
		return nil, operatorError(none, op, []sqltype.Type{l.Type(), r.Type()}, pos)
	}
	if op == "<@" {
		l, r = r, l
	}
	return &logical.Call{Func: fn, Args: []logical.Expr{l, r}, Typ: sqltype.Of(boolean), Pos: pos}, nil
}
