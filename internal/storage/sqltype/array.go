package sqltype

import (
	"strings"
	"time"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// appendArray writes {a,b,NULL}, quoting what would be misread.
func appendArray(dst []byte, t Type, d Datum) []byte {
	elem := Of(t.Elem)
	dst = append(dst, '{')
	for i, e := range d.A {
		if i > 0 {
			dst = append(dst, ',')
		}
		if e.Null {
			dst = append(dst, "NULL"...)
			continue
		}
		dst = appendArrayElement(dst, Format(elem, e))
	}
	return append(dst, '}')
}

func appendArrayElement(dst []byte, s string) []byte {
	quote := s == "" || lowerASCII(s) == "null"
	for i := 0; i < len(s) && !quote; i++ {
		quote = isSpace(s[i]) || strings.IndexByte(`"\{},`, s[i]) >= 0
	}
	if !quote {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	for i := 0; i < len(s); i++ {
		if s[i] == '"' || s[i] == '\\' {
			dst = append(dst, '\\')
		}
		dst = append(dst, s[i])
	}
	return append(dst, '"')
}

// parseArray reads an array of one dimension.
func parseArray(t Type, s string, now time.Time) (Datum, error) {
	elements, quoted, ok := splitArray(trimSpace(s))
	if !ok {
		return Datum{}, sqlstate.New(sqlstate.InvalidTextRepresentation, "malformed array literal: \"%s\"", s)
	}
	d := Datum{A: make([]Datum, len(elements))}
	for i, text := range elements {
		if !quoted[i] && lowerASCII(text) == "null" {
			d.A[i] = NullDatum
			continue
		}
		v, err := ParseAt(Of(t.Elem), text, now)
		if err != nil {
			return Datum{}, err
		}
		d.A[i] = v
	}
	return d, nil
}

// splitArray cuts "{…}" at its commas and undoes the quoting.
func splitArray(s string) (elements []string, quoted []bool, ok bool) {
	if len(s) < 2 || s[0] != '{' || s[len(s)-1] != '}' {
		return nil, nil, false
	}
	body := s[1 : len(s)-1]
	if trimSpace(body) == "" {
		return nil, nil, true
	}
	for {
		text, isQuoted, rest, ok := arrayElement(body)
		if !ok {
			return nil, nil, false
		}
		elements, quoted = append(elements, text), append(quoted, isQuoted)
		if rest == "" {
			return elements, quoted, true
		}
		body = rest[1:]
	}
}

// arrayElement reads up to the next comma, which rest starts with, or to the end.
func arrayElement(s string) (text string, quoted bool, rest string, ok bool) {
	s = s[skipWhile(s, 0, isSpace):]
	var b strings.Builder
	if s != "" && s[0] == '"' {
		i := 1
		for ; i < len(s) && s[i] != '"'; i++ {
			if s[i] == '\\' {
				i++
				if i == len(s) {
					return "", false, "", false
				}
			}
			b.WriteByte(s[i])
		}
		if i == len(s) {
			return "", false, "", false
		}
		rest = s[skipWhile(s, i+1, isSpace):]
		return b.String(), true, rest, rest == "" || rest[0] == ','
	}
	i := 0
	escapedEnd := 0 // white space up to here was escaped
	for ; i < len(s) && s[i] != ','; i++ {
		switch s[i] {
		case '{', '}', '"':
			return "", false, "", false
		case '\\':
			i++
			if i == len(s) {
				return "", false, "", false
			}
			b.WriteByte(s[i])
			escapedEnd = b.Len()
			continue
		}
		b.WriteByte(s[i])
	}
	text = b.String()
	for len(text) > escapedEnd && isSpace(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	return text, escapedEnd > 0, s[i:], text != "" || escapedEnd > 0
}
