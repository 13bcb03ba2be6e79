package translate

import (
	"math"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// cast converts a value with Postgres's rules.
func (f *fn) cast(r *row, v Value, to sqltype.Type, explicit bool, pos int) Value {
	from := v.Type.Kind
	if v.Null {
		return null(to)
	}
	switch {
	case isArray(v) && !(to.Kind.IsString() && v.Rep != RArray):
		return f.castArray(r, v, to, explicit, pos)
	case v.Rep == RRecord:
	case to.Kind.IsString():
		return f.castText(r, v, to, explicit, pos)
	case from.IsString() || from == sqltype.Unknown:
		return f.parse(r, v, to, pos)
	case to.Kind.IsInteger():
		return f.castInt(r, v, to, pos)
	case to.Kind.IsFloat():
		return f.castFloat(r, v, to, pos)
	case to.Kind == sqltype.Numeric:
		return f.castNumeric(r, v, to, pos)
	case from == to.Kind:
		v.Type = to
		return v
	case to.Kind == sqltype.Bool && from.IsInteger():
		return boolean(f.prim(r, "ne", v.N.Type, f.spread(r, v.N), staged.Int(v.N.Type, 0)), v.Valid)
	case to.Kind == sqltype.Timestamp && from == sqltype.Date, to.Kind == sqltype.Date && from == sqltype.Timestamp:
		name, a := "flk_timestamp_date", staged.TI32
		if to.Kind == sqltype.Date {
			name, a = "flk_date_timestamp", staged.TI64
		}
		active := f.rows(r, v)
		n := f.runAt(r, name, active, pos, f.b.Cvt(a, f.spread(r, v.N)))
		return Value{Rep: RInt, Type: to, Valid: v.Valid, N: n}
	}
	fail(sqlstate.Unsupported("a cast from %s to %s in a compiled query", v.Type, to).At(pos))
	return v
}

var intBits = map[sqltype.Kind]int{sqltype.Int2: 16, sqltype.Int4: 32, sqltype.Int8: 64}

func (f *fn) castInt(r *row, v Value, to sqltype.Type, pos int) Value {
	active := f.rows(r, v)
	out := Value{Rep: RInt, Type: to, Valid: v.Valid}
	bits := lit(intBits[to.Kind])
	switch v.Rep {
	case RBool:
		out.N = f.b.Prim("mk", staged.TI32, f.mask(v, r))
	case RInt:
		out.N = v.N
		if !v.N.Range.Within(intBounds(to.Kind)) {
			out.N = f.checkBounds(r, v.N, to.Kind, active, pos)
		}
	case RF64, RF32:
		v = f.lanes(r, v)
		out.N = f.runAt(r, "flk_int_"+v.N.Type.Suffix(), active, pos, v.N, bits)
		out.N = f.narrowTo(out.N, to.Kind)
	case RDec, RDec128:
		v = f.lanes(r, f.toDec128(r, v))
		out.N = f.runAt(r, "flk_int_dec128", active, pos, v.N, lit(v.Scale), bits)
		out.N = f.narrowTo(out.N, to.Kind)
	case RNum:
		v = f.lanes(r, v)
		out.N = f.runAt(r, "flk_int_num", active, pos, v.N, bits)
		out.N = f.narrowTo(out.N, to.Kind)
	default:
		fail(sqlstate.Unsupported("a cast from %s to %s in a compiled query", v.Type, to).At(pos))
	}
	return out
}

// narrowTo gives a checked bigint lane value the range and lanes of a smaller type.
func (f *fn) narrowTo(n *staged.Node, k sqltype.Kind) *staged.Node {
	if k == sqltype.Int8 {
		return n
	}
	n.Range = intBounds(k)
	return f.b.Cvt(staged.TI32, n)
}

func (f *fn) castFloat(r *row, v Value, to sqltype.Type, pos int) Value {
	b, active := f.b, f.rows(r, v)
	rep, t := RF64, staged.TF64
	if to.Kind == sqltype.Float4 {
		rep, t = RF32, staged.TF32
	}
	out := Value{Rep: rep, Type: to, Valid: v.Valid}
	v = f.lanes(r, v)
	switch v.Rep {
	case RInt:
		out.N = b.Cvt(t, v.N)
	case RF32, RF64:
		switch {
		case v.Rep == rep:
			out.N = v.N
		case rep == RF64:
			out.N = b.Cvt(t, v.N)
		default:
			out.N = f.runAt(r, "flk_f32_f64", active, pos, v.N)
		}
	case RDec:
		// While the unscaled value and the power of ten are exact, one division is the nearest double.
		if rep == RF64 && v.Scale <= 22 && v.N.Range.Within(staged.Range{Lo: -1 << 53, Hi: 1 << 53}) {
			out.N = b.Prim("div", staged.TF64, b.Cvt(staged.TF64, v.N), staged.Float(staged.TF64, math.Pow10(v.Scale)))
			break
		}
		fallthrough
	case RDec128, RNum:
		v = f.toNum(r, v)
		out.N = f.runAt(r, "flk_"+t.Suffix()+"_num", active, pos, v.N)
	default:
		fail(sqlstate.Unsupported("a cast from %s to %s in a compiled query", v.Type, to).At(pos))
	}
	return out
}

func (f *fn) castNumeric(r *row, v Value, to sqltype.Type, pos int) Value {
	active := f.rows(r, v)
	switch v.Rep {
	case RInt:
		v.Rep, v.Scale = RDec, 0
	case RF32, RF64:
		v = f.lanes(r, v)
		v.N = f.runAt(r, "flk_num_"+v.N.Type.Suffix(), active, 0, v.N)
		v.Rep, v.Keep = RNum, false
	case RDec, RDec128, RNum:
	default:
		fail(sqlstate.Unsupported("a cast from %s to %s in a compiled query", v.Type, to).At(pos))
	}
	v.Type = to
	precision, scale, ok := to.PrecisionScale()
	if !ok {
		return v
	}
	if v.Rep == RDec {
		if w, fine := f.typmod64(r, v, precision, scale, active, pos); fine {
			return w
		}
	}
	v = f.lanes(r, f.toNum(r, v))
	p, s := lit(precision), lit(scale)
	switch {
	case precision <= 18 && scale >= 0:
		v.N = f.runAt(r, "flk_dec64_num", active, pos, v.N, p, s)
		v.Rep, v.Scale, v.N.Range = RDec, scale, precisionRange(precision)
	case precision <= 38 && scale >= 0:
		v.N = f.runAt(r, "flk_dec128_num", active, pos, v.N, p, s)
		v.Rep, v.Scale, v.N.Range = RDec128, scale, precisionRange(precision)
	default:
		v.N = f.runAt(r, "flk_typmod_num", active, pos, v.N, p, s)
		v.Keep = false
	}
	return v
}

func precisionRange(p int) staged.Range {
	m := math.Pow(10, float64(p)) - 1
	return staged.Range{Lo: -m, Hi: m}
}

// typmod64 rounds and checks a decimal without leaving 64 bits.
func (f *fn) typmod64(r *row, v Value, precision, scale int, active *staged.Node, pos int) (Value, bool) {
	if precision > 18 || scale < 0 {
		return v, false
	}
	switch {
	case scale > v.Scale:
		up, ok := f.rescaleUp(r, v, scale)
		if !ok || up.Rep != RDec {
			return v, false
		}
		v = up
	case scale < v.Scale:
		n := f.b.Cvt(staged.TI64, f.spread(r, v.N))
		p := float64(pow10(min(v.Scale-scale, 18)))
		rng := staged.Range{Lo: math.Floor(n.Range.Lo/p) - 1, Hi: math.Ceil(n.Range.Hi/p) + 1}
		v.N = f.run(r, "flk_rescale_i64", n, lit(scale-v.Scale))
		v.N.Range = rng
		v.Scale = scale
	}
	most := precisionRange(precision)
	if v.N.Range.Within(most) {
		return v, true
	}
	n := f.b.Cvt(staged.TI64, f.spread(r, v.N))
	f.runAt(r, "flk_typmod_i64", active, pos, n, lit(precision), lit(scale))
	v.N = f.b.Bounded(n, most)
	return v, true
}

// castText gives a value's text form, cut or checked by the length of varchar(n) and char(n).
func (f *fn) castText(r *row, v Value, to sqltype.Type, explicit bool, pos int) Value {
	if v.Rep == RCode && !to.HasMod() && v.Type.Kind != sqltype.Char && to.Kind != sqltype.Char {
		v.Type = to
		return v
	}
	v = f.plainText(r, v)
	active := f.rows(r, v)
	wasChar := v.Type.Kind == sqltype.Char
	if v.Rep != RStr {
		desc := f.vec(r, v, v.Type)
		n := f.runAt(r, "flk_str_any", active, 0, f.b.VecArray([]staged.VecDesc{desc}))
		v = Value{Rep: RStr, Type: to, Valid: v.Valid, N: n}
	}
	v = f.lanes(r, v)
	if wasChar && to.Kind != sqltype.Char {
		v.N = f.runAt(r, "flk_trim_char", active, 0, v.N)
	}
	v.Type = to
	if to.HasMod() && (to.Kind == sqltype.Varchar || to.Kind == sqltype.Char) {
		assign := 1
		if explicit {
			assign = 0
		}
		name := "flk_varchar_str"
		if to.Kind == sqltype.Char {
			name = "flk_char_str"
			v.Keep = false
		}
		v.N = f.runAt(r, name, active, pos, v.N, lit(int(to.Mod)), lit(assign))
	}
	return v
}

// parse applies a type's input function to text.
func (f *fn) parse(r *row, v Value, to sqltype.Type, pos int) Value {
	v = f.lanes(r, f.plainText(r, v))
	active := f.rows(r, v)
	out := Value{Type: to, Valid: v.Valid}
	in := func(name string, more ...*staged.Node) *staged.Node {
		return f.runAt(r, name, active, pos, append([]*staged.Node{v.N}, more...)...)
	}
	switch to.Kind {
	case sqltype.Bool:
		out.Rep, out.N = RBool, in("flk_bool_str")
	case sqltype.Int2, sqltype.Int4, sqltype.Int8:
		out.Rep, out.N = RInt, f.narrowTo(in("flk_int_str", lit(intBits[to.Kind])), to.Kind)
	case sqltype.Float4:
		out.Rep, out.N = RF32, in("flk_f32_str")
	case sqltype.Float8:
		out.Rep, out.N = RF64, in("flk_f64_str")
	case sqltype.Date:
		out.Rep, out.N = RInt, in("flk_date_str")
	case sqltype.Timestamp:
		out.Rep, out.N = RInt, in("flk_timestamp_str")
	case sqltype.Interval:
		out.Rep, out.N = RInterval, in("flk_interval_str")
	case sqltype.Array:
		out.Rep, out.N = RPacked, in("flk_array_str", kindCode(to))
	case sqltype.Vector:
		out.Rep, out.N = RVector, in("flk_vector_str", lit(int(to.Mod)))
	case sqltype.Numeric:
		p, s, ok := to.PrecisionScale()
		switch {
		case ok && p <= 18 && s >= 0:
			out.Rep, out.Scale, out.N = RDec, s, in("flk_dec64_str", lit(p), lit(s))
			out.N.Range = precisionRange(p)
		case ok && p <= 38 && s >= 0:
			out.Rep, out.Scale, out.N = RDec128, s, in("flk_dec128_str", lit(p), lit(s))
			out.N.Range = precisionRange(p)
		default:
			out.Rep, out.N = RNum, in("flk_num_str")
			return f.castNumeric(r, out, to, pos)
		}
	default:
		fail(sqlstate.Unsupported("a cast from text to %s in a compiled query", to).At(pos))
	}
	return out
}
