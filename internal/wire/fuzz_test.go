package wire

import (
	"bytes"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/wire/auth"
	"github.com/jackc/pgproto3/v2"
)

// memory is a connection whose peer has sent all it will and reads everything.
type memory struct {
	io.Reader
	written int
}

func (m *memory) Write(p []byte) (int, error)      { m.written += len(p); return len(p), nil }
func (*memory) Close() error                       { return nil }
func (*memory) LocalAddr() net.Addr                { return &net.UnixAddr{Name: "s", Net: "unix"} }
func (*memory) RemoteAddr() net.Addr               { return &net.UnixAddr{Name: "c", Net: "unix"} }
func (*memory) SetDeadline(time.Time) error        { return nil }
func (m *memory) SetReadDeadline(time.Time) error  { return nil }
func (m *memory) SetWriteDeadline(time.Time) error { return nil }

// serveBytes runs a connection on the client's bytes, without the recover that would hide a panic of ours.
func serveBytes(bytesIn []byte) {
	server := New(Config{
		Admit: auth.Trust,
		NewSession: func(client Client) (Session, error) {
			return &fakeSession{statements: map[string]string{}, portals: map[string]string{}, copied: new(atomic.Int64)}, nil
		},
	})
	c := newConn(server, &memory{Reader: bytes.NewReader(bytesIn)})
	defer c.close()
	if c.open() {
		c.loop()
	}
}

func encode(messages ...pgproto3.FrontendMessage) []byte {
	var out []byte
	for _, message := range messages {
		encoded, err := message.Encode(out)
		if err != nil {
			panic(err)
		}
		out = encoded
	}
	return out
}

func FuzzStartup(f *testing.F) {
	f.Add(encode(startup(196608, map[string]string{"user": "flern", "options": "-c a=b"})))
	f.Add(encode(&pgproto3.SSLRequest{}, &pgproto3.GSSEncRequest{}, startup(196610, map[string]string{"user": "flern"})))
	f.Add(encode(&pgproto3.CancelRequest{ProcessID: 1, SecretKey: 2}))
	f.Fuzz(func(_ *testing.T, in []byte) { serveBytes(in) })
}

func FuzzMessages(f *testing.F) {
	hello := encode(startup(196608, map[string]string{"user": "flern"}))
	f.Add(encode(&pgproto3.Query{String: "rows 1"}, &pgproto3.Terminate{}))
	f.Add(encode(&pgproto3.Query{String: "copy"}, &pgproto3.CopyData{Data: []byte("a,b\n")}, &pgproto3.CopyDone{}))
	f.Add(encode(&pgproto3.Query{String: "copy"}, &pgproto3.CopyFail{Message: "no"}))
	f.Add(encode(&pgproto3.Parse{Name: "s", Query: "rows 1", ParameterOIDs: []uint32{23}},
		&pgproto3.Bind{PreparedStatement: "s", ParameterFormatCodes: []int16{1}, Parameters: [][]byte{{0, 0, 0, 1}, nil},
			ResultFormatCodes: []int16{1}},
		&pgproto3.Describe{ObjectType: 'S', Name: "s"}, &pgproto3.Execute{MaxRows: 3}, &pgproto3.Close{ObjectType: 'P'},
		&pgproto3.Sync{}))
	f.Fuzz(func(_ *testing.T, in []byte) {
		if bytes.Contains(in, []byte("wait")) || bytes.Contains(in, []byte("flood")) || bytes.Contains(in, []byte("panic")) {
			return // the fake would do as told
		}
		serveBytes(append(bytes.Clone(hello), in...))
	})
}
