package sqltype

import (
	"math/big"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Extract is EXTRACT(unit FROM value) for a date, timestamp or interval; null is true for a field that an infinite value
// does not have.
func Extract(unit string, k Kind, d Datum) (v *Decimal, null bool, err error) {
	u, known := extractUnits[truncateWord(lowerASCII(unit))]
	if !known {
		return nil, false, unitError(unit, k, "not recognized", sqlstate.InvalidParameterValue)
	}
	switch k {
	case Date:
		return extractDate(u, unit, d.I)
	case Timestamp:
		return extractTimestamp(u, unit, d.I)
	case Interval:
		v, err = extractInterval(u, unit, d.Iv)
		return v, false, err
	}
	return nil, false, sqlstate.New(sqlstate.UndefinedFunction, "function pg_catalog.extract(unknown, %s) does not exist", k)
}

func unitError(unit string, k Kind, what string, code sqlstate.Code) error {
	return sqlstate.New(code, "unit \"%s\" %s for type %s", lowerASCII(unit), what, k)
}

func unsupportedUnit(unit string, k Kind) error {
	return unitError(unit, k, "not supported", sqlstate.FeatureNotSupported)
}

// dateUnit is a unit of EXTRACT and date_trunc.
type dateUnit uint8

const (
	unitMicrosecond dateUnit = iota
	unitMillisecond
	unitSecond
	unitMinute
	unitHour
	unitDay
	unitWeek
	unitMonth
	unitQuarter
	unitYear
	unitDecade
	unitCentury
	unitMillennium
	unitJulianDay
	unitISOYear
	unitDow
	unitISODow
	unitDoy
	unitEpoch
	unitTimezone
)

var extractUnits = makeExtractUnits()

func makeExtractUnits() map[string]dateUnit {
	m := map[string]dateUnit{"epoch": unitEpoch, "dow": unitDow, "doy": unitDoy, "isodow": unitISODow, "isoyear": unitISOYear,
		"j": unitJulianDay, "jd": unitJulianDay, "julian": unitJulianDay, "timezone": unitTimezone, "timezone_h": unitTimezone,
		"timezone_m": unitTimezone}
	for w, u := range intervalWords {
		switch u {
		case microsecondUnit:
			m[w] = unitMicrosecond
		case millisecondUnit:
			m[w] = unitMillisecond
		case secondUnit:
			m[w] = unitSecond
		case minuteUnit:
			m[w] = unitMinute
		case hourUnit:
			m[w] = unitHour
		case dayUnit:
			m[w] = unitDay
		case weekUnit:
			m[w] = unitWeek
		case monthUnit:
			m[w] = unitMonth
		case quarterUnit:
			m[w] = unitQuarter
		case yearUnit:
			m[w] = unitYear
		case decadeUnit:
			m[w] = unitDecade
		case centuryUnit:
			m[w] = unitCentury
		case millenniumUnit:
			m[w] = unitMillennium
		}
	}
	return m
}

// calendarField extracts what depends on the day only.
func calendarField(u dateUnit, days int64) (int64, bool) {
	year, month, day := civilOfDays(days)
	display := year // without a year zero
	if year <= 0 {
		display = year - 1
	}
	switch u {
	case unitDay:
		return int64(day), true
	case unitMonth:
		return int64(month), true
	case unitQuarter:
		return int64(month-1)/3 + 1, true
	case unitWeek:
		_, week := isoWeek(days)
		return int64(week), true
	case unitYear:
		return display, true
	case unitDecade:
		return floorDiv(year, 10), true
	case unitCentury:
		return centuryOf(year, 100), true
	case unitMillennium:
		return centuryOf(year, 1000), true
	case unitISOYear:
		isoYear, _ := isoWeek(days)
		if isoYear <= 0 {
			isoYear--
		}
		return isoYear, true
	case unitDow:
		return isoDay(days) % 7, true
	case unitISODow:
		return isoDay(days), true
	case unitDoy:
		return days - daysOf(year, 1, 1) + 1, true
	}
	return 0, false
}

// centuryOf counts centuries (or millennia) from 1, and from -1 backwards.
func centuryOf(year, length int64) int64 {
	if year > 0 {
		return (year + length - 1) / length
	}
	return -((length - 1 - (year - 1)) / length)
}

// extractInfinite: units that grow forever are infinite, those that repeat are null.
func extractInfinite(u dateUnit, positive bool) (*Decimal, bool) {
	switch u {
	case unitYear, unitDecade, unitCentury, unitMillennium, unitISOYear, unitJulianDay, unitEpoch:
		if positive {
			return specialDecimal(PlusInfinity), false
		}
		return specialDecimal(MinusInfinity), false
	}
	return nil, true
}

func extractDate(u dateUnit, unit string, days int64) (*Decimal, bool, error) {
	if u <= unitHour || u == unitTimezone {
		return nil, false, unsupportedUnit(unit, Date)
	}
	if isInfiniteDate(days) {
		v, null := extractInfinite(u, days > 0)
		return v, null, nil
	}
	switch u {
	case unitJulianDay:
		return DecimalFromInt(days + epochJulian), false, nil
	case unitEpoch:
		return DecimalFromInt((days - unixEpoch) * 86400), false, nil
	}
	v, ok := calendarField(u, days)
	if !ok {
		return nil, false, unsupportedUnit(unit, Date)
	}
	return DecimalFromInt(v), false, nil
}

func extractTimestamp(u dateUnit, unit string, t int64) (*Decimal, bool, error) {
	if isInfiniteTimestamp(t) {
		v, null := extractInfinite(u, t > 0)
		return v, null, nil
	}
	if u == unitTimezone {
		return nil, false, unsupportedUnit(unit, Timestamp)
	}
	c := civilOfTimestamp(t)
	days := floorDiv(t, microsPerDay)
	if v := clockField(u, int64(c.hour), int64(c.min), int64(c.sec)*microsPerSecond+int64(c.micros)); v != nil {
		return v, false, nil
	}
	switch u {
	case unitJulianDay:
		return julianOf(days, c.timeOfDay()), false, nil
	case unitEpoch:
		// The microseconds since 1970 can exceed 64 bits.
		v := new(big.Int).Sub(big.NewInt(t), big.NewInt(unixEpoch*microsPerDay))
		return &Decimal{Unscaled: v, Scale: 6}, false, nil
	}
	v, _ := calendarField(u, days)
	return DecimalFromInt(v), false, nil
}

// julianOf is the Julian day with the time as its fraction, divided as numerics are.
func julianOf(days, timeOfDay int64) *Decimal {
	fraction, err := NewDecimal(timeOfDay, 0).Div(NewDecimal(microsPerDay, 0))
	if err == nil {
		fraction, err = fraction.Add(DecimalFromInt(days + epochJulian))
	}
	if err != nil {
		panic(err)
	}
	return fraction
}

// clockField extracts what depends on the time of day only; nil for other units.
func clockField(u dateUnit, hour, minute, micros int64) *Decimal {
	switch u {
	case unitMicrosecond:
		return DecimalFromInt(micros)
	case unitMillisecond:
		return NewDecimal(micros, 3)
	case unitSecond:
		return NewDecimal(micros, 6)
	case unitMinute:
		return DecimalFromInt(minute)
	case unitHour:
		return DecimalFromInt(hour)
	}
	return nil
}

func extractInterval(u dateUnit, unit string, v IntervalValue) (*Decimal, error) {
	rest := v.Micros % microsPerHour
	if d := clockField(u, v.Micros/microsPerHour, rest/microsPerMinute, rest%microsPerMinute); d != nil {
		return d, nil
	}
	years := int64(v.Months / 12)
	switch u {
	case unitDay:
		return DecimalFromInt(int64(v.Days)), nil
	case unitMonth:
		return DecimalFromInt(int64(v.Months % 12)), nil
	case unitQuarter:
		return DecimalFromInt(int64(v.Months%12)/3 + 1), nil
	case unitYear:
		return DecimalFromInt(years), nil
	case unitDecade:
		return DecimalFromInt(years / 10), nil
	case unitCentury:
		return DecimalFromInt(years / 100), nil
	case unitMillennium:
		return DecimalFromInt(years / 1000), nil
	case unitEpoch:
		return intervalEpoch(v), nil
	}
	return nil, unsupportedUnit(unit, Interval)
}

// intervalEpoch counts a year as 365.25 days and a month as 30.
func intervalEpoch(v IntervalValue) *Decimal {
	quarterDays := int64(v.Months/12)*(365*4+1) + int64(v.Months%12)*30*4 + int64(v.Days)*4
	r := new(big.Int).Mul(big.NewInt(quarterDays), big.NewInt(microsPerDay/4))
	return &Decimal{Unscaled: r.Add(r, big.NewInt(v.Micros)), Scale: 6}
}
