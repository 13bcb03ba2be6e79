package session

import (
	"context"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// portal is a statement with its parameters, ready to run or running.
type portal struct {
	prepared *prepared
	params   []sqltype.Datum
	binary   []bool
	cursor   *cursor // while its rows are fetched in parts
	done     bool
}

// maxPortals bounds what a client may leave open.
const maxPortals = 1000

// Parse makes a prepared statement of the protocol.
func (s *Session) Parse(ctx context.Context, name, sql string, paramTypes []uint32) error {
	return s.failing(s.parse(ctx, name, sql, paramTypes))
}

func (s *Session) parse(ctx context.Context, name, sql string, oids []uint32) error {
	if name == "" {
		delete(s.prepared, "") // replaced even if what follows fails
	}
	stmts, err := parse(sql)
	if err != nil {
		return err
	}
	if len(stmts) > 1 {
		return sqlstate.New(sqlstate.SyntaxError, "cannot insert multiple commands into a prepared statement")
	}
	declared, err := declaredTypes(oids)
	if err != nil {
		return err
	}
	if len(stmts) == 0 {
		return s.keep(name, &prepared{paramTypes: declared})
	}
	if s.failed() && !endsTransaction(stmts[0]) {
		return errInFailed()
	}
	s.ensure()
	p := &prepared{stmt: stmts[0], paramTypes: declared}
	if !s.failed() {
		if p, err = s.analyze(ctx, stmts[0], declared); err != nil {
			return causeOf(ctx, err)
		}
	}
	for i, typ := range p.paramTypes {
		if typ.Kind == sqltype.Unknown {
			return sqlstate.New(sqlstate.IndeterminateDatatype, "could not determine data type of parameter $%d", i+1)
		}
	}
	return s.keep(name, p)
}

// endsTransaction tells the statements that a failed block accepts.
func endsTransaction(stmt dialect.Stmt) bool {
	control, ok := stmt.(*dialect.Transaction)
	return ok && (control.Kind == dialect.Commit || control.Kind == dialect.Rollback)
}

// DescribeStatement tells a prepared statement's parameters and columns.
func (s *Session) DescribeStatement(_ context.Context, name string) (*Statement, error) {
	p, err := s.preparedNamed(name)
	if err != nil {
		return nil, s.failing(err)
	}
	if s.failed() && p.columns != nil {
		return nil, s.failing(errInFailed())
	}
	described := &Statement{Params: make([]uint32, len(p.paramTypes)), Columns: p.columns}
	for i, typ := range p.paramTypes {
		described.Params[i] = typ.OID()
	}
	return described, nil
}

// Bind makes a portal.
func (s *Session) Bind(_ context.Context, binding Binding) error {
	return s.failing(s.bind(&binding))
}

func (s *Session) bind(b *Binding) error {
	p, err := s.preparedNamed(b.Statement)
	if err != nil {
		return err
	}
	if s.failed() && (len(b.Params) > 0 || p.stmt != nil && !endsTransaction(p.stmt)) {
		return errInFailed()
	}
	if _, taken := s.portals[b.Portal]; taken {
		if b.Portal != "" {
			return sqlstate.New(sqlstate.DuplicateCursor, "cursor \"%s\" already exists", b.Portal)
		}
		s.closePortal("")
	}
	if len(s.portals) >= maxPortals {
		return sqlstate.New(sqlstate.ConfigurationLimit, "a session holds at most %d portals", maxPortals)
	}
	now := s.ensure().start.In(s.settings.zone())
	made := &portal{prepared: p}
	if made.params, err = paramValues(b, p.paramTypes, now); err != nil {
		return err
	}
	if made.binary, err = resultFormats(b.ResultFormats, p.columns); err != nil {
		return err
	}
	s.portals[b.Portal] = made
	return nil
}

func (s *Session) portalNamed(name string) (*portal, error) {
	if p, ok := s.portals[name]; ok {
		return p, nil
	}
	return nil, sqlstate.New(sqlstate.InvalidCursorName, "portal \"%s\" does not exist", name)
}

// DescribePortal tells a portal's columns.
func (s *Session) DescribePortal(_ context.Context, name string) ([]Column, error) {
	p, err := s.portalNamed(name)
	if err != nil {
		return nil, s.failing(err)
	}
	return p.columns(), nil
}

// columns are the result columns in the formats that were asked for.
func (p *portal) columns() []Column {
	if p.prepared.columns == nil {
		return nil
	}
	columns := make([]Column, len(p.prepared.columns))
	for i, column := range p.prepared.columns {
		column.Binary = p.binary[i]
		columns[i] = column
	}
	return columns
}

// Execute runs a portal: whole, or as far as maxRows rows, from where it stopped.
func (s *Session) Execute(ctx context.Context, name string, maxRows int64, out Output) (suspended bool, err error) {
	suspended, err = s.execute(ctx, name, maxRows, out)
	return suspended, s.failing(err)
}

func (s *Session) execute(ctx context.Context, name string, maxRows int64, out Output) (suspended bool, err error) {
	p, err := s.portalNamed(name)
	if err != nil {
		return false, err
	}
	if p.prepared.stmt == nil {
		return false, out.Empty()
	}
	if s.failed() && !endsTransaction(p.prepared.stmt) {
		return false, errInFailed()
	}
	if p.done {
		if p.prepared.columns == nil {
			return false, sqlstate.New(sqlstate.ObjectNotInState, "portal \"%s\" cannot be run", name)
		}
		return false, out.Complete(rowsTag("SELECT ", 0))
	}
	call := &invocation{stmt: p.prepared.stmt, out: out, params: p.params, paramTypes: p.prepared.paramTypes,
		binary: p.binary, columns: p.prepared.columns, alone: true}
	if p.cursor != nil || maxRows > 0 && p.prepared.columns != nil {
		return s.fetch(ctx, p, call, maxRows)
	}
	p.done = true
	tag, err := s.statement(ctx, call)
	if err != nil {
		return false, err
	}
	return false, out.Complete(tag)
}

// fetch takes the next rows of a portal from its cursor.
func (s *Session) fetch(ctx context.Context, p *portal, call *invocation, maxRows int64) (suspended bool, err error) {
	if p.cursor == nil {
		s.ensure()
		p.cursor = openCursor(func(ctx context.Context, out Output) (string, error) {
			inner := *call
			inner.out = out
			return s.dispatch(ctx, &inner)
		})
	}
	ctx, stop := s.statementTimeout(ctx)
	defer stop()
	rows, more, err := p.cursor.fetch(ctx, maxRows, call.out)
	if err != nil {
		return false, causeOf(ctx, err)
	}
	if more {
		return true, nil
	}
	p.done = true
	tag := p.cursor.tag
	p.cursor = nil
	if _, query := call.stmt.(*dialect.SelectStmt); query {
		tag = rowsTag("SELECT ", rows) // of this Execute alone
	}
	return false, call.out.Complete(tag)
}

// CloseStatement forgets a prepared statement; portals made of it live on.
func (s *Session) CloseStatement(name string) { delete(s.prepared, name) }

// ClosePortal ends a portal.
func (s *Session) ClosePortal(name string) { s.closePortal(name) }

func (s *Session) closePortal(name string) {
	if p, ok := s.portals[name]; ok {
		if p.cursor != nil {
			p.cursor.close()
		}
		delete(s.portals, name)
	}
}

// closePortals ends all portals, as the end of a transaction does.
func (s *Session) closePortals() {
	for name := range s.portals {
		s.closePortal(name)
	}
}

// Sync ends a cycle of the extended protocol: what ran outside a block is committed.
func (s *Session) Sync(context.Context) error { return s.failing(s.endImplicit()) }
