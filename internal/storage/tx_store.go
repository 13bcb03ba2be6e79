package storage

import (
	"sync"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/storage/vfs"
)

// Receive returns what takes the images of one append to the table while the statement that makes them runs, several at a
// time. They become files, with their contents synced, as they come, so that a load needs memory for a few of them only; but
// the first ones wait in shared memory until there are more than an append to the tail would have. Append then makes them
// parts of the table.
//
// Nothing may be done with the transaction meanwhile but to read it. A file that no commit names goes with the rollback, or
// when the store is opened after a crash.
func (tx *Tx) Receive(def *catalog.Table) (func(*table.Image) error, error) {
	if err := tx.writable(); err != nil {
		return nil, err
	}
	t, err := tx.find(def)
	if err != nil {
		return nil, err
	}
	r := receiver{tx: tx, t: t}
	return r.take, nil
}

// receiver takes the images of one append.
type receiver struct {
	tx *Tx
	t  *tableState

	mu         sync.Mutex
	waiting    []*table.Image
	rows, size int64
	large      bool // no image waits any more
}

func (r *receiver) take(img *table.Image) error {
	if err := checkImage(r.t, img); err != nil {
		return err
	}
	for _, img := range r.due(img) {
		if err := r.tx.storeImage(r.t, img); err != nil {
			return err
		}
	}
	return nil
}

// due returns the images that are to be written when one more has come.
func (r *receiver) due(img *table.Image) []*table.Image {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting = append(r.waiting, img)
	r.rows += img.Rows
	r.size += imageBytes(img)
	if !r.large && r.tx.store.limits.small(r.rows, r.size) {
		return nil
	}
	due := r.waiting
	r.large, r.waiting = true, nil
	return due
}

// newSegment is a segment's file that no table has yet.
type newSegment struct {
	file   *storedFile
	record catalog.SegmentRecord
}

// storeImage writes a file for an image and closes its memory. It serves several goroutines.
func (tx *Tx) storeImage(t *tableState, img *table.Image) error {
	err := segment.WithMap(img.File, img.Size, func(mem []byte) (err error) {
		img.Stored, err = tx.writeSegment(t, img.Rows, img.Cols, mem)
		return err
	})
	if err == nil {
		_ = img.File.Close() // memory has nothing to flush
	}
	return err
}

// writeSegment writes rows to a new file. It serves several goroutines.
func (tx *Tx) writeSegment(t *tableState, rows int64, cols []segment.Column, mem []byte) (*table.Segment, error) {
	tx.mu.Lock()
	id := tx.store.newID()
	tx.mu.Unlock()
	var written segment.Written
	f, err := tx.store.writeFile(segmentFile, id, func(w vfs.File) (int64, uint32, error) {
		var err error
		written, err = segment.Write(w, fieldsOf(t), rows, cols, mem)
		return written.Size, written.CRC, err
	})
	if err != nil {
		return nil, err
	}
	tx.mu.Lock()
	defer tx.mu.Unlock()
	tx.created = append(tx.created, f)
	if tx.written == nil {
		tx.written = map[uint64]newSegment{}
	}
	tx.written[id] = newSegment{f, catalog.SegmentRecord{ID: id, Rows: rows, Size: f.size, CRC: f.crc, Cols: written.Cols}}
	return &table.Segment{ID: id, Memory: id, Rows: rows, Cols: written.Cols, File: f.file, Size: f.size}, nil
}
