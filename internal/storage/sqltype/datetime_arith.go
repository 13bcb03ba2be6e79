package sqltype

import "github.com/flernd/flernd/internal/wire/sqlstate"

// DateAddDays returns date + days.
func DateAddDays(date, days int64) (int64, error) {
	if isInfiniteDate(date) {
		return date, nil
	}
	if r := date + days; validDate(r) {
		return r, nil
	}
	return 0, OutOfRange(Date)
}

// DateDiff returns a - b in days.
func DateDiff(a, b int64) (int64, error) {
	if isInfiniteDate(a) || isInfiniteDate(b) {
		return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "cannot subtract infinite dates")
	}
	return a - b, nil
}

func isInfiniteDate(d int64) bool { return d == DateInfinity || d == DateNegInfinity }

func isInfiniteTimestamp(t int64) bool { return t == TimestampInfinity || t == TimestampNegInfinity }

// DateToTimestamp returns midnight of a date.
func DateToTimestamp(date int64) (int64, error) {
	switch date {
	case DateInfinity:
		return TimestampInfinity, nil
	case DateNegInfinity:
		return TimestampNegInfinity, nil
	}
	if date >= endTime/microsPerDay {
		return 0, sqlstate.New(sqlstate.DatetimeFieldOverflow, "date out of range for timestamp")
	}
	return date * microsPerDay, nil
}

// TimestampToDate returns the day of a timestamp.
func TimestampToDate(t int64) (int64, error) {
	switch t {
	case TimestampInfinity:
		return DateInfinity, nil
	case TimestampNegInfinity:
		return DateNegInfinity, nil
	}
	return floorDiv(t, microsPerDay), nil
}

// TimestampAdd returns t + v: months first, the day clamped to the month's last, then days, then time.
func TimestampAdd(t int64, v IntervalValue) (int64, error) {
	if isInfiniteTimestamp(t) {
		return t, nil
	}
	days := floorDiv(t, microsPerDay)
	rest := t - days*microsPerDay
	if v.Months != 0 {
		y, m, d := civilOfDays(days)
		total := int64(m-1) + int64(v.Months)
		y += floorDiv(total, 12)
		m = int(total-floorDiv(total, 12)*12) + 1
		days = daysOf(y, int64(m), int64(min(d, daysInMonth(y, m))))
		if !inTimestampDays(days) || !validTimestamp(days*microsPerDay+rest) {
			return 0, OutOfRange(Timestamp)
		}
	}
	if v.Days != 0 {
		days += int64(v.Days)
		if !inTimestampDays(days) || !validTimestamp(days*microsPerDay+rest) {
			return 0, OutOfRange(Timestamp)
		}
	}
	r, ok := addInt64(days*microsPerDay+rest, v.Micros)
	if !ok || !validTimestamp(r) {
		return 0, OutOfRange(Timestamp)
	}
	return r, nil
}

// inTimestampDays guards days*microsPerDay against overflow.
func inTimestampDays(days int64) bool { return days >= minDate && days < endTime/microsPerDay }

// TimestampSub returns t - v.
func TimestampSub(t int64, v IntervalValue) (int64, error) {
	if isInfiniteTimestamp(t) {
		return t, nil
	}
	n, err := IntervalNeg(v)
	if err != nil {
		return 0, OutOfRange(Timestamp)
	}
	return TimestampAdd(t, n)
}

// TimestampDiff returns a - b in days and time.
func TimestampDiff(a, b int64) (IntervalValue, error) {
	if isInfiniteTimestamp(a) || isInfiniteTimestamp(b) {
		return IntervalValue{}, sqlstate.New(sqlstate.DatetimeFieldOverflow, "cannot subtract infinite timestamps")
	}
	d := a - b
	if (a^b)&(a^d) < 0 {
		return IntervalValue{}, OutOfRange(Interval)
	}
	return IntervalValue{Days: int32(d / microsPerDay), Micros: d % microsPerDay}, nil
}
