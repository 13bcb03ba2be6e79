package sqltype

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The parts of a moment, as a set.
type partSet uint8

const (
	yearPart partSet = 1 << iota
	monthPart
	dayPart
	timePart
	zonePart
	dayOfYearPart
	eraPart
	meridianPart

	datePart = yearPart | monthPart | dayPart
)

// moment is the special result of a word like infinity; ordinary moments have their parts in a decoder's civil.
type momentKind uint8

const (
	ordinaryMoment momentKind = iota
	epochMoment
	infinityMoment
	negInfinityMoment
)

// decoder gives the fields of a date/time text their meaning, in PostgreSQL's order of guesses (DateStyle ISO, MDY).
type decoder struct {
	civil
	now         time.Time
	have        partSet
	kind        momentKind
	yearDigits2 bool // the year was given in one or two digits
	textMonth   bool
	julian      bool
	pm, am, bc  bool
	dayOfYear   int64
	expect      int // unitJulian or unitTime after such a word, else -1
	zone        string
}

// decodeMoment reads a date, or a date and a time.
func decodeMoment(s string, now time.Time) (d *decoder, e dateError) {
	d = &decoder{now: now, expect: -1}
	fields, ok := splitFields(s)
	if !ok || len(fields) == 0 {
		return d, badFormat
	}
	for i, f := range fields {
		parts, e := d.decodeField(f, i == len(fields)-1)
		if e != dateOK {
			return d, e
		}
		if parts&d.have != 0 {
			return d, badFormat
		}
		d.have |= parts
	}
	if e := d.validateDate(); e != dateOK {
		return d, e
	}
	if (d.pm || d.am) && d.hour > 12 {
		return d, fieldOverflow
	}
	if d.am && d.hour == 12 {
		d.hour = 0
	} else if d.pm && d.hour != 12 {
		d.hour += 12
	}
	if d.kind == ordinaryMoment && d.have&datePart != datePart {
		return d, badFormat
	}
	return d, dateOK
}

func (d *decoder) decodeField(f field, last bool) (partSet, dateError) {
	switch f.kind {
	case dateField:
		return d.decodeDateField(f.text)
	case timeField:
		if d.expect >= 0 {
			if d.expect != unitTime {
				return 0, badFormat
			}
			d.expect = -1
		}
		if e := d.decodeTime(f.text); e != dateOK {
			return 0, e
		}
		if d.timeOfDay() > microsPerDay {
			return 0, fieldOverflow
		}
		return timePart, dateOK
	case zoneField:
		return zonePart, decodeZone(f.text)
	case numberField:
		return d.decodeNumberField(f.text)
	}
	return d.decodeWord(f.text, last)
}

// decodeDateField reads a date joined by separators, a time with a zone after it, or a zone's name.
func (d *decoder) decodeDateField(s string) (partSet, dateError) {
	switch {
	case d.expect == unitJulian:
		return d.decodeJulianWithZone(s)
	case d.expect < 0 && d.have&(monthPart|dayPart) != monthPart|dayPart:
		return d.decodeDate(s)
	case !isDigit(s[0]) && d.expect < 0:
		if !knownZone(s) {
			d.zone = s
			return 0, unknownZone
		}
		return zonePart, dateOK
	}
	if d.expect >= 0 {
		if d.expect != unitTime {
			return 0, badFormat
		}
		d.expect = -1
	}
	sign := strings.IndexByte(s, '-')
	if d.have&timePart != 0 || sign < 0 {
		return 0, badFormat
	}
	if e := decodeZone(s[sign:]); e != dateOK {
		return 0, e
	}
	parts, e := d.decodeRunTogether(s[:sign], d.have)
	return parts | zonePart, e
}

// decodeNumberField reads a number that is a part of a date, or a run-together date or time.
func (d *decoder) decodeNumberField(s string) (partSet, dateError) {
	switch d.expect {
	case unitJulian:
		d.expect = -1
		return d.decodeJulian(s)
	case unitTime:
		d.expect = -1
		parts, e := d.decodeRunTogether(s, d.have|datePart)
		if parts != timePart {
			return 0, badFormat
		}
		return parts, e
	}
	point := strings.IndexByte(s, '.')
	switch {
	case point >= 0 && d.have&datePart == 0:
		return d.decodeDate(s)
	case point > 2:
		return d.decodeRunTogether(s, d.have)
	case len(s) >= 6 && (d.have&datePart == 0 || d.have&timePart == 0):
		return d.decodeRunTogether(s, d.have)
	}
	return d.decodeNumber(s, d.have)
}

func (d *decoder) decodeJulian(s string) (partSet, dateError) {
	whole, fraction := s, ""
	if i := strings.IndexByte(s, '.'); i >= 0 {
		whole, fraction = s[:i], s[i:]
	}
	day, err := strconv.ParseInt(whole, 10, 32)
	if err != nil {
		return 0, fieldOverflow
	}
	d.julian = true
	d.year, d.month, d.day = civilOfDays(day - epochJulian)
	if fraction == "" {
		return datePart, dateOK
	}
	f, err := strconv.ParseFloat("0"+fraction, 64)
	if err != nil {
		return 0, badFormat
	}
	d.setTimeOfDay(int64(f * microsPerDay))
	return datePart | timePart, dateOK
}

// decodeJulianWithZone reads a Julian day with a zone joined to it (J2454000-08).
func (d *decoder) decodeJulianWithZone(s string) (partSet, dateError) {
	d.expect = -1
	end := skipWhile(s, 0, isDigit)
	if end == 0 || end == len(s) || s[end] != '-' && s[end] != '+' {
		return 0, badFormat
	}
	if e := decodeZone(s[end:]); e != dateOK {
		return 0, e
	}
	parts, e := d.decodeJulian(s[:end])
	return parts | timePart | zonePart, e
}

func (d *decoder) setTimeOfDay(t int64) {
	d.hour, d.min = int(t/microsPerHour), int(t/microsPerMinute%60)
	d.sec, d.micros = int(t/microsPerSecond%60), int(t%microsPerSecond)
}

func (d *decoder) decodeWord(s string, last bool) (partSet, dateError) {
	w, known := dateWords[truncateWord(s)]
	if !known {
		if s[0] != '+' && s[0] != '-' && knownZone(s) {
			return zonePart, dateOK
		}
		return 0, badFormat
	}
	if d.expect >= 0 && w.kind != unitWord {
		return 0, badFormat
	}
	switch w.kind {
	case ignoredWord, weekdayWord:
		return 0, dateOK
	case monthWord:
		return d.decodeMonthWord(w.value), dateOK
	case meridianWord:
		d.am, d.pm = w.value == wordAM, w.value == wordPM
		return meridianPart, dateOK
	case eraWord:
		d.bc = w.value == wordBC
		return eraPart, dateOK
	case zoneWord:
		return zonePart, dateOK
	case dstWord:
		if d.have&zonePart == 0 {
			return 0, badFormat
		}
		return 0, dateOK
	case unitWord:
		if last || w.value == unitOther {
			return 0, badFormat
		}
		if w.value == unitTime && d.have&datePart != datePart {
			return 0, badFormat
		}
		d.expect = w.value
		return 0, dateOK
	}
	return d.decodeReservedWord(w.kind), dateOK
}

// decodeMonthWord sets the month; a number that was taken for the month becomes the day.
func (d *decoder) decodeMonthWord(month int) partSet {
	parts := monthPart
	if d.have&monthPart != 0 && !d.textMonth && d.have&dayPart == 0 && d.month >= 1 && d.month <= 31 {
		d.day = d.month
		parts = dayPart
	}
	d.textMonth = true
	d.month = month
	return parts
}

func (d *decoder) decodeReservedWord(k wordKind) partSet {
	today := daysOf(int64(d.now.Year()), int64(d.now.Month()), int64(d.now.Day()))
	switch k {
	case nowWord:
		d.year, d.month, d.day = civilOfDays(today)
		d.hour, d.min, d.sec, d.micros = d.now.Hour(), d.now.Minute(), d.now.Second(), d.now.Nanosecond()/1000
		return datePart | timePart | zonePart
	case yesterdayWord:
		today--
	case tomorrowWord:
		today++
	case zuluTimeWord:
		d.setTimeOfDay(0)
		return timePart | zonePart
	case epochWord:
		d.kind = epochMoment
		return 0
	case infinityWord:
		d.kind = infinityMoment
		return 0
	case negInfinityWord:
		d.kind = negInfinityMoment
		return 0
	}
	d.year, d.month, d.day = civilOfDays(today)
	d.setTimeOfDay(0)
	return datePart
}

// validateDate settles the year and checks month and day.
func (d *decoder) validateDate() dateError {
	if d.kind != ordinaryMoment {
		return dateOK
	}
	if d.have&yearPart != 0 {
		switch {
		case d.julian:
		case d.bc:
			if d.year <= 0 {
				return fieldOverflow
			}
			d.year = 1 - d.year
		case d.yearDigits2:
			if d.year < 0 {
				return fieldOverflow
			}
			if d.year < 70 {
				d.year += 2000
			} else if d.year < 100 {
				d.year += 1900
			}
		case d.year <= 0:
			return fieldOverflow
		}
	}
	if d.have&dayOfYearPart != 0 {
		d.year, d.month, d.day = civilOfDays(daysOf(d.year, 1, 1) + d.dayOfYear - 1)
	}
	if d.have&monthPart != 0 && (d.month < 1 || d.month > 12) {
		return monthDayOverflow
	}
	if d.have&dayPart != 0 && (d.day < 1 || d.day > 31) {
		return monthDayOverflow
	}
	if d.have&datePart == datePart && d.day > daysInMonth(d.year, d.month) {
		return fieldOverflow
	}
	return dateOK
}

// knownZone reports whether s names a time zone of the system, or is a POSIX one (est5edt).
func knownZone(s string) bool { return zoneNames()[s] || posixZone.MatchString(s) }

var posixZone = regexp.MustCompile(`^[a-z]{3,}[+-]?\d{1,2}(:\d{1,2}){0,2}([a-z]{3,})?$`)

// fraction reads ".ddd" as microseconds, rounded half to even as rint() does.
func fraction(s string) (int, bool) {
	if s == "." {
		return 0, true
	}
	f, err := strconv.ParseFloat("0"+s, 64)
	if err != nil {
		return 0, false
	}
	return int(math.RoundToEven(f * microsPerSecond)), true
}
