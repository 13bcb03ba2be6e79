package logical

import (
	"math"

	"github.com/flernd/flernd/internal/storage/sqltype"
)

func foldCast(e *Cast, arg *Const) (*Const, bool) {
	if arg.Value.Null {
		return NullConst(e.Typ), true
	}
	v, err := castDatum(arg.Value, arg.Typ, e.Typ, e.Explicit)
	if err != nil {
		return nil, false
	}
	return &Const{Value: v, Typ: e.Typ}, true
}

// castDatum converts a value between types.
func castDatum(v sqltype.Datum, from, to sqltype.Type, explicit bool) (sqltype.Datum, error) {
	switch {
	case hasElements(from.Kind) || hasElements(to.Kind):
		return castArray(v, from, to, explicit)
	case to.Kind.IsInteger():
		return toInteger(v, from, to)
	case to.Kind.IsFloat():
		return toFloat(v, from, to)
	case to.Kind == sqltype.Numeric:
		return toNumeric(v, from, to)
	case to.Kind.IsString():
		return toString(v, from, to, explicit)
	case from.Kind.IsString():
		return fromText(v, from, to)
	case from.Kind == to.Kind && to.Kind == sqltype.Timestamp:
		t, err := sqltype.FitTimestamp(to, v.I)
		return sqltype.Datum{I: t}, err
	case from.Kind == sqltype.Date && to.Kind == sqltype.Timestamp:
		t, err := sqltype.DateToTimestamp(v.I)
		if err == nil {
			t, err = sqltype.FitTimestamp(to, t)
		}
		return sqltype.Datum{I: t}, err
	case from.Kind == sqltype.Timestamp && to.Kind == sqltype.Date:
		d, err := sqltype.TimestampToDate(v.I)
		return sqltype.Datum{I: d}, err
	case from.Kind == sqltype.Interval && to.Kind == sqltype.Interval:
		iv, err := sqltype.FitInterval(to, v.Iv)
		return sqltype.Datum{Iv: iv}, err
	case from.Kind == sqltype.Int4 && to.Kind == sqltype.Bool:
		return boolConst(v.I != 0).Value, nil
	}
	return sqltype.Datum{}, errNotFolded
}

// fromText is an explicit cast of text: the input function. Words for the present moment are left to the running query.
func fromText(v sqltype.Datum, from, to sqltype.Type) (sqltype.Datum, error) {
	if to.Kind == sqltype.Date || to.Kind == sqltype.Timestamp {
		return sqltype.Datum{}, errNotFolded
	}
	s := v.S
	if from.Kind == sqltype.Char {
		s = sqltype.CharToText(s)
	}
	return sqltype.Parse(to, s)
}

func toInteger(v sqltype.Datum, from, to sqltype.Type) (sqltype.Datum, error) {
	var r int64
	var err error
	switch {
	case from.Kind.IsInteger() || from.Kind == sqltype.Bool:
		r, err = sqltype.CheckInteger(to.Kind, v.I)
	case from.Kind == sqltype.Numeric:
		r, err = v.N.ToInteger(to.Kind)
	case from.Kind.IsFloat():
		f := math.RoundToEven(v.F)
		if !(f >= -9223372036854775808 && f < 9223372036854775808) {
			return v, sqltype.OutOfRange(to.Kind)
		}
		r, err = sqltype.CheckInteger(to.Kind, int64(f))
	case from.Kind.IsString():
		return fromText(v, from, to)
	default:
		err = errNotFolded
	}
	return sqltype.Datum{I: r}, err
}

func toFloat(v sqltype.Datum, from, to sqltype.Type) (sqltype.Datum, error) {
	var r float64
	switch {
	case from.Kind.IsInteger() && to.Kind == sqltype.Float4:
		r = float64(float32(v.I))
	case from.Kind.IsInteger():
		r = float64(v.I)
	case from.Kind == sqltype.Numeric:
		f, err := v.N.ToFloat(to.Kind)
		return sqltype.Datum{F: f}, err
	case from.Kind.IsFloat() && to.Kind == sqltype.Float4:
		r = float64(float32(v.F))
		if math.IsInf(r, 0) != math.IsInf(v.F, 0) || r == 0 && v.F != 0 {
			return v, errNotFolded
		}
	case from.Kind.IsFloat():
		r = v.F
	case from.Kind.IsString():
		return fromText(v, from, to)
	default:
		return v, errNotFolded
	}
	return sqltype.Datum{F: r}, nil
}

func toNumeric(v sqltype.Datum, from, to sqltype.Type) (sqltype.Datum, error) {
	var d *sqltype.Decimal
	switch {
	case from.Kind.IsInteger():
		d = sqltype.DecimalFromInt(v.I)
	case from.Kind.IsFloat():
		d = sqltype.DecimalFromFloat(from.Kind, v.F)
	case from.Kind == sqltype.Numeric:
		d = v.N
	case from.Kind.IsString():
		return fromText(v, from, to)
	default:
		return v, errNotFolded
	}
	d, err := sqltype.FitDecimal(to, d)
	return sqltype.Datum{N: d}, err
}

func toString(v sqltype.Datum, from, to sqltype.Type, explicit bool) (sqltype.Datum, error) {
	var s string
	switch {
	case from.Kind == sqltype.Char:
		s = sqltype.CharToText(v.S)
	case from.Kind.IsString():
		s = v.S
	case from.Kind == sqltype.Bool && v.I != 0:
		s = "true"
	case from.Kind == sqltype.Bool:
		s = "false"
	case from.Kind == sqltype.Record:
		return v, errNotFolded
	default:
		s = sqltype.Format(from, v)
	}
	if !to.HasMod() {
		return sqltype.Datum{S: s}, nil
	}
	s, err := sqltype.FitString(to, s, explicit)
	return sqltype.Datum{S: s}, err
}
