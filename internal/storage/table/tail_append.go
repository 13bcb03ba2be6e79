package table

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/flernd/flernd/internal/storage/segment"
)

// Strings finds a dictionary's string by its code.
type Strings func(code int64) []byte

// DictStrings reads the strings of a dictionary in memory.
func DictStrings(offsets, data segment.Span, mem []byte) Strings {
	return func(code int64) []byte {
		at := mem[offsets.Offset+code*4:]
		from, to := binary.LittleEndian.Uint32(at), binary.LittleEndian.Uint32(at[4:])
		return mem[data.Offset+int64(from) : data.Offset+int64(to)]
	}
}

// source is a column to append rows from.
type source struct {
	segment.Column
	mem  []byte
	dict Strings
}

func (s *source) hasValue(row int64) bool {
	return !s.Layout.Nullable || s.mem[s.Valid.Offset+row/8]>>(row%8)&1 != 0
}

// unsigned reads a value or code of Width bytes.
func (s *source) unsigned(row int64) uint64 {
	at := s.mem[s.Data.Offset+row*int64(s.Layout.Width):]
	switch s.Layout.Width {
	case 1:
		return uint64(at[0])
	case 2:
		return uint64(binary.LittleEndian.Uint16(at))
	case 4:
		return uint64(binary.LittleEndian.Uint32(at))
	}
	return binary.LittleEndian.Uint64(at)
}

// text is the bytes of a Bytes or Dictionary row.
func (s *source) text(row int64) []byte {
	if s.Layout.Encoding == segment.Dictionary {
		return s.dict(int64(s.unsigned(row)))
	}
	at := s.mem[s.Offsets.Offset+row*4:]
	from, to := binary.LittleEndian.Uint32(at), binary.LittleEndian.Uint32(at[4:])
	return s.mem[s.Data.Offset+int64(from) : s.Data.Offset+int64(to)]
}

// AppendImage appends rows from … to-1 of an image whose columns CheckColumn accepted. Dicts has the strings of Dictionary
// columns by ordinal. It stops early, and returns where, when a column would pass MaxTailBytes.
func (t *Tail) AppendImage(img *Image, mem []byte, dicts []Strings, from, to int64) (int64, error) {
	sources := make([]source, len(img.Cols))
	for i, c := range img.Cols {
		sources[i] = source{Column: c, mem: mem, dict: dicts[i]}
		if !Fits(t.table.Columns[i], c.Layout) {
			return from, fmt.Errorf("column %q cannot have layout %v", t.table.Columns[i].Name, c.Layout)
		}
	}
	bytes := make([]int64, len(sources))
	for i := range sources {
		if t.cols[i].layout.Encoding != segment.Bytes {
			continue
		}
		for row := from; row < to; row++ {
			if !sources[i].hasValue(row) {
				continue
			}
			n := int64(len(sources[i].text(row)))
			if t.cols[i].used+bytes[i]+n > MaxTailBytes {
				to = row
				break
			}
			bytes[i] += n
		}
	}
	if err := t.reserve(to-from, bytes); err != nil {
		return from, err
	}
	for i := range sources {
		t.appendColumn(i, &sources[i], from, to)
	}
	t.rows += to - from
	return to, nil
}

func (t *Tail) appendColumn(ordinal int, s *source, from, to int64) {
	c := &t.cols[ordinal]
	at := t.rows
	for row := from; row < to; row, at = row+1, at+1 {
		if !s.hasValue(row) {
			t.putNull(c, at)
			continue
		}
		switch c.layout.Encoding {
		case segment.Scaled:
			t.putInt(c, at, int64(s.unsigned(row))*s.Layout.Divisor+s.Base)
		case segment.Float:
			t.putFloat(c, at, s.unsigned(row))
		case segment.Wide, segment.Fixed:
			t.putWide(c, at, s.mem[s.Data.Offset+row*s.Layout.Stride():][:s.Layout.Stride()])
		default:
			t.putText(c, at, s.text(row))
		}
	}
}

// The put functions write row `at`, for which reserve has made room.

func (t *Tail) putNull(c *tailColumn, at int64) {
	c.stats.NullCount++
	if c.layout.Encoding == segment.Bytes {
		t.putOffset(c, at)
	}
}

func (t *Tail) setValid(c *tailColumn, at int64) {
	if c.layout.Nullable {
		t.mem[c.valid.Offset+at/8] |= 1 << (at % 8)
	}
}

// first reports whether row `at` is the first with a value.
func (c *tailColumn) first(at int64) bool { return c.stats.NullCount == at }

func (t *Tail) putInt(c *tailColumn, at, v int64) {
	t.setValid(c, at)
	binary.LittleEndian.PutUint64(t.mem[c.data.Offset+at*8:], uint64(v))
	if c.first(at) {
		c.stats.MinInt, c.stats.MaxInt = v, v
		return
	}
	c.stats.MinInt, c.stats.MaxInt = min(c.stats.MinInt, v), max(c.stats.MaxInt, v)
}

func (t *Tail) putFloat(c *tailColumn, at int64, bits uint64) {
	t.setValid(c, at)
	var v float64
	if c.layout.Width == 4 {
		v = float64(math.Float32frombits(uint32(bits)))
		binary.LittleEndian.PutUint32(t.mem[c.data.Offset+at*4:], uint32(bits))
	} else {
		v = math.Float64frombits(bits)
		binary.LittleEndian.PutUint64(t.mem[c.data.Offset+at*8:], bits)
	}
	switch {
	case math.IsNaN(v):
		c.unbounded = true
	case c.first(at):
		c.stats.MinFloat, c.stats.MaxFloat = v, v
	default:
		c.stats.MinFloat, c.stats.MaxFloat = min(c.stats.MinFloat, v), max(c.stats.MaxFloat, v)
	}
}

func (t *Tail) putWide(c *tailColumn, at int64, v []byte) {
	t.setValid(c, at)
	copy(t.mem[c.data.Offset+at*c.layout.Stride():], v)
}

func (t *Tail) putText(c *tailColumn, at int64, v []byte) {
	t.setValid(c, at)
	copy(t.mem[c.data.Offset+c.used:], v)
	c.used += int64(len(v))
	t.putOffset(c, at)
}

// putOffset notes where row at ends; the first offset is 0 since the memory is.
func (t *Tail) putOffset(c *tailColumn, at int64) {
	binary.LittleEndian.PutUint32(t.mem[c.offsets.Offset+(at+1)*4:], uint32(c.used))
}
