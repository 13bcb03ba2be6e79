package sqltype

import "math"

// Dates are days, and timestamps microseconds, since 2000-01-01. Years are astronomical: 0 is 1 BC.
const (
	microsPerSecond = 1_000_000
	microsPerMinute = 60 * microsPerSecond
	microsPerHour   = 60 * microsPerMinute
	microsPerDay    = 24 * microsPerHour

	epochJulian = 2451545 // Julian day number of 2000-01-01
	unixEpoch   = -10957  // 1970-01-01 as a date

	// DateNegInfinity and DateInfinity are the dates -infinity and infinity.
	DateNegInfinity = math.MinInt32
	DateInfinity    = math.MaxInt32
	// TimestampNegInfinity and TimestampInfinity are the timestamps -infinity and infinity.
	TimestampNegInfinity = math.MinInt64
	TimestampInfinity    = math.MaxInt64

	minDate = -epochJulian                                      // 4714-11-24 BC
	endDate = 2147483494 - epochJulian                          // the day after 5874897-12-31
	minTime = minDate * microsPerDay                            // 4714-11-24 00:00:00 BC
	endTime = 109203528*microsPerDay - epochJulian*microsPerDay // 294277-01-01 00:00:00
)

// civil is a point of time in the proleptic Gregorian calendar.
type civil struct {
	year           int64
	month, day     int
	hour, min, sec int
	micros         int
}

// daysOf returns the date of a year, month (any number: it carries into the year) and day.
func daysOf(year, month, day int64) int64 {
	year += floorDiv(month-1, 12)
	month = month - 1 - floorDiv(month-1, 12)*12 // 0 … 11
	month -= 2                                   // years that start in March end with the leap day
	if month < 0 {
		month += 12
		year--
	}
	era := floorDiv(year, 400)
	y := year - era*400
	return era*146097 + y*365 + y/4 - y/100 + (153*month+2)/5 + day - 1 - 730425
}

// civilOfDays is the inverse of daysOf.
func civilOfDays(days int64) (year int64, month, day int) {
	days += 730425
	era := floorDiv(days, 146097)
	d := days - era*146097
	y := (d - d/1460 + d/36524 - d/146096) / 365
	d -= y*365 + y/4 - y/100
	m := (5*d + 2) / 153
	day = int(d-(153*m+2)/5) + 1
	month = int(m) + 3
	year = y + era*400
	if month > 12 {
		month -= 12
		year++
	}
	return year, month, day
}

func civilOfTimestamp(t int64) civil {
	days := floorDiv(t, microsPerDay)
	rest := t - days*microsPerDay
	y, m, d := civilOfDays(days)
	return civil{year: y, month: m, day: d, hour: int(rest / microsPerHour), min: int(rest / microsPerMinute % 60),
		sec: int(rest / microsPerSecond % 60), micros: int(rest % microsPerSecond)}
}

func (c civil) timeOfDay() int64 {
	return int64(c.hour)*microsPerHour + int64(c.min)*microsPerMinute + int64(c.sec)*microsPerSecond + int64(c.micros)
}

// timestamp returns the timestamp; ok is false when it is out of range.
func (c civil) timestamp() (t int64, ok bool) {
	days := daysOf(c.year, int64(c.month), int64(c.day))
	if days < minDate-1 || days > endTime/microsPerDay+1 {
		return 0, false
	}
	t = days*microsPerDay + c.timeOfDay()
	return t, validTimestamp(t)
}

func validDate(days int64) bool { return days >= minDate && days < endDate }

func validTimestamp(t int64) bool { return t >= minTime && t < endTime }

func isLeap(year int64) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

func daysInMonth(year int64, month int) int {
	switch month {
	case 2:
		if isLeap(year) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// isoWeek returns the ISO 8601 year and week of a date.
func isoWeek(days int64) (year int64, week int) {
	thursday := days + 4 - isoDay(days)
	year, _, _ = civilOfDays(thursday)
	return year, int(thursday-daysOf(year, 1, 1))/7 + 1
}

// isoDay is 1 for Monday … 7 for Sunday. 2000-01-01 was a Saturday.
func isoDay(days int64) int64 { return days + 5 - floorDiv(days+5, 7)*7 + 1 }
