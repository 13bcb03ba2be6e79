package sqltype

import (
	"strconv"
	"time"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// parseDate is date's input function: days since 2000-01-01.
func parseDate(s string, now time.Time) (int64, error) {
	d, e := decodeMoment(s, now)
	if e != dateOK {
		return 0, e.of(Date, s, d.zone)
	}
	switch d.kind {
	case epochMoment:
		return unixEpoch, nil
	case infinityMoment:
		return DateInfinity, nil
	case negInfinityMoment:
		return DateNegInfinity, nil
	}
	days := daysOf(d.year, int64(d.month), int64(d.day))
	if !validDate(days) {
		return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "date out of range: \"%s\"", s)
	}
	return days, nil
}

// appendDate writes a date in ISO style.
func appendDate(dst []byte, days int64) []byte {
	switch days {
	case DateInfinity:
		return append(dst, "infinity"...)
	case DateNegInfinity:
		return append(dst, "-infinity"...)
	}
	y, m, d := civilOfDays(days)
	dst = appendYearMonthDay(dst, y, m, d)
	return appendEra(dst, y)
}

func appendYearMonthDay(dst []byte, y int64, m, d int) []byte {
	if y <= 0 {
		y = 1 - y
	}
	dst = appendPadded(dst, y, 4)
	dst = appendPadded(append(dst, '-'), int64(m), 2)
	return appendPadded(append(dst, '-'), int64(d), 2)
}

func appendEra(dst []byte, y int64) []byte {
	if y <= 0 {
		return append(dst, " BC"...)
	}
	return dst
}

// appendPadded writes v ≥ 0 with at least width digits.
func appendPadded(dst []byte, v int64, width int) []byte {
	var b [20]byte
	digits := strconv.AppendInt(b[:0], v, 10)
	for i := len(digits); i < width; i++ {
		dst = append(dst, '0')
	}
	return append(dst, digits...)
}
