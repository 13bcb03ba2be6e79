package logical

import "github.com/flernd/flernd/internal/storage/sqltype"

// Fold computes a call, cast or other node whose operands are all constants. ok is false when an operand is none, when the
// node is volatile, when computing it raises an error (which must then be raised by the running query, if it gets there),
// and for what the compiler's runtime computes with a library whose results Go does not promise to match.
func Fold(e Expr) (c *Const, ok bool) {
	switch e := e.(type) {
	case *Cast:
		if arg, isConst := e.Arg.(*Const); isConst {
			return foldCast(e, arg)
		}
	case *Call:
		return foldCall(e)
	case *InList:
		return foldInList(e)
	}
	return nil, false
}

func boolConst(v bool) *Const {
	c := &Const{Typ: sqltype.Of(sqltype.Bool)}
	if v {
		c.Value.I = 1
	}
	return c
}

// NullConst is NULL of a type.
func NullConst(t sqltype.Type) *Const { return &Const{Value: sqltype.NullDatum, Typ: t} }

// IsConst reports whether e is the boolean constant v.
func IsConst(e Expr, v bool) bool {
	c, ok := e.(*Const)
	return ok && !c.Value.Null && c.Typ.Kind == sqltype.Bool && (c.Value.I != 0) == v
}

func foldCall(e *Call) (*Const, bool) {
	if e.Func.Volatile() {
		return nil, false
	}
	args := make([]*Const, len(e.Args))
	anyNull := false
	for i, a := range e.Args {
		c, ok := a.(*Const)
		if !ok {
			return nil, false
		}
		args[i] = c
		anyNull = anyNull || c.Value.Null
	}
	if c, ok := foldArrayCall(e, args); ok {
		return c, true
	}
	if c, ok, known := foldNullAware(e, args); known {
		return c, ok
	}
	if anyNull {
		return NullConst(e.Typ), true
	}
	if e.Func >= Eq && e.Func <= Ge {
		return boolConst(compared(e.Func, sqltype.Compare(args[0].Typ, args[0].Value, args[1].Value))), true
	}
	v, err := evalStrict(e, args)
	if err != nil {
		return nil, false
	}
	return &Const{Value: v, Typ: e.Typ}, true
}

func compared(f Func, order int) bool {
	switch f {
	case Eq:
		return order == 0
	case Ne:
		return order != 0
	case Lt:
		return order < 0
	case Le:
		return order <= 0
	case Gt:
		return order > 0
	}
	return order >= 0
}

// foldNullAware computes the functions that do not simply yield null for a null; known is false for others.
func foldNullAware(e *Call, args []*Const) (c *Const, ok, known bool) {
	switch e.Func {
	case And, Or:
		return foldLogic(e.Func == Or, args), true, true
	case IsNull:
		return boolConst(args[0].Value.Null), true, true
	case IsNotNull:
		return boolConst(!args[0].Value.Null), true, true
	case IsTrue, IsNotTrue:
		return boolConst(IsConst(args[0], true) == (e.Func == IsTrue)), true, true
	case IsFalse, IsNotFalse:
		return boolConst(IsConst(args[0], false) == (e.Func == IsFalse)), true, true
	case IsDistinct, IsNotDistinct:
		return boolConst(same(args[0], args[1]) == (e.Func == IsNotDistinct)), true, true
	case NullIf:
		if !args[0].Value.Null && !args[1].Value.Null && same(args[0], args[1]) {
			return NullConst(e.Typ), true, true
		}
		return &Const{Value: args[0].Value, Typ: e.Typ}, true, true
	case Required:
		return args[0], !args[0].Value.Null, true
	case Sized: // what its argument has to be is checked where the model is called
		return nil, false, true
	case Coalesce:
		for _, a := range args {
			if !a.Value.Null {
				return &Const{Value: a.Value, Typ: e.Typ}, true, true
			}
		}
		return NullConst(e.Typ), true, true
	case Greatest, Least:
		return foldExtreme(e, args), true, true
	}
	return nil, false, false
}

func same(a, b *Const) bool {
	if a.Value.Null || b.Value.Null {
		return a.Value.Null == b.Value.Null
	}
	return sqltype.Compare(a.Typ, a.Value, b.Value) == 0
}

// foldLogic is AND or OR of three-valued constants.
func foldLogic(or bool, args []*Const) *Const {
	null := false
	for _, a := range args {
		if IsConst(a, or) {
			return boolConst(or)
		}
		null = null || a.Value.Null
	}
	if null {
		return NullConst(sqltype.Of(sqltype.Bool))
	}
	return boolConst(!or)
}

func foldExtreme(e *Call, args []*Const) *Const {
	var best *Const
	for _, a := range args {
		if a.Value.Null {
			continue
		}
		if best == nil {
			best = a
			continue
		}
		if order := sqltype.Compare(e.Typ, a.Value, best.Value); order > 0 && e.Func == Greatest || order < 0 && e.Func == Least {
			best = a
		}
	}
	if best == nil {
		return NullConst(e.Typ)
	}
	return &Const{Value: best.Value, Typ: e.Typ}
}

func foldInList(e *InList) (*Const, bool) {
	arg, ok := e.Arg.(*Const)
	if !ok {
		return nil, false
	}
	if arg.Value.Null {
		return NullConst(sqltype.Of(sqltype.Bool)), true
	}
	null := false
	for _, it := range e.List {
		c, ok := it.(*Const)
		switch {
		case !ok:
			return nil, false
		case c.Value.Null:
			null = true
		case sqltype.Compare(arg.Typ, arg.Value, c.Value) == 0:
			return boolConst(!e.Not), true
		}
	}
	if null {
		return NullConst(sqltype.Of(sqltype.Bool)), true
	}
	return boolConst(e.Not), true
}
