package storage

import (
	"maps"
	"slices"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/table"
)

// state is everything that is committed at one moment. It is immutable, but for its bookkeeping under Store.mu.
type state struct {
	tables map[tableName]*tableState
	models map[string]*modelState

	refs    int           // transactions and snapshots that use it
	next    *state        // the state that replaced it
	garbage []*storedFile // what the next state no longer has
}

type tableName struct{ schema, name string }

// tableState is a table's contents in a state.
type tableState struct {
	def      *catalog.Table
	segments []*storedSegment
	stats    table.Stats   // of segments
	dicts    []*storedDict // by ordinal, nil for none

	// The tail is shared with the writer, who may have put rows after these: tailRows of them belong to this state, and
	// tailView shows them (nil when there are none).
	tail     *table.Tail
	tailRows int64
	tailView *table.Segment
	logged   int64 // rows of the tail that are in the log; all of them in a committed state
	nextLog  uint64
}

type storedSegment struct {
	*table.Segment
	file     *storedFile
	position uint64 // in the table; the segments are in order of it
}

type storedDict struct {
	*table.Dict
	file *storedFile
}

// modelState is a model's versions in a state, by number. It is immutable.
type modelState struct {
	versions []*storedModel
	current  *storedModel
}

type storedModel struct {
	catalog.ModelRecord
	file *storedFile
}

func newTableState(def *catalog.Table, newID func() uint64) *tableState {
	return &tableState{def: def, dicts: make([]*storedDict, len(def.Columns)), tail: table.NewTail(def, newID)}
}

// clone returns a state that can be changed, as the successor of s.
func (s *state) clone() *state {
	return &state{tables: maps.Clone(s.tables), models: maps.Clone(s.models)}
}

// clone returns a table state that can be changed; segments must only be appended to, or replaced as a whole.
func (t *tableState) clone() *tableState {
	c := *t
	c.segments = slices.Clip(c.segments)
	c.dicts = slices.Clone(c.dicts)
	return &c
}

// addSegment adds a segment and its statistics; t is not shared yet.
func (t *tableState) addSegment(f *storedFile, position uint64, s *table.Segment) {
	t.segments = append(t.segments, &storedSegment{file: f, Segment: s, position: position})
	t.stats = t.stats.With(s)
}

// files are all files of the table.
func (t *tableState) files() []*storedFile {
	var files []*storedFile
	for _, s := range t.segments {
		files = append(files, s.file)
	}
	for _, d := range t.dicts {
		if d != nil {
			files = append(files, d.file)
		}
	}
	return files
}

// acquire returns the current state; release gives it back.
func (s *Store) acquire() *state {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current.refs++
	return s.current
}

func (s *Store) retain(st *state) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st.refs++
}

func (s *Store) release(st *state) {
	s.mu.Lock()
	st.refs--
	garbage := s.reap()
	s.mu.Unlock()
	s.remove(garbage)
}

// publish makes next the current state.
func (s *Store) publish(next *state, garbage []*storedFile) {
	s.mu.Lock()
	s.current.next, s.current.garbage = next, garbage
	s.current = next
	s.commits.Add(1)
	removable := s.reap()
	s.mu.Unlock()
	s.remove(removable)
}

// reap drops the oldest states that nobody uses and returns the files that went with them.
func (s *Store) reap() (garbage []*storedFile) {
	for s.oldest.refs == 0 && s.oldest.next != nil {
		garbage = append(garbage, s.oldest.garbage...)
		s.oldest = s.oldest.next
	}
	return garbage
}

// remove lets go of files that no state has any more. A failure leaves a file to the next opening of the store.
func (s *Store) remove(files []*storedFile) {
	if len(files) == 0 {
		return
	}
	ids := make([]uint64, len(files))
	for i, f := range files {
		ids[i] = f.id
		f.close()
		if f.path != "" {
			_ = s.fs.Remove(f.path)
		}
	}
	if s.onRemove != nil {
		s.onRemove(ids...)
	}
}
