package graph

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math"
	"strconv"
	"strings"
)

// Tensor is a constant: a type and its elements in row-major order. The one slice that Type.Elem.Held names holds them.
type Tensor struct {
	Type
	F32  []float32
	F64  []float64
	I64  []int64
	I32  []int32
	Bool []bool
	Str  []string
}

// NewTensor returns a zeroed tensor. The dimensions must have passed CheckDims.
func NewTensor(e Elem, dims ...int) *Tensor {
	t := &Tensor{Type: Of(e, dims...)}
	n := t.Size()
	switch e.Held() {
	case F32:
		t.F32 = make([]float32, n)
	case F64:
		t.F64 = make([]float64, n)
	case I64:
		t.I64 = make([]int64, n)
	case I32:
		t.I32 = make([]int32, n)
	case Bool:
		t.Bool = make([]bool, n)
	case String:
		t.Str = make([]string, n)
	}
	return t
}

// F32Of returns a vector of the given elements.
func F32Of(v ...float32) *Tensor { return &Tensor{Type: Of(F32, len(v)), F32: v} }

// I64Of returns a vector of the given elements.
func I64Of(v ...int64) *Tensor { return &Tensor{Type: Of(I64, len(v)), I64: v} }

// StringsOf returns a vector of the given elements.
func StringsOf(v ...string) *Tensor { return &Tensor{Type: Of(String, len(v)), Str: v} }

// FloatsOf returns a tensor of float type e whose elements are those of v, rounded to e.
func FloatsOf(e Elem, v []float64, dims ...int) *Tensor {
	t := NewTensor(e, dims...)
	for i, x := range v {
		t.SetFloat(i, x)
	}
	return t
}

// Scalar returns a tensor of shape [] of number type e with value v.
func Scalar(e Elem, v float64) *Tensor {
	t := NewTensor(e)
	t.SetFloat(0, v)
	return t
}

// Float is element i of a numeric or bool tensor as a float64 (exact but for 64-bit integers past 2^53).
func (t *Tensor) Float(i int) float64 {
	if t.Elem == U64 {
		return float64(uint64(t.I64[i]))
	}
	switch t.Elem.Held() {
	case F32:
		return float64(t.F32[i])
	case F64:
		return t.F64[i]
	case I64:
		return float64(t.I64[i])
	case I32:
		return float64(t.I32[i])
	case Bool:
		if t.Bool[i] {
			return 1
		}
	}
	return 0
}

// SetFloat sets element i of a numeric tensor, rounded to the element type. v is in the range of an integer type.
func (t *Tensor) SetFloat(i int, v float64) {
	if t.Elem == U64 && v >= 1<<63 {
		t.I64[i] = int64(uint64(v))
		return
	}
	v = NarrowFloat(t.Elem, v)
	switch t.Elem.Held() {
	case F32:
		t.F32[i] = float32(v)
	case F64:
		t.F64[i] = v
	case I64:
		t.I64[i] = int64(v)
	case I32:
		t.I32[i] = int32(v)
	}
}

// Int is element i of an integer tensor; of u64, its bits.
func (t *Tensor) Int(i int) int64 {
	if t.Elem.Held() == I32 {
		return int64(t.I32[i])
	}
	return t.I64[i]
}

// SetInt sets element i of an integer tensor to v, wrapped.
func (t *Tensor) SetInt(i int, v int64) {
	v = WrapInt(t.Elem, v)
	if t.Elem.Held() == I32 {
		t.I32[i] = int32(v)
	} else {
		t.I64[i] = v
	}
}

// Reshaped returns a tensor of the same elements (shared, not copied) with other dimensions of the same size.
func (t *Tensor) Reshaped(dims ...int) *Tensor {
	u := *t
	u.Dims = dims
	return &u
}

// Picked returns the tensor whose flat element i is element index[i] of t.
func (t *Tensor) Picked(index []int32, dims ...int) *Tensor {
	u := NewTensor(t.Elem, dims...)
	for i, j := range index {
		u.CopyElem(i, t, int(j))
	}
	return u
}

// CopyElem sets element i of t to element j of u, which has the same element type.
func (t *Tensor) CopyElem(i int, u *Tensor, j int) {
	switch t.Elem.Held() {
	case F32:
		t.F32[i] = u.F32[j]
	case F64:
		t.F64[i] = u.F64[j]
	case I64:
		t.I64[i] = u.I64[j]
	case I32:
		t.I32[i] = u.I32[j]
	case Bool:
		t.Bool[i] = u.Bool[j]
	case String:
		t.Str[i] = u.Str[j]
	}
}

// check reports a tensor whose elements do not match its type.
func (t *Tensor) check() error {
	if err := CheckDims(t.Dims); err != nil {
		return err
	}
	n := len(t.F32) + len(t.F64) + len(t.I64) + len(t.I32) + len(t.Bool) + len(t.Str)
	if t.Elem == Invalid || n != t.Size() || n != t.held() {
		return invalid("constant %s holds %d elements", t.Type, n)
	}
	return nil
}

func (t *Tensor) held() int {
	switch t.Elem.Held() {
	case F32:
		return len(t.F32)
	case F64:
		return len(t.F64)
	case I64:
		return len(t.I64)
	case I32:
		return len(t.I32)
	case Bool:
		return len(t.Bool)
	}
	return len(t.Str)
}

// maxPrinted is the number of elements up to which the text form shows them; beyond, it shows a hash.
const maxPrinted = 8

// text is the tensor in the graph's text form.
func (t *Tensor) text() string {
	if t == nil {
		return "none"
	}
	if t.Size() > maxPrinted {
		return fmt.Sprintf("%s#%08x", t.Type, t.sum())
	}
	parts := make([]string, t.Size())
	for i := range parts {
		parts[i] = t.elemText(i)
	}
	return t.Type.String() + "{" + strings.Join(parts, " ") + "}"
}

func (t *Tensor) elemText(i int) string {
	switch t.Elem.Held() {
	case F32:
		return strconv.FormatFloat(float64(t.F32[i]), 'g', -1, 32)
	case F64:
		return strconv.FormatFloat(t.F64[i], 'g', -1, 64)
	case Bool:
		return strconv.FormatBool(t.Bool[i])
	case String:
		return strconv.Quote(t.Str[i])
	}
	if t.Elem == U64 {
		return strconv.FormatUint(uint64(t.I64[i]), 10)
	}
	return strconv.FormatInt(t.Int(i), 10)
}

// sum is a hash of the elements, the same on every machine.
func (t *Tensor) sum() uint32 {
	h := fnv.New32a()
	var b [8]byte
	for i := range t.Size() {
		switch t.Elem.Held() {
		case F32:
			binary.LittleEndian.PutUint64(b[:], uint64(math.Float32bits(t.F32[i])))
		case F64:
			binary.LittleEndian.PutUint64(b[:], math.Float64bits(t.F64[i]))
		case Bool:
			binary.LittleEndian.PutUint64(b[:], uint64(t.Float(i)))
		case String:
			binary.LittleEndian.PutUint64(b[:], uint64(len(t.Str[i])))
			h.Write([]byte(t.Str[i]))
		default:
			binary.LittleEndian.PutUint64(b[:], uint64(t.Int(i)))
		}
		h.Write(b[:])
	}
	return h.Sum32()
}
