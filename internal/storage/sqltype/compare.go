package sqltype

import "math"

// Compare orders two values of type t, neither null, as ORDER BY does: text bytewise, NaN after every number, false
// before true.
func Compare(t Type, a, b Datum) int {
	switch t.Kind {
	case Float4, Float8:
		return CompareFloat(a.F, b.F)
	case Numeric:
		return a.N.Cmp(b.N)
	case Unknown, Text, Varchar:
		return cmpOrdered(a.S, b.S)
	case Char:
		return cmpOrdered(CharToText(a.S), CharToText(b.S))
	case Interval:
		return IntervalCmp(a.Iv, b.Iv)
	case Array:
		return compareArray(t.Element(), a.A, b.A)
	case Vector:
		return compareArray(Of(Float4), a.A, b.A)
	}
	return cmpOrdered(a.I, b.I)
}

// CompareFloat orders floats with NaN equal to itself and greater than all else, and -0 equal to 0.
func CompareFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	case a == b:
		return 0
	}
	return cmpOrdered(boolInt(math.IsNaN(a)), boolInt(math.IsNaN(b)))
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// compareArray compares element by element, a null after every value; a prefix comes first.
func compareArray(elem Type, a, b []Datum) int {
	for i := 0; i < len(a) && i < len(b); i++ {
		if a[i].Null || b[i].Null {
			if a[i].Null != b[i].Null {
				return cmpOrdered(boolInt(a[i].Null), boolInt(b[i].Null))
			}
			continue
		}
		if c := Compare(elem, a[i], b[i]); c != 0 {
			return c
		}
	}
	return cmpOrdered(len(a), len(b))
}
