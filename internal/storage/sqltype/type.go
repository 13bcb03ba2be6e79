// Package sqltype defines flernd's SQL types, their values in Go and their text forms.
//
// It is a leaf under storage: it knows nothing of tables, plans or the protocol. Types and text forms are PostgreSQL's;
// the C runtime has the same input and output functions, tested against these.
package sqltype

import (
	"fmt"
	"slices"
)

// Kind is the family of a type.
type Kind uint8

// The kinds. Unknown is the type of an untyped literal or NULL before resolution.
const (
	Unknown Kind = iota
	Bool
	Int2
	Int4
	Int8
	Float4
	Float8
	Numeric
	Text
	Varchar
	Char // character(n), blank padded
	Date
	Timestamp
	Interval
	Vector // n float4s, none of them null, in one dimension
	Array  // one dimension, of elements of kind Elem
	Record // only as a value of a model with several outputs
	Bytea  // only as a parameter that holds a model; its bytes lie in Datum.S
)

// Type is a SQL type with its modifier.
type Type struct {
	Kind Kind
	// Mod is the modifier: precision<<16|scale for Numeric (scale as int16), n for Varchar and Char,
	// digits of the second for Timestamp, IntervalOf's for Interval, the number of dimensions for Vector, -1 for none.
	Mod int32
	// Elem is the kind of an Array's elements; Len is their number where it is known from the expression, 0 else.
	Elem Kind
	Len  int32
	// Record names the model whose output this is.
	Record string
}

// Of returns a type without modifier.
func Of(k Kind) Type { return Type{Kind: k, Mod: -1} }

// NumericOf returns numeric(precision, scale).
func NumericOf(precision, scale int) Type {
	return Type{Kind: Numeric, Mod: int32(precision)<<16 | int32(uint16(int16(scale)))}
}

// ArrayOf returns the type of an array of n elements of kind k; n is 0 for any number.
func ArrayOf(k Kind, n int) Type { return Type{Kind: Array, Mod: -1, Elem: k, Len: int32(n)} }

// VectorOf returns vector(n).
func VectorOf(n int) Type { return Type{Kind: Vector, Mod: int32(n)} }

// Element is the type of an array's elements.
func (t Type) Element() Type { return Of(t.Elem) }

// HasMod reports whether the type carries a modifier.
func (t Type) HasMod() bool { return t.Mod >= 0 }

// PrecisionScale returns the modifier of a numeric; ok is false when it has none.
func (t Type) PrecisionScale() (precision, scale int, ok bool) {
	if t.Kind != Numeric || t.Mod < 0 {
		return 0, 0, false
	}
	return int(t.Mod >> 16), int(int16(uint16(t.Mod))), true
}

// IsInteger reports whether k is int2, int4 or int8.
func (k Kind) IsInteger() bool { return k == Int2 || k == Int4 || k == Int8 }

// IsFloat reports whether k is float4 or float8.
func (k Kind) IsFloat() bool { return k == Float4 || k == Float8 }

// IsNumber reports whether k is an integer, a float or numeric.
func (k Kind) IsNumber() bool { return k.IsInteger() || k.IsFloat() || k == Numeric }

// IsString reports whether k is text, varchar or char.
func (k Kind) IsString() bool { return k == Text || k == Varchar || k == Char }

var kindNames = [...]string{Unknown: "unknown", Bool: "boolean", Int2: "smallint", Int4: "integer", Int8: "bigint",
	Float4: "real", Float8: "double precision", Numeric: "numeric", Text: "text", Varchar: "character varying",
	Char: "character", Date: "date", Timestamp: "timestamp without time zone", Interval: "interval",
	Vector: "vector", Array: "array", Record: "record", Bytea: "bytea"}

// KindNamed is the inverse of String.
func KindNamed(name string) (k Kind, ok bool) {
	i := slices.Index(kindNames[:], name)
	return Kind(max(i, 0)), i > 0
}

// String is the name format_type() gives the kind.
func (k Kind) String() string { return kindNames[k] }

// String is the name format_type() gives the type.
func (t Type) String() string {
	switch t.Kind {
	case Numeric:
		if p, s, ok := t.PrecisionScale(); ok {
			return fmt.Sprintf("numeric(%d,%d)", p, s)
		}
	case Varchar, Char, Vector:
		if t.Mod >= 0 {
			return fmt.Sprintf("%s(%d)", t.Kind, t.Mod)
		}
	case Timestamp:
		if t.Mod >= 0 {
			return fmt.Sprintf("timestamp(%d) without time zone", t.Mod)
		}
	case Interval:
		return t.intervalName()
	case Array:
		return t.Elem.String() + "[]"
	}
	return t.Kind.String()
}

// OID is the type's object identifier in PostgreSQL. An extension's vector has none of its own there: it gets the first that
// is free for users.
func (t Type) OID() uint32 {
	k := t.Kind
	if k == Array {
		return arrayOIDs[t.Elem]
	}
	return oids[k]
}

var oids = [...]uint32{Unknown: 705, Bool: 16, Int2: 21, Int4: 23, Int8: 20, Float4: 700, Float8: 701, Numeric: 1700,
	Text: 25, Varchar: 1043, Char: 1042, Date: 1082, Timestamp: 1114, Interval: 1186, Record: 2249, Array: 2277,
	Vector: 16384, Bytea: 17}

var arrayOIDs = map[Kind]uint32{Bool: 1000, Int2: 1005, Int4: 1007, Int8: 1016, Float4: 1021, Float8: 1022,
	Numeric: 1231, Text: 1009, Varchar: 1015, Char: 1014, Date: 1182, Timestamp: 1115, Interval: 1187}

// Size is pg_type.typlen: bytes of a fixed-width value, -1 for one of variable width.
func (t Type) Size() int16 {
	switch t.Kind {
	case Bool:
		return 1
	case Int2:
		return 2
	case Int4, Float4, Date:
		return 4
	case Int8, Float8, Timestamp:
		return 8
	case Interval:
		return 16
	case Unknown:
		return -2
	}
	return -1
}
