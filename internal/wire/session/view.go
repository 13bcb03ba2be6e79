package session

import (
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/table"
)

// publicSchema is the one schema that tables are in.
const publicSchema = "public"

// view is what one statement sees of the store: a transaction, names as the search path finds them, and the snapshots
// that the statement took, which it gives back at its end.
type view struct {
	Tx
	settings *settings
	held     []*table.Snapshot
	end      func() // of the transaction, if it is this statement's own
}

// Table implements planner.Catalog.
func (v *view) Table(schema, name string) (*catalog.Table, bool) {
	if schema == "" {
		if !v.settings.searches(publicSchema) {
			return nil, false
		}
		schema = publicSchema
	}
	return v.Tx.Table(schema, name)
}

// Snapshot implements planner.Catalog.
func (v *view) Snapshot(t *catalog.Table) (*table.Snapshot, error) {
	snapshot, err := v.Tx.Snapshot(t)
	if err == nil {
		v.held = append(v.held, snapshot)
	}
	return snapshot, err
}

// close ends the statement's use of the store.
func (v *view) close() {
	for _, snapshot := range v.held {
		snapshot.Release()
	}
	v.held = nil
	if v.end != nil {
		v.end()
		v.end = nil
	}
}
