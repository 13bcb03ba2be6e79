package sqltype

import (
	"encoding/binary"
	"math"
)

// The packed form of an array, fl_array of the C runtime: how many elements and how many of them are null in 32 bits each, the
// elements' values (a null's is zero), a bitmap of the elements that are not null if any is. Text is offsets from 0 in 32
// bits, one more than elements, and bytes. All is little endian.
const packedHead = 8

// elementWidth is the bytes of an element's value, 0 for text.
func elementWidth(k Kind) int {
	switch k {
	case Bool:
		return 1
	case Int2:
		return 2
	case Int4, Float4:
		return 4
	case Int8, Float8:
		return 8
	}
	return 0
}

// AppendPackedArray appends the packed form of an array of elements of kind k.
func AppendPackedArray(dst []byte, k Kind, elements []Datum) []byte {
	le := binary.LittleEndian
	nulls := 0
	bitmap := make([]byte, (len(elements)+7)/8)
	for i, e := range elements {
		if e.Null {
			nulls++
		} else {
			bitmap[i/8] |= 1 << (i % 8)
		}
	}
	dst = le.AppendUint32(dst, uint32(len(elements)))
	dst = le.AppendUint32(dst, uint32(nulls))
	if elementWidth(k) == 0 {
		dst = appendTexts(dst, elements)
	} else {
		for _, e := range elements {
			dst = appendElement(dst, k, e)
		}
	}
	if nulls > 0 {
		dst = append(dst, bitmap...)
	}
	return dst
}

func appendTexts(dst []byte, elements []Datum) []byte {
	at := uint32(0)
	for _, e := range elements {
		dst = binary.LittleEndian.AppendUint32(dst, at)
		at += uint32(len(e.S))
	}
	dst = binary.LittleEndian.AppendUint32(dst, at)
	for _, e := range elements {
		dst = append(dst, e.S...)
	}
	return dst
}

func appendElement(dst []byte, k Kind, e Datum) []byte {
	le := binary.LittleEndian
	switch k {
	case Bool:
		return append(dst, byte(e.I))
	case Int2:
		return le.AppendUint16(dst, uint16(e.I))
	case Int4:
		return le.AppendUint32(dst, uint32(e.I))
	case Float4:
		return le.AppendUint32(dst, math.Float32bits(float32(e.F)))
	case Float8:
		return le.AppendUint64(dst, math.Float64bits(e.F))
	}
	return le.AppendUint64(dst, uint64(e.I))
}

// CheckPackedArray reports whether b is the packed form of an array of elements of kind k: whether everything in it can be
// read without looking past its end.
func CheckPackedArray(k Kind, b []byte) bool {
	if len(b) < packedHead {
		return false
	}
	count, nulls := int64(binary.LittleEndian.Uint32(b)), int64(binary.LittleEndian.Uint32(b[4:]))
	if count > MaxElements || nulls > count {
		return false
	}
	values := count * int64(elementWidth(k))
	if elementWidth(k) == 0 {
		n, ok := textsLength(b[packedHead:], count)
		if !ok {
			return false
		}
		values = n
	}
	bitmap := int64(0)
	if nulls > 0 {
		bitmap = (count + 7) / 8
	}
	return int64(len(b)) == packedHead+values+bitmap
}

// textsLength is how many bytes the offsets and bytes of so many texts have.
func textsLength(b []byte, count int64) (int64, bool) {
	offsets := 4 * (count + 1)
	if int64(len(b)) < offsets {
		return 0, false
	}
	last := uint32(0)
	for i := int64(0); i <= count; i++ {
		at := binary.LittleEndian.Uint32(b[4*i:])
		if i == 0 && at != 0 || at < last {
			return 0, false
		}
		last = at
	}
	return offsets + int64(last), true
}

// UnpackArray is the inverse of AppendPackedArray for what CheckPackedArray accepts.
func UnpackArray(k Kind, b []byte) []Datum {
	le := binary.LittleEndian
	count := int(le.Uint32(b))
	elements := make([]Datum, count)
	values, width := b[packedHead:], elementWidth(k)
	bitmap := b[len(b):]
	if le.Uint32(b[4:]) > 0 {
		bitmap = b[len(b)-(count+7)/8:]
	}
	for i := range elements {
		if len(bitmap) > 0 && bitmap[i/8]>>(i%8)&1 == 0 {
			elements[i] = NullDatum
			continue
		}
		if width == 0 {
			texts := values[4*(count+1):]
			elements[i].S = string(texts[le.Uint32(values[4*i:]):le.Uint32(values[4*i+4:])])
			continue
		}
		elements[i] = readElementValue(k, values[i*width:])
	}
	return elements
}

func readElementValue(k Kind, b []byte) Datum {
	le := binary.LittleEndian
	switch k {
	case Bool:
		return Datum{I: int64(b[0])}
	case Int2:
		return Datum{I: int64(int16(le.Uint16(b)))}
	case Int4:
		return Datum{I: int64(int32(le.Uint32(b)))}
	case Float4:
		return Datum{F: float64(math.Float32frombits(le.Uint32(b)))}
	case Float8:
		return Datum{F: math.Float64frombits(le.Uint64(b))}
	}
	return Datum{I: int64(le.Uint64(b))}
}
