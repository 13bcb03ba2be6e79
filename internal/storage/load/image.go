package load

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"slices"
	"sync"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

const (
	imageMagic      = 0x31474d49
	imageVersion    = 1
	imageSegment    = 1
	imageDictionary = 2
	imageHeadSize   = 88
	imageColSize    = 112
	sketchSize      = 1024
)

// Image is shared memory that a sink filled, with its description (struct fl_image_head in sink.h).
type Image struct {
	File *os.File
	Size int64
	Meta []byte
}

// Decoder gathers the images of one statement. Every image is checked, as bytes from outside, when it comes: no span
// points out of it, no offset or code out of what it refers to.
type Decoder struct {
	// Store, if not nil, takes each segment's image when it has been checked; it may set Stored.
	Store func(*table.Image) error

	table *catalog.Table
	snap  *table.Snapshot

	mu       sync.Mutex
	segments []decoded
	deltas   map[int]table.DictDelta
	maxCodes []int64 // highest code of each column, -1 for none
}

type decoded struct {
	image           *table.Image
	order, suborder uint64
}

// NewDecoder starts on a statement that appends to t, planned on snap (nil for a table without rows).
func NewDecoder(t *catalog.Table, snap *table.Snapshot) *Decoder {
	d := &Decoder{table: t, snap: snap, deltas: map[int]table.DictDelta{}, maxCodes: make([]int64, len(t.Columns))}
	for i := range d.maxCodes {
		d.maxCodes[i] = -1
	}
	return d
}

// Decode decodes all images of a statement.
func Decode(t *catalog.Table, snap *table.Snapshot, images []Image) (*table.Append, error) {
	d := NewDecoder(t, snap)
	defer d.Close()
	for _, img := range images {
		if err := d.Add(img); err != nil {
			return nil, err
		}
	}
	return d.Append()
}

// Add takes one image; several may come at a time. The file is closed by Store, by whoever gets the Append, on an error
// here, else by Close.
func (d *Decoder) Add(img Image) error {
	err := d.add(img)
	if err == nil {
		return nil
	}
	img.File.Close()
	if _, coded := err.(*sqlstate.Error); coded {
		return err
	}
	return sqlstate.New(sqlstate.InternalError, "the executor returned a malformed image of table \"%s\": %s", d.table.Name, err)
}

func (d *Decoder) add(img Image) error {
	m := fields{b: img.Meta}
	if magic := m.u32(); magic != imageMagic {
		return fmt.Errorf("magic number %#x", magic)
	}
	version, kind := m.u16(), m.u16()
	if version != imageVersion {
		return fmt.Errorf("version %d", version)
	}
	switch kind {
	case imageSegment:
		return d.addSegment(img, &m)
	case imageDictionary:
		return d.addDictionary(img, &m)
	}
	return fmt.Errorf("kind %d", kind)
}

func (d *Decoder) addSegment(img Image, m *fields) error {
	s := decoded{image: &table.Image{Rows: m.i64(), File: img.File}}
	s.order, s.suborder = m.u64(), m.u64()
	s.image.Size = m.i64()
	ncols := int(m.u32())
	m.skip(imageHeadSize - 44)
	if s.image.Rows < 1 || s.image.Rows > segment.MaxRows {
		return fmt.Errorf("%d rows", s.image.Rows)
	}
	if s.image.Size < 0 || s.image.Size > img.Size {
		return fmt.Errorf("%d bytes used of %d", s.image.Size, img.Size)
	}
	if ncols != len(d.table.Columns) || m.left() < ncols*imageColSize {
		return fmt.Errorf("%d columns in %d bytes", ncols, len(img.Meta))
	}
	s.image.Cols = make([]segment.Column, ncols)
	codes := make([]int64, ncols)
	sketches := make([]int64, ncols)
	for i := range s.image.Cols {
		col, err := decodeColumn(m, d.table.Columns[i], s.image.Rows, &codes[i], &sketches[i])
		if err != nil {
			return fmt.Errorf("column \"%s\": %w", d.table.Columns[i].Name, err)
		}
		s.image.Cols[i] = col
	}
	for i, n := range sketches {
		sketch := m.bytes(int(n)) // 0 or sketchSize
		if len(sketch) != int(n) {
			return fmt.Errorf("sketch of column \"%s\" is cut off", d.table.Columns[i].Name)
		}
		if n > 0 {
			s.image.Cols[i].Stats.Sketch = slices.Clone(sketch)
		}
	}
	if m.left() != 0 {
		return fmt.Errorf("%d bytes too many", m.left())
	}
	if err := d.checkContents(s.image, codes); err != nil {
		return err
	}
	d.mu.Lock()
	for i, c := range codes {
		d.maxCodes[i] = max(d.maxCodes[i], c)
	}
	d.segments = append(d.segments, s)
	d.mu.Unlock()
	if d.Store == nil {
		return nil
	}
	return d.Store(s.image)
}

// decodeColumn reads a struct fl_image_column. code gets the highest code of a dictionary column, -1 else.
func decodeColumn(m *fields, def catalog.Column, rows int64, code, sketch *int64) (c segment.Column, err error) {
	c.Layout = segment.Layout{Encoding: segment.Encoding(m.u8()), Width: m.u8(), Nullable: m.u8() != 0, HasBase: m.u8() != 0}
	c.Stats.HasBounds = m.u8() != 0
	m.skip(1)
	c.Layout.Count = m.u16()
	c.Layout.Divisor, c.Base = m.i64(), m.i64()
	c.Data = segment.Span{Offset: m.i64(), Length: m.i64()}
	c.Valid = segment.Span{Offset: m.i64(), Length: m.i64()}
	c.Offsets = segment.Span{Offset: m.i64(), Length: m.i64()}
	c.Stats.NullCount = m.i64()
	low, high := m.i64(), m.i64()
	c.Stats.Distinct = m.i64()
	*sketch = m.i64()
	*code = -1
	switch {
	case c.Layout.Encoding == segment.Dictionary:
		*code = high
		if high < 0 || high >= maxDict {
			return c, fmt.Errorf("code %d", high)
		}
	case !c.Stats.HasBounds:
	case c.Layout.Encoding == segment.Float:
		c.Stats.MinFloat, c.Stats.MaxFloat = math.Float64frombits(uint64(low)), math.Float64frombits(uint64(high))
	default:
		c.Stats.MinInt, c.Stats.MaxInt = low, high
	}
	if !table.Fits(def, c.Layout) {
		return c, fmt.Errorf("type %s in layout %v", def.Type, c.Layout)
	}
	return c, checkColumn(&c, rows, *sketch)
}

func checkColumn(c *segment.Column, rows, sketch int64) error {
	st := &c.Stats
	if st.NullCount < 0 || st.NullCount > rows || (st.NullCount > 0 && !c.Layout.Nullable) {
		return fmt.Errorf("%d nulls in %d rows of layout %v", st.NullCount, rows, c.Layout)
	}
	if st.Distinct < 0 || st.Distinct > rows || (sketch != 0 && sketch != sketchSize) {
		return fmt.Errorf("%d distinct values in %d rows, sketch of %d bytes", st.Distinct, rows, sketch)
	}
	if st.HasBounds && !(st.MinInt <= st.MaxInt && st.MinFloat <= st.MaxFloat) {
		return fmt.Errorf("bounds %d to %d, %g to %g", st.MinInt, st.MaxInt, st.MinFloat, st.MaxFloat)
	}
	for _, s := range []segment.Span{c.Data, c.Valid, c.Offsets} {
		if s.Offset%64 != 0 {
			return fmt.Errorf("buffer at %d", s.Offset)
		}
	}
	return nil
}

// checkContents maps the image and checks what its columns refer to. Codes are held against the highest one that was
// declared; Append holds that against the dictionary.
func (d *Decoder) checkContents(img *table.Image, codes []int64) error {
	return segment.WithMap(img.File, img.Size, func(mem []byte) error {
		for i, c := range img.Cols {
			err := segment.CheckColumn(img.Rows, c, mem, codes[i]+1)
			if err == nil && c.Layout.Encoding == segment.Bytes {
				err = segment.CheckSound(img.Rows, d.table.Columns[i].Type, c, mem)
			}
			if err != nil {
				return fmt.Errorf("column \"%s\": %w", d.table.Columns[i].Name, err)
			}
		}
		return nil
	})
}

func (d *Decoder) addDictionary(img Image, m *fields) error {
	m.skip(24)
	delta := table.DictDelta{File: img.File, Size: m.i64()}
	m.skip(4)
	delta.Ordinal = int(m.u32())
	delta.Base, delta.Count = m.i64(), m.i64()
	delta.Offsets.Offset = m.i64()
	delta.Data = segment.Span{Offset: m.i64(), Length: m.i64()}
	delta.Offsets.Length = (delta.Count + 1) * 4
	if m.short || m.left() != 0 || delta.Size < 0 || delta.Size > img.Size {
		return fmt.Errorf("dictionary of %d bytes described in %d", delta.Size, len(img.Meta))
	}
	if delta.Ordinal >= len(d.table.Columns) || !d.table.Columns[delta.Ordinal].Type.Kind.IsString() {
		return fmt.Errorf("dictionary of column %d", delta.Ordinal)
	}
	if delta.Base != dictCount(d.snap, delta.Ordinal) || delta.Count < 1 || delta.Count > maxDict {
		return fmt.Errorf("dictionary of codes from %d, %d of them", delta.Base, delta.Count)
	}
	err := segment.WithMap(delta.File, delta.Size, func(mem []byte) error {
		return segment.CheckDict(delta.Count, delta.Offsets, delta.Data, mem)
	})
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, twice := d.deltas[delta.Ordinal]; twice {
		return fmt.Errorf("two dictionaries of column %d", delta.Ordinal)
	}
	d.deltas[delta.Ordinal] = delta
	return nil
}

// Close gives up what has come, unless Append has handed it over: shared memory that nothing else would count or give back.
func (d *Decoder) Close() {
	for _, s := range d.segments {
		if s.image.Stored == nil {
			s.image.File.Close()
		}
	}
	for _, delta := range d.deltas {
		delta.File.Close()
	}
	d.segments, d.deltas = nil, nil
}

// Append is the statement's rows, in order.
func (d *Decoder) Append() (*table.Append, error) {
	a := &table.Append{}
	for i, code := range d.maxCodes {
		if known := dictCount(d.snap, i) + d.deltas[i].Count; code >= known {
			return nil, sqlstate.New(sqlstate.InternalError, "the executor returned a malformed image of table \"%s\": code %d of column \"%s\" is not among %d strings",
				d.table.Name, code, d.table.Columns[i].Name, known)
		}
		if delta, ok := d.deltas[i]; ok {
			a.Dicts = append(a.Dicts, delta)
		}
	}
	slices.SortStableFunc(d.segments, func(x, y decoded) int {
		return cmp.Or(cmp.Compare(x.order, y.order), cmp.Compare(x.suborder, y.suborder))
	})
	for _, s := range d.segments {
		a.Segments = append(a.Segments, *s.image)
	}
	d.segments, d.deltas = nil, nil
	return a, nil
}

// fields reads little-endian fields one after another; past the end it yields zeros and sets short.
type fields struct {
	b     []byte
	short bool
}

func (f *fields) left() int { return len(f.b) }

func (f *fields) bytes(n int) []byte {
	if n > len(f.b) {
		f.short, f.b = true, nil
		return nil
	}
	v := f.b[:n]
	f.b = f.b[n:]
	return v
}

func (f *fields) skip(n int) { f.bytes(n) }

func (f *fields) u8() uint8 {
	if v := f.bytes(1); v != nil {
		return v[0]
	}
	return 0
}

func (f *fields) u16() uint16 {
	if v := f.bytes(2); v != nil {
		return binary.LittleEndian.Uint16(v)
	}
	return 0
}

func (f *fields) u32() uint32 {
	if v := f.bytes(4); v != nil {
		return binary.LittleEndian.Uint32(v)
	}
	return 0
}

func (f *fields) u64() uint64 {
	if v := f.bytes(8); v != nil {
		return binary.LittleEndian.Uint64(v)
	}
	return 0
}

func (f *fields) i64() int64 { return int64(f.u64()) }
