package logical

import (
	"errors"
	"math"
	"math/bits"

	"github.com/flernd/flernd/internal/storage/sqltype"
)

// errNotFolded stands for everything that is left to the running query.
var errNotFolded = errors.New("not folded")

// evalStrict computes a function of constants that are not null.
func evalStrict(e *Call, args []*Const) (sqltype.Datum, error) {
	var v [3]sqltype.Datum
	if len(args) > len(v) {
		return v[0], errNotFolded
	}
	for i, a := range args {
		v[i] = a.Value
	}
	first := sqltype.Unknown
	if len(args) > 0 {
		first = args[0].Typ.Kind
	}
	switch {
	case e.Func == Not:
		return sqltype.Datum{I: 1 - v[0].I}, nil
	case e.Func == Extract:
		d, null, err := sqltype.Extract(v[0].S, args[1].Typ.Kind, v[1])
		return sqltype.Datum{N: d, Null: null}, err
	case e.Func == DateTrunc:
		t, err := sqltype.TruncTimestamp(v[0].S, v[1].I)
		return sqltype.Datum{I: t}, err
	case first.IsInteger():
		return evalInteger(e, first, v)
	case first.IsFloat():
		return evalFloat(e, first, v)
	case first == sqltype.Numeric:
		return evalNumeric(e, args, v)
	case first == sqltype.Date || first == sqltype.Timestamp || first == sqltype.Interval:
		return evalTime(e, args, v)
	case first == sqltype.Text:
		return evalText(e, v)
	}
	return sqltype.Datum{}, errNotFolded
}

func evalInteger(e *Call, k sqltype.Kind, v [3]sqltype.Datum) (sqltype.Datum, error) {
	a, b := v[0].I, v[1].I
	var r int64
	ok := true
	switch e.Func {
	case Add:
		r = a + b
		ok = (r > a) == (b > 0)
	case Sub:
		r = a - b
		ok = (r < a) == (b > 0)
	case Mul:
		r, ok = mulInt64(a, b)
	case Div, Mod:
		if b == 0 {
			return sqltype.Datum{}, sqltype.ErrDivisionByZero()
		}
		switch {
		case b == -1 && e.Func == Mod:
			r = 0
		case b == -1:
			r, ok = -a, a != math.MinInt64
		case e.Func == Div:
			r = a / b
		default:
			r = a % b
		}
	case Neg:
		r, ok = -a, a != math.MinInt64
	case Abs:
		r, ok = max(a, -a), a != math.MinInt64
	case BitAnd:
		r = a & b
	case BitOr:
		r = a | b
	case BitXor:
		r = a ^ b
	case BitNot:
		r = ^a
	default:
		return sqltype.Datum{}, errNotFolded
	}
	if !ok {
		return sqltype.Datum{}, sqltype.OutOfRange(k)
	}
	r, err := sqltype.CheckInteger(k, r)
	return sqltype.Datum{I: r}, err
}

func mulInt64(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(max(a, -a)), uint64(max(b, -b)))
	if a == math.MinInt64 || b == math.MinInt64 || hi != 0 || lo > math.MaxInt64 {
		return 0, a == 0 || b == 0
	}
	return a * b, true
}

func evalFloat(e *Call, k sqltype.Kind, v [3]sqltype.Datum) (sqltype.Datum, error) {
	a, b := v[0].F, v[1].F
	var r float64
	switch e.Func {
	case Add:
		r = a + b
	case Sub:
		r = a - b
	case Mul:
		r = a * b
	case Div:
		if b == 0 && !math.IsNaN(a) {
			return sqltype.Datum{}, sqltype.ErrDivisionByZero()
		}
		r = a / b
	case Neg:
		return sqltype.Datum{F: -a}, nil
	case Abs:
		return sqltype.Datum{F: math.Abs(a)}, nil
	default:
		return sqltype.Datum{}, errNotFolded
	}
	if k == sqltype.Float4 {
		r = float64(float32(r))
	}
	overflow := math.IsInf(r, 0) && !math.IsInf(a, 0) && !math.IsInf(b, 0)
	underflow := r == 0 && (e.Func == Mul && a != 0 && b != 0 || e.Func == Div && a != 0 && !math.IsInf(b, 0))
	if overflow || underflow {
		return sqltype.Datum{}, errNotFolded
	}
	return sqltype.Datum{F: r}, nil
}

func evalNumeric(e *Call, args []*Const, v [3]sqltype.Datum) (sqltype.Datum, error) {
	a, b := v[0].N, v[1].N
	var r *sqltype.Decimal
	var err error
	switch e.Func {
	case Add:
		r, err = a.Add(b)
	case Sub:
		r, err = a.Sub(b)
	case Mul:
		r, err = a.Mul(b)
	case Div:
		r, err = a.Div(b)
	case Mod:
		r, err = a.Mod(b)
	case Neg:
		r = a.Neg()
	case Abs:
		r = a.Abs()
	case Floor:
		r = a.Floor()
	case Ceil:
		r = a.Ceil()
	case Round, Trunc:
		n := 0
		if len(args) > 1 {
			n = int(v[1].I)
		}
		if e.Func == Round {
			r, err = a.Round(n)
		} else {
			r = a.Trunc(n)
		}
	default:
		err = errNotFolded
	}
	return sqltype.Datum{N: r}, err
}

// evalTime computes sums and differences of dates, timestamps and intervals.
func evalTime(e *Call, args []*Const, v [3]sqltype.Datum) (sqltype.Datum, error) {
	left, right := args[0].Typ.Kind, sqltype.Unknown
	if len(args) > 1 {
		right = args[1].Typ.Kind
	}
	var err error
	var r sqltype.Datum
	switch {
	case e.Func != Add && e.Func != Sub:
		return evalInterval(e, left, right, v)
	case left == sqltype.Date && right == sqltype.Int4:
		days := v[1].I
		if e.Func == Sub {
			days = -days
		}
		r.I, err = sqltype.DateAddDays(v[0].I, days)
	case left == sqltype.Date && right == sqltype.Date:
		r.I, err = sqltype.DateDiff(v[0].I, v[1].I)
	case left == sqltype.Timestamp && right == sqltype.Timestamp:
		r.Iv, err = sqltype.TimestampDiff(v[0].I, v[1].I)
	case left == sqltype.Interval && right == sqltype.Interval && e.Func == Add:
		r.Iv, err = sqltype.IntervalAdd(v[0].Iv, v[1].Iv)
	case left == sqltype.Interval && right == sqltype.Interval:
		r.Iv, err = sqltype.IntervalSub(v[0].Iv, v[1].Iv)
	case right == sqltype.Interval:
		t := v[0].I
		if left == sqltype.Date {
			if t, err = sqltype.DateToTimestamp(t); err != nil {
				return r, err
			}
		}
		if e.Func == Add {
			r.I, err = sqltype.TimestampAdd(t, v[1].Iv)
		} else {
			r.I, err = sqltype.TimestampSub(t, v[1].Iv)
		}
	default:
		err = errNotFolded
	}
	return r, err
}

func evalInterval(e *Call, left, right sqltype.Kind, v [3]sqltype.Datum) (sqltype.Datum, error) {
	var r sqltype.Datum
	err := errNotFolded
	switch {
	case left == sqltype.Interval && right == sqltype.Float8 && e.Func == Mul:
		r.Iv, err = sqltype.IntervalMul(v[0].Iv, v[1].F)
	case left == sqltype.Interval && e.Func == Neg:
		r.Iv, err = sqltype.IntervalNeg(v[0].Iv)
	}
	return r, err
}
