package segment

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/flernd/flernd/internal/storage/sqltype"
)

// CheckColumn verifies that rows of a column can be read from mem without looking past a buffer: the layout is one there
// is, spans lie in mem, offsets ascend, codes are below dictCount.
func CheckColumn(rows int64, c Column, mem []byte, dictCount int64) error {
	if err := CheckPlaces(rows, c, int64(len(mem))); err != nil {
		return err
	}
	switch c.Layout.Encoding {
	case Bytes:
		return checkOffsets(rows, c, mem)
	case Dictionary:
		return checkCodes(rows, c, mem, dictCount)
	}
	return nil
}

// CheckPlaces is the part of CheckColumn that looks at no value: the layout is one there is, spans lie in so many bytes and
// have room for the rows.
func CheckPlaces(rows int64, c Column, size int64) error {
	if rows < 0 || rows > MaxRows {
		return fmt.Errorf("%d rows", rows)
	}
	if err := c.Layout.check(c.Base); err != nil {
		return err
	}
	if c.Layout.Nullable && !c.Valid.holds((rows+7)/8, size) {
		return fmt.Errorf("validity bitmap %v does not hold %d rows in %d bytes", c.Valid, rows, size)
	}
	if c.Layout.Encoding == Bytes {
		return checkTextPlaces(rows, c, size)
	}
	if !c.Data.holds(rows*c.Layout.Stride(), size) {
		return fmt.Errorf("values %v do not hold %d rows in %d bytes", c.Data, rows, size)
	}
	return nil
}

func checkTextPlaces(rows int64, c Column, size int64) error {
	if !c.Offsets.holds((rows+1)*4, size) || c.Offsets.Offset%4 != 0 {
		return fmt.Errorf("offsets %v do not hold %d rows in %d bytes", c.Offsets, rows, size)
	}
	if !c.Data.holds(0, size) {
		return fmt.Errorf("bytes %v do not lie in %d bytes", c.Data, size)
	}
	return nil
}

// holds reports whether the span has at least n bytes and lies within size bytes.
func (s Span) holds(n, size int64) bool {
	return s.Offset >= 0 && s.Length >= n && s.Length <= size && s.Offset <= size-s.Length
}

func (l Layout) check(base int64) error {
	ok := false
	switch l.Encoding {
	case Scaled:
		narrow := l.Width == 1 || l.Width == 2 || l.Width == 4
		ok = l.Divisor >= 1 && (narrow && (l.HasBase || base == 0) || l.Width == 8 && l.Divisor == 1 && base == 0 && !l.HasBase)
	case Wide:
		ok = l.Width == 16
	case Float:
		ok = l.Width == 4 || l.Width == 8
	case Dictionary:
		ok = l.Width == 1 || l.Width == 2 || l.Width == 4
	case Bytes:
		ok = l.Width == 0
	case Fixed:
		ok = l.Width == 4 && l.Count > 0
	}
	ok = ok && (l.Encoding == Fixed || l.Count == 0)
	if !ok {
		return fmt.Errorf("no layout %v with base %d", l, base)
	}
	return nil
}

func checkOffsets(rows int64, c Column, mem []byte) error {
	offsets := mem[c.Offsets.Offset : c.Offsets.Offset+(rows+1)*4]
	last := binary.LittleEndian.Uint32(offsets)
	if last != 0 {
		return fmt.Errorf("the first offset is %d", last)
	}
	for i := 4; i < len(offsets); i += 4 {
		next := binary.LittleEndian.Uint32(offsets[i:])
		if next < last || next > math.MaxInt32 {
			return fmt.Errorf("offset %d of row %d is followed by %d", last, i/4-1, next)
		}
		last = next
	}
	if int64(last) > c.Data.Length {
		return fmt.Errorf("the last offset %d is past the end of %d bytes", last, c.Data.Length)
	}
	return nil
}

// Sound tells whether bytes are a value of type t in a Bytes column, as far as those say how long they are: packed numerics
// and arrays, vectors. nil: any bytes are.
func Sound(t sqltype.Type) func(b []byte) bool {
	switch t.Kind {
	case sqltype.Numeric:
		return soundNumeric
	case sqltype.Array:
		return func(b []byte) bool { return sqltype.CheckPackedArray(t.Elem, b) }
	case sqltype.Vector:
		return func(b []byte) bool { return len(b) > 0 && len(b)%4 == 0 && len(b) <= 4*sqltype.MaxDimensions }
	}
	return nil
}

// CheckSound verifies the values of a Bytes column of type t that CheckColumn accepts. Rows without a value have no bytes.
func CheckSound(rows int64, t sqltype.Type, c Column, mem []byte) error {
	sound := Sound(t)
	if sound == nil {
		return nil
	}
	offsets, data := mem[c.Offsets.Offset:], mem[c.Data.Offset:]
	from := uint32(0)
	for i := int64(0); i < rows; i++ {
		to := binary.LittleEndian.Uint32(offsets[4*i+4:])
		null := to == from && c.Layout.Nullable && mem[c.Valid.Offset+i/8]>>(i%8)&1 == 0
		if !null && !sound(data[from:to]) {
			return fmt.Errorf("the %s of row %d is malformed in its %d bytes", t, i, to-from)
		}
		from = to
	}
	return nil
}

// soundNumeric accepts eight bytes, of which the first two count the digits, and two bytes a digit.
func soundNumeric(b []byte) bool {
	return len(b) >= 8 && len(b) == 8+2*int(binary.LittleEndian.Uint16(b))
}

// checkCodes looks at the codes of rows that have a value; others are arbitrary.
func checkCodes(rows int64, c Column, mem []byte, dictCount int64) error {
	data := mem[c.Data.Offset:]
	for i := int64(0); ; i++ {
		if i = firstCode(data, c.Layout.Width, i, rows, dictCount); i == rows {
			return nil
		}
		if !c.Layout.Nullable || mem[c.Valid.Offset+i/8]>>(i%8)&1 != 0 {
			code := data[i*int64(c.Layout.Width):][:c.Layout.Width]
			return fmt.Errorf("code %d of row %d is not in the dictionary of %d strings", unsigned(code), i, dictCount)
		}
	}
}

// unsigned reads a little-endian number.
func unsigned(b []byte) (v uint64) {
	for i := range b {
		v |= uint64(b[i]) << (8 * i)
	}
	return v
}

// firstCode finds the first row from i on whose code is not below limit; rows if there is none.
func firstCode(data []byte, width uint8, i, rows, limit int64) int64 {
	switch width {
	case 1:
		if limit > math.MaxUint8 {
			return rows
		}
		for i < rows && int64(data[i]) < limit {
			i++
		}
	case 2:
		if limit > math.MaxUint16 {
			return rows
		}
		for i < rows && int64(binary.LittleEndian.Uint16(data[2*i:])) < limit {
			i++
		}
	default:
		for i < rows && int64(binary.LittleEndian.Uint32(data[4*i:])) < limit {
			i++
		}
	}
	return i
}

// CheckDict verifies a dictionary's buffers.
func CheckDict(count int64, offsets, data Span, mem []byte) error {
	if count < 0 || count > math.MaxInt32 {
		return fmt.Errorf("%d strings", count)
	}
	c := Column{Offsets: offsets, Data: data}
	if err := checkTextPlaces(count, c, int64(len(mem))); err != nil {
		return err
	}
	return checkOffsets(count, c, mem)
}
