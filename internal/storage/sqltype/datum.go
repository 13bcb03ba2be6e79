package sqltype

import "math/big"

// Datum is one SQL value in Go. It serves literals, parameters and the reference interpreter; compiled queries never see
// it. Which field holds the value follows from the type it is used with:
//
//	Bool (0 or 1), Int2/4/8, Date (days since 2000-01-01), Timestamp (microseconds since 2000-01-01): I
//	Float4 (rounded to float32), Float8: F     Text, Varchar, Char: S     Numeric: N     Interval: Iv
//	Array, Vector: A, one datum an element     Record: A, one datum a field
type Datum struct {
	Null bool
	I    int64
	F    float64
	S    string
	N    *Decimal
	Iv   IntervalValue
	A    []Datum
}

// Decimal is a numeric value: Unscaled · 10^-Scale, displayed with Scale digits after the point (PostgreSQL's dscale), or
// one of the special values.
type Decimal struct {
	Unscaled *big.Int
	Scale    int32 // ≥ 0
	Special  Special
}

// Special tells numeric's values that are no number.
type Special uint8

// Special values of numeric.
const (
	Finite Special = iota
	NaN
	PlusInfinity
	MinusInfinity
)

// IntervalValue is an interval in PostgreSQL's three independent fields.
type IntervalValue struct {
	Months, Days int32
	Micros       int64
}

// NullDatum is SQL's NULL.
var NullDatum = Datum{Null: true}
