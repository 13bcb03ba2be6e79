package graph

import "math"

// minifloat is a floating-point type of 8 or 4 bits. Its numbers are multiples of 2^least, of fraction+1 significant bits.
type minifloat struct {
	bits, fraction, least int
	max                   float64
	// infinite: the greatest exponent is that of infinities and NaN. unsigned: there is no -0, whose bits are NaN. finite: there
	// is neither infinity nor NaN.
	infinite, unsigned, finite bool
}

var minifloats = map[Elem]*minifloat{
	F8E4M3FN:   {bits: 8, fraction: 3, least: -9, max: 448},
	F8E4M3FNUZ: {bits: 8, fraction: 3, least: -10, max: 240, unsigned: true},
	F8E5M2:     {bits: 8, fraction: 2, least: -16, max: 57344, infinite: true},
	F8E5M2FNUZ: {bits: 8, fraction: 2, least: -17, max: 57344, unsigned: true},
	F4E2M1:     {bits: 4, fraction: 1, least: -1, max: 6, finite: true},
	F8E8M0:     {bits: 8},
}

// IsMini reports whether e is a floating-point type of 8 or 4 bits.
func (e Elem) IsMini() bool { return minifloats[e] != nil }

// MiniBeyond is the least f32 that such a type but F8E8M0 would round to a number above its greatest one, had it any.
func MiniBeyond(e Elem) float64 {
	f := minifloats[e]
	_, exponent := math.Frexp(f.max)
	unit := math.Ldexp(1, exponent-1-f.fraction)
	if middle := f.max + unit/2; math.Mod(f.max/unit, 2) != 0 {
		return middle
	}
	return float64(math.Nextafter32(float32(f.max+unit/2), math.MaxFloat32))
}

// round gives the nearest number. Where there is no NaN it becomes -0.
func (f *minifloat) round(v float64) float64 {
	x := float64(float32(v))
	switch {
	case f.max == 0:
		return roundPower(x)
	case math.IsNaN(x) && f.finite:
		return math.Copysign(0, -1)
	case math.IsNaN(x):
		return x
	case !math.IsInf(x, 0) && x != 0:
		_, exponent := math.Frexp(x) // |x| is in [2^(exponent-1), 2^exponent)
		unit := math.Ldexp(1, max(exponent-1-f.fraction, f.least))
		x = math.Copysign(math.RoundToEven(x/unit)*unit, x)
	}
	if x == 0 && f.unsigned {
		return 0
	}
	return math.Copysign(min(math.Abs(x), f.max), x)
}

// roundPower rounds up to a power of two from 2^-127 to 2^127, the numbers of F8E8M0. It has no sign: that of x is dropped.
func roundPower(x float64) float64 {
	if x != x {
		return x
	}
	fraction, exponent := math.Frexp(math.Abs(x))
	switch {
	case math.IsInf(x, 0):
		exponent = 127
	case fraction == 0:
		exponent = -127
	case fraction == 0.5:
		exponent--
	}
	return math.Ldexp(1, min(max(exponent, -127), 127))
}

// MiniBits is the number of floating-point type e of 8 or 4 bits that has the given ones.
func MiniBits(e Elem, bits uint8) float32 {
	f := minifloats[e]
	if f.max == 0 {
		if bits == 255 {
			return float32(math.NaN())
		}
		return float32(math.Ldexp(1, int(bits)-127))
	}
	sign, rest := bits>>(f.bits-1), int(bits&(1<<(f.bits-1)-1))
	exponent, fraction := rest>>f.fraction, rest&(1<<f.fraction-1)
	x := math.Ldexp(float64(fraction), f.least)
	if exponent > 0 {
		x = math.Ldexp(float64(fraction|1<<f.fraction), f.least+exponent-1)
	}
	switch {
	case f.unsigned && sign == 1 && rest == 0, f.infinite && x > f.max && fraction != 0, !f.infinite && x > f.max:
		x = math.NaN()
	case x > f.max:
		x = math.Inf(1)
	}
	if sign == 1 {
		x = -x
	}
	return float32(x)
}
