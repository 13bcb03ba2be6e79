package translate

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// arith builds + - * / % ^ and the bit operators.
func (f *fn) arith(r *row, e *logical.Call, args []Value) Value {
	k, first := e.Typ.Kind, e.Args[0].Type().Kind
	switch {
	case first == sqltype.Date || first == sqltype.Timestamp || first == sqltype.Interval || k == sqltype.Date ||
		k == sqltype.Timestamp || k == sqltype.Interval:
		return f.dateArith(r, e, args)
	case k == sqltype.Vector:
		return f.vectorArith(r, e, args)
	case k.IsInteger():
		return f.intArith(r, e, args)
	case k.IsFloat():
		return f.floatArith(r, e, args)
	case k == sqltype.Numeric:
		return f.numericArith(r, e, args)
	}
	fail(sqlstate.Unsupported("operator %s for %s", e.Func, e.Typ).At(e.Pos))
	return Value{}
}

// intArith builds whole-number arithmetic. The ranges of the operands tell whether the result can leave its type; only then
// is it checked.
func (f *fn) intArith(r *row, e *logical.Call, args []Value) Value {
	out := Value{Rep: RInt, Type: e.Typ, Valid: f.valid(args...)}
	x := args[0].N
	if len(args) == 1 {
		return f.intUnary(r, e, args[0])
	}
	y := args[1].N
	var rng staged.Range
	switch e.Func {
	case logical.Add:
		rng = x.Range.Add(y.Range)
	case logical.Sub:
		rng = x.Range.Sub(y.Range)
	case logical.Mul:
		rng = x.Range.Mul(y.Range)
	case logical.Div, logical.Mod:
		return f.intDivide(r, e, args)
	case logical.BitAnd, logical.BitOr, logical.BitXor:
		a, b, t := f.same(x, y)
		op := arithOps[e.Func]
		out.N = f.prim(r, op, t, a, b)
		return out
	case logical.ShiftLeft, logical.ShiftRight:
		return f.shift(r, e, args)
	}
	out.N = f.checked(r, e, x, y, rng, f.rows(r, args...))
	return out
}

// checked computes x op y, raising where the result leaves the SQL type.
func (f *fn) checked(r *row, e *logical.Call, x, y *staged.Node, rng staged.Range, active *staged.Node) *staged.Node {
	b, bounds := f.b, intBounds(e.Typ.Kind)
	op := arithOps[e.Func]
	if rng.Fits64() {
		n := f.inRange(r, op, x, y, rng)
		if !rng.Within(bounds) {
			n = f.checkBounds(r, n, e.Typ.Kind, active, e.Pos)
		}
		return n
	}
	wx, wy := b.Cvt(staged.TI64, x), b.Cvt(staged.TI64, y)
	over := f.prim(r, op+"o", staged.TI64, wx, wy)
	b.RaiseIf(b.And(active, over), "22003", int(e.Pos), "bigint out of range")
	n := f.prim(r, op, staged.TI64, wx, wy)
	if e.Typ.Kind != sqltype.Int8 {
		n = f.checkBounds(r, n, e.Typ.Kind, active, e.Pos)
	}
	return n
}

// inRange computes x op y, whose result is known to lie in rng, in the narrowest lanes that hold operands and result.
func (f *fn) inRange(r *row, op string, x, y *staged.Node, rng staged.Range) *staged.Node {
	if op == "mul" {
		return f.mulInt(r, x, y, rng)
	}
	if rng.Fits32() && x.Type == staged.TI32 && y.Type == staged.TI32 {
		return f.prim(r, op, staged.TI32, x, y)
	}
	return f.prim(r, op, staged.TI64, f.b.Cvt(staged.TI64, x), f.b.Cvt(staged.TI64, y))
}

// checkBounds raises where a value leaves a SQL integer type and returns it in lanes that hold the type.
func (f *fn) checkBounds(r *row, n *staged.Node, k sqltype.Kind, active *staged.Node, pos int) *staged.Node {
	b, bounds := f.b, intBounds(k)
	n = f.spread(r, n)
	lo, hi := staged.Int(n.Type, int64(bounds.Lo)), staged.Int(n.Type, int64(bounds.Hi))
	if n.Type == staged.TI64 || k == sqltype.Int2 {
		out := b.Or(b.Prim("lt", n.Type, n, lo), b.Prim("gt", n.Type, n, hi))
		b.RaiseIf(b.And(active, out), "22003", pos, sqltype.Of(k).String()+" out of range")
	}
	if n.Type == staged.TI64 {
		n = b.Cvt(staged.TI32, n)
	}
	if bounds.Within(n.Range) {
		n = b.Bounded(n, bounds)
	}
	return n
}

func (f *fn) intUnary(r *row, e *logical.Call, v Value) Value {
	out := Value{Rep: RInt, Type: e.Typ, Valid: v.Valid}
	x := v.N
	switch e.Func {
	case logical.BitNot:
		out.N = f.prim(r, "not", x.Type, x)
		return out
	case logical.Neg:
		out.N = f.checked(r, &logical.Call{Func: logical.Sub, Typ: e.Typ, Pos: e.Pos}, staged.Int(x.Type, 0), x, x.Range.Neg(), f.rows(r, v))
		return out
	case logical.Abs:
		neg := f.checked(r, &logical.Call{Func: logical.Sub, Typ: e.Typ, Pos: e.Pos}, staged.Int(x.Type, 0), x, x.Range.Neg(),
			f.b.And(f.rows(r, v), f.prim(r, "lt", x.Type, x, staged.Int(x.Type, 0))))
		a, b, t := f.same(x, neg)
		out.N = f.prim(r, "max", t, a, b)
		return out
	}
	fail(sqlstate.Unsupported("operator %s for %s", e.Func, e.Typ).At(e.Pos))
	return out
}

// intDivide builds / and %: kernels raise for a zero divisor and for the one quotient that does not fit.
func (f *fn) intDivide(r *row, e *logical.Call, args []Value) Value {
	x, y := f.spread(r, f.b.Cvt(staged.TI64, args[0].N)), f.spread(r, f.b.Cvt(staged.TI64, args[1].N))
	name := "flk_intdiv"
	if e.Func == logical.Mod {
		name = "flk_intmod"
	}
	active := f.rows(r, args...)
	n := f.runAt(r, name, active, e.Pos, x, y)
	most := staged.Range{Lo: min(x.Range.Lo, -x.Range.Hi), Hi: max(x.Range.Hi, -x.Range.Lo)}
	if e.Func == logical.Mod {
		most = remainders(x.Range, y.Range)
	}
	if most.Fits64() {
		n.Range = most
	}
	out := Value{Rep: RInt, Type: e.Typ, Valid: f.valid(args...), N: n}
	if k := e.Typ.Kind; k != sqltype.Int8 {
		if n.Range.Within(intBounds(k)) {
			out.N = f.b.Cvt(staged.TI32, n)
		} else {
			out.N = f.checkBounds(r, n, k, active, e.Pos)
		}
	}
	return out
}

// remainders bounds x % y: nearer to zero than x and y, with the sign of x.
func remainders(x, y staged.Range) staged.Range {
	below := max(y.Hi, -y.Lo) - 1
	return staged.Range{Lo: max(min(x.Lo, 0), min(-below, 0)), Hi: min(max(x.Hi, 0), max(below, 0))}
}

// shift builds << and >> with C's and Postgres's meaning: the count is taken modulo the width.
func (f *fn) shift(r *row, e *logical.Call, args []Value) Value {
	b := f.b
	op, width, t := "shl", int64(31), staged.TI32
	if e.Func == logical.ShiftRight {
		op = "shr"
	}
	if e.Typ.Kind == sqltype.Int8 {
		width, t = 63, staged.TI64
	}
	count := f.prim(r, "and", t, b.Cvt(t, args[1].N), staged.Int(t, width))
	n := f.prim(r, op, t, b.Cvt(t, args[0].N), count)
	if e.Typ.Kind == sqltype.Int2 {
		n = f.prim(r, "shr", t, f.prim(r, "shl", t, n, staged.Int(t, 16)), staged.Int(t, 16))
	}
	return Value{Rep: RInt, Type: e.Typ, Valid: f.valid(args...), N: n}
}

// floatArith builds arithmetic on floats; results that are infinite though no operand is, or zero though none is, raise.
func (f *fn) floatArith(r *row, e *logical.Call, args []Value) Value {
	t, rep := staged.TF64, RF64
	if e.Typ.Kind == sqltype.Float4 {
		t, rep = staged.TF32, RF32
	}
	out := Value{Rep: rep, Type: e.Typ, Valid: f.valid(args...)}
	x := args[0].N
	if len(args) == 1 {
		op := arithOps[e.Func]
		out.N = f.prim(r, op, t, x)
		return out
	}
	y, active := args[1].N, f.rows(r, args...)
	switch e.Func {
	case logical.Add, logical.Sub, logical.Mul:
		out.N = f.prim(r, arithOps[e.Func], t, x, y)
	case logical.Div:
		zero := f.prim(r, "oeq", t, f.spread(r, y), staged.Float(t, 0))
		f.b.RaiseIf(f.b.And(active, f.b.AndNot(zero, f.prim(r, "isnan", t, f.spread(r, x)))), "22012", e.Pos, "division by zero")
		out.N = f.prim(r, "div", t, x, y)
	case logical.Pow:
		return f.mathCall(r, e, args)
	default:
		fail(sqlstate.Unsupported("operator %s for %s", e.Func, e.Typ).At(e.Pos))
	}
	f.checkFloat(r, e, out.N, active, t, x, y)
	return out
}

func (f *fn) checkFloat(r *row, e *logical.Call, n, active *staged.Node, t *staged.Type, x, y *staged.Node) {
	b := f.b
	inf := b.Prim("isinf", t, n)
	ok := b.Or(f.prim(r, "isinf", t, f.spread(r, x)), f.prim(r, "isinf", t, f.spread(r, y)))
	b.RaiseIf(b.And(active, b.AndNot(inf, ok)), "22003", e.Pos, "value out of range: overflow")
	if e.Func == logical.Mul || e.Func == logical.Div {
		zero := b.Prim("oeq", t, n, staged.Float(t, 0))
		was := f.prim(r, "oeq", t, f.spread(r, x), staged.Float(t, 0))
		if e.Func == logical.Mul {
			was = b.Or(was, f.prim(r, "oeq", t, f.spread(r, y), staged.Float(t, 0)))
		} else {
			was = b.Or(was, f.prim(r, "isinf", t, f.spread(r, y)))
		}
		b.RaiseIf(b.And(active, b.AndNot(zero, was)), "22003", e.Pos, "value out of range: underflow")
	}
}

// numericArith builds exact arithmetic. The scale of sums and products follows from the operands' and the range tells how
// many bits hold the result; division's scale depends on the values, so that its result is in variable form.
func (f *fn) numericArith(r *row, e *logical.Call, args []Value) Value {
	for i := range args {
		if args[i].Rep == RInt {
			args[i].Rep = RDec
		}
	}
	if len(args) == 1 {
		return f.numericUnary(r, e, args[0])
	}
	x, y := args[0], args[1]
	if x.Rep == RDec && y.Rep == RDec && (e.Func == logical.Add || e.Func == logical.Sub) {
		scale := max(x.Scale, y.Scale)
		a, okA := f.rescaleUp(r, x, scale)
		b, okB := f.rescaleUp(r, y, scale)
		if okA && okB && a.Rep == RDec && b.Rep == RDec {
			rng := a.N.Range.Add(b.N.Range)
			if e.Func == logical.Sub {
				rng = a.N.Range.Sub(b.N.Range)
			}
			if rng.Fits64() {
				return Value{Rep: RDec, Type: e.Typ, Scale: scale, Valid: f.valid(x, y), N: f.inRange(r, arithOps[e.Func], a.N, b.N, rng)}
			}
		}
	}
	if x.Rep == RDec && y.Rep == RDec && e.Func == logical.Mul {
		if rng := x.N.Range.Mul(y.N.Range); rng.Fits64() {
			return Value{Rep: RDec, Type: e.Typ, Scale: x.Scale + y.Scale, Valid: f.valid(x, y), N: f.mulInt(r, x.N, y.N, rng)}
		}
	}
	return f.wideArith(r, e, x, y)
}

func (f *fn) numericUnary(r *row, e *logical.Call, v Value) Value {
	v.Type = e.Typ
	if v.Rep == RDec && v.N.Range.Neg().Fits64() {
		n, t := v.N, v.N.Type
		if t == staged.TI32 && !n.Range.Neg().Fits32() {
			t = staged.TI64
			n = f.b.Cvt(t, n)
		}
		op := arithOps[e.Func]
		rng := n.Range.Neg().Union(n.Range)
		v.N = f.prim(r, op, t, n)
		if rng.Within(staged.Full(t)) {
			v.N.Range = rng
		}
		return v
	}
	return f.wideUnary(r, e, v)
}
