package compile

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/flernd/flernd/internal/storage/rewrite"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/table"
)

// rewriteTable takes the first step of the table's, and says which segments there are then.
func (d *database) rewriteTable(name string) (step rewrite.Step, segments []*table.Segment) {
	d.t.Helper()
	ctx := context.Background()
	tx, err := d.store.Begin(ctx, false)
	if err != nil {
		d.t.Fatal(err)
	}
	defer tx.Rollback()
	def, _ := tx.Table("public", name)
	snap, err := tx.Snapshot(def)
	if err != nil {
		d.t.Fatal(err)
	}
	defer snap.Release()
	steps := rewrite.Steps(def, snap.Segments)
	if len(steps) == 0 {
		d.t.Fatal("nothing is to be rewritten")
	}
	step = steps[0]
	files := d.store.Rewrite(def, snap.Segments[step.From:step.To])
	run, err := d.engine.Rewrite(ctx, snap, step.From, step.To, step.Into, RunOptions{Tier: "fast", Store: files.Receive})
	if err != nil {
		d.t.Fatal(err)
	}
	if err := files.Swap(ctx, run.Append); err != nil {
		d.t.Fatal(err)
	}
	after, err := d.store.Begin(ctx, false)
	if err != nil {
		d.t.Fatal(err)
	}
	defer after.Rollback()
	if segments, err = after.Segments(def); err != nil {
		d.t.Fatal(err)
	}
	return step, segments
}

// TestRewrittenRowsKeepOrderAndNarrow: what was a tail becomes as narrow as what was loaded at once, few rows share the
// dictionary of the others, and the executor lets go of what was replaced.
func TestRewrittenRowsKeepOrderAndNarrow(t *testing.T) {
	d := openDatabase(t, Options{Threads: 2})
	d.store.SetTailRows(1000)
	d.must("CREATE TABLE t (a bigint NOT NULL, p numeric(15,2), s text)")
	insert := func(from, to int) {
		d.must(fmt.Sprintf("INSERT INTO t SELECT i, i %% 200, CASE i %% 3 WHEN 0 THEN 'x' WHEN 1 THEN 'y' ELSE 'zz' END FROM generate_series(%d, %d) i", from, to-1))
	}
	insert(0, 3000)
	insert(3000, 3500)
	before := d.must("SELECT * FROM t")
	d.wantMapped("before", 1, 2) // the tail, a segment, the dictionary
	step, segments := d.rewriteTable("t")
	if step.From != 1 || step.To != 2 || len(segments) != 2 {
		t.Fatalf("step %d-%d left %d segments", step.From, step.To, len(segments))
	}
	if a, b := segments[0].Layouts(), segments[1].Layouts(); !slices.Equal(a, b) || a[2].Encoding != segment.Dictionary || a[1].Width != 1 {
		t.Errorf("layouts %v and %v", a, b)
	}
	if st := segments[1].Cols[0].Stats; st.MinInt != 3000 || st.MaxInt != 3499 {
		t.Errorf("bounds %+v", st)
	}
	if after := d.must("SELECT * FROM t"); after != before {
		t.Errorf("rows changed, or their order: %.300s", after)
	}
	d.wantMapped("after", 0, 3)
	insert(3500, 6000) // a file
	insert(6000, 6100)
	insert(6100, 6200)
	before = d.must("SELECT * FROM t")
	step, segments = d.rewriteTable("t")
	if len(segments) != 1 || segments[0].Rows != 6200 {
		t.Errorf("step %d-%d left %d segments", step.From, step.To, len(segments))
	}
	if after := d.must("SELECT * FROM t"); after != before {
		t.Errorf("rows changed, or their order: %.300s", after)
	}
	d.wantMapped("at the end", 0, 2)
}
