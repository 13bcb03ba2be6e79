package sqltype

import (
	"strings"
	"unicode/utf8"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// fitString fits s to varchar(n) or char(n): char is padded with blanks; what is too long loses trailing blanks, or, with
// an explicit cast, anything past n characters, and is an error otherwise.
func fitString(t Type, s string, explicit bool) (string, error) {
	if t.Mod < 0 {
		return s, nil
	}
	n := int(t.Mod)
	length := utf8.RuneCountInString(s)
	if length > n {
		cut := runeOffset(s, n)
		if !explicit && strings.Trim(s[cut:], " ") != "" {
			return "", sqlstate.New(sqlstate.StringDataRightTruncation, "value too long for type %s", t)
		}
		return s[:cut], nil
	}
	if t.Kind == Char && length < n {
		return s + strings.Repeat(" ", n-length), nil
	}
	return s, nil
}

// runeOffset is the byte offset of character n.
func runeOffset(s string, n int) int {
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}

// FitString applies the length of varchar(n) or char(n) as an assignment (an explicit cast cuts silently) does.
func FitString(t Type, s string, explicit bool) (string, error) { return fitString(t, s, explicit) }

// CharToText is the text of a char(n) value: trailing blanks do not count.
func CharToText(s string) string { return strings.TrimRight(s, " ") }
