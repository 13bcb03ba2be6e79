package graph

import "math"

// Computes tells an operator whose elements are not its arguments' or its tables' own, so that narrow ones are to be narrowed.
func Computes(op Op) bool {
	switch op.(type) {
	case *Input, *Constant, *Where, *Concat, *JoinLast, *Pick, *Reshape, *Lookup, *Map, *Gather,
		*If, *Loop, *Result:
		return false
	}
	return true
}

// Narrow brings the elements of a narrow tensor, computed in the type they are held in, back into the tensor's own.
func (t *Tensor) Narrow() {
	switch {
	case !t.Elem.IsNarrow():
	case t.Elem.IsFloat():
		for i, v := range t.F32 {
			t.F32[i] = float32(NarrowFloat(t.Elem, float64(v)))
		}
	default:
		for i := range t.Size() {
			t.SetInt(i, t.Int(i))
		}
	}
}

// WrapInt is v modulo the range of integer type e, held as e's elements are.
func WrapInt(e Elem, v int64) int64 {
	unused := 64 - e.Bits()
	if e.IsUnsigned() {
		return int64(uint64(v) << unused >> unused)
	}
	return v << unused >> unused
}

// NarrowFloat rounds v to the nearest value of a narrow type, ties to even, by way of f32; of other types it returns v. What is
// too large becomes infinite in f16 and bf16, and the greatest number in types of 8 and 4 bits (minifloat.go).
func NarrowFloat(e Elem, v float64) float64 {
	switch e {
	case F32, F64:
		return v
	case F16:
		return roundF16(v)
	case BF16:
		return roundBF16(v)
	}
	if f := minifloats[e]; f != nil {
		return f.round(v)
	}
	return v
}

// roundF16 keeps 11 bits of the significand; below 2^-14 it keeps multiples of 2^-24.
func roundF16(v float64) float64 {
	x := float64(float32(v))
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return x
	}
	_, exponent := math.Frexp(x) // |x| is in [2^(exponent-1), 2^exponent)
	unit := math.Ldexp(1, max(exponent-11, -24))
	if x = math.Copysign(math.RoundToEven(x/unit)*unit, x); math.Abs(x) > 65504 {
		return math.Copysign(math.Inf(1), x)
	}
	return x
}

// roundBF16 drops the low half of an f32.
func roundBF16(v float64) float64 {
	if math.IsNaN(v) {
		return v
	}
	bits := math.Float32bits(float32(v))
	bits += 0x7fff + bits>>16&1
	return float64(math.Float32frombits(bits &^ 0xffff))
}

// HalfBits is the f16 or bf16 of the given bits.
func HalfBits(e Elem, bits uint16) float32 {
	if e == BF16 {
		return math.Float32frombits(uint32(bits) << 16)
	}
	sign, exponent, fraction := uint32(bits>>15), int(bits>>10&31), uint32(bits&0x3ff)
	switch exponent {
	case 0:
		x := float32(math.Ldexp(float64(fraction), -24))
		return math.Float32frombits(math.Float32bits(x) | sign<<31)
	case 31:
		return math.Float32frombits(sign<<31 | 0xff<<23 | fraction<<13)
	}
	return math.Float32frombits(sign<<31 | uint32(exponent+112)<<23 | fraction<<13)
}
