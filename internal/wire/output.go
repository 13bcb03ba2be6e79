package wire

import (
	"net"

	"github.com/flernd/flernd/internal/wire/session"
	"github.com/jackc/pgproto3/v2"
)

// writeBuffer is how many bytes of answers wait before they go out. Larger blocks of rows are not copied into it.
const writeBuffer = 16 << 10

// encoder is a message of the server.
type encoder interface {
	Encode(dst []byte) ([]byte, error)
}

// send queues a message. A failure to write is kept in c.broken: the loop ends on it.
func (c *conn) send(message encoder) {
	out, err := message.Encode(c.out)
	if err != nil {
		c.fail(err)
		return
	}
	c.out = out
	if len(c.out) >= writeBuffer {
		c.flush()
	}
}

// flush writes what is queued.
func (c *conn) flush() {
	if len(c.out) == 0 || c.broken != nil {
		c.out = c.out[:0]
		return
	}
	if _, err := c.net.Write(c.out); err != nil {
		c.fail(err)
	}
	c.out = c.out[:0]
}

// fail notes that the client cannot be reached any more, and stops what runs for it.
func (c *conn) fail(err error) {
	if c.broken == nil {
		c.broken = err
		c.running.cancel(errGone)
	}
}

// answer prints a session's answers as messages.
type answer struct {
	*conn
	// silent leaves row descriptions out: Execute does not send them.
	silent bool
	copied *copyReader
}

// Columns implements session.Output.
func (a *answer) Columns(columns []session.Column) error {
	if !a.silent {
		a.send(rowDescription(columns))
	}
	return a.broken
}

func rowDescription(columns []session.Column) *pgproto3.RowDescription {
	fields := make([]pgproto3.FieldDescription, len(columns))
	for i, column := range columns {
		fields[i] = pgproto3.FieldDescription{
			Name:         []byte(clean(column.Name)),
			DataTypeOID:  column.Type.OID(),
			DataTypeSize: column.Type.Size(),
			TypeModifier: column.TypeModifier(),
		}
		if column.Binary {
			fields[i].Format = pgproto3.BinaryFormat
		}
	}
	return &pgproto3.RowDescription{Fields: fields}
}

// Rows implements session.Output. A large block goes to the socket as it is, in one system call with what was queued.
func (a *answer) Rows(messages []byte, _ int64) error {
	if len(a.out)+len(messages) < writeBuffer {
		a.out = append(a.out, messages...)
		return a.broken
	}
	if a.broken == nil {
		buffers := net.Buffers{a.out, messages}
		if _, err := buffers.WriteTo(a.net); err != nil {
			a.fail(err)
		}
	}
	a.out = a.out[:0]
	return a.broken
}

// Complete implements session.Output.
func (a *answer) Complete(tag string) error {
	if err := a.finishCopy(); err != nil {
		return err
	}
	a.send(&pgproto3.CommandComplete{CommandTag: []byte(tag)})
	return a.broken
}

// Empty implements session.Output.
func (a *answer) Empty() error {
	a.send(&pgproto3.EmptyQueryResponse{})
	return a.broken
}

// Notice implements session.Output.
func (a *answer) Notice(notice *session.Notice) error {
	a.sendNotice(notice)
	return a.broken
}
