package sqltype

import (
	"math/big"
	"strings"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// ParseDecimal is numeric's input function without a modifier.
func ParseDecimal(s string) (*Decimal, error) {
	w := trimSpace(s)
	if d, ok := parseSpecialDecimal(w); ok {
		return d, nil
	}
	negative := false
	if w != "" && (w[0] == '-' || w[0] == '+') {
		negative, w = w[0] == '-', w[1:]
	}
	digits, scale, exponent, ok := splitDecimal(w)
	if !ok {
		return nil, invalidSyntax(Of(Numeric), s)
	}
	return buildDecimal(negative, digits, scale, exponent)
}

func parseSpecialDecimal(w string) (*Decimal, bool) {
	switch lowerASCII(w) {
	case "nan":
		return specialDecimal(NaN), true
	case "inf", "+inf", "infinity", "+infinity":
		return specialDecimal(PlusInfinity), true
	case "-inf", "-infinity":
		return specialDecimal(MinusInfinity), true
	}
	return nil, false
}

// splitDecimal cuts an unsigned number into its digits, how many of them follow the point, and its exponent, which is
// clamped to a million (any such number is refused or zero).
func splitDecimal(w string) (digits string, scale, exponent int, ok bool) {
	i := 0
	for i < len(w) && isDigit(w[i]) {
		i++
	}
	digits = w[:i]
	if i < len(w) && w[i] == '.' {
		start := i + 1
		for i++; i < len(w) && isDigit(w[i]); i++ {
		}
		digits += w[start:i]
		scale = i - start
	}
	if digits == "" {
		return "", 0, 0, false
	}
	if i < len(w) && w[i]|0x20 == 'e' {
		i++
		negative := false
		if i < len(w) && (w[i] == '+' || w[i] == '-') {
			negative = w[i] == '-'
			i++
		}
		if i == len(w) || !isDigit(w[i]) {
			return "", 0, 0, false
		}
		for ; i < len(w) && isDigit(w[i]); i++ {
			exponent = min(exponent*10+int(w[i]-'0'), 1_000_000)
		}
		if negative {
			exponent = -exponent
		}
	}
	return digits, scale, exponent, i == len(w)
}

// buildDecimal checks the size before it computes anything, so that a short text cannot ask for a huge number.
func buildDecimal(negative bool, digits string, scale, exponent int) (*Decimal, error) {
	const exponentOverflow = 1_000_000
	if abs(exponent) >= exponentOverflow {
		return nil, errNumericFormat()
	}
	digits = strings.TrimLeft(digits, "0")
	scale -= exponent
	zeros := 0 // to be appended for a scale below zero
	if scale < 0 {
		zeros, scale = -scale, 0
	}
	if digits == "" {
		zeros = 0
	}
	if scale > maxDecimalScale || len(digits)+zeros-scale > maxDecimalIntegerDigits {
		return nil, errNumericFormat()
	}
	v := new(big.Int)
	if digits != "" {
		v.SetString(digits, 10)
	}
	if zeros > 0 {
		v.Mul(v, pow10(zeros))
	}
	if negative {
		v.Neg(v)
	}
	return &Decimal{Unscaled: v, Scale: int32(scale)}, nil
}

func parseNumericMod(t Type, s string) (*Decimal, error) {
	d, err := ParseDecimal(s)
	if err != nil {
		return nil, err
	}
	return FitDecimal(t, d)
}

// FitDecimal rounds d to numeric(p,s) and refuses what has too many digits then. Without a modifier d is returned as is.
func FitDecimal(t Type, d *Decimal) (*Decimal, error) {
	precision, scale, ok := t.PrecisionScale()
	if !ok || d.Special == NaN {
		return d, nil
	}
	overflow := sqlstate.New(sqlstate.NumericValueOutOfRange, "numeric field overflow")
	if d.Special != Finite {
		return nil, overflow.WithDetail("A field with precision %d, scale %d cannot hold an infinite value.", precision, scale)
	}
	r := d.roundTo(scale)
	if digitCount(r.Unscaled)-int(r.Scale) > precision-scale {
		if precision == scale {
			return nil, overflow.WithDetail("A field with precision %d, scale %d must round to an absolute value less than 1.",
				precision, scale)
		}
		return nil, overflow.WithDetail("A field with precision %d, scale %d must round to an absolute value less than 10^%d.",
			precision, scale, precision-scale)
	}
	return r, nil
}
