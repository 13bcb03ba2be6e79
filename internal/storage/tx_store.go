package storage

import (
	"sync"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/table"
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
	r := receiver{files: &tx.newFiles, t: t}
	return r.take, nil
}

// receiver takes the images of one append.
type receiver struct {
	files *newFiles
	t     *tableState

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
		if err := r.files.storeImage(r.t, img); err != nil {
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
	if !r.large && r.files.store.limits.small(r.rows, r.size) {
		return nil
	}
	due := r.waiting
	r.large, r.waiting = true, nil
	return due
}
