package segment

import (
	"fmt"
	"math"
)

// Encoding is the family of ways in which a column's values lie in a segment.
type Encoding uint8

// The encodings.
const (
	// Scaled: integers, dates, timestamps, bool and numerics of fixed scale and at most 18 digits (unscaled). A value is
	// x·Divisor + base, where x is an unsigned integer of Width bytes (Width < 8) or an int64 (Width 8, base 0, divisor 1).
	Scaled Encoding = iota
	// Wide: 16 bytes a value, little endian: numerics of fixed scale with 19 to 38 digits (two's complement, unscaled),
	// and intervals (int64 microseconds, int32 days, int32 months).
	Wide
	// Float: IEEE 754 of Width 4 or 8 bytes.
	Float
	// Dictionary: unsigned codes of Width bytes into the table column's dictionary (text only).
	Dictionary
	// Bytes: int32 offsets (rows+1 of them) into a buffer of bytes: text, numerics without precision and arrays (packed
	// forms), vectors of any number of dimensions.
	Bytes
	// Fixed: Count IEEE 754 numbers of Width 4 a value, one after another: vector(n).
	Fixed
)

// Layout is how one column lies in a segment; it is part of the shape of every program that scans it. What differs
// between segments without changing the program (base, dictionary contents) is data and not here.
type Layout struct {
	Encoding Encoding
	Width    uint8  // bytes a value or code: 1, 2, 4, 8, 16; 0 for Bytes
	Count    uint16 // Fixed: numbers a value, each of Width bytes
	Nullable bool   // there is a validity bitmap (bit i of byte i/8 set: row i has a value)
	HasBase  bool   // Scaled: base may differ from 0
	Divisor  int64  // Scaled: at least 1
}

// String is a short form for EXPLAIN, goldens and logs: "scaled4/100+b?".
func (l Layout) String() string {
	s := [...]string{"scaled", "wide", "float", "dict", "bytes", "fixed"}[l.Encoding]
	if l.Width > 0 {
		s += fmt.Sprint(l.Width)
	}
	if l.Count > 0 {
		s += fmt.Sprintf("x%d", l.Count)
	}
	if l.Divisor > 1 {
		s += fmt.Sprintf("/%d", l.Divisor)
	}
	if l.HasBase {
		s += "+b"
	}
	if l.Nullable {
		s += "?"
	}
	return s
}

// Stride is the bytes of a value, 0 for Bytes.
func (l Layout) Stride() int64 {
	if l.Encoding == Fixed {
		return int64(l.Width) * int64(l.Count)
	}
	return int64(l.Width)
}

// MaxRows is the most rows of a segment.
const MaxRows = 1 << 20

// Span is a range of bytes in a segment's file or shared memory.
type Span struct {
	Offset, Length int64
	CRC            uint32 // CRC-32C of the bytes, in a file; 0 in memory
}

// Column is one column's place in a segment.
type Column struct {
	Layout  Layout
	Base    int64 // Scaled: added after multiplying by the divisor
	Data    Span  // values, codes or (Bytes) the bytes
	Valid   Span  // validity bitmap, empty when there is none
	Offsets Span  // Bytes only
	Stats   Stats
}

// Bounds are the bounds of the column's values as programs take them: integers, or the bits of float64s. ok: there are some.
func (c *Column) Bounds() (lo, hi int64, ok bool) {
	if c.Layout.Encoding == Float {
		return int64(math.Float64bits(c.Stats.MinFloat)), int64(math.Float64bits(c.Stats.MaxFloat)), c.Stats.HasBounds
	}
	return c.Stats.MinInt, c.Stats.MaxInt, c.Stats.HasBounds
}

// Stats is what is known of a column's values in a segment, in the column's physical domain: integers, days,
// microseconds, unscaled numerics as int64 (MinInt/MaxInt), floats (MinFloat/MaxFloat, NaN-free), or nothing (text).
type Stats struct {
	NullCount          int64
	HasBounds          bool
	MinInt, MaxInt     int64
	MinFloat, MaxFloat float64
	Distinct           int64 // estimate; 0 when unknown
	Sketch             []byte
}
