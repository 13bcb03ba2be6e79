package table

import (
	"encoding/binary"
	"errors"

	"github.com/flernd/flernd/internal/storage/segment"
)

// A commit's rows in the log: the number of rows, then for each column a bitmap of the rows that have a value, if the
// column may be null, and the values: zigzag varints, raw bytes of floats and wide values, texts with their length.

var errBadRows = errors.New("the rows do not have their form")

// EncodeRows appends rows from … Rows()-1 in the form of the log.
func (t *Tail) EncodeRows(dst []byte, from int64) []byte {
	cols := t.Columns()
	dst = binary.AppendUvarint(dst, uint64(t.rows-from))
	for i := range t.cols {
		s := source{Column: cols[i], mem: t.mem}
		if s.Layout.Nullable {
			var b byte
			for row := from; row < t.rows; row++ {
				if s.hasValue(row) {
					b |= 1 << ((row - from) % 8)
				}
				if (row-from)%8 == 7 || row == t.rows-1 {
					dst, b = append(dst, b), 0
				}
			}
		}
		for row := from; row < t.rows; row++ {
			if s.hasValue(row) {
				dst = s.appendValue(dst, row)
			}
		}
	}
	return dst
}

func (s *source) appendValue(dst []byte, row int64) []byte {
	switch s.Layout.Encoding {
	case segment.Scaled:
		return binary.AppendVarint(dst, int64(s.unsigned(row)))
	case segment.Bytes:
		v := s.text(row)
		return append(binary.AppendUvarint(dst, uint64(len(v))), v...)
	}
	at := s.Data.Offset + row*s.Layout.Stride()
	return append(dst, s.mem[at:at+s.Layout.Stride()]...)
}

// blobColumn is where a column's values start in a blob.
type blobColumn struct {
	valid []byte // nil: all rows have a value
	rest  []byte
}

func (c *blobColumn) hasValue(row int64) bool {
	return c.valid == nil || c.valid[row/8]>>(row%8)&1 != 0
}

// AppendRows appends what EncodeRows wrote. It looks at the whole blob before it changes anything.
func (t *Tail) AppendRows(blob []byte) error {
	n, used := binary.Uvarint(blob)
	if used <= 0 || n > segment.MaxRows {
		return errBadRows
	}
	rows := int64(n)
	blob = blob[used:]
	cols := make([]blobColumn, len(t.cols))
	bytes := make([]int64, len(t.cols))
	for i := range cols {
		c := &cols[i]
		if t.cols[i].layout.Nullable {
			size := int((rows + 7) / 8)
			if len(blob) < size {
				return errBadRows
			}
			c.valid, blob = blob[:size], blob[size:]
		}
		c.rest = blob
		sound := segment.Sound(t.table.Columns[i].Type)
		for row := int64(0); row < rows; row++ {
			if !c.hasValue(row) {
				continue
			}
			text, rest, ok := nextValue(t.cols[i].layout, blob)
			if !ok || sound != nil && t.cols[i].layout.Encoding == segment.Bytes && !sound(text) {
				return errBadRows
			}
			bytes[i] += int64(len(text))
			blob = rest
		}
		if t.cols[i].used+bytes[i] > MaxTailBytes {
			return errBadRows
		}
	}
	if len(blob) != 0 {
		return errBadRows
	}
	if err := t.reserve(rows, bytes); err != nil {
		return err
	}
	for i := range cols {
		t.appendBlobColumn(&t.cols[i], &cols[i], rows)
	}
	t.rows += rows
	return nil
}

// nextValue cuts a value off; text is set for Bytes only.
func nextValue(l segment.Layout, blob []byte) (text, rest []byte, ok bool) {
	switch l.Encoding {
	case segment.Scaled:
		_, n := binary.Varint(blob)
		if n <= 0 {
			return nil, nil, false
		}
		return nil, blob[n:], true
	case segment.Bytes:
		length, n := binary.Uvarint(blob)
		if n <= 0 || length > uint64(len(blob)-n) {
			return nil, nil, false
		}
		return blob[n : n+int(length)], blob[n+int(length):], true
	}
	if int64(len(blob)) < l.Stride() {
		return nil, nil, false
	}
	return nil, blob[l.Stride():], true
}

func (t *Tail) appendBlobColumn(c *tailColumn, b *blobColumn, rows int64) {
	at := t.rows
	for row := int64(0); row < rows; row, at = row+1, at+1 {
		if !b.hasValue(row) {
			t.putNull(c, at)
			continue
		}
		text, rest, _ := nextValue(c.layout, b.rest)
		switch {
		case c.layout.Encoding == segment.Scaled:
			v, _ := binary.Varint(b.rest)
			t.putInt(c, at, v)
		case c.layout.Encoding == segment.Bytes:
			t.putText(c, at, text)
		case c.layout.Encoding == segment.Wide, c.layout.Encoding == segment.Fixed:
			t.putWide(c, at, b.rest[:c.layout.Stride()])
		case c.layout.Width == 4:
			t.putFloat(c, at, uint64(binary.LittleEndian.Uint32(b.rest)))
		default:
			t.putFloat(c, at, binary.LittleEndian.Uint64(b.rest))
		}
		b.rest = rest
	}
}

// Copy returns a tail with the first rows of this one and memory of its own.
func (t *Tail) Copy(rows int64) (*Tail, error) {
	c := NewTail(t.table, t.newID)
	if rows == 0 {
		return c, nil
	}
	img := &Image{Rows: rows, Cols: t.Columns()}
	if _, err := c.AppendImage(img, t.mem, make([]Strings, len(t.cols)), 0, rows); err != nil {
		return nil, err
	}
	return c, nil
}
