package wire

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/flernd/flernd/internal/wire/session"
	"github.com/flernd/flernd/internal/wire/sqlstate"
	"github.com/jackc/pgproto3/v2"
)

// copyReader hands out the bodies of CopyData messages as they lie in the read buffer: however long a message is, no more
// than the buffer is held.
type copyReader struct {
	conn    *conn
	ctx     context.Context // of the statement
	stop    func() bool     // ends the watch over ctx, nil once it has ended
	woken   chan struct{}   // closed when the watch has woken the reader
	left    int             // bytes of the current message that were not handed out
	handed  int             // bytes of the read buffer that the last piece lies in
	problem error
}

// CopyIn implements session.Output.
func (a *answer) CopyIn(ctx context.Context, columns int, binary bool) (session.CopyData, error) {
	ask := &pgproto3.CopyInResponse{ColumnFormatCodes: make([]uint16, columns)}
	if binary {
		ask.OverallFormat = 1
		for i := range ask.ColumnFormatCodes {
			ask.ColumnFormatCodes[i] = 1
		}
	}
	a.send(ask)
	a.flush()
	if a.broken != nil {
		return nil, a.broken
	}
	r := &copyReader{conn: a.conn, ctx: ctx, woken: make(chan struct{})}
	a.copied = r
	// A cancelled statement does not wait for a client that sends nothing.
	r.stop = context.AfterFunc(ctx, func() {
		_ = r.conn.net.SetReadDeadline(time.Now()) // it fails only on a socket that is closed already
		close(r.woken)
	})
	return r.next, nil
}

// unwatch lets reads block again after a COPY that may have been interrupted. It must come before ctx ends by itself.
func (r *copyReader) unwatch() {
	if r == nil || r.stop == nil {
		return
	}
	stopped := r.stop()
	r.stop = nil
	if stopped {
		return // nothing interrupted it
	}
	<-r.woken
	_ = r.conn.net.SetReadDeadline(time.Time{})
	if r.conn.stopping() {
		_ = r.conn.net.SetReadDeadline(time.Now())
	}
}

// finishCopy reads the rest of the data of a COPY that ended by itself (at an end-of-data mark).
func (a *answer) finishCopy() error {
	if a.copied == nil {
		return nil
	}
	for {
		if _, err := a.copied.next(); err == io.EOF {
			a.copied.unwatch()
			a.copied = nil
			return nil
		} else if err != nil {
			return err
		}
	}
}

// abandonCopy steps over the message that a failed COPY stopped in; the loop drops those that follow.
func (a *answer) abandonCopy() {
	if a.copied == nil {
		return
	}
	a.copied.unwatch()
	if a.lost != nil {
		return
	}
	if err := a.in.skip(a.copied.handed + a.copied.left); err != nil {
		a.lost = err
	}
	a.copied = nil
}

// next is a session.CopyData.
func (r *copyReader) next() ([]byte, error) {
	if r.problem != nil {
		return nil, r.problem
	}
	in := r.conn.in.in
	if r.handed > 0 {
		if _, err := in.Discard(r.handed); err != nil {
			return nil, r.lost(err)
		}
		r.handed = 0
	}
	for r.left == 0 {
		if err := r.advance(); err != nil {
			r.problem = err
			return nil, err
		}
	}
	if in.Buffered() == 0 {
		if _, err := in.Peek(1); err != nil {
			return nil, r.interrupted(err)
		}
	}
	piece, err := in.Peek(min(r.left, in.Buffered()))
	if err != nil {
		return nil, r.lost(err)
	}
	r.handed = len(piece)
	r.left -= len(piece)
	return piece, nil
}

// advance reads message headers up to the next CopyData with a body; io.EOF after CopyDone.
func (r *copyReader) advance() error {
	kind, length, err := r.conn.in.header()
	if err != nil {
		return r.interrupted(err)
	}
	if kind == 'd' {
		r.left = length
		return nil
	}
	if length > limitOf(kind) {
		return r.lost(protocolError("invalid message length"))
	}
	body, err := r.conn.in.read(length)
	if err != nil {
		return r.lost(err)
	}
	switch kind {
	case 'c':
		return io.EOF
	case 'f':
		var message pgproto3.CopyFail
		if err := decode(&message, body); err != nil {
			return err
		}
		return sqlstate.New(sqlstate.QueryCanceled, "COPY from stdin failed: %s", message.Message)
	case 'H', 'S': // sent by clients that pipeline; they mean nothing here
		return nil
	}
	return r.lost(protocolError("unexpected message type 0x%02X during COPY from stdin", kind))
}

// interrupted is lost, unless the statement was cancelled: then the stream is in step, and the connection goes on.
func (r *copyReader) interrupted(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) && r.ctx.Err() != nil && !r.conn.stopping() {
		r.problem = context.Cause(r.ctx)
		return r.problem
	}
	return r.lost(err)
}

// lost ends the connection: where its next message begins is not known.
func (r *copyReader) lost(err error) error {
	if r.conn.stopping() {
		err = errShutdown
	}
	r.problem = err
	r.conn.lost = err
	return err
}
