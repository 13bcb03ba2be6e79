package refexec

import (
	"math"
	"math/big"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// integer computes on big integers and checks the range once.
func integer(x *logical.Call, k sqltype.Kind, a []sqltype.Datum) (sqltype.Datum, error) {
	l, r := big.NewInt(a[0].I), new(big.Int)
	if len(a) > 1 {
		r.SetInt64(a[1].I)
	}
	switch x.Func {
	case logical.Add:
		l.Add(l, r)
	case logical.Sub:
		l.Sub(l, r)
	case logical.Mul:
		l.Mul(l, r)
	case logical.Div, logical.Mod:
		if r.Sign() == 0 {
			return sqltype.NullDatum, sqltype.ErrDivisionByZero()
		}
		if x.Func == logical.Div {
			l.Quo(l, r)
		} else {
			l.Rem(l, r)
		}
	case logical.Neg:
		l.Neg(l)
	case logical.Abs:
		l.Abs(l)
	default:
		v, ok := bitwise(x.Func, k, a)
		if !ok {
			return unsupported(x)
		}
		return sqltype.Datum{I: v}, nil
	}
	if !l.IsInt64() {
		return sqltype.NullDatum, sqltype.OutOfRange(k)
	}
	v, err := sqltype.CheckInteger(k, l.Int64())
	return sqltype.Datum{I: v}, err
}

// bitwise shifts by the count's low bits, as C does on the machines PostgreSQL runs on.
func bitwise(f logical.Func, k sqltype.Kind, a []sqltype.Datum) (int64, bool) {
	v := a[0].I
	bits := uint(31)
	if k == sqltype.Int8 {
		bits = 63
	}
	switch f {
	case logical.BitNot:
		return ^v, true
	case logical.BitAnd:
		return v & a[1].I, true
	case logical.BitOr:
		return v | a[1].I, true
	case logical.BitXor:
		return v ^ a[1].I, true
	case logical.ShiftLeft:
		v <<= uint(a[1].I) & bits
	case logical.ShiftRight:
		v >>= uint(a[1].I) & bits
	default:
		return 0, false
	}
	switch k {
	case sqltype.Int2:
		v = int64(int16(v))
	case sqltype.Int4:
		v = int64(int32(v))
	}
	return v, true
}

func numeric(x *logical.Call, a []sqltype.Datum) (r sqltype.Datum, err error) {
	d := a[0].N
	switch x.Func {
	case logical.Add:
		r.N, err = d.Add(a[1].N)
	case logical.Sub:
		r.N, err = d.Sub(a[1].N)
	case logical.Mul:
		r.N, err = d.Mul(a[1].N)
	case logical.Div:
		r.N, err = d.Div(a[1].N)
	case logical.Mod:
		r.N, err = d.Mod(a[1].N)
	case logical.Neg:
		r.N = d.Neg()
	case logical.Abs:
		r.N = d.Abs()
	case logical.Floor:
		r.N = d.Floor()
	case logical.Ceil:
		r.N = d.Ceil()
	case logical.Sign:
		if d.Special == sqltype.NaN {
			return a[0], nil
		}
		r.N = sqltype.DecimalFromInt(int64(d.Sign()))
	case logical.Round, logical.Trunc:
		n := 0
		if len(a) > 1 {
			n = int(a[1].I)
		}
		if x.Func == logical.Round {
			r.N, err = d.Round(n)
		} else {
			r.N = d.Trunc(n)
		}
	default:
		return unsupported(x)
	}
	return r, err
}

func errOverflow() error {
	return sqlstate.New(sqlstate.NumericValueOutOfRange, "value out of range: overflow")
}

func errUnderflow() error {
	return sqlstate.New(sqlstate.NumericValueOutOfRange, "value out of range: underflow")
}

func errInput() error { return sqlstate.New(sqlstate.NumericValueOutOfRange, "input is out of range") }

const (
	invalidPower sqlstate.Code = "2201F"
	invalidLog   sqlstate.Code = "2201E"
)

func float(x *logical.Call, k sqltype.Kind, a []sqltype.Datum) (sqltype.Datum, error) {
	v, err := floatBinary(x.Func, k, a)
	if err == errNotBinary {
		v, err = floatUnary(x.Func, a[0].F)
	}
	if err == errNotBinary {
		return unsupported(x)
	}
	return sqltype.Datum{F: v}, err
}

// errNotBinary says that a function is none of those that were looked at.
var errNotBinary = sqlstate.New(sqlstate.InternalError, "another function")

func floatBinary(f logical.Func, k sqltype.Kind, a []sqltype.Datum) (float64, error) {
	if len(a) < 2 {
		return 0, errNotBinary
	}
	l, r := a[0].F, a[1].F
	var v float64
	underflow := false
	switch f {
	case logical.Add:
		v = l + r
	case logical.Sub:
		v = l - r
	case logical.Mul:
		v = l * r
		underflow = l != 0 && r != 0
	case logical.Div:
		if r == 0 && !math.IsNaN(l) {
			return 0, sqltype.ErrDivisionByZero()
		}
		v = l / r
		underflow = l != 0 && !math.IsInf(r, 0)
	case logical.Pow:
		return power(l, r)
	case logical.Atan2:
		return math.Atan2(l, r), nil
	default:
		return 0, errNotBinary
	}
	if k == sqltype.Float4 {
		v = float64(float32(v))
	}
	infinite := math.IsInf(l, 0) || math.IsInf(r, 0) && f != logical.Div
	if math.IsInf(v, 0) && !infinite {
		return 0, errOverflow()
	}
	if v == 0 && underflow {
		return 0, errUnderflow()
	}
	return v, nil
}

func power(l, r float64) (float64, error) {
	switch {
	case l == 0 && r < 0:
		return 0, sqlstate.New(invalidPower, "zero raised to a negative power is undefined")
	case l < 0 && !math.IsInf(l, 0) && r != math.Trunc(r) && !math.IsNaN(r) && !math.IsInf(r, 0):
		return 0, sqlstate.New(invalidPower, "a negative number raised to a non-integer power yields a complex result")
	}
	v := math.Pow(l, r)
	if math.IsNaN(l) || math.IsNaN(r) || math.IsInf(l, 0) || math.IsInf(r, 0) {
		return v, nil
	}
	if math.IsInf(v, 0) {
		return 0, errOverflow()
	}
	if v == 0 && l != 0 {
		return 0, errUnderflow()
	}
	return v, nil
}

func floatUnary(f logical.Func, v float64) (float64, error) {
	switch f {
	case logical.Neg:
		return -v, nil
	case logical.Abs:
		return math.Abs(v), nil
	case logical.Round:
		return math.RoundToEven(v), nil
	case logical.Trunc:
		return math.Trunc(v), nil
	case logical.Floor:
		return math.Floor(v), nil
	case logical.Ceil:
		return math.Ceil(v), nil
	case logical.Sign:
		if v > 0 {
			return 1, nil
		}
		if v < 0 {
			return -1, nil
		}
		return 0, nil // of NaN too
	case logical.Sqrt:
		if v < 0 {
			return 0, sqlstate.New(invalidPower, "cannot take square root of a negative number")
		}
		return math.Sqrt(v), nil
	case logical.Exp:
		return exponential(v)
	case logical.Ln, logical.Log10:
		return logarithm(f, v)
	}
	return trigonometric(f, v)
}

func exponential(v float64) (float64, error) {
	r := math.Exp(v)
	if math.IsInf(r, 0) && !math.IsInf(v, 0) {
		return 0, errOverflow()
	}
	if r == 0 && !math.IsInf(v, 0) {
		return 0, errUnderflow()
	}
	return r, nil
}

func logarithm(f logical.Func, v float64) (float64, error) {
	if v == 0 {
		return 0, sqlstate.New(invalidLog, "cannot take logarithm of zero")
	}
	if v < 0 {
		return 0, sqlstate.New(invalidLog, "cannot take logarithm of a negative number")
	}
	if f == logical.Ln {
		return math.Log(v), nil
	}
	return math.Log10(v), nil
}

func trigonometric(f logical.Func, v float64) (float64, error) {
	switch f {
	case logical.Sin, logical.Cos, logical.Tan:
		if math.IsInf(v, 0) {
			return 0, errInput()
		}
	case logical.Asin, logical.Acos:
		if v < -1 || v > 1 {
			return 0, errInput()
		}
	}
	switch f {
	case logical.Sin:
		return math.Sin(v), nil
	case logical.Cos:
		return math.Cos(v), nil
	case logical.Tan:
		return math.Tan(v), nil
	case logical.Asin:
		return math.Asin(v), nil
	case logical.Acos:
		return math.Acos(v), nil
	case logical.Atan:
		return math.Atan(v), nil
	case logical.Tanh:
		return math.Tanh(v), nil
	}
	return 0, errNotBinary
}
