package sqltype

import (
	"math"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// integerRange returns the least and the greatest value of an integer kind.
func integerRange(k Kind) (lo, hi int64) {
	switch k {
	case Int2:
		return math.MinInt16, math.MaxInt16
	case Int4:
		return math.MinInt32, math.MaxInt32
	}
	return math.MinInt64, math.MaxInt64
}

// parseInteger reads an optional sign and digits between optional white space. A number that does not fit is reported
// before what follows it is looked at.
func parseInteger(k Kind, s string) (int64, error) {
	i := 0
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	negative := false
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		negative = s[i] == '-'
		i++
	}
	if i == len(s) || !isDigit(s[i]) {
		return 0, invalidSyntax(Of(k), s)
	}
	lo, hi := integerRange(k)
	v := int64(0) // the number negated, since the negative side is longer
	for ; i < len(s) && isDigit(s[i]); i++ {
		d := int64(s[i] - '0')
		if v < (lo+d)/10 {
			return 0, integerOutOfRange(k, s)
		}
		v = v*10 - d
		if v < lo {
			return 0, integerOutOfRange(k, s)
		}
	}
	for i < len(s) && isSpace(s[i]) {
		i++
	}
	if i < len(s) {
		return 0, invalidSyntax(Of(k), s)
	}
	if negative {
		return v, nil
	}
	if v < -hi {
		return 0, integerOutOfRange(k, s)
	}
	return -v, nil
}

func integerOutOfRange(k Kind, s string) error {
	return sqlstate.New(sqlstate.NumericValueOutOfRange, "value \"%s\" is out of range for type %s", s, k)
}

// OutOfRange is the error of arithmetic and casts whose result does not fit kind k ("integer out of range").
func OutOfRange(k Kind) error {
	switch k {
	case Float4, Float8:
		return sqlstate.New(sqlstate.NumericValueOutOfRange, "value out of range: overflow")
	case Timestamp, Date, Interval:
		return sqlstate.New(sqlstate.DatetimeFieldOverflow, "%s out of range", shortName(k))
	}
	return sqlstate.New(sqlstate.NumericValueOutOfRange, "%s out of range", k)
}

func shortName(k Kind) string {
	if k == Timestamp {
		return "timestamp"
	}
	return k.String()
}

// CheckInteger returns v if it fits kind k.
func CheckInteger(k Kind, v int64) (int64, error) {
	if lo, hi := integerRange(k); v < lo || v > hi {
		return 0, OutOfRange(k)
	}
	return v, nil
}
