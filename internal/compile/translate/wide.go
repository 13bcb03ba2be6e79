package translate

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// run calls a kernel that is told no rows and gives it what its signature asks for. Its first output is the answer.
func (f *fn) run(r *row, name string, operands ...*staged.Node) *staged.Node {
	return f.b.Run(r.blk, name, staged.Site{}, operands...)[0]
}

// runAt calls a kernel that computes the selected rows only; what it raises, it raises for these, at pos of the statement.
func (f *fn) runAt(r *row, name string, rows *staged.Node, pos int, operands ...*staged.Node) *staged.Node {
	return f.b.Run(r.blk, name, staged.Site{Rows: rows, Pos: pos}, operands...)[0]
}

func lit(v int) *staged.Node { return staged.Int(staged.TI32, int64(v)) }

// toDec128 widens a decimal or whole number to 128 bits.
func (f *fn) toDec128(r *row, v Value) Value {
	if v.Rep == RDec128 {
		return v
	}
	rng := v.N.Range
	n := f.spread(r, v.N)
	v.N = f.run(r, "flk_i128_"+n.Type.Suffix(), n)
	v.N.Range = rng
	v.Rep = RDec128
	return v
}

// toNum gives a numeric or whole number variable scale.
func (f *fn) toNum(r *row, v Value) Value {
	switch v.Rep {
	case RNum:
		return v
	case RDec, RInt:
		n := f.b.Cvt(staged.TI64, f.spread(r, v.N))
		v.N = f.runAt(r, "flk_num_dec64", f.rows(r, v), 0, n, lit(v.Scale))
	case RDec128:
		v.N = f.runAt(r, "flk_num_dec128", f.rows(r, v), 0, f.spread(r, v.N), lit(v.Scale))
	default:
		fail(sqlstate.New(sqlstate.InternalError, "%s as numeric", v.Type))
	}
	v.Rep, v.Scale, v.Keep = RNum, 0, false
	return v
}

// rescale128 gives a 128-bit decimal more digits after the point, if 38 are enough.
func (f *fn) rescale128(r *row, v Value, scale int) (Value, bool) {
	k := scale - v.Scale
	if k > 18 || !v.N.Range.Mul(staged.RangeOf(pow10(k), pow10(k))).Fits128() {
		return v, false
	}
	rng := v.N.Range.Mul(staged.RangeOf(pow10(k), pow10(k)))
	v.N = f.run(r, "flk_rescale_i128", f.spread(r, v.N), lit(k))
	v.N.Range, v.Scale = rng, scale
	return v, true
}

// narrow128 takes a bigint out of 128 bits, raising where it does not fit.
func (f *fn) narrow128(r *row, v Value, pos int) *staged.Node {
	active := f.rows(r, v)
	return f.runAt(r, "flk_int_dec128", active, pos, v.N, lit(v.Scale), lit(64))
}

// scale128 multiplies a 128-bit total by a small constant.
func (f *fn) scale128(r *row, v Value, k int64) Value {
	c := f.toDec128(r, Value{Rep: RDec, N: f.spread(r, staged.Int(staged.TI64, k))})
	v.N = f.run(r, "flk_mul_i128", f.spread(r, v.N), c.N)
	return v
}

// average divides 128-bit totals by counts, with the scale that Postgres's division picks.
func (f *fn) average(r *row, sum Value, count *staged.Node, out Value) Value {
	active := f.rows(r, out)
	out.Rep, out.Keep = RNum, false
	out.N = f.runAt(r, "flk_avg_i128", active, 0, sum.N, lit(sum.Scale), count)
	return out
}

// averageNum divides totals of variable scale by counts.
func (f *fn) averageNum(r *row, sum, count *staged.Node, out Value) Value {
	active := f.rows(r, out)
	out.Rep, out.Keep = RNum, false
	out.N = f.runAt(r, "flk_avg_num", active, 0, sum, count)
	return out
}

// wideArith builds numeric arithmetic that needs more than 64 bits, or a scale that depends on the values.
func (f *fn) wideArith(r *row, e *logical.Call, x, y Value) Value {
	valid := f.valid(x, y)
	if x.Rep != RNum && y.Rep != RNum {
		if v, ok := f.arith128(r, e, x, y); ok {
			v.Type, v.Valid = e.Typ, valid
			return v
		}
	}
	name := numericKernels[e.Func]
	if name == "" {
		fail(sqlstate.Unsupported("operator %s for numeric in a compiled query", e.Func).At(e.Pos))
	}
	x, y = f.lanes(r, f.toNum(r, x)), f.lanes(r, f.toNum(r, y))
	active := f.rows(r, x, y)
	n := f.runAt(r, name, active, e.Pos, x.N, y.N)
	return Value{Rep: RNum, Type: e.Typ, N: n, Valid: valid}
}

// arith128 builds sums, differences and products within 38 digits.
func (f *fn) arith128(r *row, e *logical.Call, x, y Value) (Value, bool) {
	two := func(name string, a, b *staged.Node, rng staged.Range, scale int) (Value, bool) {
		n := f.run(r, name, f.spread(r, a), f.spread(r, b))
		n.Range = rng
		return Value{Rep: RDec128, N: n, Scale: scale}, true
	}
	switch e.Func {
	case logical.Mul:
		rng := x.N.Range.Mul(y.N.Range)
		if !rng.Fits128() {
			return Value{}, false
		}
		if x.Rep == RDec && y.Rep == RDec {
			return two("flk_mulw_i64", f.b.Cvt(staged.TI64, x.N), f.b.Cvt(staged.TI64, y.N), rng, x.Scale+y.Scale)
		}
		return two("flk_mul_i128", f.toDec128(r, x).N, f.toDec128(r, y).N, rng, x.Scale+y.Scale)
	case logical.Add, logical.Sub:
		scale := max(x.Scale, y.Scale)
		a, okA := f.rescaleUp(r, x, scale)
		b, okB := f.rescaleUp(r, y, scale)
		if !okA || !okB {
			return Value{}, false
		}
		a, b = f.toDec128(r, a), f.toDec128(r, b)
		rng, name := a.N.Range.Add(b.N.Range), "flk_add_i128"
		if e.Func == logical.Sub {
			rng, name = a.N.Range.Sub(b.N.Range), "flk_sub_i128"
		}
		if !rng.Fits128() {
			return Value{}, false
		}
		return two(name, a.N, b.N, rng, scale)
	}
	return Value{}, false
}

func (f *fn) wideUnary(r *row, e *logical.Call, v Value) Value {
	op := arithOps[e.Func]
	if v.Rep == RDec {
		v = f.toDec128(r, v)
	}
	v = f.lanes(r, v)
	if v.Rep == RDec128 {
		rng := v.N.Range.Neg().Union(v.N.Range)
		v.N = f.run(r, "flk_"+op+"_i128", v.N)
		v.N.Range = rng
		return v
	}
	v.N = f.runAt(r, "flk_"+op+"_num", f.rows(r, v), 0, v.N)
	v.Keep = false
	return v
}

// mathCall builds the mathematical functions.
func (f *fn) mathCall(r *row, e *logical.Call, args []Value) Value {
	if e.Typ.Kind == sqltype.Numeric {
		return f.numericFunc(r, e, args)
	}
	valid, active := f.valid(args...), f.rows(r, args...)
	for i := range args {
		if args[i].Rep != RF64 {
			fail(sqlstate.Unsupported("function %s for %s", e.Func, args[i].Type).At(e.Pos))
		}
		args[i] = f.lanes(r, args[i])
	}
	out := Value{Rep: RF64, Type: e.Typ, Valid: valid}
	if p := roundings[e.Func]; p != "" {
		out.N = f.b.Prim(p, staged.TF64, args[0].N)
		return out
	}
	name := floatKernels[e.Func]
	if name == "" {
		fail(sqlstate.Unsupported("function %s in a compiled query", e.Func).At(e.Pos))
	}
	out.N = f.runAt(r, name, active, e.Pos, nodes(args)...)
	return out
}

func (f *fn) numericFunc(r *row, e *logical.Call, args []Value) Value {
	v := f.lanes(r, f.toNum(r, args[0]))
	valid, active := f.valid(args...), f.rows(r, args...)
	out := Value{Rep: RNum, Type: e.Typ, Valid: valid}
	name := numericKernels[e.Func]
	switch e.Func {
	case logical.Floor, logical.Ceil, logical.Sign:
		out.N = f.runAt(r, name, active, 0, v.N)
	case logical.Round, logical.Trunc:
		digits := staged.Int(staged.TI32, 0)
		if len(args) > 1 {
			digits = f.b.Cvt(staged.TI32, args[1].N)
		}
		out.N = f.runAt(r, name, active, 0, v.N, f.spread(r, digits))
	default:
		fail(sqlstate.Unsupported("function %s for numeric in a compiled query", e.Func).At(e.Pos))
	}
	return out
}

// random is a fresh number in [0, 1) a row.
func (f *fn) random(r *row) Value {
	f.t.randoms++
	seed := f.b.Fixed(f.query(), "seed", staged.TU64)
	morsel := f.morsel
	if morsel == nil {
		morsel = staged.Int(staged.TU64, 0)
	}
	block := f.b.Call(staged.TU64, "fl_next_block", f.w)
	n := f.run(r, "flk_random", seed, staged.Int(staged.TU64, int64(f.t.randoms)), morsel, block)
	return Value{Rep: RF64, Type: sqltype.Of(sqltype.Float8), N: n}
}
