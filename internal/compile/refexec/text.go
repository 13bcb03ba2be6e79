package refexec

import (
	"strings"
	"unicode/utf8"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

const mostText = 0x3fffffff // bytes of a text value

// text computes the functions of text. Case is ASCII's: the collation is "C".
func text(x *logical.Call, a []sqltype.Datum) (sqltype.Datum, error) {
	s := a[0].S
	switch x.Func {
	case logical.Like, logical.NotLike, logical.ILike, logical.NotILike:
		return matches(x.Func, a)
	case logical.Concat:
		return sqltype.Datum{S: s + a[1].S}, nil
	case logical.Length:
		return sqltype.Datum{I: int64(utf8.RuneCountInString(s))}, nil
	case logical.Upper:
		return sqltype.Datum{S: mapASCII(s, 'a', 'z')}, nil
	case logical.Lower:
		return sqltype.Datum{S: mapASCII(s, 'A', 'Z')}, nil
	case logical.Substring:
		return substring(s, a)
	case logical.Trim, logical.LTrim, logical.RTrim:
		return sqltype.Datum{S: trim(x.Func, s, a)}, nil
	case logical.Left:
		return sqltype.Datum{S: string(firstRunes([]rune(s), a[1].I))}, nil
	case logical.Right:
		return sqltype.Datum{S: right([]rune(s), a[1].I)}, nil
	case logical.Replace:
		if a[1].S == "" {
			return a[0], nil
		}
		return sqltype.Datum{S: strings.ReplaceAll(s, a[1].S, a[2].S)}, nil
	case logical.Position:
		at := strings.Index(s, a[1].S)
		if at < 0 {
			return sqltype.Datum{}, nil
		}
		return sqltype.Datum{I: int64(utf8.RuneCountInString(s[:at])) + 1}, nil
	case logical.Repeat:
		n := max(a[1].I, 0)
		if int64(len(s)) > 0 && n > mostText/int64(len(s)) {
			return a[0], sqlstate.New(sqlstate.ProgramLimitExceeded, "requested length too large")
		}
		return sqltype.Datum{S: strings.Repeat(s, int(n))}, nil
	case logical.StartsWith:
		return boolean(strings.HasPrefix(s, a[1].S)), nil
	}
	return unsupported(x)
}

func mapASCII(s string, from, to byte) string {
	b := []byte(s)
	for i, c := range b {
		if c >= from && c <= to {
			b[i] ^= 0x20
		}
	}
	return string(b)
}

// substring counts characters from 1; a start before them uses up part of the length.
func substring(s string, a []sqltype.Datum) (sqltype.Datum, error) {
	r, start := []rune(s), a[1].I
	end := int64(len(r)) + 1
	if len(a) > 2 {
		if a[2].I < 0 {
			return a[0], sqlstate.New(sqlstate.SubstringError, "negative substring length not allowed")
		}
		end = min(end, start+a[2].I)
	}
	start = max(start, 1)
	if start >= end {
		return sqltype.Datum{}, nil
	}
	return sqltype.Datum{S: string(r[start-1 : end-1])}, nil
}

func trim(f logical.Func, s string, a []sqltype.Datum) string {
	set := " "
	if len(a) > 1 {
		set = a[1].S
	}
	if f != logical.RTrim {
		s = strings.TrimLeft(s, set)
	}
	if f != logical.LTrim {
		s = strings.TrimRight(s, set)
	}
	return s
}

// firstRunes are the first n characters, all but the last -n for a negative n.
func firstRunes(r []rune, n int64) []rune {
	if n < 0 {
		n = max(int64(len(r))+n, 0)
	}
	return r[:min(n, int64(len(r)))]
}

func right(r []rune, n int64) string {
	skip := int64(len(r)) - n
	if n < 0 {
		skip = -n
	}
	return string(r[min(max(skip, 0), int64(len(r))):])
}

func matches(f logical.Func, a []sqltype.Datum) (sqltype.Datum, error) {
	s, pattern, escape := a[0].S, a[1].S, "\\"
	if len(a) > 2 {
		escape = a[2].S
	}
	if utf8.RuneCountInString(escape) > 1 {
		return a[0], sqlstate.New(sqlstate.InvalidEscapeSequence, "invalid escape string").
			WithHint("Escape string must be empty or one character.")
	}
	if f == logical.ILike || f == logical.NotILike {
		s, pattern, escape = mapASCII(s, 'A', 'Z'), mapASCII(pattern, 'A', 'Z'), mapASCII(escape, 'A', 'Z')
	}
	var e rune = -1
	if escape != "" {
		e, _ = utf8.DecodeRuneInString(escape)
	}
	ok, err := like([]rune(s), []rune(pattern), e)
	return boolean(ok == (f == logical.Like || f == logical.ILike)), err
}

// like matches by trying; an escape at the pattern's end is an error only if matching gets there.
func like(s, p []rune, escape rune) (bool, error) {
	for len(p) > 0 {
		switch {
		case p[0] == escape:
			if len(p) < 2 {
				if len(s) == 0 {
					return false, nil
				}
				return false, sqlstate.New(sqlstate.InvalidEscapeSequence, "LIKE pattern must not end with escape character")
			}
			if len(s) == 0 || s[0] != p[1] {
				return false, nil
			}
			s, p = s[1:], p[2:]
		case p[0] == '%':
			for i := 0; i <= len(s); i++ {
				if ok, err := like(s[i:], p[1:], escape); ok || err != nil {
					return ok, err
				}
			}
			return false, nil
		case len(s) == 0 || p[0] != '_' && p[0] != s[0]:
			return false, nil
		default:
			s, p = s[1:], p[1:]
		}
	}
	return len(s) == 0, nil
}
