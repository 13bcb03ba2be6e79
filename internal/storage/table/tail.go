package table

import (
	"os"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
)

const (
	regionAlignment = 64
	regionPadding   = 128
	firstTailRows   = 256
	firstTailBytes  = 4096
	// MaxTailBytes bounds the bytes of one column in a tail, well below what int32 offsets can address.
	MaxTailBytes = 1 << 30
)

// Tail gathers rows in shared memory, in the table's wide layout. One writer appends at its end; segments that View gave
// out before stay valid, since they only look at the rows that were there.
type Tail struct {
	table  *catalog.Table
	newID  func() uint64 // names memories
	cols   []tailColumn
	rows   int64
	room   int64 // rows that fit
	memory uint64
	file   *os.File
	mem    []byte
	shown  bool // a view of the memory was given out: who has it closes the file
}

// tailColumn is a column's regions of the memory, each with room for Tail.room rows.
type tailColumn struct {
	layout               segment.Layout
	valid, data, offsets segment.Span
	used, room           int64 // Bytes: bytes in data
	stats                segment.Stats
	unbounded            bool // a value that bounds cannot cover: NaN, or a type without them
}

// NewTail makes an empty tail; it takes memory when rows come, and a number for each memory from newID.
func NewTail(t *catalog.Table, newID func() uint64) *Tail {
	tail := &Tail{table: t, newID: newID, cols: make([]tailColumn, len(t.Columns))}
	for i, c := range t.Columns {
		tail.cols[i].layout = WideLayout(c)
		e := tail.cols[i].layout.Encoding
		tail.cols[i].unbounded = e != segment.Scaled && e != segment.Float
	}
	return tail
}

// Rows is the number of rows.
func (t *Tail) Rows() int64 { return t.rows }

// Bytes is the memory that the rows fill.
func (t *Tail) Bytes() int64 {
	n := int64(0)
	for _, c := range t.cols {
		n += t.rows*c.layout.Stride() + c.used
	}
	return n
}

// View is the tail as it is now, as a segment. Its file stays open until the last one who has a view of this memory closes
// it.
func (t *Tail) View(id uint64) *Segment {
	t.shown = true
	return &Segment{ID: id, Memory: t.memory, Rows: t.rows, File: t.file, Size: int64(len(t.mem)), Cols: t.Columns()}
}

// Columns is where the rows lie in Mem.
func (t *Tail) Columns() []segment.Column {
	cols := make([]segment.Column, len(t.cols))
	for i, c := range t.cols {
		col := segment.Column{Layout: c.layout, Data: c.data, Valid: c.valid, Offsets: c.offsets, Stats: c.stats}
		col.Stats.HasBounds = !c.unbounded
		if c.layout.Nullable {
			col.Valid.Length = (t.rows + 7) / 8
		}
		col.Data.Length = t.rows * c.layout.Stride()
		if c.layout.Encoding == segment.Bytes {
			col.Offsets.Length = (t.rows + 1) * 4
			col.Data.Length = c.used
		}
		cols[i] = col
	}
	return cols
}

// Mem is the memory that the columns lie in, for the writer itself.
func (t *Tail) Mem() []byte { return t.mem }

// Discard gives the writer's mapping back; segments given out keep the memory.
func (t *Tail) Discard() {
	segment.Unmap(t.mem)
	if t.file != nil && !t.shown {
		_ = t.file.Close() // memory has nothing to flush
	}
	t.mem, t.file = nil, nil
}

// reserve makes room for more rows, and more bytes in each Bytes column, moving to a new memory when it must.
func (t *Tail) reserve(rows int64, bytes []int64) error {
	fits := t.file != nil && t.rows+rows <= t.room
	for i := range t.cols {
		fits = fits && (bytes[i] == 0 || t.cols[i].used+bytes[i] <= t.cols[i].room)
	}
	if fits {
		return nil
	}
	n := Tail{table: t.table, newID: t.newID, memory: t.newID(), cols: append([]tailColumn(nil), t.cols...), rows: t.rows, room: grown(t.room, t.rows+rows, firstTailRows)}
	size := int64(0)
	region := func(length int64) segment.Span {
		s := segment.Span{Offset: size, Length: length}
		size += (length + regionPadding + regionAlignment - 1) / regionAlignment * regionAlignment
		return s
	}
	for i := range n.cols {
		c := &n.cols[i]
		if c.layout.Nullable {
			c.valid = region((n.room + 7) / 8)
		}
		if c.layout.Encoding == segment.Bytes {
			c.room = grown(c.room, c.used+bytes[i], firstTailBytes)
			c.offsets, c.data = region((n.room+1)*4), region(c.room)
			continue
		}
		c.data = region(n.room * c.layout.Stride())
	}
	var err error
	if n.file, n.mem, err = segment.SharedMemory("flern-tail", size); err != nil {
		return err
	}
	for i, c := range n.cols {
		old := t.cols[i]
		if t.mem == nil {
			continue
		}
		copy(n.mem[c.valid.Offset:], t.mem[old.valid.Offset:][:(t.rows+7)/8*nullable(c.layout)])
		if c.layout.Encoding == segment.Bytes {
			copy(n.mem[c.offsets.Offset:], t.mem[old.offsets.Offset:][:(t.rows+1)*4])
			copy(n.mem[c.data.Offset:], t.mem[old.data.Offset:][:c.used])
			continue
		}
		copy(n.mem[c.data.Offset:], t.mem[old.data.Offset:][:t.rows*c.layout.Stride()])
	}
	t.Discard()
	*t = n
	return nil
}

func nullable(l segment.Layout) int64 {
	if l.Nullable {
		return 1
	}
	return 0
}

// grown doubles have, or starts with first, until it is at least need.
func grown(have, need, first int64) int64 {
	have = max(have, first)
	for have < need {
		have *= 2
	}
	return have
}
