package staged

import "math"

// Range bounds an integer value: Lo ≤ x ≤ Hi. Bounds come from column statistics and types, and choose the width of
// every operation; a program states those it assumes. Ends past ±2^62 are kept as floats only, rounded outwards, and serve
// to tell whether 128 bits are enough.
type Range struct{ Lo, Hi float64 }

// exact is the magnitude below which float64 holds every integer; other ends are widened by an ulp's worth.
const exact = 1 << 53

func widen(lo, hi float64) Range {
	if lo <= -exact || lo >= exact {
		lo = math.Nextafter(lo, math.Inf(-1))
	}
	if hi >= exact || hi <= -exact {
		hi = math.Nextafter(hi, math.Inf(1))
	}
	return Range{lo, hi}
}

// RangeOf returns the range from lo to hi.
func RangeOf(lo, hi int64) Range { return widen(float64(lo), float64(hi)) }

// Full returns the range of an integer type.
func Full(t *Type) Range {
	switch t.Kind {
	case U8:
		return Range{0, math.MaxUint8}
	case U16:
		return Range{0, math.MaxUint16}
	case U32:
		return Range{0, math.MaxUint32}
	case I32:
		return Range{math.MinInt32, math.MaxInt32}
	case I64:
		return Range{math.MinInt64, math.MaxInt64}
	case U64:
		return Range{0, math.MaxUint64}
	}
	return Range{math.Inf(-1), math.Inf(1)}
}

// Add is the range of a sum.
func (a Range) Add(b Range) Range { return widen(a.Lo+b.Lo, a.Hi+b.Hi) }

// Sub is the range of a difference.
func (a Range) Sub(b Range) Range { return widen(a.Lo-b.Hi, a.Hi-b.Lo) }

// Neg is the range of the negated value.
func (a Range) Neg() Range { return Range{-a.Hi, -a.Lo} }

// Mul is the range of a product.
func (a Range) Mul(b Range) Range {
	p := [4]float64{a.Lo * b.Lo, a.Lo * b.Hi, a.Hi * b.Lo, a.Hi * b.Hi}
	lo, hi := p[0], p[0]
	for _, v := range p[1:] {
		lo, hi = math.Min(lo, v), math.Max(hi, v)
	}
	if math.IsNaN(lo) || math.IsNaN(hi) {
		return Range{math.Inf(-1), math.Inf(1)}
	}
	return widen(lo, hi)
}

// Union is the smallest range that holds both.
func (a Range) Union(b Range) Range { return Range{math.Min(a.Lo, b.Lo), math.Max(a.Hi, b.Hi)} }

// Within reports whether every value of a lies in b.
func (a Range) Within(b Range) bool { return a.Lo >= b.Lo && a.Hi <= b.Hi }

// Fits32 reports whether every value is an int32.
func (a Range) Fits32() bool { return a.Lo >= math.MinInt32 && a.Hi <= math.MaxInt32 }

// Fits64 reports whether every value is an int64, with the rounding of large ends allowed for.
func (a Range) Fits64() bool { return a.Lo > math.MinInt64 && a.Hi < math.MaxInt64 }

// Fits128 reports whether every value is a numeric of at most 38 digits.
func (a Range) Fits128() bool { return a.Lo > -1e38 && a.Hi < 1e38 }

// RoundUp widens the range to powers of two, so that a program's shape survives small growth of the data: [3, 100] becomes
// [0, 127], [-5, 100] becomes [-128, 127].
func (a Range) RoundUp() Range {
	m := math.Max(math.Abs(a.Lo), math.Abs(a.Hi))
	if math.IsInf(m, 0) || m >= 1<<62 {
		return a
	}
	hi := 1.0
	for hi <= m {
		hi *= 2
	}
	if m == 0 {
		hi = 1
	}
	if a.Lo >= 0 {
		return Range{0, hi - 1}
	}
	return Range{-hi, hi - 1}
}
