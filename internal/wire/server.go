package wire

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/flernd/flernd/internal/wire/session"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Session runs the statements of one connection, one call at a time.
//
// A call that fails has already done to the transaction what an error does; wire only tells the client.
type Session interface {
	// Changed returns the names and values of the settings that clients follow, as far as they changed since the last
	// call: all of them at first.
	Changed() [][2]string
	// Query runs the statements of a simple query.
	Query(ctx context.Context, sql string, out session.Output) error
	// Parse makes a prepared statement; paramTypes are OIDs, 0 where the client leaves the type open.
	Parse(ctx context.Context, name, sql string, paramTypes []uint32) error
	DescribeStatement(ctx context.Context, name string) (*session.Statement, error)
	Bind(ctx context.Context, binding session.Binding) error
	// DescribePortal returns nil columns for a statement that returns no rows.
	DescribePortal(ctx context.Context, name string) ([]session.Column, error)
	// Execute runs a portal for at most maxRows rows, all if that is 0; suspended tells that it stopped at them.
	Execute(ctx context.Context, portal string, maxRows int64, out session.Output) (suspended bool, err error)
	CloseStatement(name string)
	ClosePortal(name string)
	// Sync ends what Execute began outside a transaction block.
	Sync(ctx context.Context) error
	// Fail does to the transaction what a failed statement does: a message was refused before it reached the session.
	Fail()
	Status() session.TransactionStatus
	Close()
}

// Client is what a connection says of itself when it opens.
type Client struct {
	User, Database string
	Settings       map[string]string
}

// Config is what a Server needs.
type Config struct {
	// NewSession opens a session. An error is told to the client and ends the connection.
	NewSession func(client Client) (Session, error)
	// Admit decides who may connect (auth.Trust).
	Admit func(from net.Addr, user, database string) error
	// MaxConnections bounds sessions; connections that did not authenticate yet are bounded by twice that.
	MaxConnections int
	// StartupTimeout bounds the time from accept to authentication.
	StartupTimeout time.Duration
	// Grace is how long Serve waits for connections to end before it cuts them.
	Grace  time.Duration
	Logger *slog.Logger
}

// Defaults of Config.
const (
	DefaultMaxConnections = 100
	defaultStartupTimeout = time.Minute
	defaultGrace          = 3 * time.Second
)

// Server accepts connections. Make it with New.
type Server struct {
	config Config

	mu       sync.Mutex
	conns    map[uint32]*conn
	sessions int
	last     uint32
	stopped  bool
	wait     sync.WaitGroup
}

// New makes a server.
func New(config Config) *Server {
	if config.MaxConnections <= 0 {
		config.MaxConnections = DefaultMaxConnections
	}
	if config.StartupTimeout <= 0 {
		config.StartupTimeout = defaultStartupTimeout
	}
	if config.Grace <= 0 {
		config.Grace = defaultGrace
	}
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	return &Server{config: config, conns: make(map[uint32]*conn)}
}

// Serve accepts connections until ctx ends, then tells every client (57P01), cancels what runs and returns within the
// grace period. It closes the listener.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	stop := context.AfterFunc(ctx, func() { listener.Close() })
	defer stop()
	watched, unwatch := context.WithCancel(ctx)
	defer unwatch()
	go s.watch(watched)
	err := s.accept(ctx, listener)
	listener.Close()
	s.shutdown()
	return err
}

func (s *Server) accept(ctx context.Context, listener net.Listener) error {
	pause := time.Millisecond
	for {
		socket, err := listener.Accept()
		switch {
		case ctx.Err() != nil:
			if err == nil {
				socket.Close()
			}
			return nil
		case errors.Is(err, net.ErrClosed):
			return err
		case err != nil: // out of descriptors, or a client that went away: others may still come
			s.config.Logger.Warn("accepting a connection failed", "error", err)
			time.Sleep(pause)
			pause = min(2*pause, time.Second)
			continue
		}
		pause = time.Millisecond
		s.open(socket)
	}
}

// refusalTimeout bounds how long a connection that is one too many holds up the others: its buffer is empty, so that the
// error fits.
const refusalTimeout = 100 * time.Millisecond

// open starts a connection's goroutine, or refuses the client where too many are open.
func (s *Server) open(socket net.Conn) {
	if tcp, ok := socket.(*net.TCPConn); ok {
		_ = tcp.SetKeepAlive(true) // a dead peer is found; without it the connection works as well
	}
	c := newConn(s, socket)
	s.mu.Lock()
	stopped, full := s.stopped, len(s.conns) >= 2*s.config.MaxConnections
	if !stopped && !full {
		for s.last++; s.conns[s.last] != nil || s.last == 0; {
			s.last++
		}
		c.process = s.last
		s.conns[c.process] = c
		s.wait.Add(1)
	}
	s.mu.Unlock()
	if stopped || full {
		if !stopped && socket.SetWriteDeadline(time.Now().Add(refusalTimeout)) == nil {
			c.refuse(errTooMany)
		}
		socket.Close()
		return
	}
	go func() {
		defer s.wait.Done()
		c.run()
		s.mu.Lock()
		delete(s.conns, c.process)
		s.mu.Unlock()
	}()
}

var errTooMany = sqlstate.New(sqlstate.TooManyConnections, "sorry, too many clients already")

// enter counts a connection that authenticated; leave ends that.
func (s *Server) enter() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sessions >= s.config.MaxConnections {
		return errTooMany
	}
	s.sessions++
	return nil
}

func (s *Server) leave() {
	s.mu.Lock()
	s.sessions--
	s.mu.Unlock()
}

// cancel cancels what a connection runs, if the client knows its secret.
func (s *Server) cancel(process, secret uint32) {
	s.mu.Lock()
	c := s.conns[process]
	s.mu.Unlock()
	if c != nil && c.secret == secret && c.ready.Load() {
		c.running.cancel(errCanceled)
	}
}

func (s *Server) stopping() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopped
}

// shutdown ends every connection: politely, and after the grace period by closing its socket.
func (s *Server) shutdown() {
	s.mu.Lock()
	s.stopped = true
	s.mu.Unlock()
	open := s.all()
	for _, c := range open {
		c.stop(s.config.Grace)
	}
	ended := make(chan struct{})
	go func() {
		s.wait.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return
	case <-time.After(s.config.Grace):
	}
	for _, c := range open {
		c.net.Close()
	}
	select {
	case <-ended:
	case <-time.After(s.config.Grace):
		s.config.Logger.Warn("connections did not end in time")
	}
}
