package sqltype

import (
	"math"
	"strconv"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// DecimalFromFloat converts a float8 (15 significant digits survive) or a float4 (6 digits) to numeric.
func DecimalFromFloat(k Kind, v float64) *Decimal {
	switch {
	case math.IsNaN(v):
		return specialDecimal(NaN)
	case math.IsInf(v, 1):
		return specialDecimal(PlusInfinity)
	case math.IsInf(v, -1):
		return specialDecimal(MinusInfinity)
	}
	digits := 15
	if k == Float4 {
		digits = 6
	}
	d, err := ParseDecimal(trimFraction(strconv.FormatFloat(v, 'e', digits-1, 64)))
	if err != nil { // no float is too large for a numeric
		panic(err)
	}
	return d
}

// trimFraction removes the zeros at the end of the mantissa, as %g does.
func trimFraction(s string) string {
	digits, exp := splitExponent(s)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	for len(digits) > 1 && digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	return sign + joinExponent(digits, exp)
}

// ToInteger converts to int2, int4 or int8, rounding half away from zero.
func (d *Decimal) ToInteger(k Kind) (int64, error) {
	switch d.Special {
	case NaN:
		return 0, sqlstate.New(sqlstate.FeatureNotSupported, "cannot convert NaN to %s", k)
	case PlusInfinity, MinusInfinity:
		return 0, sqlstate.New(sqlstate.FeatureNotSupported, "cannot convert infinity to %s", k)
	}
	r := d.roundTo(0)
	if !r.Unscaled.IsInt64() {
		return 0, OutOfRange(k)
	}
	return CheckInteger(k, r.Unscaled.Int64())
}

// ToFloat converts to float4 or float8 through the text form; overflow, and underflow to zero, are errors.
func (d *Decimal) ToFloat(k Kind) (float64, error) {
	switch d.Special {
	case NaN:
		return math.NaN(), nil
	case PlusInfinity:
		return math.Inf(1), nil
	case MinusInfinity:
		return math.Inf(-1), nil
	}
	return parseFloat(k, d.String())
}
