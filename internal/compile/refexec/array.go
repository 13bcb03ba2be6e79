package refexec

import (
	"math"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

func hasElements(t sqltype.Type) bool { return t.Kind == sqltype.Array || t.Kind == sqltype.Vector }

func elementType(t sqltype.Type) sqltype.Type {
	if t.Kind == sqltype.Vector {
		return sqltype.Of(sqltype.Float4)
	}
	return t.Element()
}

// castElements converts between arrays and vectors, and from and to their texts.
func castElements(v sqltype.Datum, from, to sqltype.Type, explicit bool) (sqltype.Datum, error) {
	switch {
	case to.Kind.IsString():
		return castToText(v, from, to, explicit)
	case from.Kind.IsString():
		return sqltype.Parse(to, v.S)
	case !hasElements(from) || !hasElements(to):
		return v, sqlstate.Unsupported("cast from %s to %s in the reference interpreter", from, to)
	}
	out := sqltype.Datum{}
	for _, e := range v.A {
		var err error
		if !e.Null && elementType(from).Kind != elementType(to).Kind {
			e, err = cast(e, elementType(from), elementType(to), explicit)
		}
		if err != nil {
			return v, err
		}
		out.A = append(out.A, e)
	}
	if to.Kind == sqltype.Vector {
		return out, sqltype.FitVector(to, out)
	}
	return out, nil
}

// arrayLength is array_length: an array has one dimension, or none if it is empty.
func arrayLength(x *logical.Call, a []sqltype.Datum) sqltype.Datum {
	if x.Func == logical.ArrayLength && (a[1].I != 1 || len(a[0].A) == 0) {
		return sqltype.NullDatum
	}
	return sqltype.Datum{I: int64(len(a[0].A))}
}

// sized checks an array that is an argument of a model: its length, and its nulls by their policies.
func (s *scope) sized(x *logical.Call, r Row) (sqltype.Datum, error) {
	v, err := s.eval(x.Args[0], r)
	if err != nil || v.Null {
		return v, err
	}
	subject, policies := x.Args[1].(*logical.Const).Value.S, x.Args[2].(*logical.Const).Value.S
	if len(v.A) != len(policies) {
		return v, sqlstate.New(sqlstate.DataException, "%s must have %d elements, not %d", subject, len(policies), len(v.A)).At(x.Pos)
	}
	for i, e := range v.A {
		switch {
		case e.Null && policies[i] == 'n':
			return sqltype.NullDatum, nil
		case e.Null && policies[i] == 'e':
			return v, sqlstate.New(sqlstate.NullValueNotAllowed, "element %d of %s must not be NULL", i+1, subject).At(x.Pos)
		}
	}
	return v, nil
}

// scalars are the elements of an array as a model sees them: nulls are NaN.
func scalars(v sqltype.Datum) []sqltype.Datum {
	out := make([]sqltype.Datum, len(v.A))
	for i, e := range v.A {
		if out[i] = e; e.Null {
			out[i] = sqltype.Datum{F: math.NaN()}
		}
	}
	return out
}

// evalQuantified is op ANY (array), or ALL.
func (s *scope) evalQuantified(x *logical.Quantified, r Row) (sqltype.Datum, error) {
	v, err := s.eval(x.Arg, r)
	if err != nil {
		return v, err
	}
	of, err := s.eval(x.Array, r)
	if err != nil || of.Null {
		return sqltype.NullDatum, err
	}
	null := false
	for _, e := range of.A {
		if v.Null || e.Null {
			null = true
			continue
		}
		if holds(x.Op, sqltype.Compare(x.Arg.Type(), v, e)) != x.All {
			return boolean(!x.All), nil
		}
	}
	if null {
		return sqltype.NullDatum, nil
	}
	return boolean(x.All), nil
}
