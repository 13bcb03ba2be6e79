package logical

import (
	"strings"
	"unicode/utf8"

	"github.com/flernd/flernd/internal/storage/sqltype"
)

func evalText(e *Call, v [3]sqltype.Datum) (sqltype.Datum, error) {
	switch e.Func {
	case Concat:
		return sqltype.Datum{S: v[0].S + v[1].S}, nil
	case Length:
		return sqltype.Datum{I: int64(utf8.RuneCountInString(v[0].S))}, nil
	case StartsWith:
		return boolConst(strings.HasPrefix(v[0].S, v[1].S)).Value, nil
	case Upper:
		return sqltype.Datum{S: mapASCII(v[0].S, 'a', 'z')}, nil
	case Lower:
		return sqltype.Datum{S: mapASCII(v[0].S, 'A', 'Z')}, nil
	case Like, NotLike, ILike, NotILike:
		return evalLike(e, v)
	}
	return sqltype.Datum{}, errNotFolded
}

// mapASCII changes the case of letters from … to.
func mapASCII(s string, from, to byte) string {
	b := []byte(s)
	for i, c := range b {
		if c >= from && c <= to {
			b[i] ^= 0x20
		}
	}
	return string(b)
}

// maxLikeSteps bounds how long a LIKE of constants may take.
const maxLikeSteps = 1 << 20

func evalLike(e *Call, v [3]sqltype.Datum) (sqltype.Datum, error) {
	s, pattern, escape := v[0].S, v[1].S, "\\"
	if len(e.Args) > 2 {
		escape = v[2].S
	}
	if utf8.RuneCountInString(escape) > 1 || (len(s)+1)*(len(pattern)+1) > maxLikeSteps {
		return v[0], errNotFolded
	}
	if e.Func == ILike || e.Func == NotILike {
		s, pattern, escape = mapASCII(s, 'A', 'Z'), mapASCII(pattern, 'A', 'Z'), mapASCII(escape, 'A', 'Z')
	}
	p, ok := likePattern(pattern, escape)
	if !ok {
		return v[0], errNotFolded // an error, if matching gets there
	}
	return boolConst(like([]rune(s), p) == (e.Func == Like || e.Func == ILike)).Value, nil
}

// The signs of a pattern that are no characters.
const (
	anyOne rune = -1 - iota
	anyMany
)

// likePattern resolves escapes; ok is false if the last one has nothing behind it.
func likePattern(pattern, escape string) (p []rune, ok bool) {
	escaped := false
	for _, r := range pattern {
		switch {
		case escaped:
			escaped = false
		case string(r) == escape:
			escaped = true
			continue
		case r == '_':
			r = anyOne
		case r == '%':
			r = anyMany
		}
		p = append(p, r)
	}
	return p, !escaped
}

// like matches a text; where it fails it goes back to the last % alone.
func like(s, p []rune) bool {
	i, k, many, from := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case k < len(p) && p[k] == anyMany:
			many, from = k, i
			k++
		case k < len(p) && (p[k] == anyOne || p[k] == s[i]):
			i, k = i+1, k+1
		case many >= 0:
			from++
			i, k = from, many+1
		default:
			return false
		}
	}
	for k < len(p) && p[k] == anyMany {
		k++
	}
	return k == len(p)
}
