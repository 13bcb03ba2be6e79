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
	if e.Func < ArrayConcat || e.Func > StringToArray {
		return nil, false
	}
	d := make([]sqltype.Datum, len(args))
	for i, a := range args {
		d[i] = a.Value
	}
	v, err := ArrayFunction(e, d)
	if err != nil {
		return nil, false
	}
	return &Const{Value: v, Typ: e.Typ}, true
}

// ArrayFunction computes what a function of arrays gives for some values of its arguments.
func ArrayFunction(e *Call, args []sqltype.Datum) (v sqltype.Datum, err error) {
	for i, a := range args {
		if a.Null && nullEnds(e.Func, i) {
			return sqltype.NullDatum, nil
		}
	}
	t := e.Args[0].Type()
	element := func(i int) sqltype.Datum { return args[i].A[0] }
	switch e.Func {
	case ArrayConcat:
		return sqltype.ConcatArrays(args[0], args[1]), nil
	case ArraySlice:
		return sqltype.SliceArray(args[0], args[1].I, args[2].I), nil
	case TrimArray:
		return sqltype.TrimArray(args[0], args[1].I)
	case ArrayRemove:
		return sqltype.RemoveElement(t, args[0], element(1)), nil
	case ArrayReplace:
		return sqltype.ReplaceElement(t, args[0], element(1), element(2)), nil
	case ArrayPosition:
		at, ok := sqltype.ArrayPosition(t, args[0], element(1), args[2].I)
		return sqltype.Datum{I: at, Null: !ok}, nil
	case ArrayPositions:
		return sqltype.ArrayPositions(t, args[0], element(1)), nil
	case ArrayContains:
		return boolConst(sqltype.ContainsArray(t, args[0], args[1])).Value, nil
	case ArrayOverlaps:
		return boolConst(sqltype.OverlapArrays(t, args[0], args[1])).Value, nil
	case ArrayToString:
		return sqltype.Datum{S: sqltype.JoinArray(t, args[0], args[1].S, args[2])}, nil
	}
	return sqltype.SplitText(args[0].S, args[1], args[2]), nil
}

// nullEnds tells of a function of arrays whether it is null where argument i is.
func nullEnds(f Func, i int) bool {
	switch f {
	case ArrayConcat:
		return false
	case ArrayToString:
		return i < 2
	case StringToArray:
		return i == 0
	}
	return true
}
