package table

import (
	"os"

	"github.com/flernd/flernd/internal/storage/segment"
)

// Append is what a table sink produced for one statement: rows to add to a table, in shared memory. storage/load decodes
// and checks it from what the executor sent; the store writes it to files or the log within a transaction.
type Append struct {
	Segments []Image
	Dicts    []DictDelta
}

// Image is a segment in shared memory: buffers encoded as the segment's file will hold them.
type Image struct {
	Rows int64
	Cols []segment.Column // one a column of the table, spans into File
	File *os.File
	Size int64
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
