package refexec

import (
	"math"
	"math/big"
)

// floatSum is an exact sum of floats: like the compiled one it is rounded once, so the order of rows does not matter.
type floatSum struct {
	finite *big.Float
	plus   bool // an infinity was added
	minus  bool
	nan    bool
}

// exactBits hold any sum of 2⁶³ doubles.
const exactBits = 2200

func (s *floatSum) add(x float64) {
	switch {
	case math.IsNaN(x):
		s.nan = true
	case math.IsInf(x, 1):
		s.plus = true
	case math.IsInf(x, -1):
		s.minus = true
	case s.finite == nil:
		s.finite = new(big.Float).SetPrec(exactBits).SetFloat64(x)
	default:
		s.finite.Add(s.finite, new(big.Float).SetFloat64(x))
	}
}

// value rounds the sum to a double, or to a float (narrow).
func (s *floatSum) value(narrow bool) (float64, error) {
	switch {
	case s.nan || s.plus && s.minus:
		return math.NaN(), nil
	case s.plus:
		return math.Inf(1), nil
	case s.minus:
		return math.Inf(-1), nil
	case s.finite == nil:
		return 0, nil
	}
	x, _ := s.finite.Float64()
	if narrow {
		f, _ := s.finite.Float32()
		x = float64(f)
	}
	if math.IsInf(x, 0) {
		return 0, errOverflow()
	}
	return x, nil
}
