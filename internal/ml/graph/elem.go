package graph

import (
	"fmt"
	"slices"
	"strings"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Elem is the type of a tensor's elements.
type Elem uint8

// The element types.
const (
	Invalid Elem = iota
	F32
	F64
	I64
	I32
	Bool
	String
	Tuple // not an element: the type of a control operator, whose results Result tells apart
	// The narrow types. Their elements are held in those of another, and brought back (Tensor.Narrow) after each operator
	// that computes: floats are rounded, integers wrap.
	F16
	BF16
	F8E4M3FN
	F8E4M3FNUZ
	F8E5M2
	F8E5M2FNUZ
	F8E8M0
	F4E2M1
	I2
	I4
	I8
	I16
	U2
	U4
	U8
	U16
	U32
	U64 // as the bits of an i64
)

var elemNames = [...]string{Invalid: "invalid", F32: "f32", F64: "f64", I64: "i64", I32: "i32", Bool: "bool", String: "string",
	Tuple: "tuple", F16: "f16", BF16: "bf16",
	F8E4M3FN: "f8e4m3fn", F8E4M3FNUZ: "f8e4m3fnuz", F8E5M2: "f8e5m2", F8E5M2FNUZ: "f8e5m2fnuz", F8E8M0: "f8e8m0", F4E2M1: "f4e2m1",
	I2: "i2", I4: "i4", U2: "u2", U4: "u4", I8: "i8", I16: "i16", U8: "u8", U16: "u16", U32: "u32", U64: "u64"}

func (e Elem) String() string { return elemNames[e] }

var heldIn = [...]Elem{F16: F32, BF16: F32, F8E4M3FN: F32, F8E4M3FNUZ: F32, F8E5M2: F32, F8E5M2FNUZ: F32, F8E8M0: F32,
	F4E2M1: F32, I2: I32, I4: I32, I8: I32, I16: I32, U2: I32, U4: I32, U8: I32, U16: I32, U32: I64, U64: I64}

// Held is the type that elements of e are held in: e itself but for the narrow types.
func (e Elem) Held() Elem {
	if int(e) < len(heldIn) && heldIn[e] != Invalid {
		return heldIn[e]
	}
	return e
}

// IsNarrow reports whether e is held in another type.
func (e Elem) IsNarrow() bool { return e.Held() != e }

// IsFloat reports whether e is a floating-point type.
func (e Elem) IsFloat() bool { return e.Held() == F32 || e == F64 }

// IsInt reports whether e is an integer type.
func (e Elem) IsInt() bool { return e.Held() == I32 || e.Held() == I64 }

// IsUnsigned reports whether e is an unsigned integer type.
func (e Elem) IsUnsigned() bool { return e >= U2 }

// Bits is the width of an integer type.
func (e Elem) Bits() int {
	switch e {
	case I2, U2:
		return 2
	case I4, U4:
		return 4
	case I8, U8:
		return 8
	case I16, U16:
		return 16
	case I32, U32:
		return 32
	}
	return 64
}

// IntRange is what an integer of at most 32 bits, or of 64 with a sign, can be.
func (e Elem) IntRange() (lo, hi int64) {
	if e.IsUnsigned() {
		return 0, 1<<e.Bits() - 1
	}
	return -1 << (e.Bits() - 1), 1<<(e.Bits()-1) - 1
}

// IsNumber reports whether e is a float or an integer.
func (e Elem) IsNumber() bool { return e.IsFloat() || e.IsInt() }

// Type is an element type and the static shape of one row's tensor.
type Type struct {
	Elem Elem
	Dims []int // empty for a scalar
}

// MaxElements bounds the elements of any one tensor, so that sizes never overflow an int32.
const MaxElements = 1 << 28

// Of returns the type of a tensor of e with the given dimensions.
func Of(e Elem, dims ...int) Type { return Type{Elem: e, Dims: dims} }

// Size is the number of elements. It is at most MaxElements for every Value of a graph.
func (t Type) Size() int { return sizeOf(t.Dims) }

// Rank is the number of dimensions.
func (t Type) Rank() int { return len(t.Dims) }

// Last is the length of the last axis; 1 for a scalar.
func (t Type) Last() int {
	if len(t.Dims) == 0 {
		return 1
	}
	return t.Dims[len(t.Dims)-1]
}

// Equal reports whether both element type and shape agree.
func (t Type) Equal(u Type) bool { return t.Elem == u.Elem && slices.Equal(t.Dims, u.Dims) }

// String is the type in the graph's text form: f32[2,3], i64[].
func (t Type) String() string {
	var b strings.Builder
	b.WriteString(t.Elem.String())
	b.WriteString(dimsString(t.Dims))
	return b.String()
}

func dimsString(dims []int) string {
	return "[" + strings.Trim(strings.ReplaceAll(fmt.Sprint(dims), " ", ","), "[]") + "]"
}

func sizeOf(dims []int) int {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return n
}

// CheckDims reports dimensions that are negative or whose product exceeds MaxElements.
func CheckDims(dims []int) error {
	if len(dims) > 8 {
		return invalid("a tensor of %d dimensions is more than the 8 allowed", len(dims))
	}
	n := 1
	for _, d := range dims {
		if d < 0 {
			return invalid("shape %s has a negative dimension", dimsString(dims))
		}
		if d > MaxElements || n*d > MaxElements {
			return invalid("shape %s has more than %d elements", dimsString(dims), MaxElements)
		}
		n *= d
	}
	return nil
}

// Broadcast returns the shape two operands of an elementwise operator have together: aligned at the last axis, each pair
// of dimensions equal or one of them 1.
func Broadcast(a, b []int) ([]int, error) {
	long, short := a, b
	if len(long) < len(short) {
		long, short = short, long
	}
	out := slices.Clone(long)
	for i, d := range short {
		j := len(long) - len(short) + i
		switch {
		case d == out[j] || d == 1:
		case out[j] == 1:
			out[j] = d
		default:
			return nil, invalid("shapes %s and %s do not fit together", dimsString(a), dimsString(b))
		}
	}
	return out, CheckDims(out)
}

func invalid(format string, args ...any) *sqlstate.Error {
	return sqlstate.New(sqlstate.InvalidParameterValue, format, args...)
}
