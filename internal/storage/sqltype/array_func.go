package sqltype

import (
	"strings"
	"unicode/utf8"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// The functions of arrays, over arrays that are not null. t is the type of the array, x an element or null: nulls are equal to nulls
// where elements are looked for, but not where arrays are sets.

func sameElement(t Type, a, b Datum) bool {
	if a.Null || b.Null {
		return a.Null && b.Null
	}
	return Compare(t.Element(), a, b) == 0
}

// ConcatArrays is a || b, either of which may be null.
func ConcatArrays(a, b Datum) Datum {
	switch {
	case a.Null:
		return b
	case b.Null:
		return a
	}
	return Datum{A: append(append(make([]Datum, 0, len(a.A)+len(b.A)), a.A...), b.A...)}
}

// SliceArray is a[lower:upper].
func SliceArray(a Datum, lower, upper int64) Datum {
	lower, upper = max(lower, 1), min(upper, int64(len(a.A)))
	if lower > upper {
		return Datum{}
	}
	return Datum{A: a.A[lower-1 : upper]}
}

// TrimArray takes n elements off the end.
func TrimArray(a Datum, n int64) (Datum, error) {
	if n < 0 || n > int64(len(a.A)) {
		return Datum{}, sqlstate.New(sqlstate.ArrayElementError, "number of elements to trim must be between 0 and %d", len(a.A))
	}
	return Datum{A: a.A[:len(a.A)-int(n)]}, nil
}

// ArrayPosition is where x is first, from an element on; ok is false if it is not there.
func ArrayPosition(t Type, a, x Datum, from int64) (at int64, ok bool) {
	for i, e := range a.A {
		if int64(i) >= from-1 && sameElement(t, e, x) {
			return int64(i) + 1, true
		}
	}
	return 0, false
}

// ArrayPositions is an array of all places where x is.
func ArrayPositions(t Type, a, x Datum) Datum {
	var out Datum
	for i, e := range a.A {
		if sameElement(t, e, x) {
			out.A = append(out.A, Datum{I: int64(i) + 1})
		}
	}
	return out
}

// RemoveElement takes all x out.
func RemoveElement(t Type, a, x Datum) Datum {
	var out Datum
	for _, e := range a.A {
		if !sameElement(t, e, x) {
			out.A = append(out.A, e)
		}
	}
	return out
}

// ReplaceElement puts y where x is.
func ReplaceElement(t Type, a, x, y Datum) Datum {
	out := Datum{A: make([]Datum, len(a.A))}
	for i, e := range a.A {
		if out.A[i] = e; sameElement(t, e, x) {
			out.A[i] = y
		}
	}
	return out
}

func hasElement(t Type, a, x Datum) bool {
	_, ok := ArrayPosition(t, a, x, 1)
	return ok && !x.Null
}

// ContainsArray is a @> b.
func ContainsArray(t Type, a, b Datum) bool {
	for _, x := range b.A {
		if !hasElement(t, a, x) {
			return false
		}
	}
	return true
}

// OverlapArrays is a && b.
func OverlapArrays(t Type, a, b Datum) bool {
	for _, x := range b.A {
		if hasElement(t, a, x) {
			return true
		}
	}
	return false
}

// JoinArray is array_to_string; null stands for elements that are null, which are left out if it is.
func JoinArray(t Type, a Datum, between string, null Datum) string {
	var words []string
	for _, e := range a.A {
		switch {
		case !e.Null:
			words = append(words, Format(t.Element(), e))
		case !null.Null:
			words = append(words, null.S)
		}
	}
	return strings.Join(words, between)
}

// SplitText is string_to_array: at characters if between is null. Pieces equal to null, if that is not, are null.
func SplitText(s string, between, null Datum) Datum {
	var pieces []string
	switch {
	case s == "":
	case between.Null:
		for len(s) > 0 {
			_, n := utf8.DecodeRuneInString(s)
			pieces, s = append(pieces, s[:n]), s[n:]
		}
	case between.S == "":
		pieces = []string{s}
	default:
		pieces = strings.Split(s, between.S)
	}
	out := Datum{A: make([]Datum, len(pieces))}
	for i, p := range pieces {
		if out.A[i].S = p; !null.Null && p == null.S {
			out.A[i] = NullDatum
		}
	}
	return out
}
