package refexec

import (
	"math/rand/v2"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// strict computes a function of arguments that are not null. What it means follows from the first argument's type.
func strict(x *logical.Call, a []sqltype.Datum) (sqltype.Datum, error) {
	var t sqltype.Type
	if len(x.Args) > 0 {
		t = x.Args[0].Type()
	}
	switch {
	case x.Func == logical.ArrayLength || x.Func == logical.Cardinality:
		return arrayLength(x, a), nil
	case x.Func >= logical.L2Distance && x.Func <= logical.Normalize:
		return vectorCall(x, a)
	case x.Func == logical.Random:
		return sqltype.Datum{F: rand.Float64()}, nil
	case x.Func >= logical.Eq && x.Func <= logical.Ge:
		return boolean(holds(x.Func, sqltype.Compare(t, a[0], a[1]))), nil
	case x.Func == logical.Not:
		return boolean(a[0].I == 0), nil
	case x.Func == logical.Extract || x.Func == logical.DatePart || x.Func == logical.DateTrunc:
		return timeField(x, a)
	case isTime(x, 0) || isTime(x, 1):
		return timeArith(x, a)
	case t.Kind == sqltype.Vector:
		return vectorArith(x, a)
	case t.Kind.IsInteger():
		return integer(x, t.Kind, a)
	case t.Kind.IsFloat():
		return float(x, t.Kind, a)
	case t.Kind == sqltype.Numeric:
		return numeric(x, a)
	case t.Kind.IsString():
		return text(x, a)
	}
	return unsupported(x)
}

func unsupported(x *logical.Call) (sqltype.Datum, error) {
	types := ""
	for i, a := range x.Args {
		if i > 0 {
			types += ", "
		}
		types += a.Type().String()
	}
	return sqltype.NullDatum, sqlstate.Unsupported("%s(%s) in the reference interpreter", x.Func, types)
}

func holds(f logical.Func, order int) bool {
	switch f {
	case logical.Eq:
		return order == 0
	case logical.Ne:
		return order != 0
	case logical.Lt:
		return order < 0
	case logical.Le:
		return order <= 0
	case logical.Gt:
		return order > 0
	}
	return order >= 0
}

func isTime(x *logical.Call, i int) bool {
	if i >= len(x.Args) {
		return false
	}
	k := x.Args[i].Type().Kind
	return k == sqltype.Date || k == sqltype.Timestamp || k == sqltype.Interval
}

// timeField is extract, date_part and date_trunc: the field's name comes first.
func timeField(x *logical.Call, a []sqltype.Datum) (sqltype.Datum, error) {
	k := x.Args[1].Type().Kind
	if x.Func == logical.DateTrunc {
		if k == sqltype.Interval {
			iv, err := sqltype.TruncInterval(a[0].S, a[1].Iv)
			return sqltype.Datum{Iv: iv}, err
		}
		t, err := sqltype.TruncTimestamp(a[0].S, a[1].I)
		return sqltype.Datum{I: t}, err
	}
	d, null, err := sqltype.Extract(a[0].S, k, a[1])
	if err != nil || null {
		return sqltype.NullDatum, err
	}
	if x.Func == logical.Extract {
		return sqltype.Datum{N: d}, nil
	}
	f, err := d.ToFloat(sqltype.Float8)
	return sqltype.Datum{F: f}, err
}

func timeArith(x *logical.Call, a []sqltype.Datum) (r sqltype.Datum, err error) {
	left, right := x.Args[0].Type().Kind, sqltype.Unknown
	if len(x.Args) > 1 {
		right = x.Args[1].Type().Kind
	}
	sub := x.Func == logical.Sub
	switch {
	case x.Func == logical.Neg && left == sqltype.Interval:
		r.Iv, err = sqltype.IntervalNeg(a[0].Iv)
	case x.Func == logical.Mul && left == sqltype.Interval && right == sqltype.Float8:
		r.Iv, err = sqltype.IntervalMul(a[0].Iv, a[1].F)
	case x.Func == logical.Mul && left == sqltype.Float8:
		r.Iv, err = sqltype.IntervalMul(a[1].Iv, a[0].F)
	case x.Func == logical.Div && left == sqltype.Interval && right == sqltype.Float8:
		r.Iv, err = sqltype.IntervalDiv(a[0].Iv, a[1].F)
	case x.Func != logical.Add && !sub:
		return unsupported(x)
	case left == sqltype.Date && right.IsInteger() && sub:
		r.I, err = sqltype.DateAddDays(a[0].I, -a[1].I)
	case left == sqltype.Date && right.IsInteger():
		r.I, err = sqltype.DateAddDays(a[0].I, a[1].I)
	case left.IsInteger() && right == sqltype.Date:
		r.I, err = sqltype.DateAddDays(a[1].I, a[0].I)
	case left == sqltype.Date && right == sqltype.Date:
		r.I, err = sqltype.DateDiff(a[0].I, a[1].I)
	case left == sqltype.Timestamp && right == sqltype.Timestamp:
		r.Iv, err = sqltype.TimestampDiff(a[0].I, a[1].I)
	case left == sqltype.Interval && right == sqltype.Interval && sub:
		r.Iv, err = sqltype.IntervalSub(a[0].Iv, a[1].Iv)
	case left == sqltype.Interval && right == sqltype.Interval:
		r.Iv, err = sqltype.IntervalAdd(a[0].Iv, a[1].Iv)
	case left == sqltype.Interval && !sub:
		r.I, err = moment(a[1], right, a[0].Iv, false)
	case right == sqltype.Interval:
		r.I, err = moment(a[0], left, a[1].Iv, sub)
	default:
		return unsupported(x)
	}
	return r, err
}

// moment is a date or timestamp plus or minus an interval.
func moment(at sqltype.Datum, k sqltype.Kind, iv sqltype.IntervalValue, sub bool) (int64, error) {
	t := at.I
	if k == sqltype.Date {
		var err error
		if t, err = sqltype.DateToTimestamp(t); err != nil {
			return 0, err
		}
	}
	if sub {
		return sqltype.TimestampSub(t, iv)
	}
	return sqltype.TimestampAdd(t, iv)
}
