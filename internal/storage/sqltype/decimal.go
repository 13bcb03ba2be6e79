package sqltype

import (
	"math/big"
	"strings"
	"sync"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// PostgreSQL's limits of numeric.
const (
	maxDecimalIntegerDigits = 131072 // before the point
	maxDecimalScale         = 16383  // after the point
	decimalMinSigDigits     = 16     // of a quotient
	maxDisplayScale         = 1000   // of a quotient
)

var (
	bigOne = big.NewInt(1)
	bigTen = big.NewInt(10)
)

var powers struct {
	sync.Mutex
	of []*big.Int
}

// pow10 returns 10^n; the result is shared and must not be changed.
func pow10(n int) *big.Int {
	const kept = 64
	if n >= kept {
		return new(big.Int).Exp(bigTen, big.NewInt(int64(n)), nil)
	}
	powers.Lock()
	defer powers.Unlock()
	for len(powers.of) <= n {
		powers.of = append(powers.of, new(big.Int).Exp(bigTen, big.NewInt(int64(len(powers.of))), nil))
	}
	return powers.of[n]
}

// DecimalFromInt returns v with scale 0.
func DecimalFromInt(v int64) *Decimal { return &Decimal{Unscaled: big.NewInt(v)} }

// NewDecimal returns unscaled·10^-scale.
func NewDecimal(unscaled int64, scale int32) *Decimal {
	return &Decimal{Unscaled: big.NewInt(unscaled), Scale: scale}
}

func specialDecimal(s Special) *Decimal { return &Decimal{Unscaled: new(big.Int), Special: s} }

// Sign is -1, 0 or 1; NaN counts as positive.
func (d *Decimal) Sign() int {
	switch d.Special {
	case Finite:
		return d.Unscaled.Sign()
	case MinusInfinity:
		return -1
	}
	return 1
}

// unscaledAt returns the value's digits at a scale that is at least its own.
func (d *Decimal) unscaledAt(scale int32) *big.Int {
	if scale == d.Scale {
		return d.Unscaled
	}
	return new(big.Int).Mul(d.Unscaled, pow10(int(scale-d.Scale)))
}

// Cmp orders numerics: by value, with -Infinity first, then numbers, Infinity, and NaN last and equal to itself.
func (d *Decimal) Cmp(e *Decimal) int {
	if d.Special != Finite || e.Special != Finite {
		return specialRank(d.Special) - specialRank(e.Special)
	}
	if s, t := d.Unscaled.Sign(), e.Unscaled.Sign(); s != t || s == 0 {
		return s - t
	}
	scale := max(d.Scale, e.Scale)
	return d.unscaledAt(scale).Cmp(e.unscaledAt(scale))
}

func specialRank(s Special) int {
	switch s {
	case MinusInfinity:
		return -1
	case PlusInfinity:
		return 1
	case NaN:
		return 2
	}
	return 0
}

// AppendText writes the value with exactly Scale digits after the point.
func (d *Decimal) AppendText(dst []byte) []byte {
	switch d.Special {
	case NaN:
		return append(dst, "NaN"...)
	case PlusInfinity:
		return append(dst, "Infinity"...)
	case MinusInfinity:
		return append(dst, "-Infinity"...)
	}
	digits := d.Unscaled.Text(10)
	if digits[0] == '-' {
		dst, digits = append(dst, '-'), digits[1:]
	}
	if d.Scale == 0 {
		return append(dst, digits...)
	}
	if pad := int(d.Scale) + 1 - len(digits); pad > 0 {
		digits = strings.Repeat("0", pad) + digits
	}
	point := len(digits) - int(d.Scale)
	dst = append(append(dst, digits[:point]...), '.')
	return append(dst, digits[point:]...)
}

// String is the value's text form.
func (d *Decimal) String() string { return string(d.AppendText(nil)) }

// checked refuses a value with more digits than a numeric can have.
func (d *Decimal) checked() (*Decimal, error) {
	if d.Special == Finite && (d.Scale > maxDecimalScale || digitCount(d.Unscaled)-int(d.Scale) > maxDecimalIntegerDigits) {
		return nil, errNumericFormat()
	}
	return d, nil
}

func errNumericFormat() error {
	return sqlstate.New(sqlstate.NumericValueOutOfRange, "value overflows numeric format")
}

// digitCount is the number of decimal digits of |v|, 0 for 0.
func digitCount(v *big.Int) int {
	if v.Sign() == 0 {
		return 0
	}
	n := int(float64(v.BitLen()-1)*0.30102999566398119521) + 1 // right, or one too few
	if new(big.Int).Abs(v).Cmp(pow10(n)) >= 0 {
		n++
	}
	return n
}
