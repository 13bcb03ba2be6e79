package storage

import (
	"context"
	"os"
	"slices"
	"testing"

	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/storage/vfs"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// written begins to rewrite segments of table t; those whose ids follow one another become one.
func written(t testing.TB, s *Store, pick func(segments int) (from, to int)) (*Rewrite, *table.Append, error) {
	t.Helper()
	tx := begin(t, s, false)
	defer tx.Rollback()
	def, ok := tx.Table("public", "t")
	if !ok {
		t.Fatal("no table t")
	}
	snap, err := tx.Snapshot(def)
	must(t, err)
	defer snap.Release()
	from, to := pick(len(snap.Segments))
	old := snap.Segments[from:to]
	a := &table.Append{}
	for i := 0; i < len(old); {
		first, end := old[i].Cols[0].Stats.MinInt, old[i].Cols[0].Stats.MinInt
		for ; i < len(old) && old[i].Cols[0].Stats.MinInt == end; i++ {
			end = old[i].Cols[0].Stats.MaxInt + 1
		}
		more := rowsOf(t, snap, first, end, form{1, true})
		a.Segments, a.Dicts = append(a.Segments, more.Segments...), append(a.Dicts, more.Dicts...)
	}
	r := s.Rewrite(def, old)
	for i := range a.Segments {
		if err := r.Receive(&a.Segments[i]); err != nil {
			r.Drop()
			a.Close()
			return nil, nil, err
		}
	}
	return r, a, nil
}

func rewriteRows(t testing.TB, s *Store, pick func(segments int) (from, to int)) error {
	t.Helper()
	r, a, err := written(t, s, pick)
	if err != nil {
		return err
	}
	return r.Swap(context.Background(), a)
}

// firsts are the first ids of table t's segments.
func firsts(t testing.TB, s *Store) (ids []int64) {
	t.Helper()
	tx := begin(t, s, false)
	defer tx.Rollback()
	def, _ := tx.Table("public", "t")
	segments, err := tx.Segments(def)
	must(t, err)
	for _, segment := range segments {
		ids = append(ids, segment.Cols[0].Stats.MinInt)
	}
	return ids
}

// rewritable is a store whose table has four files and a tail.
func rewritable(t testing.TB) *Store {
	s := withTable(t)
	s.limits.smallRows = 10
	for _, r := range [][2]int64{{0, 20}, {20, 45}, {45, 60}, {60, 90}, {90, 95}} {
		tx := begin(t, s, true)
		must(t, appendRows(t, tx, "t", r[0], r[1], form{2, true}))
		must(t, tx.Commit())
	}
	return s
}

func TestRewrite(t *testing.T) {
	s := rewritable(t)
	removed := map[uint64]bool{}
	s.OnRemove(func(ids ...uint64) {
		for _, id := range ids {
			removed[id] = true
		}
	})
	reader := begin(t, s, false)
	def, _ := reader.Table("public", "t")
	snap, err := reader.Snapshot(def)
	must(t, err)
	reader.Rollback()
	before := snap.Stats[0]

	must(t, rewriteRows(t, s, func(int) (int, int) { return 1, 3 }))
	must(t, rewriteRows(t, s, func(n int) (int, int) { return n - 1, n }))
	must(t, appendOne(t, s, 95, 115))
	want := []int64{0, 20, 60, 90, 95}
	if got := firsts(t, s); !slices.Equal(got, want) {
		t.Errorf("segments begin with %v, want %v", got, want)
	}
	if len(removed) != 0 {
		t.Errorf("%v were removed while a snapshot has them", removed)
	}
	sameRows(t, "the old snapshot", contents(t, snap), wantRows(0, 95))
	old := snap.Segments
	snap.Release()
	for i, segment := range old {
		if gone := i == 1 || i == 2 || i == 4; removed[segment.Memory] != gone {
			t.Errorf("segment %d: told to be removed: %v", i, !gone)
		}
	}
	sameRows(t, "rows", tableRows(t, s, "t"), wantRows(0, 115))
	must(t, s.Close())

	s = openStore(t, vfs.OS, s.dir)
	defer s.Close()
	if got := firsts(t, s); !slices.Equal(got, want) {
		t.Errorf("opened again, segments begin with %v, want %v", got, want)
	}
	sameRows(t, "rows opened again", tableRows(t, s, "t"), wantRows(0, 115))
	tx := begin(t, s, false)
	defer tx.Rollback()
	def, _ = tx.Table("public", "t")
	snap, err = tx.Snapshot(def)
	must(t, err)
	defer snap.Release()
	if st := snap.Stats[0]; snap.Rows != 115 || st.MinInt != before.MinInt || st.MaxInt != 114 || st.NullCount != before.NullCount {
		t.Errorf("statistics %+v of %d rows, before %+v", st, snap.Rows, before)
	}
	if files, err := os.ReadDir(s.dataDir()); err != nil || len(files) != len(want)+1 {
		t.Errorf("%d files of %d segments and a dictionary, %v", len(files), len(want), err)
	}
}

func appendOne(t testing.TB, s *Store, from, to int64) error {
	t.Helper()
	tx := begin(t, s, true)
	defer tx.Rollback()
	if err := appendRows(t, tx, "t", from, to, form{2, true}); err != nil {
		return err
	}
	return tx.Commit()
}

// TestRewriteGivesWay: what changed meanwhile is kept, and the rewriting is dropped with its files.
func TestRewriteGivesWay(t *testing.T) {
	last := func(n int) (int, int) { return n - 1, n }
	for _, c := range []struct {
		name string
		pick func(int) (int, int)
		by   func(t *testing.T, s *Store)
		code sqlstate.Code
		want int64
	}{
		{"the tail grew", last, func(t *testing.T, s *Store) { must(t, appendOne(t, s, 95, 97)) }, sqlstate.SerializationFailure, 97},
		{"the tail was sealed", last, func(t *testing.T, s *Store) {
			s.limits.sealRows = 6
			must(t, appendOne(t, s, 95, 97))
		}, sqlstate.SerializationFailure, 97},
		{"a file came before the tail", func(n int) (int, int) { return n - 2, n },
			func(t *testing.T, s *Store) { must(t, appendOne(t, s, 95, 115)) }, sqlstate.SerializationFailure, 115},
		{"rewritten by another", func(int) (int, int) { return 0, 2 },
			func(t *testing.T, s *Store) { must(t, rewriteRows(t, s, func(int) (int, int) { return 1, 3 })) },
			sqlstate.SerializationFailure, 95},
		{"dropped", last, func(t *testing.T, s *Store) {
			tx := begin(t, s, true)
			def, _ := tx.Table("public", "t")
			must(t, tx.DropTable(def))
			must(t, tx.Commit())
		}, sqlstate.UndefinedTable, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := rewritable(t)
			defer s.Close()
			r, a, err := written(t, s, c.pick)
			must(t, err)
			c.by(t, s)
			left, err := s.dataFiles()
			must(t, err)
			wantCode(t, r.Swap(context.Background(), a), c.code)
			if after, err := s.dataFiles(); err != nil || len(after) != len(left)-1 {
				t.Errorf("%d files are left of %d with that of the rewriting, %v", len(after), len(left), err)
			}
			if c.want > 0 {
				sameRows(t, "rows", tableRows(t, s, "t"), wantRows(0, c.want))
			}
		})
	}
}

// TestRewriteWithoutTurn: a rewriting whose turn to commit does not come leaves nothing.
func TestRewriteWithoutTurn(t *testing.T) {
	s := rewritable(t)
	defer s.Close()
	writer := begin(t, s, true)
	defer writer.Rollback()
	before, err := s.dataFiles()
	must(t, err)
	r, a, err := written(t, s, func(int) (int, int) { return 0, 2 })
	must(t, err)
	ctx, stop := context.WithCancel(context.Background())
	stop()
	wantCode(t, r.Swap(ctx, a), sqlstate.QueryCanceled)
	after, err := s.dataFiles()
	must(t, err)
	if len(after) != len(before) {
		t.Errorf("%d files became %d", len(before), len(after))
	}
	must(t, appendRows(t, writer, "t", 95, 97, form{2, true}))
	must(t, writer.Commit())
	sameRows(t, "rows", tableRows(t, s, "t"), wantRows(0, 97))
}

// TestRewriteKeepsOtherRows: what is appended while segments before it are rewritten stays.
func TestRewriteKeepsOtherRows(t *testing.T) {
	s := rewritable(t)
	defer s.Close()
	r, a, err := written(t, s, func(int) (int, int) { return 0, 4 })
	must(t, err)
	must(t, appendOne(t, s, 95, 97))  // to the tail
	must(t, appendOne(t, s, 97, 120)) // to a file
	must(t, r.Swap(context.Background(), a))
	sameRows(t, "rows", tableRows(t, s, "t"), wantRows(0, 120))
	if got, want := firsts(t, s), []int64{0, 97, 90}; !slices.Equal(got, want) {
		t.Errorf("segments begin with %v, want %v", got, want)
	}
}
