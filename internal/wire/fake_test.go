package wire

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/auth"
	"github.com/flernd/flernd/internal/wire/session"
	"github.com/flernd/flernd/internal/wire/sqlstate"
	"github.com/jackc/pgproto3/v2"
)

// fakeSession answers statements by their first word, so that the protocol is tested without SQL.
type fakeSession struct {
	client     Client
	statements map[string]string
	portals    map[string]string
	params     []string
	failed     bool
	reported   bool
	syncs      int
	copied     *atomic.Int64
	started    chan struct{}
	stopped    chan error
}

func (s *fakeSession) Changed() [][2]string {
	if s.reported {
		return nil
	}
	s.reported = true
	return [][2]string{{"server_version", "15.0"}}
}

var fakeColumns = []session.Column{{Name: "n", Type: sqltype.Of(sqltype.Int4)}}

// fakeRow is a DataRow with one column.
func fakeRow(value string) []byte {
	row := append([]byte{'D', 0, 0, 0, 0, 0, 1}, 0, 0, 0, 0)
	binary.BigEndian.PutUint32(row[7:], uint32(len(value)))
	row = append(row, value...)
	binary.BigEndian.PutUint32(row[1:], uint32(len(row)-1))
	return row
}

func (s *fakeSession) Query(ctx context.Context, sql string, out session.Output) error {
	s.failed = false
	verb, rest, _ := strings.Cut(sql, " ")
	switch verb {
	case "":
		return out.Empty()
	case "rows":
		if err := out.Columns(fakeColumns); err != nil {
			return err
		}
		if err := out.Rows(fakeRow(rest), 1); err != nil {
			return err
		}
		return out.Complete("SELECT 1")
	case "flood":
		block := []byte(strings.Repeat(string(fakeRow("1234567890")), 4000))
		for ctx.Err() == nil {
			if err := out.Rows(block, 4000); err != nil {
				return err
			}
		}
		return context.Cause(ctx)
	case "error":
		return sqlstate.New(sqlstate.SyntaxError, "bad \x00word").At(7).WithDetail("d").WithHint("h").WithContext("c")
	case "notice":
		notice := &session.Notice{Severity: "WARNING", Error: sqlstate.New(sqlstate.Warning, "mind")}
		if err := out.Notice(notice); err != nil {
			return err
		}
		return out.Complete("SET")
	case "wait":
		s.started <- struct{}{}
		<-ctx.Done()
		s.stopped <- context.Cause(ctx)
		return context.Cause(ctx)
	case "panic":
		panic("as asked")
	case "copy":
		in, err := out.CopyIn(ctx, 2, false)
		if err != nil {
			return err
		}
		for {
			piece, err := in()
			if errors.Is(err, io.EOF) {
				return out.Complete("COPY 1")
			}
			if err != nil {
				return err
			}
			s.copied.Add(int64(len(piece)))
			if rest == "fails" {
				return sqlstate.New(sqlstate.BadCopyFileFormat, "no good")
			}
		}
	}
	return sqlstate.New(sqlstate.SyntaxError, "syntax error at or near %q", verb)
}

func (s *fakeSession) Parse(_ context.Context, name, sql string, _ []uint32) error {
	if strings.HasPrefix(sql, "error") {
		s.failed = true
		return sqlstate.New(sqlstate.SyntaxError, "bad")
	}
	s.statements[name] = sql
	return nil
}

func (s *fakeSession) DescribeStatement(_ context.Context, name string) (*session.Statement, error) {
	if _, ok := s.statements[name]; !ok {
		return nil, sqlstate.New(sqlstate.InvalidSQLStatementName, "prepared statement %q does not exist", name)
	}
	return &session.Statement{Params: []uint32{23}, Columns: fakeColumns}, nil
}

func (s *fakeSession) Bind(_ context.Context, b session.Binding) error {
	s.portals[b.Portal] = s.statements[b.Statement]
	s.params = s.params[:0]
	for _, p := range b.Params {
		s.params = append(s.params, string(p))
	}
	return nil
}

func (s *fakeSession) DescribePortal(context.Context, string) ([]session.Column, error) {
	return nil, nil
}

func (s *fakeSession) Execute(ctx context.Context, portal string, maxRows int64, out session.Output) (bool, error) {
	if maxRows > 0 {
		return true, out.Rows(fakeRow("1"), 1)
	}
	return false, s.Query(ctx, s.portals[portal], out)
}

func (s *fakeSession) CloseStatement(name string) { delete(s.statements, name) }
func (s *fakeSession) ClosePortal(name string)    { delete(s.portals, name) }
func (s *fakeSession) Sync(context.Context) error { s.syncs++; return nil }
func (s *fakeSession) Fail()                      { s.failed = true }
func (s *fakeSession) Close()                     {}
func (s *fakeSession) Status() session.TransactionStatus {
	return session.Idle
}

// testServer is a server on fake sessions.
type testServer struct {
	address string
	copied  atomic.Int64
	stop    context.CancelFunc
	ended   chan error
	started chan struct{} // an element a "wait" that began
	stopped chan error    // why each ended
}

func startServer(t *testing.T, change func(*Config)) *testServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ts := &testServer{address: listener.Addr().String(), ended: make(chan error, 1), started: make(chan struct{}, 10), stopped: make(chan error, 10)}
	config := Config{
		Admit: auth.Trust,
		NewSession: func(client Client) (Session, error) {
			if client.Settings["nonsense"] != "" {
				return nil, sqlstate.New(sqlstate.UndefinedObject, "unrecognized configuration parameter \"nonsense\"")
			}
			return &fakeSession{client: client, statements: map[string]string{}, portals: map[string]string{},
				copied: &ts.copied, started: ts.started, stopped: ts.stopped}, nil
		},
		Grace: 500 * time.Millisecond,
	}
	if change != nil {
		change(&config)
	}
	ctx, stop := context.WithCancel(context.Background())
	ts.stop = stop
	server := New(config)
	go func() { ts.ended <- server.Serve(ctx, listener) }()
	t.Cleanup(func() {
		stop()
		if err := <-ts.ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return ts
}

// client is the other end of a connection, message by message.
type client struct {
	t *testing.T
	net.Conn
	*pgproto3.Frontend
	key *pgproto3.BackendKeyData
}

func dial(t *testing.T, ts *testServer) *client {
	t.Helper()
	socket, err := net.Dial("tcp", ts.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	if err := socket.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return &client{t: t, Conn: socket, Frontend: pgproto3.NewFrontend(pgproto3.NewChunkReader(socket), socket)}
}

func connect(t *testing.T, ts *testServer) *client {
	t.Helper()
	c := dial(t, ts)
	c.put(&pgproto3.StartupMessage{ProtocolVersion: pgproto3.ProtocolVersionNumber,
		Parameters: map[string]string{"user": "flern", "database": "flern"}})
	c.want("R")
	c.want("S")
	c.key = c.want("K").(*pgproto3.BackendKeyData)
	c.want("Z")
	return c
}

func (c *client) put(messages ...pgproto3.FrontendMessage) {
	c.t.Helper()
	for _, message := range messages {
		if err := c.Send(message); err != nil {
			c.t.Fatal(err)
		}
	}
}

func (c *client) raw(bytes ...byte) {
	c.t.Helper()
	if _, err := c.Write(bytes); err != nil {
		c.t.Fatal(err)
	}
}

// want receives messages whose types must be those of the letters; it returns the last.
func (c *client) want(types string) (last pgproto3.BackendMessage) {
	c.t.Helper()
	for i := range types {
		message, err := c.Receive()
		if err != nil {
			c.t.Fatalf("waiting for %c of %q: %v", types[i], types, err)
		}
		encoded, err := message.Encode(nil)
		if err != nil {
			c.t.Fatal(err)
		}
		if encoded[0] != types[i] {
			c.t.Fatalf("got %c %+v, want %c of %q", encoded[0], message, types[i], types)
		}
		last = message
	}
	return last
}

func (c *client) wantError(code sqlstate.Code, severity string) *pgproto3.ErrorResponse {
	c.t.Helper()
	e := c.want("E").(*pgproto3.ErrorResponse)
	if e.Code != string(code) || e.Severity != severity {
		c.t.Fatalf("got %s %s %q, want %s %s", e.Severity, e.Code, e.Message, severity, code)
	}
	return e
}

func (c *client) wantEnd() {
	c.t.Helper()
	if message, err := c.Receive(); err == nil {
		c.t.Fatalf("got %+v, want the end of the connection", message)
	}
}
