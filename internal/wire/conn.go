package wire

import (
	"context"
	"errors"
	"net"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/flernd/flernd/internal/wire/sqlstate"
	"github.com/jackc/pgproto3/v2"
)

// Why a statement is stopped from outside.
var (
	errCanceled = sqlstate.New(sqlstate.QueryCanceled, "canceling statement due to user request")
	errShutdown = sqlstate.New(sqlstate.AdminShutdown, "terminating connection due to administrator command")
	errGone     = sqlstate.New(sqlstate.ConnectionFailure, "connection to client lost")
)

// conn is one connection. Its goroutine alone reads, runs and writes; running and ready are what others touch.
type conn struct {
	server  *Server
	net     net.Conn
	in      *reader
	out     []byte // encoded messages not yet written
	process uint32
	secret  uint32
	ready   atomic.Bool
	running running
	session Session
	entered bool

	broken   error // writing failed: the client is gone
	lost     error // reading failed in the middle of COPY: the connection must end
	skipping bool  // an error in the extended protocol: messages up to Sync are dropped
}

func newConn(server *Server, socket net.Conn) *conn {
	return &conn{server: server, net: socket, in: newReader(socket)}
}

// run serves the connection until it ends. A panic ends this connection only.
func (c *conn) run() {
	defer c.close()
	defer func() {
		if problem := recover(); problem != nil {
			c.server.config.Logger.Error("a connection's goroutine panicked", "problem", problem,
				"stack", string(debug.Stack()))
			c.sendError(severityFatal, sqlstate.New(sqlstate.InternalError, "internal error: %v", problem))
			c.flush()
		}
	}()
	if c.open() {
		c.loop()
	}
}

func (c *conn) close() {
	c.running.cancel(errGone)
	if c.session != nil {
		func() {
			defer func() {
				if problem := recover(); problem != nil {
					c.server.config.Logger.Error("closing a session panicked", "problem", problem,
						"stack", string(debug.Stack()))
				}
			}()
			c.session.Close()
		}()
	}
	if c.entered {
		c.server.leave()
	}
	c.net.Close()
}

// stop ends the connection from outside: what runs is cancelled, a pending read wakes up.
func (c *conn) stop(grace time.Duration) {
	c.running.cancel(errShutdown)
	now := time.Now()
	_ = c.net.SetReadDeadline(now) // it fails only on a socket that is closed already
	_ = c.net.SetWriteDeadline(now.Add(grace))
}

func (c *conn) stopping() bool { return c.server.stopping() }

// loop handles messages until the connection is to end.
func (c *conn) loop() {
	for c.broken == nil {
		kind, body, err := c.in.message()
		var large *tooLarge
		switch {
		case as(err, &large):
			c.refuseMessage(large)
			continue
		case err != nil:
			c.farewell(err)
			return
		}
		if kind == 'X' {
			return
		}
		c.handle(kind, body)
		switch {
		case c.lost != nil:
			c.farewell(c.lost)
			return
		case c.stopping():
			c.farewell(errShutdown)
			return
		}
	}
}

// farewell tells why the connection ends, where there is someone to tell.
func (c *conn) farewell(err error) {
	if c.stopping() {
		err = errShutdown
	}
	c.refuse(err)
}

// handle answers one message.
func (c *conn) handle(kind byte, body []byte) {
	if c.skipping && kind != 'S' && kind != 'Q' {
		return
	}
	switch kind {
	case 'Q':
		c.skipping = false
		c.query(body)
	case 'P':
		c.extended(c.parse, body)
	case 'B':
		c.extended(c.bind, body)
	case 'D':
		c.extended(c.describe, body)
	case 'E':
		c.extended(c.execute, body)
	case 'C':
		c.extended(c.closeNamed, body)
	case 'H':
		c.flush()
	case 'S':
		c.sync()
	case 'F':
		c.session.Fail()
		c.sendError(severityError, sqlstate.Unsupported("the function call message of the protocol"))
		c.readyForQuery()
	case 'd', 'c', 'f': // what was on its way when a COPY failed
	default:
		c.lost = protocolError("unexpected message of type '%c'", kind)
	}
}

// refuseMessage answers a message that was too large to be taken in.
func (c *conn) refuseMessage(large *tooLarge) {
	if c.skipping && large.kind != 'Q' {
		return
	}
	c.session.Fail()
	c.sendError(severityError, sqlstate.New(sqlstate.ProgramLimitExceeded, "%s", large.Error()))
	if large.kind == 'Q' {
		c.skipping = false
		c.readyForQuery()
	} else {
		c.skipping = true
	}
}

// during runs a call on the session with a context that CancelRequest and shutdown end.
func (c *conn) during(call func(ctx context.Context) error) error {
	ctx := c.running.start()
	defer c.running.end()
	if c.stopping() { // shutdown came before start could be seen by it
		return errShutdown
	}
	return call(ctx)
}

// report tells the client of an error a call returned. When the connection is about to end, farewell does.
func (c *conn) report(err error) {
	if err != nil && c.lost == nil && c.broken == nil && !c.stopping() {
		c.sendError(severityError, err)
		c.flush() // a client in the extended protocol may wait for it before it sends Sync
	}
}

func (c *conn) readyForQuery() {
	if c.lost != nil || c.stopping() {
		return
	}
	c.sendSettings()
	c.send(&pgproto3.ReadyForQuery{TxStatus: byte(c.session.Status())})
	c.flush()
}

// sendSettings reports the settings that changed.
func (c *conn) sendSettings() {
	for _, setting := range c.session.Changed() {
		c.send(&pgproto3.ParameterStatus{Name: setting[0], Value: clean(setting[1])})
	}
}

// running is the statement in progress, as seen from other goroutines.
type running struct {
	mu    sync.Mutex
	stop  context.CancelCauseFunc
	began time.Time
}

func (r *running) start() context.Context {
	ctx, stop := context.WithCancelCause(context.Background())
	r.mu.Lock()
	r.stop, r.began = stop, time.Now()
	r.mu.Unlock()
	return ctx
}

// longer reports whether a statement has been running for so long.
func (r *running) longer(than time.Duration) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stop != nil && time.Since(r.began) >= than
}

func (r *running) end() {
	r.cancel(nil)
	r.mu.Lock()
	r.stop = nil
	r.mu.Unlock()
}

// cancel ends the context of what runs; between statements it does nothing, as in PostgreSQL.
func (r *running) cancel(why error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stop != nil {
		r.stop(why)
	}
}

// decode runs one of pgproto3's decoders on a client's bytes. They are not all safe against hostile lengths.
func decode(message pgproto3.Message, body []byte) (err error) {
	defer func() {
		if recover() != nil {
			err = protocolError("invalid message format")
		}
	}()
	if err := message.Decode(body); err != nil {
		return protocolError("invalid message format: %v", err)
	}
	return nil
}

// as is errors.As with the type told by its target.
func as[E error](err error, target *E) bool { return errors.As(err, target) }
