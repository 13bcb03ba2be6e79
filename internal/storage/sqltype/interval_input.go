package sqltype

import (
	"math"
	"strconv"
	"strings"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// intervalUnit is a unit of an interval's number.
type intervalUnit uint8

const (
	noUnit intervalUnit = iota
	microsecondUnit
	millisecondUnit
	secondUnit
	minuteUnit
	hourUnit
	dayUnit
	weekUnit
	monthUnit
	quarterUnit
	yearUnit
	decadeUnit
	centuryUnit
	millenniumUnit
	agoUnit
	ignoredUnit
)

var intervalWords = makeIntervalWords()

func makeIntervalWords() map[string]intervalUnit {
	m := map[string]intervalUnit{}
	for unit, words := range map[intervalUnit]string{
		microsecondUnit: "us usec usecs usecond useconds microsecon",
		millisecondUnit: "ms msec msecs mseconds millisecon",
		secondUnit:      "s sec secs second seconds",
		minuteUnit:      "m min mins minute minutes",
		hourUnit:        "h hr hrs hour hours",
		dayUnit:         "d day days",
		weekUnit:        "w week weeks",
		monthUnit:       "mon mons month months",
		quarterUnit:     "qtr quarter",
		yearUnit:        "y yr yrs year years",
		decadeUnit:      "dec decs decade decades",
		centuryUnit:     "c cent century centuries",
		millenniumUnit:  "mil mils millennia millennium",
		agoUnit:         "ago",
	} {
		for _, w := range strings.Fields(words) {
			m[truncateWord(w)] = unit
		}
	}
	return m
}

// parseInterval is interval's input function.
func parseInterval(t Type, s string) (IntervalValue, error) {
	fields, _ := t.intervalMod()
	d := intervalDecoder{fields: fields}
	e := d.decode(s)
	if e == badFormat {
		iso := intervalDecoder{fields: fields}
		if e = iso.decodeISO(s); e == dateOK {
			d = iso
		}
	}
	if e != dateOK {
		return IntervalValue{}, e.of(Interval, s, "")
	}
	months := d.years*12 + d.months
	if months < math.MinInt32 || months > math.MaxInt32 {
		return IntervalValue{}, OutOfRange(Interval)
	}
	return FitInterval(t, IntervalValue{Months: int32(months), Days: int32(d.days), Micros: d.micros})
}

// intervalDecoder sums up an interval's parts; years, months and days fit an int32 each.
type intervalDecoder struct {
	years, months, days int64
	micros              int64
	fields              int // of the qualifier
}

// intervalParts is a set of units that an interval's text gave.
type intervalParts uint16

func partOf(u intervalUnit) intervalParts { return 1 << u }

const (
	allSeconds   = intervalParts(1<<microsecondUnit | 1<<millisecondUnit | 1<<secondUnit)
	clockParts   = intervalParts(1<<hourUnit|1<<minuteUnit) | 1<<secondUnit
	noFieldParts = intervalParts(0)
)

// decode reads "1 year 2 mons 3 days 04:05:06", "1-2", "90 days ago" and the like. Fields are taken from the right, so
// that a unit is known before its number.
func (d *intervalDecoder) decode(s string) dateError {
	fields, ok := splitFields(s)
	if !ok {
		return badFormat
	}
	var have intervalParts
	unit, ago := noUnit, false
	for i := len(fields) - 1; i >= 0; i-- {
		f := fields[i]
		parts := noFieldParts
		switch f.kind {
		case stringField, specialField:
			u, known := intervalWords[truncateWord(f.text)]
			if !known {
				return badFormat
			}
			unit = u
			ago = ago || u == agoUnit
			continue
		case timeField:
			micros, e := d.clock(f.text)
			if e != dateOK {
				return e
			}
			d.micros = micros
			parts, unit = clockParts, dayUnit
		case zoneField:
			if strings.IndexByte(f.text[1:], ':') >= 0 {
				if micros, e := d.clock(f.text[1:]); e == dateOK {
					if f.text[0] == '-' {
						micros = -micros
					}
					d.micros = micros
					parts, unit = clockParts, dayUnit
					break
				}
			}
			fallthrough
		default:
			if unit == noUnit {
				unit = d.rightmostUnit()
			}
			var e dateError
			if parts, e = d.number(f.text, &unit); e != dateOK {
				return e
			}
		}
		if parts&have != 0 {
			return badFormat
		}
		have |= parts
	}
	if have == 0 {
		return badFormat
	}
	if ago {
		return d.negate()
	}
	return dateOK
}

func (d *intervalDecoder) negate() dateError {
	if d.micros == math.MinInt64 {
		return fieldOverflow
	}
	d.years, d.months, d.days, d.micros = -d.years, -d.months, -d.days, -d.micros
	if d.days > math.MaxInt32 || d.months > math.MaxInt32 || d.years > math.MaxInt32 {
		return fieldOverflow
	}
	return dateOK
}

// clock reads hh:mm[:ss[.ffffff]]; under MINUTE TO SECOND two numbers are minutes and seconds.
func (d *intervalDecoder) clock(s string) (micros int64, e dateError) {
	hour, min, sec, fraction, e := splitTime(s)
	if e != dateOK {
		return 0, e
	}
	if d.fields == IntervalMinute|IntervalSecond && strings.Count(s, ":") == 1 && !strings.Contains(s, ".") {
		if hour > 59 {
			return 0, fieldOverflow
		}
		hour, min, sec = 0, hour, min
	}
	micros, ok := mulInt64(hour, microsPerHour)
	if ok {
		micros, ok = addInt64(micros, min*microsPerMinute+sec*microsPerSecond+fraction)
	}
	if !ok {
		return 0, fieldOverflow
	}
	return micros, dateOK
}

// rightmostUnit is what a number without a unit means.
func (d *intervalDecoder) rightmostUnit() intervalUnit {
	switch d.fields {
	case IntervalYear:
		return yearUnit
	case IntervalMonth, IntervalYear | IntervalMonth:
		return monthUnit
	case IntervalDay:
		return dayUnit
	case IntervalHour, IntervalDay | IntervalHour:
		return hourUnit
	case IntervalMinute, IntervalHour | IntervalMinute, IntervalDay | IntervalHour | IntervalMinute:
		return minuteUnit
	}
	return secondUnit
}

// number reads a signed number, or years-months, and adds it. After hours a number to the left counts days.
func (d *intervalDecoder) number(s string, unit *intervalUnit) (intervalParts, dateError) {
	end := skipWhile(s, 0, isDigit)
	if s != "" && (s[0] == '+' || s[0] == '-') {
		end = skipWhile(s, 1, isDigit)
	}
	value, err := strconv.ParseInt(s[:end], 10, 64)
	if err != nil && end > 0 && isDigit(s[end-1]) {
		return 0, fieldOverflow
	}
	rest := s[end:]
	fraction := 0.0
	switch {
	case rest == "":
		if end == 0 {
			return 0, badFormat
		}
	case rest[0] == '-':
		months, tail, e := leadingInt(rest[1:])
		if e == fieldOverflow || e == dateOK && (months < 0 || months >= 12) {
			return 0, fieldOverflow
		}
		if e != dateOK || tail != "" {
			return 0, badFormat
		}
		if s[0] == '-' {
			months = -months
		}
		if value > math.MaxInt64/12-1 || value < math.MinInt64/12+1 {
			return 0, fieldOverflow
		}
		*unit, value = monthUnit, value*12+months
	case rest[0] == '.':
		if rest != "." {
			if fraction, err = strconv.ParseFloat("0"+rest, 64); err != nil {
				return 0, badFormat
			}
		}
		if s[0] == '-' {
			fraction = -fraction
		}
	default:
		return 0, badFormat
	}
	u := *unit
	if !d.add(value, fraction, u) {
		if u == quarterUnit || u == agoUnit || u == ignoredUnit {
			return 0, badFormat
		}
		return 0, fieldOverflow
	}
	switch u {
	case secondUnit:
		if fraction != 0 {
			return allSeconds, dateOK
		}
	case hourUnit:
		*unit = dayUnit
	}
	return partOf(u), dateOK
}

// add adds value+fraction units; ok is false on overflow or for what is no unit.
func (d *intervalDecoder) add(value int64, fraction float64, u intervalUnit) (ok bool) {
	switch u {
	case microsecondUnit:
		return d.addMicros(value, fraction, 1)
	case millisecondUnit:
		return d.addMicros(value, fraction, 1000)
	case secondUnit:
		return d.addMicros(value, fraction, microsPerSecond)
	case minuteUnit:
		return d.addMicros(value, fraction, microsPerMinute)
	case hourUnit:
		return d.addMicros(value, fraction, microsPerHour)
	case dayUnit:
		return d.addDays(value, 1) && d.addMicros(0, fraction, microsPerDay)
	case weekUnit:
		return d.addDays(value, 7) && d.addFractionOfDays(fraction, 7)
	case monthUnit:
		return addInt32(&d.months, value, 1) && d.addFractionOfDays(fraction, 30)
	case yearUnit:
		return d.addYears(value, fraction, 1)
	case decadeUnit:
		return d.addYears(value, fraction, 10)
	case centuryUnit:
		return d.addYears(value, fraction, 100)
	case millenniumUnit:
		return d.addYears(value, fraction, 1000)
	}
	return false
}

func addInt32(sum *int64, value, scale int64) bool {
	if value < math.MinInt32 || value > math.MaxInt32 {
		return false
	}
	v := *sum + value*scale
	if value*scale < math.MinInt32 || value*scale > math.MaxInt32 || v < math.MinInt32 || v > math.MaxInt32 {
		return false
	}
	*sum = v
	return true
}

func (d *intervalDecoder) addDays(value, scale int64) bool { return addInt32(&d.days, value, scale) }

func (d *intervalDecoder) addYears(value int64, fraction float64, scale int64) bool {
	months := math.RoundToEven(fraction * float64(scale) * 12)
	return addInt32(&d.years, value, scale) && addInt32(&d.months, int64(months), 1)
}

func (d *intervalDecoder) addFractionOfDays(fraction float64, scale int64) bool {
	fraction *= float64(scale)
	whole := math.Trunc(fraction)
	return addInt32(&d.days, int64(whole), 1) && d.addMicros(0, fraction-whole, microsPerDay)
}

func (d *intervalDecoder) addMicros(value int64, fraction float64, scale int64) bool {
	product, ok := mulInt64(value, scale)
	if !ok {
		return false
	}
	sum, ok := addInt64(d.micros, product)
	if !ok {
		return false
	}
	fraction *= float64(scale)
	whole := math.Trunc(fraction)
	if rest := fraction - whole; rest > 0.5 {
		whole++
	} else if rest < -0.5 {
		whole--
	}
	d.micros, ok = addInt64(sum, int64(whole))
	return ok
}

func mulInt64(a, b int64) (int64, bool) {
	p := a * b
	if a != 0 && (p/a != b || a == -1 && b == math.MinInt64) {
		return 0, false
	}
	return p, true
}

func addInt64(a, b int64) (int64, bool) {
	s := a + b
	return s, (s > a) == (b > 0)
}

// FitInterval applies an interval's qualifier: what is below the least field goes, seconds are rounded.
func FitInterval(t Type, v IntervalValue) (IntervalValue, error) {
	fields, precision := t.intervalMod()
	switch fields {
	case IntervalYear:
		v = IntervalValue{Months: v.Months / 12 * 12}
	case IntervalMonth, IntervalYear | IntervalMonth:
		v = IntervalValue{Months: v.Months}
	case IntervalDay:
		v.Micros = 0
	case IntervalHour, IntervalDay | IntervalHour:
		v.Micros = v.Micros / microsPerHour * microsPerHour
	case IntervalMinute, IntervalDay | IntervalHour | IntervalMinute, IntervalHour | IntervalMinute:
		v.Micros = v.Micros / microsPerMinute * microsPerMinute
	}
	if precision >= 6 {
		return v, nil
	}
	unit := int64(1)
	for p := precision; p < 6; p++ {
		unit *= 10
	}
	half := unit / 2
	if v.Micros < 0 {
		half = -half
	}
	sum, ok := addInt64(v.Micros, half)
	if !ok {
		return v, sqlstate.New(sqlstate.DatetimeFieldOverflow, "interval out of range")
	}
	v.Micros = sum - sum%unit
	return v, nil
}
