package storage

import (
	"errors"
	"runtime"
	"sync"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Snapshot returns the table's contents as this transaction sees them now. It stays valid after the transaction; the
// caller releases it. A file that is read for the first time is checked against its checksum.
func (tx *Tx) Snapshot(def *catalog.Table) (*table.Snapshot, error) {
	if tx.done {
		return nil, sqlstate.New(sqlstate.NoActiveSQLTransaction, "the transaction has ended")
	}
	t, err := tx.find(def)
	if err != nil {
		return nil, err
	}
	if err := verifyFiles(t.files()); err != nil {
		return nil, err
	}
	stats := t.stats
	if t.tailView != nil {
		stats = stats.With(t.tailView)
	}
	dicts := make([]*table.Dict, len(t.dicts))
	for i, d := range t.dicts {
		if d != nil {
			dicts[i] = d.Dict
		}
	}
	tx.store.retain(tx.base)
	tx.uses.Add(1)
	return table.NewSnapshot(t.def, t.all(), dicts, stats, func() {
		tx.unuse()
		tx.store.release(tx.base)
	}), nil
}

// verifyFiles checks the files, several at a time.
func verifyFiles(files []*storedFile) error {
	errs := make([]error, len(files))
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, f := range files {
		if f.checked.Load() {
			continue
		}
		slots <- struct{}{}
		wait.Add(1)
		go func() {
			defer wait.Done()
			errs[i] = f.verify()
			<-slots
		}()
	}
	wait.Wait()
	return errors.Join(errs...)
}
