package session

import (
	"context"
	"slices"

	"github.com/flernd/flernd/internal/planner/bind"
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// prepared is a prepared statement, of the protocol or of PREPARE. It holds no plan: each run is planned on what it sees.
type prepared struct {
	stmt       dialect.Stmt // nil for an empty query string
	paramTypes []sqltype.Type
	columns    []Column // of the result; nil if it has none
}

// maxPrepared bounds what a client may leave with a session.
const maxPrepared = 10_000

// analyze finds the parameters and the result columns of a statement.
func (s *Session) analyze(ctx context.Context, stmt dialect.Stmt, declared []sqltype.Type) (*prepared, error) {
	p := &prepared{stmt: stmt, paramTypes: declared}
	if model, ok := stmt.(*dialect.CreateModel); ok {
		types, err := modelParams(model, declared)
		p.paramTypes = types
		return p, err
	}
	if i := slices.Index(declared, sqltype.Of(sqltype.Bytea)); i >= 0 {
		return nil, sqlstate.Unsupported("parameter $%d of type bytea in %s", i+1, stmt.Tag())
	}
	switch stmt := stmt.(type) {
	case *dialect.SelectStmt, *dialect.Insert:
		return p, s.analyzeQuery(ctx, p, stmt)
	case *dialect.CreateTableAs:
		err := s.analyzeQuery(ctx, p, &dialect.SelectStmt{StmtBase: stmt.StmtBase, Query: stmt.Query})
		p.columns = nil
		return p, err
	case *dialect.Explain:
		inner, err := s.analyze(ctx, stmt.Stmt, declared)
		if err != nil {
			return nil, err
		}
		p.paramTypes, p.columns = inner.paramTypes, explainColumns()
	case *dialect.Show:
		columns, err := s.showColumns(stmt)
		if err != nil {
			return nil, err
		}
		p.columns = columns
	case *dialect.Execute:
		target, err := s.preparedNamed(stmt.Name)
		if err != nil {
			return nil, err
		}
		p.columns = target.columns
	}
	return p, nil
}

// analyzeQuery plans a statement for its types.
func (s *Session) analyzeQuery(ctx context.Context, p *prepared, stmt dialect.Stmt) error {
	view, err := s.tx.reader(ctx)
	if err != nil {
		return err
	}
	defer view.close()
	plan, err := s.plan(&invocation{stmt: stmt, paramTypes: p.paramTypes}, stmt, view)
	if err != nil {
		return err
	}
	p.paramTypes = plan.ParamTypes
	if _, query := stmt.(*dialect.SelectStmt); query {
		p.columns = resultColumns(plan.Columns, nil)
	}
	return nil
}

func (s *Session) preparedNamed(name string) (*prepared, error) {
	if p, ok := s.prepared[name]; ok {
		return p, nil
	}
	if name == "" {
		return nil, sqlstate.New(sqlstate.InvalidSQLStatementName, "unnamed prepared statement does not exist")
	}
	return nil, sqlstate.New(sqlstate.InvalidSQLStatementName, "prepared statement \"%s\" does not exist", name)
}

// keep stores a prepared statement under its name. The unnamed one is replaced, others are not.
func (s *Session) keep(name string, p *prepared) error {
	if _, taken := s.prepared[name]; taken && name != "" {
		return sqlstate.New(sqlstate.DuplicatePreparedStatement, "prepared statement \"%s\" already exists", name)
	}
	if len(s.prepared) >= maxPrepared {
		return sqlstate.New(sqlstate.ConfigurationLimit, "a session holds at most %d prepared statements", maxPrepared)
	}
	s.prepared[name] = p
	return nil
}

// prepare runs PREPARE.
func (s *Session) prepare(ctx context.Context, stmt *dialect.Prepare) error {
	switch stmt.Stmt.(type) {
	case *dialect.SelectStmt, *dialect.Insert:
	default:
		return sqlstate.Unsupported("PREPARE of %s", stmt.Stmt.Tag()).At(stmt.Stmt.Pos())
	}
	declared := make([]sqltype.Type, len(stmt.Types))
	for i, name := range stmt.Types {
		typ, err := bind.TypeOf(name)
		if err != nil {
			return err
		}
		declared[i] = typ
	}
	p, err := s.analyze(ctx, stmt.Stmt, declared)
	if err != nil {
		return err
	}
	return s.keep(stmt.Name, p)
}

// executePrepared runs EXECUTE.
func (s *Session) executePrepared(ctx context.Context, call *invocation, stmt *dialect.Execute) (tag string, err error) {
	bound, err := s.bindExecute(ctx, call, stmt)
	if err != nil {
		return "", err
	}
	return s.dispatch(ctx, bound)
}

// bindExecute makes the invocation that EXECUTE asks for.
func (s *Session) bindExecute(ctx context.Context, call *invocation, stmt *dialect.Execute) (*invocation, error) {
	target, err := s.preparedNamed(stmt.Name)
	if err != nil {
		return nil, err
	}
	if len(stmt.Args) != len(target.paramTypes) {
		return nil, sqlstate.New(sqlstate.SyntaxError, "wrong number of parameters for prepared statement \"%s\"", stmt.Name).
			WithDetail("Expected %d parameters but got %d.", len(target.paramTypes), len(stmt.Args))
	}
	values, err := s.arguments(ctx, call, stmt, target.paramTypes)
	if err != nil {
		return nil, err
	}
	bound := *call
	bound.stmt, bound.params, bound.paramTypes = target.stmt, values, target.paramTypes
	bound.columns = target.columns
	return &bound, nil
}

// arguments evaluates the arguments of EXECUTE as a query: SELECT arg::type, ….
func (s *Session) arguments(ctx context.Context, call *invocation, stmt *dialect.Execute, types []sqltype.Type) ([]sqltype.Datum, error) {
	if len(types) == 0 {
		return nil, nil
	}
	body := &dialect.Select{Loc: stmt.Loc}
	for i, arg := range stmt.Args {
		body.Targets = append(body.Targets, dialect.Target{Expr: &dialect.Cast{Loc: dialect.Loc(arg.Pos()), X: arg, Type: typeName(types[i])}})
	}
	query := &dialect.SelectStmt{StmtBase: stmt.StmtBase, Query: &dialect.Query{Loc: stmt.Loc, Body: body}}
	view, err := s.tx.reader(ctx)
	if err != nil {
		return nil, err
	}
	defer view.close()
	row, err := s.firstRow(ctx, call, query, view)
	if err != nil {
		return nil, err
	}
	if len(row) != len(types) {
		return nil, sqlstate.New(sqlstate.InternalError, "EXECUTE's arguments came as %d values", len(row))
	}
	values := make([]sqltype.Datum, len(types))
	for i, text := range row {
		values[i] = sqltype.NullDatum
		if text == nil {
			continue
		}
		if values[i], err = sqltype.Parse(types[i], *text); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// typeName spells a type as the dialect's tree does.
func typeName(t sqltype.Type) *dialect.TypeName {
	names := map[sqltype.Kind]string{sqltype.Bool: "bool", sqltype.Int2: "int2", sqltype.Int4: "int4", sqltype.Int8: "int8",
		sqltype.Float4: "float4", sqltype.Float8: "float8", sqltype.Numeric: "numeric", sqltype.Varchar: "varchar",
		sqltype.Char: "bpchar", sqltype.Date: "date", sqltype.Timestamp: "timestamp", sqltype.Interval: "interval"}
	name, ok := names[t.Kind]
	if !ok {
		name = "text"
	}
	return &dialect.TypeName{Name: name, Quoted: true}
}

// deallocate runs DEALLOCATE.
func (s *Session) deallocate(stmt *dialect.Deallocate) error {
	if stmt.All {
		clear(s.prepared)
		return nil
	}
	if _, err := s.preparedNamed(stmt.Name); err != nil {
		return err
	}
	delete(s.prepared, stmt.Name)
	return nil
}
