package storage

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Tx is a transaction. It serves one goroutine at a time, and ends with Commit or Rollback. A reading one sees the state
// when it began; the writing one sees its own changes too.
type Tx struct {
	base  *state // what was committed when it began
	state *state // base, or base with this transaction's changes

	// For the writing transaction:
	newFiles // they go with a rollback
	write    bool
	batch    catalog.Batch
	garbage  []*storedFile          // files that go with the commit
	appended map[uint64]*tableState // tables with new rows in the tail, by id
	tails    []*table.Tail          // made by this transaction
	views    []*table.Segment       // of tails, given out by this transaction
	done     bool

	// uses counts the transaction and its snapshots. What it made goes, after a rollback, with the last of them.
	uses   atomic.Int64
	undone []*storedFile
}

// Begin starts a transaction. Only one can write at a time: another waits for it to end, or for ctx to be done.
func (s *Store) Begin(ctx context.Context, write bool) (*Tx, error) {
	if write {
		select {
		case _, open := <-s.writer:
			if !open {
				return nil, sqlstate.New(sqlstate.CannotConnectNow, "the data directory is closed")
			}
		case <-ctx.Done():
			return nil, sqlstate.Wrap(ctx.Err(), sqlstate.QueryCanceled, "canceling statement while it waits for another transaction")
		}
		if s.failed != nil {
			s.writer <- struct{}{}
			return nil, s.failed
		}
	}
	tx := &Tx{newFiles: newFiles{store: s}, write: write, base: s.acquire()}
	tx.uses.Store(1)
	tx.state = tx.base
	if write {
		tx.state = tx.base.clone()
		tx.appended = map[uint64]*tableState{}
	}
	return tx, nil
}

// writable refuses changes in a transaction that only reads or has ended.
func (tx *Tx) writable() error {
	switch {
	case tx.done:
		return sqlstate.New(sqlstate.NoActiveSQLTransaction, "the transaction has ended")
	case !tx.write:
		return sqlstate.New(sqlstate.ReadOnlySQLTransaction, "cannot execute in a read-only transaction")
	}
	return nil
}

// Rollback ends the transaction without its changes. It does nothing after Commit.
func (tx *Tx) Rollback() {
	if tx.done {
		return
	}
	if tx.write {
		tx.undone = append(tx.created, tx.memoriesNotIn(tx.base)...)
	}
	for _, t := range tx.tails {
		t.Discard()
	}
	tx.end()
}

func (tx *Tx) end() {
	tx.done = true
	tx.unuse()
	tx.store.release(tx.base)
	if tx.write {
		tx.store.writer <- struct{}{}
	}
}

// Commit makes the changes durable and visible; when it returns without an error they survive anything but the loss of the
// disk. After an error the transaction has been rolled back.
func (tx *Tx) Commit() error {
	if tx.done {
		return sqlstate.New(sqlstate.NoActiveSQLTransaction, "the transaction has ended")
	}
	if !tx.write {
		tx.end()
		return nil
	}
	if err := tx.commit(); err != nil {
		if errors.Is(err, catalog.ErrUncertain) {
			tx.store.failed = err
			tx.created = nil // the catalog on disk may refer to them
		}
		tx.Rollback()
		return err
	}
	tx.end()
	return nil
}

func (tx *Tx) commit() error {
	s := tx.store
	for _, t := range tx.appended {
		if t.logged < t.tailRows {
			tx.batch.AddLog(t.def.ID, catalog.LogRecord{Number: t.nextLog, Rows: t.tail.EncodeRows(nil, t.logged)})
			t.nextLog++
			t.logged = t.tailRows
		}
	}
	if len(tx.created) > 0 {
		if err := s.fs.SyncDir(s.dataDir()); err != nil {
			return writeError(err, s.dataDir())
		}
	}
	if err := s.catalog.Apply(&tx.batch, s.nextID.Load()); err != nil {
		return err
	}
	for _, t := range tx.replacedTails() {
		t.Discard()
	}
	s.publish(tx.state, append(tx.garbage, tx.memoriesNotIn(tx.state)...))
	return nil
}

// unuse ends a use of what the transaction made.
func (tx *Tx) unuse() {
	if tx.uses.Add(-1) == 0 {
		tx.store.remove(tx.undone)
	}
}

// memoriesNotIn are the memories of tails that the transaction began with or gave out, without those of a state.
func (tx *Tx) memoriesNotIn(st *state) []*storedFile {
	known := map[uint64]bool{}
	for _, t := range st.tables {
		if t.tailView != nil {
			known[t.tailView.Memory] = true
		}
	}
	views := slices.Clip(tx.views)
	for _, t := range tx.base.tables {
		if t.tailView != nil {
			views = append(views, t.tailView)
		}
	}
	var rest []*storedFile
	for _, v := range views {
		if !known[v.Memory] {
			known[v.Memory] = true
			rest = append(rest, &storedFile{id: v.Memory, file: v.File})
		}
	}
	return rest
}

// replacedTails are tails of the old state that the new one no longer has.
func (tx *Tx) replacedTails() []*table.Tail {
	kept := map[*table.Tail]bool{}
	for _, t := range tx.state.tables {
		kept[t.tail] = true
	}
	var replaced []*table.Tail
	for _, t := range tx.tails {
		if !kept[t] {
			replaced = append(replaced, t)
		}
	}
	for _, t := range tx.base.tables {
		if !kept[t.tail] {
			replaced = append(replaced, t.tail)
		}
	}
	return replaced
}
