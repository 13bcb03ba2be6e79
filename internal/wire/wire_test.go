package wire

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/wire/sqlstate"
	"github.com/jackc/pgproto3/v2"
)

func startup(version uint32, params map[string]string) *pgproto3.StartupMessage {
	return &pgproto3.StartupMessage{ProtocolVersion: version, Parameters: params}
}

func TestStartup(t *testing.T) {
	ts := startServer(t, nil)
	flern := map[string]string{"user": "flern"}
	t.Run("TLS and GSSAPI are declined", func(t *testing.T) {
		c := dial(t, ts)
		for _, code := range []uint32{codeSSL, codeGSS} {
			c.raw(binary.BigEndian.AppendUint32([]byte{0, 0, 0, 8}, code)...)
			var answer [1]byte
			if _, err := c.Read(answer[:]); err != nil || answer[0] != 'N' {
				t.Fatalf("answer %q, %v", answer, err)
			}
		}
		c.put(startup(196608, flern))
		c.want("RSKZ")
	})
	t.Run("TLS asked for twice", func(t *testing.T) {
		c := dial(t, ts)
		for range 2 {
			c.raw(binary.BigEndian.AppendUint32([]byte{0, 0, 0, 8}, codeSSL)...)
		}
		var answer [1]byte
		if _, err := c.Read(answer[:]); err != nil {
			t.Fatal(err)
		}
		c.wantError(sqlstate.FeatureNotSupported, "FATAL")
	})
	t.Run("newer minor version", func(t *testing.T) {
		c := dial(t, ts)
		c.put(startup(196608+2, map[string]string{"user": "flern", "_pq_.new": "1"}))
		want := []byte{'v', 0, 0, 0, 21, 0, 0, 0, 0, 0, 0, 0, 1}
		want = append(append(want, "_pq_.new"...), 0)
		got := make([]byte, len(want))
		if _, err := c.Read(got); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("got %q, want %q, %v", got, want, err)
		}
	})
	for _, r := range []struct {
		name    string
		version uint32
		params  map[string]string
		code    sqlstate.Code
	}{
		{"protocol 2", 2 << 16, flern, sqlstate.FeatureNotSupported},
		{"no user", 196608, map[string]string{"database": "flern"}, sqlstate.InvalidAuthorization},
		{"other user", 196608, map[string]string{"user": "bob"}, sqlstate.InvalidAuthorization},
		{"other database", 196608, map[string]string{"user": "flern", "database": "x"}, sqlstate.InvalidCatalogName},
		{"replication", 196608, map[string]string{"user": "flern", "replication": "database"}, sqlstate.FeatureNotSupported},
		{"session refused", 196608, map[string]string{"user": "flern", "nonsense": "1"}, sqlstate.UndefinedObject},
		{"options", 196608, map[string]string{"user": "flern", "options": `-c nonsense=a\ b`}, sqlstate.UndefinedObject},
		{"bad options", 196608, map[string]string{"user": "flern", "options": "-x"}, sqlstate.SyntaxError},
	} {
		t.Run(r.name, func(t *testing.T) {
			c := dial(t, ts)
			c.put(startup(r.version, r.params))
			c.wantError(r.code, "FATAL")
			c.wantEnd()
		})
	}
	for _, r := range []struct {
		name string
		raw  []byte
	}{
		{"length zero", []byte{0, 0, 0, 0}},
		{"length of a gigabyte", []byte{0x40, 0, 0, 0}},
		{"no terminator", []byte{0, 0, 0, 12, 0, 3, 0, 0, 'u', 's', 'e', 'r'}},
	} {
		t.Run(r.name, func(t *testing.T) {
			c := dial(t, ts)
			c.raw(r.raw...)
			c.wantError(sqlstate.ProtocolViolation, "FATAL")
			c.wantEnd()
		})
	}
}

func TestConnectionLimit(t *testing.T) {
	ts := startServer(t, func(c *Config) { c.MaxConnections = 1 })
	first := connect(t, ts)
	second := dial(t, ts)
	second.put(startup(196608, map[string]string{"user": "flern"}))
	second.wantError(sqlstate.TooManyConnections, "FATAL")
	first.put(&pgproto3.Query{String: "rows 1"})
	first.want("TDCZ")
}

// TestTooManyUnknown has clients connect that say nothing: the one that is too many is told, without having asked.
func TestTooManyUnknown(t *testing.T) {
	ts := startServer(t, func(c *Config) { c.MaxConnections = 1 })
	dial(t, ts)
	dial(t, ts)
	third := dial(t, ts)
	third.wantError(sqlstate.TooManyConnections, "FATAL")
	third.wantEnd()
}

func TestStartupTimeout(t *testing.T) {
	ts := startServer(t, func(c *Config) { c.StartupTimeout = 20 * time.Millisecond })
	dial(t, ts).wantEnd()
}

func TestSimpleQuery(t *testing.T) {
	ts := startServer(t, nil)
	c := connect(t, ts)
	c.put(&pgproto3.Query{String: "rows 42"})
	c.want("T")
	row := c.want("D").(*pgproto3.DataRow)
	if string(row.Values[0]) != "42" {
		t.Fatalf("row %q", row.Values)
	}
	c.want("CZ")
	c.put(&pgproto3.Query{String: ""})
	c.want("IZ")
	c.put(&pgproto3.Query{String: "notice"})
	c.want("NCZ")
	c.put(&pgproto3.Query{String: "error"})
	e := c.wantError(sqlstate.SyntaxError, "ERROR")
	if e.Message != "bad word" || e.Position != 7 || e.Detail != "d" || e.Hint != "h" || e.Where != "c" {
		t.Fatalf("error %+v", e)
	}
	c.want("Z")
	c.put(&pgproto3.FunctionCall{})
	c.wantError(sqlstate.FeatureNotSupported, "ERROR")
	c.want("Z")
}

func TestPanicEndsOneConnection(t *testing.T) {
	ts := startServer(t, nil)
	other := connect(t, ts)
	c := connect(t, ts)
	c.put(&pgproto3.Query{String: "panic"})
	c.wantError(sqlstate.InternalError, "FATAL")
	c.wantEnd()
	other.put(&pgproto3.Query{String: "rows 1"})
	other.want("TDCZ")
}

func TestExtended(t *testing.T) {
	ts := startServer(t, nil)
	c := connect(t, ts)
	c.put(&pgproto3.Parse{Name: "s", Query: "rows 7"}, &pgproto3.Describe{ObjectType: 'S', Name: "s"},
		&pgproto3.Bind{PreparedStatement: "s"}, &pgproto3.Describe{ObjectType: 'P'}, &pgproto3.Execute{MaxRows: 1},
		&pgproto3.Execute{}, &pgproto3.Close{ObjectType: 'S', Name: "s"}, &pgproto3.Sync{})
	c.want("1tT2nDsDC3Z")

	// An error drops what follows up to Sync; Flush sends what there is.
	c.put(&pgproto3.Parse{Query: "error"}, &pgproto3.Bind{}, &pgproto3.Execute{}, &pgproto3.Sync{})
	c.wantError(sqlstate.SyntaxError, "ERROR")
	c.want("Z")
	c.put(&pgproto3.Parse{Query: "rows 1"}, &pgproto3.Flush{})
	c.want("1")
	c.put(&pgproto3.Describe{ObjectType: 'x'}, &pgproto3.Sync{})
	c.wantError(sqlstate.ProtocolViolation, "ERROR")
	c.want("Z")
}

func TestHostileMessages(t *testing.T) {
	ts := startServer(t, nil)
	message := func(kind byte, length uint32, body ...byte) []byte {
		return append(binary.BigEndian.AppendUint32([]byte{kind}, length), body...)
	}
	for _, r := range []struct {
		name string
		raw  []byte
		fate string // "ERROR": the connection goes on; "FATAL": it ends
	}{
		{"unknown type", message(0xff, 4), "FATAL"},
		{"length below four", message('Q', 3), "FATAL"},
		{"length above a gigabyte", message('Q', 0x7fffffff), "FATAL"},
		{"large Sync", message('S', 1<<20), "FATAL"},
		{"password after startup", message('p', 6, 'x', 0), "FATAL"},
		{"query without terminator", message('Q', 6, 'h', 'i'), "ERROR"},
		{"bind with a negative size", append(message('B', 24, 0, 0, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0x00), make([]byte, 10)...), "ERROR"},
		{"bind cut short", message('B', 7, 'a', 0, 'b'), "ERROR"},
		{"parse with too many types", message('P', 8, 0, 0, 0xff, 0xff), "ERROR"},
		{"empty execute", message('E', 4), "ERROR"},
	} {
		t.Run(r.name, func(t *testing.T) {
			c := connect(t, ts)
			c.raw(r.raw...)
			if r.fate == "FATAL" {
				c.wantError(sqlstate.ProtocolViolation, "FATAL")
				c.wantEnd()
				return
			}
			c.wantError(sqlstate.ProtocolViolation, "ERROR")
			if r.raw[0] != 'Q' {
				c.put(&pgproto3.Sync{})
			}
			c.want("Z")
			c.put(&pgproto3.Query{String: "rows 1"})
			c.want("TDCZ")
		})
	}
}

// TestClaimedLengthCostsNothing has many clients claim a large query and send none of it.
func TestClaimedLengthCostsNothing(t *testing.T) {
	ts := startServer(t, nil)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 20 {
		connect(t, ts).raw('Q', 0x03, 0xff, 0xff, 0xff)
	}
	other := connect(t, ts)
	other.put(&pgproto3.Query{String: "rows 1"})
	other.want("TDCZ")
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 32<<20 {
		t.Errorf("20 unsent queries of 64 MB cost %d bytes", grown)
	}
}

func TestLargeStatementIsRefused(t *testing.T) {
	ts := startServer(t, nil)
	c := connect(t, ts)
	c.raw(binary.BigEndian.AppendUint32([]byte{'Q'}, maxStatement+5)...)
	block := make([]byte, 1<<20)
	go func() {
		for sent := 0; sent < maxStatement+1; sent += len(block) {
			if _, err := c.Write(block[:min(len(block), maxStatement+1-sent)]); err != nil {
				return // the test sees the missing answer
			}
		}
	}()
	c.wantError(sqlstate.ProgramLimitExceeded, "ERROR")
	c.want("Z")
	c.put(&pgproto3.Query{String: "rows 1"})
	c.want("TDCZ")
}

func TestCopyIn(t *testing.T) {
	ts := startServer(t, nil)
	c := connect(t, ts)
	for _, sizes := range [][]int{{}, {0}, {5}, {3, 0, 200_000, 1}, {readBuffer, readBuffer - 5, readBuffer + 1}} {
		ts.copied.Store(0)
		c.put(&pgproto3.Query{String: "copy"})
		c.want("G")
		total := 0
		for _, size := range sizes {
			c.put(&pgproto3.CopyData{Data: make([]byte, size)})
			total += size
		}
		c.put(&pgproto3.CopyDone{})
		c.want("CZ")
		if got := ts.copied.Load(); got != int64(total) {
			t.Errorf("pieces %v: %d bytes arrived", sizes, got)
		}
	}
	t.Run("the client gives up", func(t *testing.T) {
		c.put(&pgproto3.Query{String: "copy"})
		c.want("G")
		c.put(&pgproto3.CopyData{Data: []byte("x")}, &pgproto3.CopyFail{Message: "why not"})
		if e := c.wantError(sqlstate.QueryCanceled, "ERROR"); e.Message != "COPY from stdin failed: why not" {
			t.Error(e.Message)
		}
		c.want("Z")
	})
	t.Run("the statement fails with data on its way", func(t *testing.T) {
		c.put(&pgproto3.Query{String: "copy fails"})
		c.want("G")
		for range 10 {
			c.put(&pgproto3.CopyData{Data: make([]byte, 100_000)})
		}
		c.put(&pgproto3.CopyDone{}, &pgproto3.Query{String: "rows 1"})
		c.wantError(sqlstate.BadCopyFileFormat, "ERROR")
		c.want("ZTDCZ")
	})
	t.Run("cancelled while nothing comes", func(t *testing.T) {
		c.put(&pgproto3.Query{String: "copy"})
		c.want("G")
		before := ts.copied.Load()
		c.put(&pgproto3.CopyData{Data: []byte("abc")})
		for ts.copied.Load() == before {
			time.Sleep(time.Millisecond)
		}
		request := dial(t, ts)
		request.put(&pgproto3.CancelRequest{ProcessID: c.key.ProcessID, SecretKey: c.key.SecretKey})
		c.wantError(sqlstate.QueryCanceled, "ERROR")
		c.want("Z")
		c.put(&pgproto3.CopyData{Data: []byte("late")}, &pgproto3.CopyDone{}, &pgproto3.Query{String: "rows 1"})
		c.want("TDCZ")
	})
	t.Run("another message", func(t *testing.T) {
		c.put(&pgproto3.Query{String: "copy"})
		c.want("G")
		c.put(&pgproto3.Query{String: "rows 1"})
		c.wantError(sqlstate.ProtocolViolation, "FATAL")
		c.wantEnd()
	})
}

func TestCancel(t *testing.T) {
	ts := startServer(t, nil)
	c := connect(t, ts)
	c.put(&pgproto3.Query{String: "wait"})
	<-ts.started
	for _, secret := range []uint32{c.key.SecretKey + 1, c.key.SecretKey} {
		request := dial(t, ts)
		request.put(&pgproto3.CancelRequest{ProcessID: c.key.ProcessID, SecretKey: secret})
		request.wantEnd()
	}
	c.wantError(sqlstate.QueryCanceled, "ERROR")
	c.want("Z")
	c.put(&pgproto3.Query{String: "rows 1"})
	c.want("TDCZ")
}

// TestGone: the statement of a client that goes away ends, whatever was sent behind it; that of one that waits goes on.
func TestGone(t *testing.T) {
	ts := startServer(t, nil)
	waits, leaves := connect(t, ts), connect(t, ts)
	for _, c := range []*client{waits, leaves} {
		c.put(&pgproto3.Query{String: "wait"}, &pgproto3.Query{String: "rows 1"})
		<-ts.started
	}
	leaves.Close()
	select {
	case why := <-ts.stopped:
		if why != errGone {
			t.Errorf("it ended because of: %v", why)
		}
	case <-time.After(20 * goneInterval):
		t.Fatal("it goes on")
	}
	request := dial(t, ts)
	request.put(&pgproto3.CancelRequest{ProcessID: waits.key.ProcessID, SecretKey: waits.key.SecretKey})
	waits.wantError(sqlstate.QueryCanceled, "ERROR")
	waits.want("ZTDCZ")
}

func TestShutdown(t *testing.T) {
	ts := startServer(t, nil)
	idle, busy, slow, opening := connect(t, ts), connect(t, ts), connect(t, ts), dial(t, ts)
	slow.put(&pgproto3.Query{String: "flood"}) // its rows are never read
	busy.put(&pgproto3.Query{String: "wait"})
	<-ts.started
	ts.stop()
	idle.wantError(sqlstate.AdminShutdown, "FATAL")
	busy.wantError(sqlstate.AdminShutdown, "FATAL")
	opening.wantEnd()
	if err := <-ts.ended; err != nil {
		t.Error(err)
	}
	ts.ended <- nil
}

func TestGoneClientStopsItsStatement(t *testing.T) {
	stopped := make(chan error, 1)
	ts := startServer(t, func(c *Config) {
		open := c.NewSession
		c.NewSession = func(client Client) (Session, error) {
			s, err := open(client)
			return &watched{Session: s, stopped: stopped}, err
		}
	})
	c := connect(t, ts)
	c.put(&pgproto3.Query{String: "flood"})
	c.want("D")
	c.Close()
	select {
	case <-stopped:
	case <-time.After(10 * time.Second):
		t.Fatal("the statement went on")
	}
}

type watched struct {
	Session
	stopped chan error
}

func (w *watched) Close() { w.stopped <- nil; w.Session.Close() }

func TestCommandLine(t *testing.T) {
	for _, c := range []struct{ text, want, problem string }{
		{"", "map[]", ""},
		{"-c a=1 -cb=2 --c-d=3", "map[a:1 b:2 c_d:3]", ""},
		{`-c a=x\ y\\z`, `map[a:x y\z]`, ""},
		{"-c", "", "invalid command-line"},
		{"-c a", "", "requires a value"},
		{"a=1", "", "invalid command-line"},
	} {
		settings := map[string]string{}
		err := commandLine(c.text, settings)
		if c.problem != "" {
			if err == nil || !strings.Contains(err.Error(), c.problem) {
				t.Errorf("%q: %v", c.text, err)
			}
		} else if got := fmt.Sprint(settings); err != nil || got != c.want {
			t.Errorf("%q: %s, %v", c.text, got, err)
		}
	}
}

func TestRunningBetweenStatements(t *testing.T) {
	var r running
	r.cancel(errCanceled)
	ctx := r.start()
	if ctx.Err() != nil {
		t.Error("a cancel between statements reached the next one")
	}
	r.cancel(errCanceled)
	if context.Cause(ctx) != errCanceled {
		t.Error("cause lost")
	}
	r.end()
	r.cancel(errCanceled)
}
