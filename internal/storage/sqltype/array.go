package sqltype

import (
	"strings"
	"time"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// appendArray writes {a,b,NULL}, quoting what would be misread.
func appendArray(dst []byte, t Type, d Datum) []byte {
	elem := t.Element()
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

// MaxElements is the most elements of an array.
const MaxElements = 1 << 27

// StorableElement reports whether there are arrays of the kind in tables and as arguments.
func StorableElement(k Kind) bool {
	switch k {
	case Bool, Int2, Int4, Int8, Float4, Float8, Text:
		return true
	}
	return false
}

// parseArray reads an array of one dimension.
func parseArray(t Type, s string, now time.Time) (Datum, error) {
	elements, err := splitArray(s)
	if err != nil {
		return Datum{}, err
	}
	d := Datum{A: make([]Datum, len(elements))}
	for i, e := range elements {
		if e.null() {
			d.A[i] = NullDatum
			continue
		}
		v, err := ParseAt(t.Element(), e.text, now)
		if err != nil {
			return Datum{}, err
		}
		d.A[i] = v
	}
	return d, nil
}

// arrayElement is an element's text, without quotes and escapes.
type arrayElement struct {
	text string
	// plain tells that nothing was quoted or escaped: NULL is one then.
	plain bool
}

func (e arrayElement) null() bool { return e.plain && lowerASCII(e.text) == "null" }

func malformedArray(s, detail string, args ...any) error {
	return sqlstate.New(sqlstate.InvalidTextRepresentation, "malformed array literal: \"%s\"", s).WithDetail(detail, args...)
}

// splitArray cuts "{…}" at its commas and undoes the quoting. It refuses what PostgreSQL's array_in refuses, with the same
// words; of what that accepts it lacks other than one dimension and bounds other than from 1.
func splitArray(s string) (elements []arrayElement, err error) {
	i := skipWhile(s, 0, isSpace)
	switch {
	case i < len(s) && s[i] == '[':
		return nil, sqlstate.Unsupported("an array with explicit bounds")
	case i == len(s) || s[i] != '{':
		return nil, malformedArray(s, "Array value must start with \"{\" or dimension information.")
	}
	i = skipWhile(s, i+1, isSpace)
	if i < len(s) && s[i] == '}' {
		return nil, afterArray(s, i+1)
	}
	for {
		var e arrayElement
		if e, i, err = readElement(s, skipWhile(s, i, isSpace)); err != nil {
			return nil, err
		}
		if len(elements) == MaxElements {
			return nil, sqlstate.New(sqlstate.ProgramLimitExceeded, "array size exceeds the maximum allowed (%d)", MaxElements)
		}
		elements = append(elements, e)
		if s[i] == '}' {
			return elements, afterArray(s, i+1)
		}
		i++
	}
}

// afterArray accepts white space alone.
func afterArray(s string, i int) error {
	if skipWhile(s, i, isSpace) < len(s) {
		return malformedArray(s, "Junk after closing right brace.")
	}
	return nil
}

// readElement reads the element at i; end is the place of the comma or brace after it.
func readElement(s string, i int) (e arrayElement, end int, err error) {
	if i == len(s) {
		return e, i, malformedArray(s, "Unexpected end of input.")
	}
	switch s[i] {
	case '{':
		return e, i, sqlstate.Unsupported("an array of more than one dimension")
	case ',', '}':
		return e, i, malformedArray(s, "Unexpected \"%c\" character.", s[i])
	case '"':
		return quotedElement(s, i)
	}
	var b strings.Builder
	kept := 0 // white space up to here was escaped
	e.plain = true
	for ; i < len(s); i++ {
		switch s[i] {
		case ',', '}':
			e.text = b.String()
			for len(e.text) > kept && isSpace(e.text[len(e.text)-1]) {
				e.text = e.text[:len(e.text)-1]
			}
			return e, i, nil
		case '"':
			return e, i, malformedArray(s, "Unexpected array element.")
		case '{':
			return e, i, malformedArray(s, "Unexpected \"{\" character.")
		case '\\':
			i++
			if i == len(s) {
				return e, i, malformedArray(s, "Unexpected end of input.")
			}
			b.WriteByte(s[i])
			kept, e.plain = b.Len(), false
			continue
		}
		b.WriteByte(s[i])
	}
	return e, i, malformedArray(s, "Unexpected end of input.")
}

// quotedElement reads the element whose opening quote is at i.
func quotedElement(s string, i int) (e arrayElement, end int, err error) {
	var b strings.Builder
	for i++; i < len(s) && s[i] != '"'; i++ {
		if s[i] == '\\' {
			if i++; i == len(s) {
				break
			}
		}
		b.WriteByte(s[i])
	}
	e.text = b.String()
	if i < len(s) {
		i = skipWhile(s, i+1, isSpace)
	}
	switch {
	case i == len(s):
		return e, i, malformedArray(s, "Unexpected end of input.")
	case s[i] == ',' || s[i] == '}':
		return e, i, nil
	case s[i] == '{' || s[i] == '\\':
		return e, i, malformedArray(s, "Unexpected \"%c\" character.", s[i])
	}
	return e, i, malformedArray(s, "Unexpected array element.")
}
