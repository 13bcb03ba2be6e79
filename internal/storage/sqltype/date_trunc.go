package sqltype

import "github.com/flernd/flernd/internal/wire/sqlstate"

// TruncTimestamp is date_trunc(unit, timestamp).
func TruncTimestamp(unit string, t int64) (int64, error) {
	if isInfiniteTimestamp(t) {
		return t, nil
	}
	u, err := truncUnit(unit, Timestamp)
	if err != nil {
		return 0, err
	}
	days := floorDiv(t, microsPerDay)
	switch u {
	case unitMicrosecond:
		return t, nil
	case unitMillisecond:
		return floorDiv(t, 1000) * 1000, nil
	case unitSecond:
		return floorDiv(t, microsPerSecond) * microsPerSecond, nil
	case unitMinute:
		return floorDiv(t, microsPerMinute) * microsPerMinute, nil
	case unitHour:
		return floorDiv(t, microsPerHour) * microsPerHour, nil
	case unitDay:
		return days * microsPerDay, nil
	case unitWeek:
		return truncatedDay(days - isoDay(days) + 1)
	}
	year, month, _ := civilOfDays(days)
	switch u {
	case unitMonth:
		return truncatedDay(daysOf(year, int64(month), 1))
	case unitQuarter:
		return truncatedDay(daysOf(year, int64(month-1)/3*3+1, 1))
	case unitYear:
	case unitDecade:
		year = floorDiv(year, 10) * 10
	case unitCentury:
		year = floorDiv(year-1, 100)*100 + 1
	case unitMillennium:
		year = floorDiv(year-1, 1000)*1000 + 1
	default:
		return 0, unsupportedUnit(unit, Timestamp)
	}
	return truncatedDay(daysOf(year, 1, 1))
}

// truncUnit knows fewer units than EXTRACT does.
func truncUnit(unit string, k Kind) (dateUnit, error) {
	u, known := extractUnits[truncateWord(lowerASCII(unit))]
	if !known || u > unitMillennium && u != unitTimezone {
		return 0, unitError(unit, k, "not recognized", sqlstate.InvalidParameterValue)
	}
	return u, nil
}

func truncatedDay(days int64) (int64, error) {
	if t := days * microsPerDay; validTimestamp(t) {
		return t, nil
	}
	return 0, OutOfRange(Timestamp)
}

// TruncInterval is date_trunc(unit, interval).
func TruncInterval(unit string, v IntervalValue) (IntervalValue, error) {
	u, err := truncUnit(unit, Interval)
	if err != nil {
		return v, err
	}
	whole := func(micros int64) (IntervalValue, error) {
		v.Micros = v.Micros / micros * micros
		return v, nil
	}
	months := func(n int32) (IntervalValue, error) { return IntervalValue{Months: v.Months / n * n}, nil }
	switch u {
	case unitMicrosecond:
		return v, nil
	case unitMillisecond:
		return whole(1000)
	case unitSecond:
		return whole(microsPerSecond)
	case unitMinute:
		return whole(microsPerMinute)
	case unitHour:
		return whole(microsPerHour)
	case unitDay:
		v.Micros = 0
		return v, nil
	case unitMonth:
		return months(1)
	case unitQuarter:
		return months(3)
	case unitYear:
		return months(12)
	case unitDecade:
		return months(120)
	case unitCentury:
		return months(1200)
	case unitMillennium:
		return months(12000)
	case unitWeek:
		err := sqlstate.New(sqlstate.FeatureNotSupported, "unit \"%s\" not supported for type interval", lowerASCII(unit))
		return v, err.WithDetail("Months usually have fractional weeks.")
	}
	return v, unsupportedUnit(unit, Interval)
}
