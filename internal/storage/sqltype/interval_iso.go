package sqltype

import (
	"math"
	"strconv"
	"strings"
)

// decodeISO reads ISO 8601 durations: P1Y2M3DT4H5M6S, P1W, and the alternative P0001-02-03T04:05:06.
func (d *intervalDecoder) decodeISO(s string) dateError {
	if len(s) < 2 || s[0] != 'P' {
		return badFormat
	}
	s = s[1:]
	inDate, haveField := true, false
	for s != "" {
		if s[0] == 'T' {
			inDate, haveField = false, false
			s = s[1:]
			continue
		}
		start, wasDate := s, inDate
		value, fraction, rest, e := isoNumber(s)
		if e != dateOK {
			return e
		}
		unit := byte(0)
		if rest != "" {
			unit = rest[0]
			s = rest[1:]
		} else {
			s = ""
		}
		if inDate {
			done, e := d.isoDatePart(unit, value, fraction, start, &s, haveField, &inDate)
			if e != dateOK || done {
				return e
			}
		} else {
			done, e := d.isoTimePart(unit, value, fraction, start, s, haveField)
			if e != dateOK || done {
				return e
			}
		}
		haveField = inDate == wasDate
	}
	return dateOK
}

// isoNumber reads a signed number; its fraction has the number's sign.
func isoNumber(s string) (value int64, fraction float64, rest string, e dateError) {
	i := 0
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		i++
	}
	if i == len(s) || !isDigit(s[i]) && s[i] != '.' {
		return 0, 0, "", badFormat
	}
	whole := skipWhile(s, i, isDigit)
	if whole > i {
		v, err := strconv.ParseInt(s[:whole], 10, 64)
		if err != nil {
			return 0, 0, "", fieldOverflow
		}
		value = v
	}
	end := whole
	if end < len(s) && s[end] == '.' {
		end = skipWhile(s, end+1, isDigit)
		if end == whole+1 && whole == i {
			return 0, 0, "", badFormat
		}
	}
	if end < len(s) && s[end]|0x20 == 'e' { // an exponent, as strtod takes it
		j := end + 1
		if j < len(s) && (s[j] == '-' || s[j] == '+') {
			j++
		}
		if k := skipWhile(s, j, isDigit); k > j {
			f, err := strconv.ParseFloat(s[:k], 64)
			if err != nil || math.Abs(f) > 1<<62 {
				return 0, 0, "", fieldOverflow
			}
			t := math.Trunc(f)
			return int64(t), f - t, s[k:], dateOK
		}
	}
	if end > whole+1 {
		f, err := strconv.ParseFloat("0"+s[whole:end], 64)
		if err != nil {
			return 0, 0, "", badFormat
		}
		fraction = f
		if s[0] == '-' {
			fraction = -f
		}
	}
	return value, fraction, s[end:], dateOK
}

func (d *intervalDecoder) isoDatePart(unit byte, value int64, fraction float64, start string, s *string, haveField bool,
	inDate *bool) (done bool, e dateError) {
	add := func(u intervalUnit) (bool, dateError) {
		if !d.add(value, fraction, u) {
			return true, fieldOverflow
		}
		return false, dateOK
	}
	switch unit {
	case 'Y':
		return add(yearUnit)
	case 'M':
		return add(monthUnit)
	case 'W':
		return add(weekUnit)
	case 'D':
		return add(dayUnit)
	case 'T', 0: // yyyymmdd
		if isoIntegerWidth(start) == 8 && !haveField {
			if !d.add(value/10000, 0, yearUnit) || !d.add(value/100%100, 0, monthUnit) || !d.add(value%100, fraction, dayUnit) {
				return true, fieldOverflow
			}
			*inDate = false
			return unit == 0, dateOK
		}
		if unit == 'T' || haveField {
			return true, badFormat
		}
		fallthrough
	case '-': // yyyy-mm-dd
		if haveField {
			return true, badFormat
		}
		return d.isoYearMonthDay(value, fraction, unit, s, inDate)
	}
	return true, badFormat
}

func (d *intervalDecoder) isoYearMonthDay(value int64, fraction float64, unit byte, s *string, inDate *bool) (bool, dateError) {
	if !d.add(value, fraction, yearUnit) {
		return true, fieldOverflow
	}
	for _, u := range []intervalUnit{monthUnit, dayUnit} {
		if unit == 0 {
			return true, dateOK
		}
		if unit == 'T' {
			*inDate = false
			return false, dateOK
		}
		if unit != '-' {
			return true, badFormat
		}
		v, f, rest, e := isoNumber(*s)
		if e != dateOK {
			return true, e
		}
		if !d.add(v, f, u) {
			return true, fieldOverflow
		}
		unit, *s = 0, ""
		if rest != "" {
			unit, *s = rest[0], rest[1:]
		}
	}
	if unit == 'T' {
		*inDate = false
		return false, dateOK
	}
	if unit != 0 {
		return true, badFormat
	}
	return true, dateOK
}

func (d *intervalDecoder) isoTimePart(unit byte, value int64, fraction float64, start, s string, haveField bool) (done bool,
	e dateError) {
	add := func(u intervalUnit) (bool, dateError) {
		if !d.add(value, fraction, u) {
			return true, fieldOverflow
		}
		return false, dateOK
	}
	switch unit {
	case 'H':
		return add(hourUnit)
	case 'M':
		return add(minuteUnit)
	case 'S':
		return add(secondUnit)
	case 0: // hhmmss
		if isoIntegerWidth(start) == 6 && !haveField {
			if !d.add(value/10000, 0, hourUnit) || !d.add(value/100%100, 0, minuteUnit) || !d.add(value%100, fraction, secondUnit) {
				return true, fieldOverflow
			}
			return true, dateOK
		}
		fallthrough
	case ':': // hh:mm:ss
		if haveField {
			return true, badFormat
		}
		return true, d.isoClock(value, fraction, unit, s)
	}
	return true, badFormat
}

func (d *intervalDecoder) isoClock(value int64, fraction float64, unit byte, s string) dateError {
	if !d.add(value, fraction, hourUnit) {
		return fieldOverflow
	}
	for _, u := range []intervalUnit{minuteUnit, secondUnit} {
		if unit == 0 {
			return dateOK
		}
		if unit != ':' {
			return badFormat
		}
		v, f, rest, e := isoNumber(s)
		if e != dateOK {
			return e
		}
		if !d.add(v, f, u) {
			return fieldOverflow
		}
		unit, s = 0, ""
		if rest != "" {
			unit, s = rest[0], rest[1:]
		}
	}
	if unit != 0 {
		return badFormat
	}
	return dateOK
}

// isoIntegerWidth is the number of digits before the point, without a sign.
func isoIntegerWidth(s string) int {
	s = strings.TrimPrefix(s, "-")
	return skipWhile(s, 0, isDigit)
}
