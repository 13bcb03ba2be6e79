package table

import (
	"os"
	"sync"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
)

// Snapshot is a table's contents at one moment: what one statement reads. It is immutable, and it keeps its files open
// until Release. What lies in its files is to be verified before it is used.
type Snapshot struct {
	Table    *catalog.Table
	Segments []*Segment
	Dicts    []*Dict // one a column, nil for columns without a dictionary
	// Stats merges the segments' statistics, one a column. HasBounds is true only if every segment's rows are covered.
	Stats []segment.Stats
	Rows  int64

	released sync.Once
	release  func()
}

// NewSnapshot makes a snapshot of these segments and dictionaries; stats are the segments', and release is called once, by
// Release.
func NewSnapshot(t *catalog.Table, segments []*Segment, dicts []*Dict, stats Stats, release func()) *Snapshot {
	s := &Snapshot{Table: t, Segments: segments, Dicts: dicts, Stats: stats.Cols, Rows: stats.Rows, release: release}
	if s.Stats == nil {
		s.Stats = make([]segment.Stats, len(t.Columns))
	}
	return s
}

// Part is a snapshot of the segments from … to-1, for as long as s is not released.
func (s *Snapshot) Part(from, to int) *Snapshot {
	var stats Stats
	for _, segment := range s.Segments[from:to] {
		stats = stats.With(segment)
	}
	return NewSnapshot(s.Table, s.Segments[from:to], s.Dicts, stats, nil)
}

// Release lets go of the snapshot's files. Nothing may use the snapshot afterwards, except by descriptors that were passed
// on before. It may be called more than once.
func (s *Snapshot) Release() {
	s.released.Do(func() {
		if s.release != nil {
			s.release()
		}
	})
}

// Segment is a mapped segment. File holds the bytes that the spans of Cols point into: a segment file, or shared memory
// for a tail.
type Segment struct {
	ID uint64 // never reused within a data directory
	// Memory names what File is: the views of a tail that lie in the same memory have the same. It is taken from the same
	// numbers as ID, so that a mapping may be cached by it.
	Memory uint64
	Rows   int64
	Cols   []segment.Column
	File   *os.File // nil if it cannot be used; Unread says why
	Size   int64
	Unread *segment.Unread // columns of File that are to be verified before they are used
}

// Layouts are the layouts of the segment's columns.
func (s *Segment) Layouts() []segment.Layout { return LayoutsOf(s.Cols) }

// LayoutsOf are the layouts of columns.
func LayoutsOf(cols []segment.Column) []segment.Layout {
	layouts := make([]segment.Layout, len(cols))
	for i := range cols {
		layouts[i] = cols[i].Layout
	}
	return layouts
}

// IsTail reports whether the segment is a view of a tail.
func (s *Segment) IsTail() bool { return s.ID != s.Memory }

// Dict is a table column's dictionary: strings in order of their codes. It only grows: a later Dict of the same column has
// the same strings at the same codes. File holds Count+1 int32 offsets at Offsets and the bytes at Data.
type Dict struct {
	ID            uint64 // changes when the contents change
	Count         int64
	File          *os.File // nil if it cannot be used; Unread says why
	Size          int64
	Offsets, Data segment.Span
	Unread        *segment.Unread // its one column
}
