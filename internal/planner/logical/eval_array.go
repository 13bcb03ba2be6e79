package logical

import "github.com/flernd/flernd/internal/storage/sqltype"

func hasElements(k sqltype.Kind) bool { return k == sqltype.Array || k == sqltype.Vector }

// elementOf is the type of an array's or vector's elements.
func elementOf(t sqltype.Type) sqltype.Type {
	if t.Kind == sqltype.Vector {
		return sqltype.Of(sqltype.Float4)
	}
	return t.Element()
}

// castArray converts to or from an array or vector: element by element, or through text.
func castArray(v sqltype.Datum, from, to sqltype.Type, explicit bool) (sqltype.Datum, error) {
	switch {
	case to.Kind.IsString():
		return toString(v, from, to, explicit)
	case from.Kind.IsString():
		return fromText(v, from, to)
	case !hasElements(from.Kind) || !hasElements(to.Kind):
		return v, errNotFolded
	}
	out := sqltype.Datum{A: make([]sqltype.Datum, len(v.A))}
	for i, e := range v.A {
		if out.A[i] = e; e.Null || elementOf(from) == elementOf(to) {
			continue
		}
		var err error
		if out.A[i], err = castDatum(e, elementOf(from), elementOf(to), explicit); err != nil {
			return v, err
		}
	}
	if to.Kind == sqltype.Vector {
		return out, sqltype.FitVector(to, out)
	}
	return out, nil
}

// foldArrayCall computes the functions of arrays; ok is false for others.
func foldArrayCall(e *Call, args []*Const) (c *Const, ok bool) {
	switch e.Func {
	case MakeArray:
		d := sqltype.Datum{A: make([]sqltype.Datum, len(args))}
		for i, a := range args {
			d.A[i] = a.Value
		}
		return &Const{Value: d, Typ: e.Typ}, true
	case ArrayLength:
		if args[0].Value.Null || args[1].Value.Null || args[1].Value.I != 1 || len(args[0].Value.A) == 0 {
			return NullConst(e.Typ), true
		}
		return &Const{Value: sqltype.Datum{I: int64(len(args[0].Value.A))}, Typ: e.Typ}, true
	case Cardinality:
		if args[0].Value.Null {
			return NullConst(e.Typ), true
		}
		return &Const{Value: sqltype.Datum{I: int64(len(args[0].Value.A))}, Typ: e.Typ}, true
	}
	return nil, false
}
