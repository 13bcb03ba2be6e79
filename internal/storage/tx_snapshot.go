package storage

import (
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Snapshot returns the table's contents as this transaction sees them now. It stays valid after the transaction; the
// caller releases it. Its files have not been read: who uses what lies in them calls Snapshot.Verify.
func (tx *Tx) Snapshot(def *catalog.Table) (*table.Snapshot, error) {
	if tx.done {
		return nil, sqlstate.New(sqlstate.NoActiveSQLTransaction, "the transaction has ended")
	}
	t, err := tx.find(def)
	if err != nil {
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
