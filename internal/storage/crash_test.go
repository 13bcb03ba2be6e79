package storage

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/vfs"
	"github.com/flernd/flernd/internal/storage/vfs/crashfs"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// A step changes the store in one transaction, or writes segments of table t again.
type step struct {
	name    string
	run     func(t testing.TB, tx *Tx) error
	rewrite func(segments int) (from, to int)
}

func appendStep(name string, from, to int64, f form) step {
	return step{name: fmt.Sprintf("append %d to %s", to-from, name), run: func(t testing.TB, tx *Tx) error {
		return appendRows(t, tx, name, from, to, f)
	}}
}

// steps go through the tail, sealing, files, dictionaries that grow, models and dropped tables.
var steps = []step{
	{name: "create", run: func(t testing.TB, tx *Tx) error {
		if _, err := tx.CreateTable(testTable("t")); err != nil {
			return err
		}
		_, err := tx.CreateTable(testTable("u"))
		return err
	}},
	appendStep("t", 0, 3, form{1, true}),
	appendStep("t", 3, 8, form{8, false}),
	appendStep("t", 8, 40, form{1, true}),
	{name: "rewrite the tail", rewrite: func(n int) (int, int) { return n - 1, n }},
	{name: "seal and more", run: func(t testing.TB, tx *Tx) error {
		for _, r := range [][2]int64{{40, 49}, {49, 58}, {58, 60}, {60, 80}} {
			if err := appendRows(t, tx, "t", r[0], r[1], form{2, true}); err != nil {
				return err
			}
		}
		return nil
	}},
	appendStep("u", 0, 30, form{1, true}),
	{name: "rewrite some", rewrite: func(n int) (int, int) { return 1, 3 }},
	{name: "rewrite all", rewrite: func(n int) (int, int) { return 0, n }},
	{name: "model", run: func(t testing.TB, tx *Tx) error {
		_, err := tx.ReplaceModel("m", []byte(`{"a":1}`), []byte(strings.Repeat("weights", 100)))
		return err
	}},
	{name: "two versions", run: func(t testing.TB, tx *Tx) error {
		if _, err := tx.ReplaceModel("m", nil, []byte("second")); err != nil {
			return err
		}
		_, err := tx.ReplaceModel("m", nil, []byte("third"))
		return err
	}},
	{name: "set version", run: func(t testing.TB, tx *Tx) error { return tx.SetModelVersion("m", 2) }},
	{name: "drop a version and rename", run: func(t testing.TB, tx *Tx) error {
		if err := tx.DropModelVersion("m", 3); err != nil {
			return err
		}
		return tx.RenameModel("m", "n")
	}},
	{name: "drop and create", run: func(t testing.TB, tx *Tx) error {
		def, _ := tx.Table("public", "u")
		if err := tx.DropTable(def); err != nil {
			return err
		}
		if _, err := tx.CreateTable(testTable("u")); err != nil {
			return err
		}
		return appendRows(t, tx, "u", 100, 125, form{1, true})
	}},
	appendStep("t", 80, 83, form{4, false}),
	{name: "rewrite the last", rewrite: func(n int) (int, int) { return n - 1, n }},
	{name: "drop model", run: func(t testing.TB, tx *Tx) error { return tx.DropModel("n") }},
}

// memoryDir is a file system in memory, where there is one: what a crash left need not survive another.
func memoryDir() string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		return "/dev/shm"
	}
	return ""
}

// describe is everything that a store holds, as text.
func describe(t testing.TB, s *Store) string {
	t.Helper()
	tx := begin(t, s, false)
	defer tx.Rollback()
	var b strings.Builder
	for _, def := range tx.Tables() {
		fmt.Fprintf(&b, "table %s: %s\n", def.Name, strings.Join(rowsIn(t, tx, def.Name), " "))
	}
	for _, name := range tx.Models() {
		for _, r := range tx.ModelVersions(name) {
			m, err := tx.ReadModel(r)
			must(t, err)
			fmt.Fprintf(&b, "model %s %d (current %t, last %d, about %s): %s\n", r.Name, r.Version, r.Current, r.Last, r.About, m.Blob)
		}
	}
	return b.String()
}

func openSmall(t testing.TB, fs vfs.FS, dir string, opt catalog.Options) *Store {
	t.Helper()
	s, err := open(fs, dir, opt)
	must(t, err)
	s.limits = limits{smallRows: 10, smallBytes: 1 << 20, sealRows: 15, sealBytes: 1 << 20}
	return s
}

func runStep(t testing.TB, s *Store, st step) error {
	t.Helper()
	if st.rewrite != nil {
		return rewriteRows(t, s, st.rewrite)
	}
	tx := begin(t, s, true)
	defer tx.Rollback()
	if err := st.run(t, tx); err != nil {
		return err
	}
	return tx.Commit()
}

// after is what the store holds after each number of steps.
func after(t testing.TB) []string {
	s := openSmall(t, vfs.OS, t.TempDir(), catalog.Options{})
	defer s.Close()
	all := []string{describe(t, s)}
	for _, st := range steps {
		must(t, runStep(t, s, st))
		all = append(all, describe(t, s))
	}
	return all
}

// TestCrashAnywhere looks at what a crash leaves before each operation on the file system: all that was acknowledged, and
// nothing else but, possibly, all of the commit that was under way.
func TestCrashAnywhere(t *testing.T) {
	want := after(t)
	dir := t.TempDir()
	fs := crashfs.New(dir)
	done, images := 0, 0
	look := func(what string, image func(to string) error, allowed ...string) {
		t.Helper()
		left, err := os.MkdirTemp(memoryDir(), "flern-crash")
		must(t, err)
		defer os.RemoveAll(left)
		must(t, image(left))
		s, err := Open(vfs.OS, left)
		if err != nil {
			t.Fatalf("after a crash %s: %v", what, err)
		}
		defer s.Close()
		if got := describe(t, s); !slices.Contains(allowed, got) {
			t.Fatalf("after a crash %s: got\n%s\nwant\n%s", what, got, allowed[0])
		}
		names, err := os.ReadDir(s.dataDir())
		must(t, err)
		files := 0
		for _, ts := range s.current.tables {
			files += len(ts.files())
		}
		for _, m := range s.current.models {
			files += len(m.versions)
		}
		if len(names) != files {
			t.Fatalf("after a crash %s: %d files, %d of them known", what, len(names), files)
		}
		images++
	}
	s := openSmall(t, fs, dir, catalog.Options{})
	fs.Before = func(op, name string) error {
		what := fmt.Sprintf("in step %q before %s %s", steps[done].name, op, name)
		look(what, fs.Crash, want[done], want[done+1])
		look(what+" of the process", fs.Kill, want[done], want[done+1])
		return nil
	}
	for _, st := range steps {
		must(t, runStep(t, s, st))
		done++
		look("after step "+st.name, fs.Crash, want[done])
		look("of the process after step "+st.name, fs.Kill, want[done])
	}
	fs.Before = nil
	must(t, s.Close())
	if images < 100 {
		t.Errorf("only %d images", images)
	}
}

// TestFullDiskAnywhere fails each writing operation once: the step gets 53100, the store is as before, and works.
func TestFullDiskAnywhere(t *testing.T) {
	want := after(t)
	for _, op := range []string{"create", "write", "sync", "syncdir"} {
		dir := t.TempDir()
		fs := crashfs.New(dir)
		s := openSmall(t, fs, dir, catalog.Options{})
		failAt := 0
		for i := 0; i < len(steps); {
			n, failed := 0, false
			fs.Before = func(o, _ string) error {
				if o != op {
					return nil
				}
				n++
				if n == failAt+1 {
					failed = true
					return syscall.ENOSPC
				}
				return nil
			}
			err := runStep(t, s, steps[i])
			fs.Before = nil
			if !failed {
				must(t, err)
				i, failAt = i+1, 0
				continue
			}
			wantCode(t, err, sqlstate.DiskFull)
			if got := describe(t, s); got != want[i] {
				t.Fatalf("%s: after a full disk in %q: got\n%s\nwant\n%s", op, steps[i].name, got, want[i])
			}
			failAt++
		}
		if got := describe(t, s); got != want[len(steps)] {
			t.Fatalf("%s: at the end: got\n%s\nwant\n%s", op, got, want[len(steps)])
		}
		must(t, s.Close())
	}
}

// TestFullCatalog lets the catalog's own file run out of room.
func TestFullCatalog(t *testing.T) {
	dir := t.TempDir()
	s := openSmall(t, vfs.OS, dir, catalog.Options{MaxSize: 1 << 20})
	must(t, runStep(t, s, steps[0]))
	must(t, runStep(t, s, steps[1]))
	before := describe(t, s)
	big := make([]step, 0)
	full := false
	for i := 0; i < 2000 && !full; i++ {
		big = append(big, step{name: "table", run: func(t testing.TB, tx *Tx) error {
			def := testTable(fmt.Sprint("x", i))
			def.Columns[0].Name = strings.Repeat("c", 60000)
			_, err := tx.CreateTable(def)
			return err
		}})
		if err := runStep(t, s, big[i]); err != nil {
			wantCode(t, err, sqlstate.DiskFull)
			full = true
		}
	}
	if !full {
		t.Fatal("the catalog never ran full")
	}
	must(t, s.Close())
	n := openStore(t, vfs.OS, dir)
	defer n.Close()
	sameRows(t, "rows", tableRows(t, n, "t"), wantRows(0, 3))
	if got := describe(t, n); !strings.HasPrefix(got, before[:20]) || strings.Count(got, "table x") != len(big)-1 {
		t.Errorf("after a full catalog %d of %d tables", strings.Count(got, "table x"), len(big)-1)
	}
	must(t, runStep(t, n, appendStep("t", 3, 6, form{1, true})))
	sameRows(t, "rows", tableRows(t, n, "t"), wantRows(0, 6))
}

// TestLostCatalog takes the catalog away, and puts an older one in its place: both are refused, and no data file goes.
func TestLostCatalog(t *testing.T) {
	s := withTable(t)
	s.limits.smallRows = 5
	path, saved := filepath.Join(s.dir, "catalog.db"), filepath.Join(t.TempDir(), "catalog.db")
	commit := func(from, to int64) {
		tx := begin(t, s, true)
		must(t, appendRows(t, tx, "t", from, to, form{1, true}))
		must(t, tx.Commit())
	}
	files := func() int {
		names, err := s.dataFiles()
		must(t, err)
		return len(names)
	}
	refused := func(what string) {
		t.Helper()
		before := files()
		for range 2 { // the first try must not make what the second accepts
			n, err := Open(vfs.OS, s.dir)
			if err == nil {
				n.Close()
			}
			wantCode(t, err, sqlstate.DataCorrupted)
		}
		if files() != before {
			t.Errorf("%s: %d of %d data files are left", what, files(), before)
		}
	}
	commit(0, 10)
	must(t, s.Close())
	old, err := os.ReadFile(path)
	must(t, err)
	s = openStore(t, vfs.OS, s.dir)
	s.limits.smallRows = 5
	commit(10, 20)
	must(t, s.Close())
	must(t, os.Rename(path, saved))
	refused("no catalog")
	must(t, os.WriteFile(path, nil, 0o600))
	refused("an empty file")
	must(t, os.WriteFile(path, old, 0o600))
	refused("an older catalog")
	must(t, os.Remove(path))
	must(t, os.Remove(path+".commits"))
	refused("neither catalog nor the number of its commits")
	must(t, os.Rename(saved, path))
	s = openStore(t, vfs.OS, s.dir)
	defer s.Close()
	sameRows(t, "rows", tableRows(t, s, "t"), wantRows(0, 20))
}
