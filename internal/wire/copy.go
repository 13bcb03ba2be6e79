package wire

import (
	"io"

	"github.com/flernd/flernd/internal/wire/session"
	"github.com/flernd/flernd/internal/wire/sqlstate"
	"github.com/jackc/pgproto3/v2"
)

// copyReader hands out the bodies of CopyData messages as they lie in the read buffer: however long a message is, no more
// than the buffer is held.
type copyReader struct {
	conn    *conn
	left    int // bytes of the current message that were not handed out
	handed  int // bytes of the read buffer that the last piece lies in
	problem error
}

// CopyIn implements session.Output.
func (a *answer) CopyIn(columns int) (session.CopyData, error) {
	a.send(&pgproto3.CopyInResponse{OverallFormat: 0, ColumnFormatCodes: make([]uint16, columns)})
	a.flush()
	if a.broken != nil {
		return nil, a.broken
	}
	a.copied = &copyReader{conn: a.conn}
	return a.copied.next, nil
}

// finishCopy reads the rest of the data of a COPY that ended by itself (at an end-of-data mark).
func (a *answer) finishCopy() error {
	if a.copied == nil {
		return nil
	}
	for {
		if _, err := a.copied.next(); err == io.EOF {
			a.copied = nil
			return nil
		} else if err != nil {
			return err
		}
	}
}

// abandonCopy steps over the message that a failed COPY stopped in; the loop drops those that follow.
func (a *answer) abandonCopy() {
	if a.copied == nil || a.lost != nil {
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
			return nil, r.lost(err)
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
		return r.lost(err)
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

// lost ends the connection: where its next message begins is not known.
func (r *copyReader) lost(err error) error {
	if r.conn.stopping() {
		err = errShutdown
	}
	r.problem = err
	r.conn.lost = err
	return err
}
