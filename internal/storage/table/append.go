package table

import (
	"os"

	"github.com/flernd/flernd/internal/storage/segment"
)

// MaxLayouts is how many combinations of layouts the segments of a table may have. One of them is the wide one (WideLayout of
// each column), which tails have and every value fits.
const MaxLayouts = 4

// Append is what a table sink produced for one statement: rows to add to a table, in shared memory or files already.
// storage/load decodes and checks it from what the executor sent, every value of it; the store writes it to files or the log
// within a transaction, and closes the shared memory.
type Append struct {
	Segments []Image
	Dicts    []DictDelta
}

// Close closes the shared memory.
func (a *Append) Close() {
	for i := range a.Segments {
		if img := &a.Segments[i]; img.Stored == nil {
			_ = img.File.Close() // memory has nothing to flush
		}
	}
	for i := range a.Dicts {
		_ = a.Dicts[i].File.Close()
	}
}

// Image is a segment in shared memory: buffers encoded as the segment's file will hold them.
type Image struct {
	Rows int64
	Cols []segment.Column // one a column of the table, spans into File
	File *os.File
	Size int64
	// Stored is the segment that the image has become, if it was written to a file while the statement ran. File is closed
	// then.
	Stored *Segment
}

// Rewriting says in which layouts a sink is to write segments again. They have the layout of those that stay, whatever it
// costs; a sink that adds rows prefers a narrow one.
type Rewriting struct {
	Layout []segment.Layout // of the segments that stay, one a column; nil if they have none to go by
	Room   bool             // the table may get another layout, for what does not fit
}

// DictDelta is strings to add to a column's dictionary, at the codes from Base on. Codes in the statement's segments
// may refer to them. Base is the dictionary's count in the snapshot the statement was planned on.
type DictDelta struct {
	Ordinal       int
	Base, Count   int64
	File          *os.File
	Size          int64
	Offsets, Data segment.Span // Count+1 int32 offsets from 0
}
