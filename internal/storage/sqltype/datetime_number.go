package sqltype

import (
	"strconv"
	"strings"
)

// leadingInt reads an optional sign and digits as C's strtol does for an int.
func leadingInt(s string) (v int64, rest string, e dateError) {
	i := 0
	if i < len(s) && (s[i] == '+' || s[i] == '-') {
		i++
	}
	end := skipWhile(s, i, isDigit)
	if end == i {
		return 0, s, badFormat
	}
	v, err := strconv.ParseInt(s[:end], 10, 32)
	if err != nil {
		return 0, s, fieldOverflow
	}
	return v, s[end:], dateOK
}

// decodeDate reads a date whose parts are joined by any separators; it may name the month.
func (d *decoder) decodeDate(s string) (partSet, dateError) {
	var parts []string
	for i := 0; i < len(s) && len(parts) < maxFields; {
		for i < len(s) && !isAlnum(s[i]) {
			i++
		}
		if i == len(s) {
			return 0, badFormat // a separator at the end
		}
		in := isDigit
		if !isDigit(s[i]) {
			in = isAlpha
		}
		end := skipWhile(s, i, in)
		parts = append(parts, s[i:end])
		i = end + 1 // what ended the part separates, whatever it is
	}
	have, found := d.have, partSet(0)
	for i, p := range parts {
		if !isAlpha(p[0]) {
			continue
		}
		w, known := dateWords[truncateWord(p)]
		if !known || w.kind == ignoredWord {
			continue
		}
		if w.kind != monthWord || have&monthPart != 0 {
			return 0, badFormat
		}
		d.textMonth = true
		d.month = w.value
		have, found = have|monthPart, found|monthPart
		parts[i] = ""
	}
	for _, p := range parts {
		if p == "" {
			continue
		}
		got, e := d.decodeNumber(p, have)
		if e != dateOK {
			return 0, e
		}
		if got&have != 0 {
			return 0, badFormat
		}
		have, found = have|got, found|got
	}
	if have&^(dayOfYearPart|zonePart) != datePart {
		return 0, badFormat
	}
	return found, dateOK
}

// decodeNumber reads a number as the part of a date that is most likely after the parts in have.
func (d *decoder) decodeNumber(s string, have partSet) (partSet, dateError) {
	v, rest, e := leadingInt(s)
	if e != dateOK {
		return 0, e
	}
	if rest != "" {
		if rest[0] != '.' {
			return 0, badFormat
		}
		if len(s)-len(rest) > 2 { // a date or a time without separators
			return d.decodeRunTogether(s, have|datePart)
		}
		micros, ok := fraction(rest)
		if !ok {
			return 0, badFormat
		}
		d.micros = micros
	}
	if len(s) == 3 && have&datePart == yearPart && v >= 1 && v <= 366 {
		d.dayOfYear = v
		return dayOfYearPart | monthPart | dayPart, dateOK
	}
	part := guessPart(len(s), have, d.textMonth)
	switch part {
	case yearPart:
		d.year = v
		d.yearDigits2 = len(s) <= 2
	case monthPart:
		d.month = int(v)
	case dayPart:
		if have&datePart == yearPart|monthPart && d.textMonth && len(s) >= 3 && d.yearDigits2 {
			// The number before the month's name was the day after all.
			d.day, d.year, d.yearDigits2 = int(d.year), v, false
			break
		}
		d.day = int(v)
	case timePart:
		return d.decodeRunTogether(s, have)
	default:
		return 0, badFormat
	}
	return part, dateOK
}

// guessPart tells what a number of that many digits is, given the parts that came before (order: month, day, year).
func guessPart(digits int, have partSet, textMonth bool) partSet {
	switch have & datePart {
	case 0:
		if digits >= 3 {
			return yearPart
		}
		return monthPart
	case yearPart, dayPart:
		return monthPart
	case monthPart:
		if textMonth && digits >= 3 {
			return yearPart
		}
		return dayPart
	case yearPart | monthPart:
		return dayPart
	case monthPart | dayPart:
		return yearPart
	case datePart:
		return timePart
	}
	return 0
}

// decodeRunTogether reads yyyymmdd, yymmdd, hhmmss or hhmm, the time with a fraction.
func (d *decoder) decodeRunTogether(s string, have partSet) (partSet, dateError) {
	if point := strings.IndexByte(s, '.'); point >= 0 {
		micros, ok := fraction(s[point:])
		if !ok {
			return 0, badFormat
		}
		d.micros = micros
		s = s[:point]
	} else if have&datePart != datePart && len(s) >= 6 {
		year, _, e := leadingInt(s[:len(s)-4])
		if e != dateOK {
			return 0, e
		}
		d.year = year
		d.month, d.day = atoi(s[len(s)-4:len(s)-2]), atoi(s[len(s)-2:])
		if len(s)-4 == 2 {
			d.yearDigits2 = true
		}
		return datePart, dateOK
	}
	if have&timePart != 0 {
		return 0, badFormat
	}
	switch len(s) {
	case 6:
		d.hour, d.min, d.sec = atoi(s[:2]), atoi(s[2:4]), atoi(s[4:])
		return timePart, dateOK
	case 4:
		d.hour, d.min, d.sec = atoi(s[:2]), atoi(s[2:]), 0
		return timePart, dateOK
	}
	return 0, badFormat
}

// atoi reads digits that were looked at before; anything else counts as 0.
func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// decodeTime reads hh:mm, hh:mm:ss or hh:mm:ss.ffffff; mm:ss.ffffff when a fraction follows the second number.
func (d *decoder) decodeTime(s string) dateError {
	hour, min, sec, micros, e := splitTime(s)
	if e != dateOK {
		return e
	}
	if hour > 1<<30 {
		return fieldOverflow
	}
	d.hour, d.min, d.sec, d.micros = int(hour), int(min), int(sec), int(micros)
	return dateOK
}

// clockNumber reads a number after a colon; PostgreSQL takes none for 0.
func clockNumber(s string) (v int64, rest string, e dateError) {
	if v, rest, e = leadingInt(s); e == badFormat {
		return 0, s, dateOK
	}
	return v, rest, e
}

func splitTime(s string) (hour, min, sec, micros int64, e dateError) {
	end := skipWhile(s, 0, isDigit)
	hour, err := strconv.ParseInt(s[:end], 10, 64)
	if err != nil {
		if end == 0 {
			return 0, 0, 0, 0, badFormat
		}
		return 0, 0, 0, 0, fieldOverflow
	}
	rest := s[end:]
	if rest == "" || rest[0] != ':' {
		return 0, 0, 0, 0, badFormat
	}
	if min, rest, e = clockNumber(rest[1:]); e != dateOK {
		return 0, 0, 0, 0, e
	}
	if rest != "" && rest[0] == ':' {
		if sec, rest, e = clockNumber(rest[1:]); e != dateOK {
			return 0, 0, 0, 0, e
		}
	} else if rest != "" && rest[0] == '.' {
		hour, min, sec = 0, hour, min
	}
	if rest != "" {
		if rest[0] != '.' {
			return 0, 0, 0, 0, badFormat
		}
		f, ok := fraction(rest)
		if !ok {
			return 0, 0, 0, 0, badFormat
		}
		micros = int64(f)
	}
	if hour < 0 || min < 0 || min > 59 || sec < 0 || sec > 60 {
		return 0, 0, 0, 0, fieldOverflow
	}
	return hour, min, sec, micros, dateOK
}

// decodeZone checks a numeric displacement (+hh, +hhmm, +hh:mm, +hh:mm:ss); types without time zone ignore it.
func decodeZone(s string) dateError {
	if s == "" || s[0] != '+' && s[0] != '-' {
		return badFormat
	}
	hour, rest, e := leadingInt(s[1:])
	if e != dateOK {
		if e == fieldOverflow {
			return zoneOverflow
		}
		return e
	}
	var min, sec int64
	switch {
	case rest != "" && rest[0] == ':':
		if min, rest, e = leadingInt(rest[1:]); e != dateOK {
			return e
		}
		if rest != "" && rest[0] == ':' {
			if sec, rest, e = leadingInt(rest[1:]); e != dateOK {
				return e
			}
		}
	case rest == "" && len(s) > 3:
		hour, min = hour/100, hour%100
	}
	if hour < 0 || hour > 15 || min < 0 || min >= 60 || sec < 0 || sec >= 60 {
		return zoneOverflow
	}
	if rest != "" {
		return badFormat
	}
	return dateOK
}
