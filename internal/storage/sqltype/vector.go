package sqltype

import (
	"encoding/binary"
	"math"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// MaxDimensions is the most dimensions of a vector, as in pgvector; texts and errors of the type are that extension's.
const MaxDimensions = 16000

func vectorSyntax(s string) error {
	return sqlstate.New(sqlstate.InvalidTextRepresentation, "invalid input syntax for type vector: \"%s\"", s)
}

// parseVector reads "[1,2,3]".
func parseVector(t Type, s string) (Datum, error) {
	i := skipWhile(s, 0, isSpace)
	if i == len(s) || s[i] != '[' {
		return Datum{}, vectorSyntax(s)
	}
	i = skipWhile(s, i+1, isSpace)
	if i < len(s) && s[i] == ']' {
		return Datum{}, sqlstate.New(sqlstate.DataException, "vector must have at least 1 dimension")
	}
	var d Datum
	for {
		i = skipWhile(s, i, isSpace)
		end := i
		for end < len(s) && s[end] != ',' && s[end] != ']' {
			end++
		}
		if end == len(s) || end == i {
			return Datum{}, vectorSyntax(s)
		}
		if len(d.A) == MaxDimensions {
			return Datum{}, tooManyDimensions()
		}
		v, err := parseFloat(Float4, trimSpace(s[i:end]))
		if err != nil {
			if e := sqlstate.Of(err); e.Code == sqlstate.NumericValueOutOfRange {
				return Datum{}, sqlstate.New(e.Code, "\"%s\" is out of range for type vector", trimSpace(s[i:end]))
			}
			return Datum{}, vectorSyntax(s)
		}
		d.A = append(d.A, Datum{F: v})
		if i = end + 1; s[end] == ']' {
			break
		}
	}
	if skipWhile(s, i, isSpace) < len(s) {
		return Datum{}, vectorSyntax(s)
	}
	return d, FitVector(t, d)
}

func tooManyDimensions() error {
	return sqlstate.New(sqlstate.ProgramLimitExceeded, "vector cannot have more than %d dimensions", MaxDimensions)
}

// FitVector checks a value that is to be a vector: its number of dimensions, and that each is a finite number.
func FitVector(t Type, d Datum) error {
	for _, e := range d.A {
		switch {
		case e.Null:
			return sqlstate.New(sqlstate.NullValueNotAllowed, "array must not contain nulls")
		case math.IsNaN(e.F):
			return sqlstate.New(sqlstate.DataException, "NaN not allowed in vector")
		case math.IsInf(e.F, 0):
			return sqlstate.New(sqlstate.DataException, "infinite value not allowed in vector")
		}
	}
	switch n := len(d.A); {
	case n == 0:
		return sqlstate.New(sqlstate.DataException, "vector must have at least 1 dimension")
	case n > MaxDimensions:
		return tooManyDimensions()
	case t.Mod >= 0 && n != int(t.Mod):
		return sqlstate.New(sqlstate.DataException, "expected %d dimensions, not %d", t.Mod, n)
	}
	return nil
}

func appendVector(dst []byte, d Datum) []byte {
	dst = append(dst, '[')
	for i, e := range d.A {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendFloat(dst, Float4, e.F)
	}
	return append(dst, ']')
}

// AppendVector appends a vector's float32s, little endian: the form that programs and segments have.
func AppendVector(dst []byte, elements []Datum) []byte {
	for _, e := range elements {
		dst = binary.LittleEndian.AppendUint32(dst, math.Float32bits(float32(e.F)))
	}
	return dst
}

// UnpackVector is the inverse of AppendVector.
func UnpackVector(b []byte) []Datum {
	elements := make([]Datum, len(b)/4)
	for i := range elements {
		elements[i].F = float64(math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:])))
	}
	return elements
}

// The binary form is the number of dimensions and zero in 16 bits each, and the float4s.
func appendBinaryVector(dst []byte, d Datum) []byte {
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(d.A)))
	dst = binary.BigEndian.AppendUint16(dst, 0)
	for _, e := range d.A {
		dst = binary.BigEndian.AppendUint32(dst, math.Float32bits(float32(e.F)))
	}
	return dst
}

func parseBinaryVector(t Type, b []byte) (Datum, error) {
	if len(b) < 4 {
		return Datum{}, badBinary(false)
	}
	n, unused := int(int16(binary.BigEndian.Uint16(b))), binary.BigEndian.Uint16(b[2:])
	switch {
	case unused != 0:
		return Datum{}, sqlstate.New(sqlstate.DataException, "expected unused to be 0, not %d", unused)
	case len(b) != 4+4*max(n, 0):
		return Datum{}, badBinary(len(b) > 4+4*max(n, 0))
	}
	d := Datum{A: make([]Datum, max(n, 0))}
	for i := range d.A {
		d.A[i].F = float64(math.Float32frombits(binary.BigEndian.Uint32(b[4+4*i:])))
	}
	return d, FitVector(t, d)
}
