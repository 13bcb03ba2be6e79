package table

import (
	"context"
	"errors"
	"runtime"
	"sync"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Verify compares what a scan is to read with its checksums, once for each column of a file in the life of the process: the
// columns with these ordinals, of the segments that skip does not name, and their dictionaries. It reads several at a time.
func (s *Snapshot) Verify(ctx context.Context, ordinals []int, skip func(segment int) bool) error {
	var unread []reading
	for _, o := range ordinals {
		if d := s.Dicts[o]; d != nil && d.Unread.Has(0) {
			unread = append(unread, reading{ordinal: o})
		}
	}
	for i, g := range s.Segments {
		if g.Unread == nil || skip(i) {
			continue
		}
		for _, o := range ordinals {
			if g.Unread.Has(o) {
				unread = append(unread, reading{g, o})
			}
		}
	}
	if len(unread) == 0 {
		return nil
	}
	return s.verify(ctx, unread)
}

// reading is a column to be read, of a segment or (nil) of the dictionary.
type reading struct {
	segment *Segment
	ordinal int
}

// verify reads columns, in the order in which a scan comes to them; after the first error no more are begun.
func (s *Snapshot) verify(ctx context.Context, unread []reading) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	next := make(chan reading)
	var wait sync.WaitGroup
	for range min(len(unread), runtime.GOMAXPROCS(0)) {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for r := range next {
				if err := s.check(ctx, r); err != nil {
					stop(err)
				}
			}
		}()
	}
	for _, r := range unread {
		if ctx.Err() != nil {
			break
		}
		next <- r
	}
	close(next)
	wait.Wait()
	return context.Cause(ctx)
}

// check reads one column and says whose it is if it is damaged.
func (s *Snapshot) check(ctx context.Context, r reading) error {
	var err error
	if r.segment == nil {
		err = s.Dicts[r.ordinal].Unread.Check(ctx, 0)
	} else {
		err = r.segment.Unread.Check(ctx, r.ordinal)
	}
	var damage *sqlstate.Error
	if !errors.As(err, &damage) || damage.Code != sqlstate.DataCorrupted {
		return err
	}
	column := s.Table.Columns[r.ordinal].Name
	if r.segment == nil {
		return sqlstate.Wrap(err, damage.Code, "the dictionary of column \"%s\" of table \"%s\" is damaged", column, s.Table.Name)
	}
	return sqlstate.Wrap(err, damage.Code, "column \"%s\" of table \"%s\" is damaged in segment %d", column, s.Table.Name, r.segment.ID)
}
