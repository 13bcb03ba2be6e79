package bind

import (
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// coerce converts e to type t if context ctx allows it; ok is false if it does not. pos is e's place in the text.
func (b *binder) coerce(e logical.Expr, t sqltype.Type, ctx context, pos int) (out logical.Expr, ok bool, err error) {
	from := e.Type()
	if from.Kind == unknown {
		out, err = b.coerceUnknown(e, t, pos)
		if err != nil || out.Type() == t {
			return out, true, err
		}
		e, from = out, out.Type()
	}
	if from == t || from.Kind == t.Kind && from.Elem == t.Elem && !t.HasMod() {
		return e, true, nil // a value of numeric(15,2) is a numeric, one of real[3] a real[]
	}
	if !convertible(from, t, ctx) {
		return nil, false, nil
	}
	return &logical.Cast{Arg: e, Typ: t, Explicit: ctx == explicit, Pos: pos}, true, nil
}

// coerceUnknown gives an untyped literal, parameter or NULL a type. A modifier is applied by the caller with a Cast (an
// explicit cast to varchar(2) cuts, which the input function would refuse).
func (b *binder) coerceUnknown(e logical.Expr, t sqltype.Type, pos int) (logical.Expr, error) {
	plain := t
	if plain.Len = 0; t.Kind != interval {
		plain.Mod = -1
	}
	switch e := e.(type) {
	case *logical.Const:
		if e.Value.Null {
			t.Len = 0
			return &logical.Const{Value: sqltype.NullDatum, Typ: t}, nil
		}
		v, err := sqltype.ParseAt(plain, e.Value.S, b.env.Now)
		if err != nil {
			return nil, sqlstate.Of(err).At(pos)
		}
		return &logical.Const{Value: v, Typ: plain}, nil
	case *logical.Param:
		return b.typeParam(e, plain, pos)
	}
	return nil, sqlstate.New(sqlstate.IndeterminateDatatype, "could not determine the type of an expression").At(pos)
}

func (b *binder) typeParam(p *logical.Param, t sqltype.Type, pos int) (logical.Expr, error) {
	have := b.params[p.Index-1]
	t.Len = 0
	if have.Kind == unknown {
		b.params[p.Index-1] = t
		return &logical.Param{Index: p.Index, Typ: t}, nil
	}
	if have.Kind != t.Kind || have.Elem != t.Elem {
		return nil, sqlstate.New(sqlstate.AmbiguousParameter, "inconsistent types deduced for parameter $%d", p.Index).
			WithDetail("%s versus %s", typeName(have), typeName(t)).At(pos)
	}
	return &logical.Param{Index: p.Index, Typ: have}, nil
}

// to converts an argument that resolution has accepted; a failure to convert is a defect of the candidate tables.
func (b *binder) to(e logical.Expr, k kind, pos int) (logical.Expr, error) {
	if k == anyKind {
		return e, nil
	}
	if k == e.Type().Kind {
		return e, nil
	}
	if k == array {
		return nil, polymorphicUnknown(pos)
	}
	ctx := implicit
	if k == text {
		ctx = assignment // a || 1 takes any type's text
	}
	out, ok, err := b.coerce(e, sqltype.Of(k), ctx, pos)
	if err == nil && !ok {
		err = cannotCast(e.Type(), sqltype.Of(k), pos)
	}
	return out, err
}

func polymorphicUnknown(pos int) error {
	return sqlstate.New(sqlstate.DatatypeMismatch, "could not determine polymorphic type because input has type unknown").At(pos)
}

// toBoolean converts a condition; clause names where it stands ("WHERE").
func (b *binder) toBoolean(e logical.Expr, clause string, pos int) (logical.Expr, error) {
	out, ok, err := b.coerce(e, sqltype.Of(boolean), assignment, pos)
	if err == nil && (!ok || e.Type().Kind != boolean && e.Type().Kind != unknown) {
		err = sqlstate.New(sqlstate.DatatypeMismatch, "argument of %s must be type boolean, not type %s", clause,
			typeName(e.Type())).At(pos)
	}
	return out, err
}

// castExplicit is x::t.
func (b *binder) castExplicit(e logical.Expr, t sqltype.Type, argPos, pos int) (logical.Expr, error) {
	at := pos
	if e.Type().Kind == unknown {
		at = argPos
	}
	out, ok, err := b.coerce(e, t, explicit, at)
	if err == nil && !ok {
		err = cannotCast(e.Type(), t, pos)
	}
	return out, err
}

func cannotCast(from, to sqltype.Type, pos int) error {
	return sqlstate.New(sqlstate.CannotCoerce, "cannot cast type %s to %s", typeName(from), typeName(to)).At(pos)
}

// commonType is PostgreSQL's choice of one type for the branches of CASE, the arguments of COALESCE, the rows of VALUES
// and the like. what names the construct in the error; an empty what asks without error (ok is false).
func commonType(what string, es []logical.Expr, pos func(int) int) (t sqltype.Type, ok bool, err error) {
	t = es[0].Type()
	for i, e := range es[1:] {
		n := e.Type()
		if n.Kind == unknown || n.Kind == t.Kind && n.Elem == t.Elem {
			continue
		}
		switch {
		case t.Kind == unknown:
			t = n
		case t.Kind == array && n.Kind == array:
			if convertible(t, n, implicit) && !convertible(n, t, implicit) {
				t = n
			}
		case category(t.Kind) != category(n.Kind):
			if what == "" {
				return t, false, nil
			}
			return t, false, sqlstate.New(sqlstate.DatatypeMismatch, "%s types %s and %s cannot be matched", what,
				typeName(t), typeName(n)).At(pos(i + 1))
		case !preferred(t.Kind) && canCast(t.Kind, n.Kind, implicit) && !canCast(n.Kind, t.Kind, implicit):
			t = n
		}
	}
	if t.Kind == unknown {
		return sqltype.Of(text), true, nil
	}
	if !uniform(es) {
		t.Mod, t.Len = -1, 0
	}
	return t, true, nil
}

// uniform reports whether all expressions have the same type with the same modifier.
func uniform(es []logical.Expr) bool {
	for _, e := range es[1:] {
		if e.Type() != es[0].Type() {
			return false
		}
	}
	return true
}

// unify converts all expressions to their common type.
func (b *binder) unify(what string, es []logical.Expr, pos func(int) int) (sqltype.Type, error) {
	t, _, err := commonType(what, es, pos)
	if err != nil {
		return t, err
	}
	for i, e := range es {
		out, ok, err := b.coerce(e, t, implicit, pos(i))
		if err != nil {
			return t, err
		}
		if !ok {
			return t, sqlstate.New(sqlstate.CannotCoerce, "%s could not convert type %s to %s", what, typeName(e.Type()),
				typeName(t)).At(pos(i))
		}
		es[i] = out
	}
	return t, nil
}
