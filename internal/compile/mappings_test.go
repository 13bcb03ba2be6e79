package compile

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
)

// mapped counts the executor's mappings of tails and of the store's files.
func (d *database) mapped() (tails, files int) {
	d.t.Helper()
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", d.engine.executor.Pid()))
	if err != nil {
		d.t.Fatal(err)
	}
	for _, line := range strings.Split(string(maps), "\n") {
		switch {
		case strings.Contains(line, "flern-tail"):
			tails++
		case strings.Contains(line, "/data/segment-"), strings.Contains(line, "/data/dictionary-"):
			files++
		}
	}
	return tails, files
}

// write runs change in a transaction that commits, or is rolled back.
func (d *database) write(keep bool, change func(view) error) {
	d.t.Helper()
	tx, err := d.store.Begin(context.Background(), true)
	if err != nil {
		d.t.Fatal(err)
	}
	defer tx.Rollback()
	if err := change(view{tx, d.models, nil}); err != nil {
		d.t.Fatal(err)
	}
	if !keep {
		return
	}
	if err := tx.Commit(); err != nil {
		d.t.Fatal(err)
	}
}

// wantMapped waits until the executor, which is told without being asked for an answer, has the mappings.
func (d *database) wantMapped(when string, tails, files int) {
	d.t.Helper()
	d.must("SELECT 1") // messages are taken in order
	if t, f := d.mapped(); t != tails || f != files {
		d.t.Errorf("%s: the executor maps %d memories of tails and %d files, want %d and %d", when, t, f, tails, files)
	}
}

// TestMappingsAreGivenBack: what storage lets go of, the executor does not hold either.
func TestMappingsAreGivenBack(t *testing.T) {
	d := openDatabase(t, Options{Threads: 2})
	d.must("CREATE TABLE t (a integer, b text)")
	for i := range 40 {
		d.must(fmt.Sprintf("INSERT INTO t SELECT i, 'word ' || i::text FROM generate_series(1, %d) i", 50*(i+1)))
		d.must("SELECT count(*), min(b) FROM t WHERE a > 0")
	}
	d.wantMapped("inserted and read", 1, 0)

	d.store.SetTailRows(10)
	for n := range 5 {
		d.must(fmt.Sprintf("INSERT INTO t SELECT i, CASE i %% 3 WHEN 0 THEN 'x' WHEN 1 THEN 'y' ELSE repeat('z', %d) END FROM generate_series(1, 5000) i", n))
		d.must("SELECT count(*), min(b) FROM t WHERE a > 0")
	}
	d.wantMapped("with files", 1, 6) // of the dictionary the last one
	before := d.must("SELECT count(*) FROM t")

	d.store.SetTailRows(1 << 20)
	d.write(false, func(v view) error {
		def, _ := v.Table("", "t")
		held, err := v.Snapshot(def)
		if err != nil {
			return err
		}
		defer held.Release()
		return v.DropTable(def)
	})
	if after := d.must("SELECT count(*) FROM t"); after != before {
		t.Errorf("%s rows after a rollback, not %s", after, before)
	}
	d.write(true, func(v view) error {
		def, _ := v.Table("", "t")
		return v.DropTable(def)
	})
	d.wantMapped("dropped", 0, 0)
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, fd := range fds {
		if name, _ := os.Readlink("/proc/self/fd/" + fd.Name()); strings.Contains(name, "flern-tail") || strings.Contains(name, "/data/") {
			t.Errorf("still open: %s", name)
		}
	}
}
