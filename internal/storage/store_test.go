package storage

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/storage/vfs"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

func withTable(t testing.TB) *Store {
	t.Helper()
	s := openStore(t, vfs.OS, t.TempDir())
	closeAtEnd(t, s)
	tx := begin(t, s, true)
	_, err := tx.CreateTable(testTable("t"))
	must(t, err)
	must(t, tx.Commit())
	return s
}

// closeAtEnd closes the store after the test, unless it failed and may have left a transaction behind.
func closeAtEnd(t testing.TB, s *Store) {
	t.Cleanup(func() {
		if !t.Failed() {
			s.Close()
		}
	})
}

func reopen(t testing.TB, s *Store) *Store {
	t.Helper()
	must(t, s.Close())
	n := openStore(t, vfs.OS, s.dir)
	closeAtEnd(t, n)
	return n
}

func TestDefinitionsSurvive(t *testing.T) {
	s := withTable(t)
	tx := begin(t, s, true)
	_, err := tx.CreateTable(testTable("t"))
	wantCode(t, err, sqlstate.DuplicateTable)
	_, err = tx.CreateTable(catalog.Table{Schema: "public", Name: "u", Columns: []catalog.Column{{Name: "a", Type: sqltype.ArrayOf(sqltype.Interval, 0)}}})
	wantCode(t, err, sqlstate.FeatureNotSupported)
	twice := testTable("v")
	twice.Columns[1].Name = "id"
	_, err = tx.CreateTable(twice)
	wantCode(t, err, sqlstate.DuplicateColumn)
	tx.Rollback()

	s = reopen(t, s)
	tx = begin(t, s, false)
	defer tx.Rollback()
	def, ok := tx.Table("public", "t")
	if !ok || len(tx.Tables()) != 1 {
		t.Fatal("the table is gone")
	}
	if !def.Columns[0].NotNull || def.Columns[1].NotNull {
		t.Error("a primary key's columns, and only they, must be NOT NULL")
	}
	if got := def.Columns[2].Type.String(); got != "numeric(15,2)" {
		t.Errorf("type %s", got)
	}
	_, err = tx.CreateTable(testTable("w"))
	wantCode(t, err, sqlstate.ReadOnlySQLTransaction)
}

func TestOwnWritesAndRollback(t *testing.T) {
	s := withTable(t)
	for _, f := range []form{{8, false}, {2, true}} {
		tx := begin(t, s, true)
		must(t, appendRows(t, tx, "t", 0, 10, f))
		must(t, appendRows(t, tx, "t", 10, 20, f))
		sameRows(t, "own writes", rowsIn(t, tx, "t"), wantRows(0, 20))
		sameRows(t, "writes of another", tableRows(t, s, "t"), nil)
		tx.Rollback()
		sameRows(t, "after the rollback", tableRows(t, s, "t"), nil)
	}
	tx := begin(t, s, true)
	must(t, appendRows(t, tx, "t", 0, 5, form{8, false}))
	must(t, tx.Commit())
	wantCode(t, tx.Commit(), sqlstate.NoActiveSQLTransaction)
	sameRows(t, "after the commit", tableRows(t, s, "t"), wantRows(0, 5))
	s = reopen(t, s)
	sameRows(t, "after a restart", tableRows(t, s, "t"), wantRows(0, 5))
}

func TestSmallCommitsGatherInOneTail(t *testing.T) {
	s := withTable(t)
	s.limits.sealRows = 4000
	tx := begin(t, s, true)
	const n = 10000
	for i := int64(0); i < n; i++ {
		must(t, appendRows(t, tx, "t", i, i+1, form{1, i%2 == 0}))
	}
	must(t, tx.Commit())
	for i := int64(n); i < n+20; i++ {
		tx := begin(t, s, true)
		must(t, appendRows(t, tx, "t", i, i+1, form{1, true}))
		must(t, tx.Commit())
	}
	check := func() {
		t.Helper()
		tx := begin(t, s, false)
		defer tx.Rollback()
		def, _ := tx.Table("public", "t")
		snap, err := tx.Snapshot(def)
		must(t, err)
		defer snap.Release()
		if len(snap.Segments) != 3 || snap.Rows != n+20 {
			t.Errorf("%d segments, %d rows", len(snap.Segments), snap.Rows)
		}
		if st := snap.Stats[0]; !st.HasBounds || st.MinInt != 0 || st.MaxInt != n+19 || st.NullCount != 0 {
			t.Errorf("statistics %+v", st)
		}
		if st := snap.Stats[3]; !st.HasBounds || st.MinFloat != 0 || st.MaxFloat != (n+18)/4.0 || st.NullCount != (n+20)/3 {
			t.Errorf("statistics %+v", st)
		}
		sameRows(t, "rows", contents(t, snap), wantRows(0, n+20))
	}
	check()
	s = reopen(t, s)
	check()
}

func TestDictionariesGrow(t *testing.T) {
	s := withTable(t)
	s.limits.smallRows = 0
	tx := begin(t, s, true)
	must(t, appendRows(t, tx, "t", 0, 2, form{1, true}))
	must(t, appendRows(t, tx, "t", 2, 4, form{1, true}))
	must(t, tx.Commit())
	tx = begin(t, s, true)
	def, _ := tx.Table("public", "t")
	old, err := tx.Snapshot(def)
	must(t, err)
	before := dictStrings(t, old.Dicts[1])
	must(t, appendRows(t, tx, "t", 4, 30, form{1, true}))
	stale := rowsOf(t, old, 100, 120, form{1, true})
	wantCode(t, tx.Append(def, stale), sqlstate.SerializationFailure)
	must(t, tx.Commit())
	sameRows(t, "old snapshot", contents(t, old), wantRows(0, 4))
	old.Release()
	s = reopen(t, s)
	sameRows(t, "rows", tableRows(t, s, "t"), wantRows(0, 30))
	tx = begin(t, s, false)
	defer tx.Rollback()
	snap, err := tx.Snapshot(def)
	must(t, err)
	defer snap.Release()
	sameRows(t, "codes", dictStrings(t, snap.Dicts[1])[:len(before)], before)
	if names, _ := os.ReadDir(s.dataDir()); len(names) != 4 {
		t.Errorf("files %v, want three segments and one dictionary", names)
	}
}

func TestAtMostFourLayouts(t *testing.T) {
	s := withTable(t)
	s.limits.smallRows = 5
	tx := begin(t, s, true)
	at := int64(0)
	for _, f := range []form{{1, true}, {2, true}, {4, true}, {2, true}} {
		must(t, appendRows(t, tx, "t", at, at+10, f))
		at += 10
	}
	must(t, appendRows(t, tx, "t", at, at+2, form{1, false})) // goes to the tail, whose layouts are the fourth ones
	must(t, tx.Commit())
	sameRows(t, "rows", tableRows(t, s, "t"), wantRows(0, at+2))

	tx = begin(t, s, true)
	wantCode(t, appendRows(t, tx, "t", 100, 110, form{8, true}), sqlstate.InternalError)
	tx.Rollback()
	if names, _ := os.ReadDir(s.dataDir()); len(names) != 5 {
		t.Errorf("files %v, want four segments and one dictionary", names)
	}
	sameRows(t, "after it", tableRows(t, s, "t"), wantRows(0, at+2))
}

// TestImagesAreStoredAsTheyCome: files before Append, in the order that Append tells; what is small waits for the tail.
func TestImagesAreStoredAsTheyCome(t *testing.T) {
	for _, keep := range []bool{true, false} {
		s := withTable(t)
		s.limits.smallRows = 30
		tx := begin(t, s, true)
		def, _ := tx.Table("public", "t")
		take, err := tx.Receive(def)
		must(t, err)
		snap, err := tx.Snapshot(def)
		must(t, err)
		all := &table.Append{}
		for i := int64(0); i < 5; i++ {
			all.Segments = append(all.Segments, rowsOf(t, snap, i*20, i*20+20, form{1, false}).Segments...)
		}
		for n, i := range []int{3, 0, 4, 1, 2} {
			must(t, take(&all.Segments[i]))
			files, _ := os.ReadDir(s.dataDir())
			if want := []int{0, 2, 3, 4, 5}[n]; len(files) != want {
				t.Errorf("%d files after %d images, want %d", len(files), n+1, want)
			}
		}
		must(t, tx.Append(def, all))
		snap.Release()
		if !keep {
			tx.Rollback()
			if files, _ := os.ReadDir(s.dataDir()); len(files) != 0 {
				t.Errorf("files after a rollback: %v", files)
			}
			sameRows(t, "after a rollback", tableRows(t, s, "t"), nil)
			continue
		}
		must(t, tx.Commit())
		s = reopen(t, s)
		sameRows(t, "rows", tableRows(t, s, "t"), wantRows(0, 100))

		tx = begin(t, s, true)
		take, err = tx.Receive(def)
		must(t, err)
		snap, err = tx.Snapshot(def)
		must(t, err)
		few := rowsOf(t, snap, 100, 120, form{1, false})
		must(t, take(&few.Segments[0]))
		must(t, tx.Append(def, few))
		snap.Release()
		must(t, tx.Commit())
		if files, _ := os.ReadDir(s.dataDir()); len(files) != 5 {
			t.Errorf("%d files after a small append", len(files))
		}
		sameRows(t, "rows", tableRows(t, s, "t"), wantRows(0, 120))
	}
}

func TestManyImagesInOneAppend(t *testing.T) {
	s := withTable(t)
	s.limits.smallRows = 5
	tx := begin(t, s, true)
	def, _ := tx.Table("public", "t")
	snap, err := tx.Snapshot(def)
	must(t, err)
	defer snap.Release()
	all := &table.Append{}
	for i := int64(0); i < 12; i++ {
		a := rowsOf(t, snap, i*20, i*20+20, form{[]uint8{1, 2, 4}[i%3], false})
		all.Segments = append(all.Segments, a.Segments...)
	}
	must(t, tx.Append(def, all))
	must(t, tx.Commit())
	s = reopen(t, s)
	tx = begin(t, s, false)
	defer tx.Rollback()
	read, err := tx.Snapshot(def)
	must(t, err)
	defer read.Release()
	for i, seg := range read.Segments {
		if st := seg.Cols[0].Stats; st.MinInt > st.MaxInt || seg.Rows != 20 {
			t.Errorf("segment %d: %d rows, %+v", i, seg.Rows, st)
		}
	}
	if live := table.Layouts(def, read.Segments); len(live) > 4 {
		t.Errorf("layouts %v", live)
	}
	sameRows(t, "rows", contents(t, read), wantRows(0, 240))

	tx = begin(t, s, true)
	bad := &table.Append{Segments: append(rowsOf(t, read, 240, 260, form{1, false}).Segments, rowsOf(t, read, 260, 280, form{1, false}).Segments...)}
	bad.Segments[1].Cols[5].Data.Offset = 1 << 30
	wantCode(t, tx.Append(def, bad), sqlstate.InternalError)
	tx.Rollback()
	if names, _ := os.ReadDir(s.dataDir()); len(names) != 12 {
		t.Errorf("%d files after a failed append", len(names))
	}
}

func TestDroppedTableStaysReadable(t *testing.T) {
	s := withTable(t)
	s.limits.smallRows = 5
	tx := begin(t, s, true)
	must(t, appendRows(t, tx, "t", 0, 10, form{1, true}))
	must(t, appendRows(t, tx, "t", 10, 12, form{1, true}))
	must(t, tx.Commit())
	reader := begin(t, s, false)
	def, _ := reader.Table("public", "t")
	snap, err := reader.Snapshot(def)
	must(t, err)

	tx = begin(t, s, true)
	must(t, tx.DropTable(def))
	_, err = tx.Snapshot(def)
	wantCode(t, err, sqlstate.UndefinedTable)
	wantCode(t, tx.DropTable(def), sqlstate.UndefinedTable)
	fresh, err := tx.CreateTable(testTable("t"))
	must(t, err)
	if fresh.ID == def.ID {
		t.Error("a table's number was used again")
	}
	must(t, tx.Commit())
	sameRows(t, "new table", tableRows(t, s, "t"), nil)
	sameRows(t, "through the old transaction", rowsIn(t, reader, "t"), wantRows(0, 12))
	reader.Rollback()
	sameRows(t, "through the old snapshot", contents(t, snap), wantRows(0, 12))
	if names, _ := os.ReadDir(s.dataDir()); len(names) != 2 {
		t.Errorf("files while in use: %v", names)
	}
	snap.Release()
	snap.Release()
	if names, _ := os.ReadDir(s.dataDir()); len(names) != 0 {
		t.Errorf("files after the last use: %v", names)
	}
}

func TestOneWriterAtATime(t *testing.T) {
	s := withTable(t)
	first := begin(t, s, true)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	_, err := s.Begin(ctx, true)
	wantCode(t, err, sqlstate.QueryCanceled)
	got := make(chan *Tx)
	go func() {
		tx, err := s.Begin(context.Background(), true)
		if err != nil {
			t.Error(err)
		}
		got <- tx
	}()
	begin(t, s, false).Rollback()
	must(t, first.Commit())
	(<-got).Rollback()
}

func TestReadersDuringWrites(t *testing.T) {
	s := withTable(t)
	s.limits.smallRows, s.limits.sealRows = 50, 120
	const batches, size = 30, 40
	var wait sync.WaitGroup
	stop := make(chan struct{})
	end := sync.OnceFunc(func() { close(stop); wait.Wait() })
	defer end()
	for range 3 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			seen := 0
			for {
				rows := tableRows(t, s, "t")
				if len(rows) < seen || len(rows)%size != 0 || !slices.Equal(rows, wantRows(0, int64(len(rows)))) {
					t.Errorf("%d rows after %d, or not the right ones", len(rows), seen)
					return
				}
				seen = len(rows)
				select {
				case <-stop:
					return
				default:
				}
			}
		}()
	}
	for i := int64(0); i < batches; i++ {
		tx := begin(t, s, true)
		f := []form{{1, false}, {2, false}, {2, true}}[i%3]
		step := int64(size)
		if i%5 == 4 {
			step = 2 * size // goes to a file
		}
		from := i/5*6*size + i%5*size
		must(t, appendRows(t, tx, "t", from, from+step, f))
		if i%7 == 3 {
			tx.Rollback()
			tx = begin(t, s, true)
			must(t, appendRows(t, tx, "t", from, from+step, f))
		}
		must(t, tx.Commit())
	}
	end()
	sameRows(t, "at the end", tableRows(t, s, "t"), wantRows(0, batches/5*6*size))
}

func TestSecondOpenIsRefused(t *testing.T) {
	s := withTable(t)
	_, err := Open(vfs.OS, s.dir)
	wantCode(t, err, sqlstate.ObjectInUse)
	if !strings.Contains(err.Error(), s.dir) || !strings.Contains(err.Error(), "process") {
		t.Errorf("message %q", err)
	}
}

func TestBadAppendsAreRefused(t *testing.T) {
	s := withTable(t)
	for _, small := range []int64{0, 100} {
		s.limits.smallRows = small
		for _, c := range []struct {
			name string
			code sqlstate.Code
			edit func(a *table.Append)
		}{
			{"a column less", sqlstate.InternalError, func(a *table.Append) { a.Segments[0].Cols = a.Segments[0].Cols[1:] }},
			{"past the end", sqlstate.InternalError, func(a *table.Append) { a.Segments[0].Cols[2].Data.Offset = 1 << 30 }},
			{"encoding", sqlstate.InternalError, func(a *table.Append) { a.Segments[0].Cols[1].Layout.Encoding = segment.Scaled }},
			{"no dictionary", sqlstate.InternalError, func(a *table.Append) { a.Dicts = nil }},
			{"dictionary of no text", sqlstate.InternalError, func(a *table.Append) { a.Dicts[0].Ordinal = 0 }},
			{"dictionary's offsets", sqlstate.InternalError, func(a *table.Append) { a.Dicts[0].Offsets.Offset = -4 }},
			{"too many strings", sqlstate.InternalError, func(a *table.Append) { a.Dicts[0].Count = 1 << 40 }},
			{"short file", sqlstate.IOError, func(a *table.Append) { a.Segments[0].Size += 1 << 20 }},
			{"negative rows", sqlstate.InternalError, func(a *table.Append) { a.Segments[0].Rows = -10 }},
		} {
			tx := begin(t, s, true)
			def, _ := tx.Table("public", "t")
			snap, err := tx.Snapshot(def)
			must(t, err)
			a := rowsOf(t, snap, 0, 10, form{1, true})
			c.edit(a)
			if err := tx.Append(def, a); err == nil || sqlstate.Of(err).Code != c.code {
				t.Errorf("%s: %v", c.name, err)
			}
			snap.Release()
			tx.Rollback()
		}
	}
	sameRows(t, "after all", tableRows(t, s, "t"), nil)
}

func TestDamagedFiles(t *testing.T) {
	s := withTable(t)
	s.limits.smallRows = 5
	tx := begin(t, s, true)
	must(t, appendRows(t, tx, "t", 0, 10, form{1, true}))
	must(t, appendRows(t, tx, "t", 10, 12, form{1, true}))
	must(t, tx.Commit())
	read := map[string][]segment.Span{} // what queries read of each file
	state := s.current.tables[tableName{"public", "t"}]
	for _, g := range state.segments {
		read[g.file.path] = segment.Spans(g.Cols)
	}
	read[state.dicts[1].file.path] = []segment.Span{state.dicts[1].Offsets, state.dicts[1].Data}
	must(t, s.Close())
	var files []string
	must(t, filepath.WalkDir(s.dataDir(), func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			files = append(files, path)
		}
		return err
	}))
	if len(files) != 2 {
		t.Fatalf("files %v", files)
	}
	// harmless: the bytes may lie where nothing is read.
	try := func(what, path string, damaged []byte, harmless bool) {
		t.Helper()
		good, err := os.ReadFile(path)
		must(t, err)
		defer func() { must(t, os.WriteFile(path, good, 0o600)) }()
		if damaged == nil {
			must(t, os.Remove(path))
		} else {
			must(t, os.WriteFile(path, damaged, 0o600))
		}
		n := openStore(t, vfs.OS, s.dir)
		defer n.Close()
		tx := begin(t, n, false)
		defer tx.Rollback()
		def, _ := tx.Table("public", "t")
		snap, err := tx.Snapshot(def)
		must(t, err)
		defer snap.Release()
		err = snap.Verify(context.Background(), []int{0, 1, 2, 3, 4, 5}, func(int) bool { return false })
		if err == nil && harmless {
			return
		}
		if err == nil || sqlstate.Of(err).Code != sqlstate.DataCorrupted || !strings.Contains(err.Error(), filepath.Base(path)) {
			t.Errorf("%s of %s: %v", what, path, err)
		}
	}
	for _, path := range files {
		good, err := os.ReadFile(path)
		must(t, err)
		try("loss", path, nil, false)
		try("truncation", path, good[:len(good)/2], false)
		for at := 0; at < len(good); at += 211 {
			flipped := append([]byte(nil), good...)
			flipped[at] ^= 4
			try("flipped bit", path, flipped, !slices.ContainsFunc(read[path], func(s segment.Span) bool {
				return int64(at) >= s.Offset && int64(at) < s.Offset+s.Length
			}))
		}
	}
	must(t, os.Truncate(filepath.Join(s.dir, catalogFile), 5000))
	if _, err := Open(vfs.OS, s.dir); err == nil {
		t.Error("a truncated catalog was opened")
	}
}

// TestDamagedColumn: damage is found by who reads the column and the segment it is in, each time, and by no one else.
func TestDamagedColumn(t *testing.T) {
	s := withTable(t)
	s.limits.smallRows = 5
	for at := int64(0); at < 30; at += 10 {
		tx := begin(t, s, true)
		must(t, appendRows(t, tx, "t", at, at+10, form{1, true}))
		must(t, tx.Commit())
	}
	state := s.current.tables[tableName{"public", "t"}]
	second := state.segments[1]
	flip(t, second.file.path, second.Cols[2].Data.Offset)
	flip(t, state.dicts[1].file.path, state.dicts[1].Data.Offset)
	s = reopen(t, s)
	tx := begin(t, s, false)
	defer tx.Rollback()
	def, _ := tx.Table("public", "t")
	snap, err := tx.Snapshot(def)
	must(t, err)
	defer snap.Release()
	ctx := context.Background()
	none := func(int) bool { return false }
	for range 2 {
		must(t, snap.Verify(ctx, []int{0, 3, 4, 5}, none))
		must(t, snap.Verify(ctx, []int{2}, func(i int) bool { return i == 1 }))
		err := snap.Verify(ctx, []int{0, 2, 3}, none)
		wantCode(t, err, sqlstate.DataCorrupted)
		if want := fmt.Sprintf("column \"price\" of table \"t\" is damaged in segment %d", second.ID); !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say that %s", err, want)
		}
		err = snap.Verify(ctx, []int{0, 1}, none)
		wantCode(t, err, sqlstate.DataCorrupted)
		if want := "the dictionary of column \"mode\" of table \"t\" is damaged"; !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say that %s", err, want)
		}
	}
	tx2 := begin(t, s, true)
	defer tx2.Rollback()
	wantCode(t, tx2.Append(def, rowsOf(t, &table.Snapshot{Table: def, Dicts: make([]*table.Dict, 6)}, 0, 10, form{1, true})), sqlstate.DataCorrupted)
}

// flip changes a bit of a file.
func flip(t *testing.T, path string, at int64) {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	b[at] ^= 4
	must(t, os.WriteFile(path, b, 0o600))
}
