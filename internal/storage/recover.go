package storage

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// recover builds the state that the catalog describes and removes files that no commit refers to. Files that a commit does
// refer to stay, also those that are damaged.
func (s *Store) recover(c *catalog.Contents) error {
	s.nextID.Store(max(c.NextID, 1))
	st := &state{tables: map[tableName]*tableState{}, models: map[string]*modelState{}}
	known := map[string]bool{}
	for _, tc := range c.Tables {
		t, err := s.recoverTable(tc)
		if err != nil {
			return err
		}
		st.tables[tableName{t.def.Schema, t.def.Name}] = t
		for _, f := range t.files() {
			known[filepath.Base(f.path)] = true
		}
	}
	for _, r := range c.Models {
		f := s.openFile(modelFile, r.ID, r.Size, func(file *os.File) error { return segment.VerifySize(file, r.Size) })
		st.addModel(&storedModel{ModelRecord: r, file: f})
		known[filepath.Base(f.path)] = true
	}
	for _, m := range st.models {
		m.complete()
	}
	s.current, s.oldest = st, st
	return s.removeUnknown(known)
}

// expectCatalog refuses a directory that has data files but no catalog to say what they are.
func (s *Store) expectCatalog(path string) error {
	if catalog.Exists(path) {
		return nil
	}
	names, err := s.dataFiles()
	if err == nil && len(names) > 0 {
		err = sqlstate.New(sqlstate.DataCorrupted, "catalog \"%s\" is missing, but there are %d data files in \"%s\"", path, len(names), s.dataDir()).
			WithHint("Put the catalog back, or choose another directory with --data-dir.")
	}
	return err
}

func (s *Store) dataFiles() ([]string, error) {
	names, err := s.fs.List(s.dataDir())
	if err != nil {
		return nil, sqlstate.Wrap(err, sqlstate.IOError, "could not list directory \"%s\"", s.dataDir())
	}
	return names, nil
}

// removeUnknown removes what transactions left that did not commit, and dropped tables' files that a crash kept. The catalog
// is the directory's latest (catalog.Open sees to it), so what it does not name is nobody's.
func (s *Store) removeUnknown(known map[string]bool) error {
	names, err := s.dataFiles()
	if err != nil {
		return err
	}
	for _, name := range names {
		if known[name] {
			continue
		}
		path := filepath.Join(s.dataDir(), name)
		if err := s.fs.Remove(path); err != nil {
			return sqlstate.Wrap(err, sqlstate.IOError, "could not remove file \"%s\"", path)
		}
	}
	return nil
}

func (s *Store) recoverTable(c catalog.TableContents) (*tableState, error) {
	t := newTableState(c.Table, s.newID)
	for _, r := range c.Dicts {
		f, unread := s.openColumns(dictionaryFile, r.ID, r.Size, []segment.Column{{Offsets: r.Offsets, Data: r.Data}})
		t.dicts[r.Ordinal] = &storedDict{file: f, Dict: &table.Dict{ID: r.ID, Count: r.Count, File: f.file, Size: r.Size,
			Offsets: r.Offsets, Data: r.Data, Unread: unread}}
	}
	slices.SortFunc(c.Segments, func(a, b catalog.SegmentRecord) int { return cmp.Compare(a.Position, b.Position) })
	for _, r := range c.Segments {
		f, unread := s.openColumns(segmentFile, r.ID, r.Size, r.Cols)
		for i, col := range r.Cols {
			if !table.Fits(c.Table.Columns[i], col.Layout) {
				return nil, segment.Corrupted(f.path, "column %d has layout %v", i, col.Layout)
			}
			if col.Layout.Encoding == segment.Dictionary && t.dicts[i] == nil {
				return nil, segment.Corrupted(f.path, "the dictionary of column %d is missing", i)
			}
		}
		t.addSegment(f, r.Position, &table.Segment{ID: r.ID, Memory: r.ID, Rows: r.Rows, Cols: r.Cols, File: f.file, Size: r.Size,
			Unread: unread})
	}
	for _, l := range c.Log {
		if err := t.tail.AppendRows(l.Rows); err != nil {
			return nil, sqlstate.Wrap(err, sqlstate.DataCorrupted, "logged rows %d of table \"%s\" are damaged", l.Number, c.Table.Name)
		}
		t.nextLog = l.Number + 1
	}
	t.tailRows, t.logged = t.tail.Rows(), t.tail.Rows()
	if t.tailRows > 0 {
		t.tailView = t.tail.View(s.newID())
	}
	return t, nil
}

// newID returns a number that no file, table, segment or dictionary has had.
func (s *Store) newID() uint64 { return s.nextID.Add(1) - 1 }

// addModel adds a version to those of its model, of a state under construction; complete follows.
func (st *state) addModel(v *storedModel) {
	m := st.models[v.Name]
	if m == nil {
		m = &modelState{}
		st.models[v.Name] = m
	}
	m.versions = append(m.versions, v)
	if v.Current {
		m.current = v
	}
}

// complete orders the versions and finds the current one.
func (m *modelState) complete() {
	slices.SortFunc(m.versions, func(a, b *storedModel) int { return cmp.Compare(a.Version, b.Version) })
	if m.current == nil {
		m.current = m.versions[len(m.versions)-1]
		m.current.Current, m.current.Last = true, m.current.Version
	}
}
