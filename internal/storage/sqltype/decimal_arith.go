package sqltype

import (
	"math/big"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Neg returns -d.
func (d *Decimal) Neg() *Decimal {
	switch d.Special {
	case NaN:
		return d
	case PlusInfinity:
		return specialDecimal(MinusInfinity)
	case MinusInfinity:
		return specialDecimal(PlusInfinity)
	}
	return &Decimal{Unscaled: new(big.Int).Neg(d.Unscaled), Scale: d.Scale}
}

// Abs returns |d|.
func (d *Decimal) Abs() *Decimal {
	if d.Sign() < 0 {
		return d.Neg()
	}
	return d
}

// Add returns d+e with the larger scale.
func (d *Decimal) Add(e *Decimal) (*Decimal, error) {
	switch {
	case d.Special == NaN || e.Special == NaN:
		return specialDecimal(NaN), nil
	case d.Special != Finite && e.Special != Finite && d.Special != e.Special:
		return specialDecimal(NaN), nil
	case d.Special != Finite:
		return d, nil
	case e.Special != Finite:
		return e, nil
	}
	scale := max(d.Scale, e.Scale)
	sum := new(big.Int).Add(d.unscaledAt(scale), e.unscaledAt(scale))
	return (&Decimal{Unscaled: sum, Scale: scale}).checked()
}

// Sub returns d-e with the larger scale.
func (d *Decimal) Sub(e *Decimal) (*Decimal, error) { return d.Add(e.Neg()) }

// Mul returns d·e; its scale is the sum of the scales, as far as a numeric can have it.
func (d *Decimal) Mul(e *Decimal) (*Decimal, error) {
	if d.Special == NaN || e.Special == NaN {
		return specialDecimal(NaN), nil
	}
	if d.Special != Finite || e.Special != Finite {
		return infinityOfSign(d.Sign() * e.Sign()), nil
	}
	p := &Decimal{Unscaled: new(big.Int).Mul(d.Unscaled, e.Unscaled), Scale: d.Scale + e.Scale}
	if p.Scale > maxDecimalScale {
		p = p.roundTo(maxDecimalScale)
	}
	return p.checked()
}

// infinityOfSign is the infinity of that sign, NaN for 0.
func infinityOfSign(sign int) *Decimal {
	switch sign {
	case 1:
		return specialDecimal(PlusInfinity)
	case -1:
		return specialDecimal(MinusInfinity)
	}
	return specialDecimal(NaN)
}

// ErrDivisionByZero is the error of / and % with a divisor of zero.
func ErrDivisionByZero() error { return sqlstate.New(sqlstate.DivisionByZero, "division by zero") }

// Div returns d/e, rounded to DivScale(d, e) digits.
func (d *Decimal) Div(e *Decimal) (*Decimal, error) {
	switch {
	case d.Special == NaN || e.Special == NaN:
		return specialDecimal(NaN), nil
	case e.Sign() == 0:
		return nil, ErrDivisionByZero()
	case d.Special != Finite && e.Special != Finite:
		return specialDecimal(NaN), nil
	case d.Special != Finite:
		return infinityOfSign(d.Sign() * e.Sign()), nil
	case e.Special != Finite:
		return DecimalFromInt(0), nil
	}
	return d.QuoRound(e, DivScale(d, e)).checked()
}

// DivScale is the number of digits after the point that PostgreSQL gives a quotient: enough for 16 significant digits,
// counted in groups of four, and at least as many as either operand has, but at most 1000.
func DivScale(d, e *Decimal) int32 {
	weight1, first1 := leadingGroup(d)
	weight2, first2 := leadingGroup(e)
	weight := weight1 - weight2
	if first1 <= first2 {
		weight--
	}
	scale := int32(decimalMinSigDigits - weight*4)
	return min(max(scale, d.Scale, e.Scale, 0), maxDisplayScale)
}

// leadingGroup returns the position (0 holds the units) and the value of the first nonzero group of four digits, counted
// from the decimal point.
func leadingGroup(d *Decimal) (weight int, digit int64) {
	n := digitCount(d.Unscaled)
	if n == 0 {
		return 0, 0
	}
	magnitude := n - 1 - int(d.Scale) // decimal exponent of the first digit
	weight = magnitude >> 2           // floor
	drop := weight*4 + int(d.Scale)   // digits to the right of the group
	group := new(big.Int).Abs(d.Unscaled)
	if drop > 0 {
		group.Quo(group, pow10(drop))
	} else {
		group.Mul(group, pow10(-drop))
	}
	return weight, group.Int64()
}

// QuoRound returns d/e rounded half away from zero to scale digits; both must be finite and e not zero.
func (d *Decimal) QuoRound(e *Decimal, scale int32) *Decimal {
	num, den := new(big.Int).Set(d.Unscaled), new(big.Int).Set(e.Unscaled)
	if shift := int(scale) - int(d.Scale) + int(e.Scale); shift >= 0 {
		num.Mul(num, pow10(shift))
	} else {
		den.Mul(den, pow10(-shift))
	}
	return &Decimal{Unscaled: quoHalfAway(num, den), Scale: scale}
}

// quoHalfAway divides and rounds half away from zero.
func quoHalfAway(num, den *big.Int) *big.Int {
	q, r := new(big.Int).QuoRem(num, den, new(big.Int))
	r.Lsh(r, 1)
	if r.CmpAbs(den) >= 0 {
		if num.Sign()*den.Sign() < 0 {
			q.Sub(q, bigOne)
		} else {
			q.Add(q, bigOne)
		}
	}
	return q
}

// Mod returns the remainder of d/e truncated toward zero: it has the sign of d and the larger scale.
func (d *Decimal) Mod(e *Decimal) (*Decimal, error) {
	switch {
	case d.Special == NaN || e.Special == NaN:
		return specialDecimal(NaN), nil
	case e.Sign() == 0:
		return nil, ErrDivisionByZero()
	case d.Special != Finite:
		return specialDecimal(NaN), nil
	case e.Special != Finite:
		return d, nil
	}
	scale := max(d.Scale, e.Scale)
	r := new(big.Int).Rem(d.unscaledAt(scale), e.unscaledAt(scale))
	return &Decimal{Unscaled: r, Scale: scale}, nil
}

// Round returns d rounded half away from zero to n digits after the point (before it, for negative n).
func (d *Decimal) Round(n int) (*Decimal, error) {
	return d.roundTo(clampScale(n)).checked()
}

// clampScale bounds what round() and trunc() are asked for to what a numeric can have.
func clampScale(n int) int { return max(min(n, maxDecimalScale), -maxDecimalIntegerDigits-1) }

// roundTo rounds to n digits; the result's scale is n, or 0 for a negative n.
func (d *Decimal) roundTo(n int) *Decimal {
	if d.Special != Finite {
		return d
	}
	if n >= int(d.Scale) {
		return &Decimal{Unscaled: d.unscaledAt(int32(n)), Scale: int32(n)}
	}
	if digitCount(d.Unscaled) < int(d.Scale)-n {
		return &Decimal{Unscaled: new(big.Int), Scale: int32(max(n, 0))}
	}
	q := quoHalfAway(d.Unscaled, pow10(int(d.Scale)-n))
	if n < 0 {
		q.Mul(q, pow10(-n))
	}
	return &Decimal{Unscaled: q, Scale: int32(max(n, 0))}
}

// Trunc returns d cut to n digits after the point (before it, for negative n).
func (d *Decimal) Trunc(n int) *Decimal {
	n = clampScale(n)
	if d.Special != Finite {
		return d
	}
	if n >= int(d.Scale) {
		return &Decimal{Unscaled: d.unscaledAt(int32(n)), Scale: int32(n)}
	}
	if digitCount(d.Unscaled) <= int(d.Scale)-n {
		return &Decimal{Unscaled: new(big.Int), Scale: int32(max(n, 0))}
	}
	q := new(big.Int).Quo(d.Unscaled, pow10(int(d.Scale)-n))
	if n < 0 {
		q.Mul(q, pow10(-n))
	}
	return &Decimal{Unscaled: q, Scale: int32(max(n, 0))}
}

// Floor returns the largest whole number that is not greater than d.
func (d *Decimal) Floor() *Decimal { return d.toWhole(-1) }

// Ceil returns the smallest whole number that is not less than d.
func (d *Decimal) Ceil() *Decimal { return d.toWhole(1) }

func (d *Decimal) toWhole(direction int) *Decimal {
	t := d.Trunc(0)
	if d.Special == Finite && t.Cmp(d) != 0 && d.Sign() == direction {
		t.Unscaled.Add(t.Unscaled, big.NewInt(int64(direction)))
	}
	return t
}
