package instance

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/flernd/flernd/internal/compile"
	"github.com/flernd/flernd/internal/storage"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/rewrite"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// In units of the time that nothing must have run for:
const (
	tailsAfter = 5  // a tail is rewritten: one that grows would be in vain
	patience   = 10 // where there is always something running, one step is taken all the same
)

// mostTaken bounds what is remembered of steps.
const mostTaken = 10000

// rewriter writes segments of tables again, one step at a time with one worker, when nothing else runs.
type rewriter struct {
	store *store
	busy  *activity
	after time.Duration
	log   *slog.Logger

	taken map[string]bool // no step is taken twice, should it have brought nothing, or should two undo each other
}

func newRewriter(store *store, busy *activity, after time.Duration, log *slog.Logger) *rewriter {
	return &rewriter{store: store, busy: busy, after: after, log: log, taken: map[string]bool{}}
}

// run takes steps until ctx ends.
func (r *rewriter) run(ctx context.Context) {
	type view struct {
		commits uint64
		tails   bool
	}
	nothing := view{} // that there is to do in this one
	last := time.Now()
	turn := time.NewTicker(max(r.after/2, time.Millisecond))
	defer turn.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-turn.C:
		}
		quiet := r.busy.quiet()
		if quiet < r.after && time.Since(last) < patience*r.after {
			continue
		}
		now := view{r.store.Commits() + 1, quiet >= tailsAfter*r.after}
		if now == nothing {
			continue
		}
		took, err := r.step(ctx, now.tails)
		if err != nil && ctx.Err() == nil {
			r.log.Warn("segments cannot be rewritten", "error", err)
		}
		if last = time.Now(); !took {
			nothing = now
		}
	}
}

// step takes the first step that is worth taking; took: there was one.
func (r *rewriter) step(ctx context.Context, tails bool) (took bool, err error) {
	tx, err := r.store.Store.Begin(ctx, false)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	for _, def := range tx.Tables() {
		if took, err = r.stepOf(ctx, tx, def, tails); took || err != nil {
			return took, err
		}
	}
	return false, nil
}

// stepOf takes a step in one table.
func (r *rewriter) stepOf(ctx context.Context, tx *storage.Tx, def *catalog.Table, tails bool) (took bool, err error) {
	segments, err := tx.Segments(def)
	if err != nil {
		return false, err
	}
	if n := len(segments); n > 0 && segments[n-1].IsTail() && !tails {
		segments = segments[:n-1]
	}
	for _, step := range rewrite.Steps(def, segments) {
		key := stepKey(def, segments, step)
		if r.taken[key] {
			continue
		}
		err := r.take(ctx, tx, def, step)
		if changed(err) {
			r.log.Debug("segments changed while they were rewritten", "table", def.Name)
			return true, nil
		}
		if len(r.taken) >= mostTaken {
			clear(r.taken)
		}
		r.taken[key] = true
		return true, err
	}
	return false, nil
}

// changed reports whether a rewriting has failed since others were first.
func changed(err error) bool {
	if err == nil {
		return false
	}
	code := sqlstate.Of(err).Code
	return code == sqlstate.SerializationFailure || code == sqlstate.UndefinedTable
}

// stepKey names a step by the rows it reads, which never move, and by what it aims at.
func stepKey(def *catalog.Table, segments []*table.Segment, step rewrite.Step) string {
	first, rows := int64(0), int64(0)
	for i, s := range segments[:step.To] {
		if i < step.From {
			first += s.Rows
		} else {
			rows += s.Rows
		}
	}
	return fmt.Sprint(def.ID, first, rows, step.To-step.From, step.Into)
}

// take rewrites the segments of a step. It holds a snapshot, and nobody up: only the swap is a transaction that writes.
func (r *rewriter) take(ctx context.Context, tx *storage.Tx, def *catalog.Table, step rewrite.Step) error {
	began := time.Now()
	snap, err := tx.Snapshot(def)
	if err != nil {
		return err
	}
	defer snap.Release()
	old := snap.Segments[step.From:step.To]
	files := r.store.Rewrite(def, old)
	run, err := r.busy.Rewrite(ctx, snap, step.From, step.To, step.Into, compile.RunOptions{Threads: 1, Tier: "fast", Store: files.Receive})
	if err != nil {
		files.Drop()
		return err
	}
	written := run.Append.Segments
	if !step.Worth(def, old, written) {
		run.Append.Close()
		files.Drop()
		r.log.Debug("rewritten segments would be no better", "table", def.Name, "segments", len(old), "rows", run.Rows)
		return nil
	}
	if err := files.Swap(ctx, run.Append); err != nil {
		return err
	}
	r.log.Info("segments rewritten", "table", def.Name, "segments", len(old), "into", len(written), "rows", run.Rows,
		"layout", fmt.Sprint(table.LayoutsOf(written[0].Cols)), "took", time.Since(began).Round(time.Millisecond))
	return nil
}
