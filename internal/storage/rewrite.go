package storage

import (
	"context"
	"fmt"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Rewrite puts other segments with the same rows in the place of neighbouring segments of a table. Writing them needs no
// transaction and holds nobody up; only Swap is one, and a short one. It ends with Swap or Drop. What a crash leaves of it
// are files that no commit names.
type Rewrite struct {
	newFiles
	t   *tableState // the definition only: for names and checks
	old []*table.Segment
}

// Rewrite begins to replace segments that a snapshot of the table has one after another; the last may be the tail.
func (s *Store) Rewrite(def *catalog.Table, old []*table.Segment) *Rewrite {
	return &Rewrite{newFiles: newFiles{store: s}, t: &tableState{def: def}, old: old}
}

// Receive writes an image of a new segment to a file. It serves several goroutines.
func (r *Rewrite) Receive(img *table.Image) error {
	if err := checkImage(r.t, img); err != nil {
		return err
	}
	return r.storeImage(r.t, img)
}

// Drop forgets what was written.
func (r *Rewrite) Drop() {
	r.store.remove(r.created)
	r.created = nil
}

// Swap makes the new segments parts of the table, instead of the old ones, in one transaction. What was appended to the table
// meanwhile stays. Where the old segments are not there any more as they were, or the dictionaries are others, it fails with
// SerializationFailure and nothing has happened. a has all images that Receive got; it is used up.
func (r *Rewrite) Swap(ctx context.Context, a *table.Append) error {
	tx, err := r.store.Begin(ctx, true)
	if err != nil {
		a.Close()
		r.Drop()
		return err
	}
	defer tx.Rollback()
	tx.created, tx.written = r.created, r.written
	r.created = nil
	if err := tx.replace(r.t.def, r.old, a); err != nil {
		return err
	}
	return tx.Commit()
}

// replace puts an append's segments, which are files already, in the place of old ones.
func (tx *Tx) replace(def *catalog.Table, old []*table.Segment, a *table.Append) error {
	defer a.Close()
	t, err := tx.own(def)
	if err != nil {
		return err
	}
	from, to, err := t.find(old)
	if err != nil {
		return err
	}
	if err := promised(t, old, a); err != nil {
		return err
	}
	op := appender{tx: tx, t: t, a: a}
	maps, err := op.dictMaps()
	if err != nil {
		return err
	}
	err = withMaps(maps, func() error {
		if err := op.openDicts(); err != nil {
			return err
		}
		return op.growDicts()
	})
	if err != nil {
		return err
	}
	positions := tx.retire(t, from, to, old)
	fresh := make([]*storedSegment, len(a.Segments))
	for i := range a.Segments {
		s := a.Segments[i].Stored
		n := tx.written[s.ID]
		n.record.Position = positions[i]
		tx.batch.AddSegment(def.ID, n.record)
		fresh[i] = &storedSegment{Segment: s, file: n.file, position: positions[i]}
	}
	t.replaceSegments(from, to, fresh)
	if len(table.Layouts(def, t.all())) > table.MaxLayouts { // another one came meanwhile
		return t.changed()
	}
	return nil
}

// promised checks what the rewriting promises: as many rows, in files, in no more segments than before.
func promised(t *tableState, old []*table.Segment, a *table.Append) error {
	before, after := int64(0), int64(0)
	for _, s := range old {
		before += s.Rows
	}
	for i := range a.Segments {
		after += a.Segments[i].Rows
		if a.Segments[i].Stored == nil {
			return badAppend(t, fmt.Errorf("a rewritten segment is not in a file"))
		}
	}
	if before != after || len(a.Segments) > len(old) {
		return badAppend(t, fmt.Errorf("%d segments of %d rows rewritten to %d of %d rows", len(old), before, len(a.Segments), after))
	}
	return nil
}

func (t *tableState) changed() error {
	return sqlstate.New(sqlstate.SerializationFailure, "table \"%s\" changed while segments of it were rewritten", t.def.Name)
}

// find returns where the old segments of a rewrite are. The tail, if it is among them, counts as the one after the last.
func (t *tableState) find(old []*table.Segment) (from, to int, err error) {
	for from < len(t.segments) && t.segments[from].ID != old[0].ID {
		from++
	}
	to = from
	for _, s := range old {
		switch {
		case to < len(t.segments) && t.segments[to].ID == s.ID:
		case to == len(t.segments) && t.tailView != nil && t.tailView.ID == s.ID:
		default:
			return 0, 0, t.changed()
		}
		to++
	}
	return from, to, nil
}

// retire takes the old segments out of the catalog and returns their positions in the table.
func (tx *Tx) retire(t *tableState, from, to int, old []*table.Segment) []uint64 {
	positions := make([]uint64, 0, len(old))
	for i := from; i < to; i++ {
		if i == len(t.segments) {
			positions = append(positions, tx.store.newID())
			tx.emptyTail(t)
			continue
		}
		s := t.segments[i]
		positions = append(positions, s.position)
		tx.batch.RemoveSegment(t.def.ID, s.ID)
		tx.garbage = append(tx.garbage, s.file)
	}
	return positions
}

// replaceSegments puts segments in the place of others; t is not shared yet.
func (t *tableState) replaceSegments(from, to int, fresh []*storedSegment) {
	rest := t.segments[min(to, len(t.segments)):]
	segments := append(append(append([]*storedSegment(nil), t.segments[:from]...), fresh...), rest...)
	t.segments, t.stats = nil, table.Stats{}
	for _, s := range segments {
		t.addSegment(s.file, s.position, s.Segment)
	}
}

// Segments are a table's segments as the transaction sees them, the tail last. Unlike those of a snapshot nothing keeps their
// files open.
func (tx *Tx) Segments(def *catalog.Table) ([]*table.Segment, error) {
	t, err := tx.find(def)
	if err != nil {
		return nil, err
	}
	return t.all(), nil
}

// all are the segments and the tail.
func (t *tableState) all() []*table.Segment {
	segments := make([]*table.Segment, 0, len(t.segments)+1)
	for _, s := range t.segments {
		segments = append(segments, s.Segment)
	}
	if t.tailView != nil {
		segments = append(segments, t.tailView)
	}
	return segments
}
