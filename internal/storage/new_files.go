package storage

import (
	"sync"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/storage/vfs"
)

// newSegment is a segment's file that no table has yet.
type newSegment struct {
	file   *storedFile
	record catalog.SegmentRecord
}

// newFiles is what was written and belongs to no committed state yet.
type newFiles struct {
	store   *Store
	mu      sync.Mutex
	created []*storedFile
	written map[uint64]newSegment // segments among them, by number
}

// storeImage writes a file for an image and closes its memory. It serves several goroutines.
func (n *newFiles) storeImage(t *tableState, img *table.Image) error {
	err := segment.WithMap(img.File, img.Size, func(mem []byte) (err error) {
		img.Stored, err = n.writeSegment(t, img.Rows, img.Cols, mem)
		return err
	})
	if err == nil {
		_ = img.File.Close() // memory has nothing to flush
	}
	return err
}

// writeSegment writes rows to a new file. It serves several goroutines.
func (n *newFiles) writeSegment(t *tableState, rows int64, cols []segment.Column, mem []byte) (*table.Segment, error) {
	id := n.store.newID()
	var written segment.Written
	f, err := n.store.writeFile(segmentFile, id, func(w vfs.File) (int64, error) {
		var err error
		written, err = segment.Write(w, fieldsOf(t), rows, cols, mem)
		return written.Size, err
	})
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.created = append(n.created, f)
	if n.written == nil {
		n.written = map[uint64]newSegment{}
	}
	n.written[id] = newSegment{f, catalog.SegmentRecord{ID: id, Rows: rows, Size: f.size, Cols: written.Cols}}
	return &table.Segment{ID: id, Memory: id, Rows: rows, Cols: written.Cols, File: f.file, Size: f.size}, nil
}
