package session

import (
	"context"
	"errors"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// cursor is a statement whose rows are fetched in parts. The statement runs on a goroutine that goes on only while fetch
// waits for it, so that the session's state needs no locks: in between it stands in Rows, which is also what makes the
// engine give its workers back.
type cursor struct {
	cancel context.CancelCauseFunc
	blocks chan block
	taken  chan struct{} // the last block's bytes are no longer needed
	ended  chan struct{}
	tag    string // once ended
	err    error

	rest    []byte // of the last block, not yet passed on
	left    int64  // rows in rest
	pending bool   // a block was received and not given back
}

// block is some rows on their way from the statement to fetch.
type block struct {
	messages []byte
	rows     int64
}

var errClosed = errors.New("the cursor was closed")

// openCursor starts a statement.
func openCursor(run func(ctx context.Context, out Output) (tag string, err error)) *cursor {
	ctx, cancel := context.WithCancelCause(context.Background())
	c := &cursor{cancel: cancel, blocks: make(chan block), taken: make(chan struct{}), ended: make(chan struct{})}
	go func() {
		defer close(c.ended)
		defer func() {
			if problem := recover(); problem != nil {
				c.err = sqlstate.New(sqlstate.InternalError, "internal error: %v", problem)
			}
		}()
		c.tag, c.err = run(ctx, &cursorOutput{cursor: c, ctx: ctx})
	}()
	return c
}

// fetch passes on up to limit rows, all if limit is 0. It returns how many, and whether there may be more.
func (c *cursor) fetch(ctx context.Context, limit int64, out Output) (rows int64, more bool, err error) {
	stop := context.AfterFunc(ctx, func() { c.cancel(context.Cause(ctx)) })
	defer stop()
	for {
		if c.left > 0 {
			n, end := c.left, len(c.rest)
			if limit > 0 && n > limit-rows {
				n = limit - rows
				end = firstRows(c.rest, n)
			}
			if err := out.Rows(c.rest[:end], n); err != nil {
				return rows, false, err
			}
			c.rest, c.left, rows = c.rest[end:], c.left-n, rows+n
		}
		if limit > 0 && rows == limit {
			return rows, true, nil
		}
		if c.pending {
			c.pending = false
			c.taken <- struct{}{}
		}
		select {
		case next := <-c.blocks:
			c.rest, c.left, c.pending = next.messages, next.rows, true
		case <-c.ended:
			c.cancel(nil)
			return rows, false, c.err
		}
	}
}

// close ends the statement and waits until it has.
func (c *cursor) close() {
	c.cancel(errClosed)
	if c.pending {
		c.pending = false
		c.taken <- struct{}{}
	}
	for {
		select {
		case <-c.blocks:
			c.taken <- struct{}{}
		case <-c.ended:
			return
		}
	}
}

// cursorOutput is where the statement of a cursor puts its rows.
type cursorOutput struct {
	cursor *cursor
	ctx    context.Context
}

// Rows implements Output. It returns when fetch is called again after having passed on all of them.
func (o *cursorOutput) Rows(messages []byte, n int64) error {
	if o.ctx.Err() != nil {
		return context.Cause(o.ctx)
	}
	o.cursor.blocks <- block{messages, n}
	<-o.cursor.taken
	if o.ctx.Err() != nil {
		return context.Cause(o.ctx)
	}
	return nil
}

// Columns implements Output: Execute sends no description.
func (*cursorOutput) Columns([]Column) error { return nil }

// Complete implements Output.
func (*cursorOutput) Complete(string) error { return nil }

// Empty implements Output.
func (*cursorOutput) Empty() error { return nil }

// Notice implements Output. Statements that return rows give none.
func (*cursorOutput) Notice(*Notice) error { return nil }

// CopyIn implements Output.
func (*cursorOutput) CopyIn(context.Context, int, bool) (CopyData, error) {
	return nil, sqlstate.Unsupported("COPY in a portal with a row limit")
}
