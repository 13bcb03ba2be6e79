package storage

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/vfs"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// tree is every file below a directory but the lock's, with its contents.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	must(t, filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || e.Name() == lockFile {
			return err
		}
		content, err := os.ReadFile(path)
		all.WriteString(path + "\n" + string(content) + "\n")
		return err
	}))
	return all.String()
}

// TestScratch does all that can be done to a directory's copy: the directory stays as it is.
func TestScratch(t *testing.T) {
	dir, scratch := t.TempDir(), filepath.Join(t.TempDir(), "scratch")
	s := openSmall(t, vfs.OS, dir, catalog.Options{})
	half := len(steps) - 4
	for _, st := range steps[:half] {
		must(t, runStep(t, s, st))
	}
	want := describe(t, s)
	must(t, s.Close())
	stray := filepath.Join(s.dataDir(), "segment-999999") // a crash left it: the next opening removes it
	must(t, os.WriteFile(stray, []byte("stray"), 0o600))
	before := tree(t, dir)

	lock, err := Scratch(dir, scratch)
	must(t, err)
	_, err = Open(vfs.OS, dir)
	wantCode(t, err, sqlstate.ObjectInUse)
	s = openSmall(t, vfs.OS, scratch, catalog.Options{})
	if got := describe(t, s); got != want {
		t.Errorf("the copy has\n%s\nwant\n%s", got, want)
	}
	for _, st := range steps[half:] {
		must(t, runStep(t, s, st))
	}
	tx := begin(t, s, true)
	for _, def := range tx.Tables() {
		must(t, tx.DropTable(def))
	}
	must(t, tx.Commit())
	must(t, s.Close())
	must(t, lock.Close())
	if tree(t, dir) != before {
		t.Error("the directory changed")
	}
}

// TestScratchOfNothing: what is no data directory is refused, and not made one.
func TestScratchOfNothing(t *testing.T) {
	empty := t.TempDir()
	for _, dir := range []string{empty, filepath.Join(empty, "mistyped")} {
		_, err := Scratch(dir, t.TempDir())
		wantCode(t, err, sqlstate.UndefinedFile)
		if !strings.Contains(err.Error(), dir) {
			t.Errorf("%v does not name %s", err, dir)
		}
	}
	if entries, err := os.ReadDir(empty); err != nil || len(entries) != 0 {
		t.Errorf("made %v, %v", entries, err)
	}
}
