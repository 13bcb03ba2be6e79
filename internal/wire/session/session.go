package session

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Config is what the sessions of a server share.
type Config struct {
	Store   Store
	Planner Planner
	Engine  Engine
	// ModelDir is where the files of CREATE MODEL lie, "" if none may be read.
	ModelDir string
	// CopyDir is where the files of COPY FROM 'file' lie, "" if none may be read, "/" for any that the process may.
	CopyDir string
	// Now is the clock.
	Now func() time.Time
	// Logger takes what clients are not told.
	Logger *slog.Logger
}

// Session is one client's. Its methods are called one at a time.
type Session struct {
	config         *Config
	user, database string
	settings       *settings
	tx             *transaction // nil between transactions
	prepared       map[string]*prepared
	portals        map[string]*portal
}

// New opens a session with settings that the client asked for at the start.
func New(config *Config, user, database string, asked map[string]string) (*Session, error) {
	s := &Session{
		config:   config,
		user:     user,
		database: database,
		settings: newSettings(user),
		prepared: make(map[string]*prepared),
		portals:  make(map[string]*portal),
	}
	for _, name := range slices.Sorted(maps.Keys(asked)) { // of several bad ones, always the same is reported
		if err := s.settings.set(name, asked[name], false); err != nil {
			return nil, err
		}
	}
	s.settings.becomeDefaults(asked)
	return s, nil
}

// Close ends the session; an open transaction is rolled back.
func (s *Session) Close() {
	s.rollback()
}

// Status is the state of the transaction.
func (s *Session) Status() TransactionStatus {
	switch {
	case s.tx == nil || !s.tx.block:
		return Idle
	case s.tx.failed:
		return Aborted
	}
	return Active
}

// Changed returns the settings that clients follow, as far as they changed since the last call.
func (s *Session) Changed() [][2]string { return s.settings.changed() }

// Fail does to the transaction what a failed statement does: a block waits for its end, anything else is undone.
func (s *Session) Fail() {
	if s.tx == nil {
		return
	}
	s.closePortals()
	if s.tx.block {
		s.tx.failed = true
		s.tx.abandon()
		return
	}
	s.rollback()
}

// failing passes err on, after doing to the transaction what it does.
func (s *Session) failing(err error) error {
	if err != nil {
		s.Fail()
	}
	return err
}

// Query runs the statements of a simple query: all in one transaction, unless they say otherwise.
func (s *Session) Query(ctx context.Context, sql string, out Output) error {
	s.closePortal("")
	delete(s.prepared, "")
	return s.failing(s.query(ctx, sql, out))
}

func (s *Session) query(ctx context.Context, sql string, out Output) error {
	stmts, err := parse(sql)
	if err != nil {
		return err
	}
	if len(stmts) == 0 {
		return out.Empty()
	}
	for i, stmt := range stmts {
		tag, err := s.statement(ctx, &invocation{stmt: stmt, out: out, alone: len(stmts) == 1})
		if err != nil {
			return err
		}
		if i == len(stmts)-1 {
			if err := s.endImplicit(); err != nil {
				return err
			}
		}
		if err := out.Complete(tag); err != nil {
			return err
		}
	}
	return nil
}

// parse checks the encoding and parses.
func parse(sql string) ([]dialect.Stmt, error) {
	if err := checkEncoding(sql); err != nil {
		return nil, err
	}
	return dialect.Parse(sql)
}

// checkEncoding refuses text that is no UTF-8, naming the bytes as PostgreSQL does.
func checkEncoding(text string) error {
	_, err := sqltype.Parse(sqltype.Of(sqltype.Text), text)
	return err
}

// notice sends a notice if the client wants its severity.
func (s *Session) notice(out Output, severity string, notice *sqlstate.Error) error {
	if !s.settings.wantsNotice(severity) {
		return nil
	}
	return out.Notice(&Notice{Severity: severity, Error: notice})
}
