package sqltype

import "strings"

// fieldKind is what a field of a date/time text looks like, before its meaning is known.
type fieldKind uint8

const (
	numberField fieldKind = iota
	stringField
	dateField    // digits and letters joined by - / .
	timeField    // digits with a colon
	zoneField    // a signed number
	specialField // a signed word
)

type field struct {
	kind fieldKind
	text string // letters lowered
}

// maxFields bounds a date/time text, as PostgreSQL does.
const maxFields = 25

// maxFieldText bounds the fields' text, each with one byte more (PostgreSQL's work buffer).
const maxFieldText = 153

// splitFields cuts a date/time text into fields; ok is false when it cannot be one.
func splitFields(s string) (fields []field, ok bool) {
	room := maxFieldText
	for i := 0; i < len(s); {
		c := s[i]
		if isSpace(c) {
			i++
			continue
		}
		var f field
		switch {
		case isDigit(c):
			f, i = numericField(s, i)
		case c == '.':
			j := i + 1
			for j < len(s) && isDigit(s[j]) {
				j++
			}
			f, i = field{numberField, s[i:j]}, j
		case isAlpha(c):
			f, i = wordField(s, i)
		case c == '+' || c == '-':
			f, i, ok = signedField(s, i)
			if !ok {
				return nil, false
			}
		case c > ' ' && c < 0x7F: // other punctuation only separates
			i++
			continue
		default:
			return nil, false
		}
		if room -= len(f.text) + 1; room < 0 || len(fields) == maxFields {
			return nil, false
		}
		f.text = lowerASCII(f.text)
		fields = append(fields, f)
	}
	return fields, true
}

func skipWhile(s string, i int, in func(byte) bool) int {
	for i < len(s) && in(s[i]) {
		i++
	}
	return i
}

func numericField(s string, start int) (field, int) {
	i := skipWhile(s, start, isDigit)
	if i == len(s) {
		return field{numberField, s[start:i]}, i
	}
	switch delim := s[i]; delim {
	case ':':
		i = skipWhile(s, i, func(c byte) bool { return isDigit(c) || c == ':' || c == '.' })
		return field{timeField, s[start:i]}, i
	case '-', '/', '.':
		kind := dateField
		i++
		if i < len(s) && isDigit(s[i]) {
			if delim == '.' {
				kind = numberField
			}
			i = skipWhile(s, i, isDigit)
			if i < len(s) && s[i] == delim {
				kind = dateField
				i = skipWhile(s, i, func(c byte) bool { return isDigit(c) || c == delim })
			}
		} else {
			i = skipWhile(s, i, func(c byte) bool { return isAlnum(c) || c == delim })
		}
		return field{kind, s[start:i]}, i
	}
	return field{numberField, s[start:i]}, i
}

// wordField reads a word; one followed by a separator, or by digits when the word means nothing by itself, is a date or
// the name of a time zone.
func wordField(s string, start int) (field, int) {
	i := skipWhile(s, start, isAlpha)
	if i == len(s) {
		return field{stringField, s[start:i]}, i
	}
	isDate := false
	switch c := s[i]; {
	case c == '-' || c == '/' || c == '.':
		isDate = true
	case c == '+' || isDigit(c):
		w, known := dateWords[truncateWord(lowerASCII(s[start:i]))]
		isDate = !known || w.kind == zoneWord
	}
	if !isDate {
		return field{stringField, s[start:i]}, i
	}
	i = skipWhile(s, i, func(c byte) bool { return isAlnum(c) || strings.IndexByte("+-/_.:", c) >= 0 })
	return field{dateField, s[start:i]}, i
}

func signedField(s string, start int) (field, int, bool) {
	i := skipWhile(s, start+1, isSpace)
	sign := s[start : start+1]
	switch {
	case i < len(s) && isDigit(s[i]):
		end := skipWhile(s, i, func(c byte) bool { return isDigit(c) || c == ':' || c == '.' || c == '-' })
		return field{zoneField, sign + s[i:end]}, end, true
	case i < len(s) && isAlpha(s[i]):
		end := skipWhile(s, i, isAlpha)
		return field{specialField, sign + s[i:end]}, end, true
	}
	return field{}, 0, false
}

// truncateWord cuts a word to the ten letters that PostgreSQL compares.
func truncateWord(w string) string {
	if len(w) > 10 {
		return w[:10]
	}
	return w
}
