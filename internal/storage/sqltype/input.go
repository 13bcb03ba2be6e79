package sqltype

import (
	"strings"
	"time"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Parse is the input function of type t: it turns an external text into a value, as casting an unknown literal does.
// It knows the words that name the present moment (now, today …) and asks the clock for them; ParseAt takes the moment.
func Parse(t Type, s string) (Datum, error) { return ParseAt(t, s, time.Now().UTC()) }

// ParseAt is Parse with the moment that now, today, tomorrow and yesterday refer to.
func ParseAt(t Type, s string, now time.Time) (Datum, error) {
	if err := checkText(s); err != nil {
		return Datum{}, err
	}
	switch t.Kind {
	case Bool:
		return parseBool(s)
	case Int2, Int4, Int8:
		v, err := parseInteger(t.Kind, s)
		return Datum{I: v}, err
	case Float4, Float8:
		v, err := parseFloat(t.Kind, s)
		return Datum{F: v}, err
	case Numeric:
		v, err := parseNumericMod(t, s)
		return Datum{N: v}, err
	case Unknown, Text:
		return Datum{S: s}, nil
	case Varchar, Char:
		v, err := fitString(t, s, false)
		return Datum{S: v}, err
	case Date:
		v, err := parseDate(s, now)
		return Datum{I: v}, err
	case Timestamp:
		v, err := parseTimestamp(t, s, now)
		return Datum{I: v}, err
	case Interval:
		v, err := parseInterval(t, s)
		return Datum{Iv: v}, err
	case Array:
		return parseArray(t, s, now)
	case Bytea:
		v, err := parseBytea(s)
		return Datum{S: v}, err
	case Vector:
		return parseVector(t, s)
	}
	return Datum{}, sqlstate.New(sqlstate.FeatureNotSupported, "cannot accept a value of type %s", t)
}

// invalidSyntax is the error of an input function that does not understand its text.
func invalidSyntax(t Type, s string) *sqlstate.Error {
	return sqlstate.New(sqlstate.InvalidTextRepresentation, "invalid input syntax for type %s: \"%s\"", t.Kind, s)
}

// isSpace is C's isspace in the "C" locale.
func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isAlpha(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isAlnum(c byte) bool { return isDigit(c) || isAlpha(c) }

// trimSpace cuts white space from both ends.
func trimSpace(s string) string {
	for len(s) > 0 && isSpace(s[0]) {
		s = s[1:]
	}
	for len(s) > 0 && isSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

// lowerASCII lowers ASCII letters and leaves other bytes alone.
func lowerASCII(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= 'A' && c <= 'Z' {
			b := []byte(s)
			for ; i < len(b); i++ {
				if b[i] >= 'A' && b[i] <= 'Z' {
					b[i] |= 0x20
				}
			}
			return string(b)
		}
	}
	return s
}

// checkText refuses what no PostgreSQL text may hold: bytes that are no UTF-8, and the zero byte.
func checkText(s string) error {
	if n := invalidAt(s); n >= 0 {
		end := min(n+sequenceLength(s[n]), len(s))
		var hex strings.Builder
		for i := n; i < end; i++ {
			if i > n {
				hex.WriteByte(' ')
			}
			hex.WriteString("0x" + string("0123456789abcdef"[s[i]>>4]) + string("0123456789abcdef"[s[i]&15]))
		}
		return sqlstate.New(sqlstate.CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\": %s", hex.String())
	}
	return nil
}
