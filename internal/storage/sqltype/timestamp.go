package sqltype

import (
	"time"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// parseTimestamp is timestamp's input function: microseconds since 2000-01-01. A time zone is checked and ignored.
func parseTimestamp(t Type, s string, now time.Time) (int64, error) {
	d, e := decodeMoment(s, now)
	if e != dateOK {
		return 0, e.of(Timestamp, s, d.zone)
	}
	switch d.kind {
	case epochMoment:
		return unixEpoch * microsPerDay, nil
	case infinityMoment:
		return TimestampInfinity, nil
	case negInfinityMoment:
		return TimestampNegInfinity, nil
	}
	v, ok := d.timestamp()
	if !ok {
		return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "timestamp out of range: \"%s\"", s)
	}
	return FitTimestamp(t, v)
}

// FitTimestamp rounds to the digits of timestamp(p).
func FitTimestamp(t Type, v int64) (int64, error) {
	if t.Mod < 0 || t.Mod >= 6 || v == TimestampInfinity || v == TimestampNegInfinity {
		return v, nil
	}
	unit := int64(1)
	for p := t.Mod; p < 6; p++ {
		unit *= 10
	}
	if v < 0 {
		v = -((-v + unit/2) / unit * unit)
	} else {
		v = (v + unit/2) / unit * unit
	}
	if !validTimestamp(v) {
		return 0, OutOfRange(Timestamp)
	}
	return v, nil
}

// appendTimestamp writes a timestamp in ISO style.
func appendTimestamp(dst []byte, t int64) []byte {
	switch t {
	case TimestampInfinity:
		return append(dst, "infinity"...)
	case TimestampNegInfinity:
		return append(dst, "-infinity"...)
	}
	c := civilOfTimestamp(t)
	dst = appendYearMonthDay(dst, c.year, c.month, c.day)
	dst = appendPadded(append(dst, ' '), int64(c.hour), 2)
	dst = appendPadded(append(dst, ':'), int64(c.min), 2)
	dst = appendSeconds(append(dst, ':'), int64(c.sec), int64(c.micros))
	return appendEra(dst, c.year)
}

// appendSeconds writes ss[.ffffff] without zeros at the end.
func appendSeconds(dst []byte, sec, micros int64) []byte {
	dst = appendPadded(dst, sec, 2)
	if micros == 0 {
		return dst
	}
	dst = appendPadded(append(dst, '.'), micros, 6)
	for dst[len(dst)-1] == '0' {
		dst = dst[:len(dst)-1]
	}
	return dst
}
