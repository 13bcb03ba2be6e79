package wire

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Limits on what a client may send, in bytes of a message's body.
const (
	maxStartup   = 10_000   // PostgreSQL's own limit before authentication
	maxSmall     = 1 << 16  // messages that hold a name or nothing
	maxStatement = 64 << 20 // Query, Parse and Bind
	maxMessage   = 0x3fffffff - 1
	readBuffer   = 64 << 10
	firstPiece   = 64 << 10 // a body grows from here as its bytes come in, so that a length alone costs no memory
	keptBody     = 1 << 20  // a larger body's memory is not kept for the next
)

// reader reads messages of bounded size. A body is valid until the next read.
type reader struct {
	in   *bufio.Reader
	body []byte
}

func newReader(in io.Reader) *reader {
	return &reader{in: bufio.NewReaderSize(in, readBuffer)}
}

// tooLarge is a message over its limit that was skipped: the stream is still in step.
type tooLarge struct {
	kind   byte
	length int
	limit  int
}

func (e *tooLarge) Error() string {
	return fmt.Sprintf("message of type '%c' has %d bytes, more than the limit of %d", e.kind, e.length, e.limit)
}

// startup reads the packet that opens a connection, which has no type.
func (r *reader) startup() ([]byte, error) {
	var header [4]byte
	if _, err := io.ReadFull(r.in, header[:]); err != nil {
		return nil, err
	}
	length := binary.BigEndian.Uint32(header[:])
	if length < 8 || length > maxStartup {
		return nil, sqlstate.New(sqlstate.ProtocolViolation, "invalid length of startup packet")
	}
	return r.read(int(length) - 4)
}

// header reads a message's type and the length of its body, and checks both.
func (r *reader) header() (kind byte, length int, err error) {
	header, err := r.in.Peek(5) // all or nothing: a read that is interrupted leaves the stream in step
	if len(header) > 0 && limitOf(header[0]) < 0 {
		return 0, 0, sqlstate.New(sqlstate.ProtocolViolation, "invalid frontend message type %d", header[0])
	}
	if err != nil && len(header) > 0 {
		return 0, 0, unexpected(err)
	}
	if err != nil {
		return 0, 0, err
	}
	kind = header[0]
	size := binary.BigEndian.Uint32(header[1:])
	if _, err := r.in.Discard(len(header)); err != nil {
		return 0, 0, err
	}
	if size < 4 || size > maxMessage {
		return 0, 0, sqlstate.New(sqlstate.ProtocolViolation, "invalid message length")
	}
	return kind, int(size) - 4, nil
}

// message reads the next message whole. CopyData is for copyReader; a stray one is skipped without being held.
func (r *reader) message() (kind byte, body []byte, err error) {
	kind, length, err := r.header()
	if err != nil {
		return 0, nil, err
	}
	if kind == 'd' {
		return kind, nil, r.skip(length)
	}
	if limit := limitOf(kind); length > limit {
		if limit < maxStatement {
			return 0, nil, sqlstate.New(sqlstate.ProtocolViolation, "invalid message length")
		}
		if err := r.skip(length); err != nil {
			return 0, nil, err
		}
		return kind, nil, &tooLarge{kind, length, limit}
	}
	body, err = r.read(length)
	return kind, body, err
}

// limitOf is the most bytes a message of this type may have, negative for a type no client sends.
func limitOf(kind byte) int {
	switch kind {
	case 'Q', 'P', 'B':
		return maxStatement
	case 'd':
		return maxMessage
	case 'C', 'D', 'E', 'F', 'H', 'S', 'X', 'c', 'f', 'p':
		return maxSmall
	}
	return -1
}

// read reads n bytes, taking memory only as they arrive.
func (r *reader) read(n int) ([]byte, error) {
	if cap(r.body) > keptBody {
		r.body = nil
	}
	r.body = r.body[:0]
	for len(r.body) < n {
		have := len(r.body)
		grow := min(n-have, max(firstPiece, have))
		if cap(r.body)-have < grow {
			larger := make([]byte, have, have+grow)
			copy(larger, r.body)
			r.body = larger
		}
		r.body = r.body[:have+grow]
		if _, err := io.ReadFull(r.in, r.body[have:]); err != nil {
			return nil, unexpected(err)
		}
	}
	return r.body, nil
}

func (r *reader) skip(n int) error {
	_, err := r.in.Discard(n)
	return unexpected(err)
}

// unexpected is err where the end of the stream cuts a message.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
