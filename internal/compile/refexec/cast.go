package refexec

import (
	"math"

	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// cast converts a value that is not null.
func cast(v sqltype.Datum, from, to sqltype.Type, explicit bool) (sqltype.Datum, error) {
	switch {
	case hasElements(from) || hasElements(to):
		return castElements(v, from, to, explicit)
	case to.Kind.IsString():
		return castToText(v, from, to, explicit)
	case from.Kind.IsString() || from.Kind == sqltype.Unknown:
		s := v.S
		if from.Kind == sqltype.Char {
			s = sqltype.CharToText(s)
		}
		return sqltype.Parse(to, s)
	case to.Kind.IsInteger():
		return castToInteger(v, from, to)
	case to.Kind.IsFloat():
		return castToFloat(v, from, to)
	case to.Kind == sqltype.Numeric:
		return castToNumeric(v, from, to)
	}
	return castTime(v, from, to)
}

func castToText(v sqltype.Datum, from, to sqltype.Type, explicit bool) (sqltype.Datum, error) {
	s := v.S
	switch {
	case from.Kind == sqltype.Char && to.Kind != sqltype.Char:
		s = sqltype.CharToText(s)
	case from.Kind.IsString() || from.Kind == sqltype.Unknown:
	case from.Kind == sqltype.Bool && v.I != 0:
		s = "true"
	case from.Kind == sqltype.Bool:
		s = "false"
	default:
		s = sqltype.Format(from, v)
	}
	s, err := sqltype.FitString(to, s, explicit)
	return sqltype.Datum{S: s}, err
}

func castToInteger(v sqltype.Datum, from, to sqltype.Type) (sqltype.Datum, error) {
	n := v.I
	var err error
	switch {
	case from.Kind == sqltype.Numeric:
		n, err = v.N.ToInteger(to.Kind)
		return sqltype.Datum{I: n}, err
	case from.Kind.IsFloat():
		f := math.RoundToEven(v.F)
		if !(f >= -(1<<63) && f < 1<<63) {
			return v, sqltype.OutOfRange(to.Kind)
		}
		n = int64(f)
	}
	n, err = sqltype.CheckInteger(to.Kind, n)
	return sqltype.Datum{I: n}, err
}

func castToFloat(v sqltype.Datum, from, to sqltype.Type) (sqltype.Datum, error) {
	f := v.F
	switch {
	case from.Kind == sqltype.Numeric:
		f, err := v.N.ToFloat(to.Kind)
		return sqltype.Datum{F: f}, err
	case from.Kind.IsInteger() && to.Kind == sqltype.Float4:
		return sqltype.Datum{F: float64(float32(v.I))}, nil
	case from.Kind.IsInteger():
		return sqltype.Datum{F: float64(v.I)}, nil
	}
	if to.Kind == sqltype.Float4 {
		f = float64(float32(v.F))
		if math.IsInf(f, 0) && !math.IsInf(v.F, 0) {
			return v, errOverflow()
		}
		if f == 0 && v.F != 0 {
			return v, errUnderflow()
		}
	}
	return sqltype.Datum{F: f}, nil
}

func castToNumeric(v sqltype.Datum, from, to sqltype.Type) (sqltype.Datum, error) {
	d := v.N
	switch {
	case from.Kind.IsInteger():
		d = sqltype.DecimalFromInt(v.I)
	case from.Kind.IsFloat():
		d = sqltype.DecimalFromFloat(from.Kind, v.F)
	}
	d, err := sqltype.FitDecimal(to, d)
	return sqltype.Datum{N: d}, err
}

func castTime(v sqltype.Datum, from, to sqltype.Type) (r sqltype.Datum, err error) {
	switch {
	case to.Kind == sqltype.Bool && from.Kind.IsInteger():
		return boolean(v.I != 0), nil
	case to.Kind == sqltype.Date && from.Kind == sqltype.Timestamp:
		r.I, err = sqltype.TimestampToDate(v.I)
	case to.Kind == sqltype.Timestamp && (from.Kind == sqltype.Date || from.Kind == sqltype.Timestamp):
		r.I = v.I
		if from.Kind == sqltype.Date {
			r.I, err = sqltype.DateToTimestamp(v.I)
		}
		if err == nil {
			r.I, err = sqltype.FitTimestamp(to, r.I)
		}
	case to.Kind == sqltype.Interval && from.Kind == sqltype.Interval:
		r.Iv, err = sqltype.FitInterval(to, v.Iv)
	case to.Kind == from.Kind:
		return v, nil
	default:
		err = sqlstate.Unsupported("cast from %s to %s in the reference interpreter", from, to)
	}
	return r, err
}
