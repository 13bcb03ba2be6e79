package session

import (
	"context"
	"strconv"
	"time"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// selectStatement runs a query and sends its rows.
func (s *Session) selectStatement(ctx context.Context, call *invocation, stmt *dialect.SelectStmt) (tag string, err error) {
	view, done, err := s.tx.view(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	plan, err := s.plan(call, stmt, view)
	if err != nil {
		return "", err
	}
	columns := resultColumns(plan.Columns, call.binary)
	if err := sameColumns(call.columns, columns); err != nil {
		return "", err
	}
	if err := call.out.Columns(columns); err != nil {
		return "", err
	}
	options := s.runOptions()
	out := transcoder(columns, call.out.Rows)
	options.Formats = out.formats
	options.Out = out.rows
	run, err := s.config.Engine.Run(ctx, plan.Root, call.params, options)
	if err != nil {
		return "", err
	}
	return rowsTag("SELECT ", run.Rows), nil
}

// insert runs INSERT: the engine makes segments, the store takes them.
func (s *Session) insert(ctx context.Context, call *invocation, stmt *dialect.Insert) (tag string, err error) {
	run, err := s.append(ctx, call, stmt, appending{})
	if err != nil {
		return "", err
	}
	return rowsTag("INSERT 0 ", run.Rows), nil
}

// appending says how append is to run a statement.
type appending struct {
	analyze bool
	// source opens the COPY data once the statement is planned.
	source func() (func() ([]byte, error), error)
	// planned is told the plan.
	planned func(*Plan)
}

// append plans and runs a statement that ends in a table sink, and gives the store what it made.
func (s *Session) append(ctx context.Context, call *invocation, stmt dialect.Stmt, how appending) (*Run, error) {
	tx, err := s.tx.writer(ctx, stmt.Tag())
	if err != nil {
		return nil, err
	}
	plan, err := s.plan(call, stmt, tx)
	if err != nil {
		return nil, err
	}
	target, err := sinkTable(plan)
	if err != nil {
		return nil, err
	}
	if how.planned != nil {
		how.planned(plan)
	}
	options := s.runOptions()
	options.Analyze = how.analyze
	if how.source != nil {
		if options.In, err = how.source(); err != nil {
			return nil, err
		}
	}
	run, err := s.config.Engine.Run(ctx, plan.Root, call.params, options)
	if err != nil {
		return nil, err
	}
	if run.Append != nil {
		if err := tx.Append(target, run.Append); err != nil {
			return nil, err
		}
	}
	return run, nil
}

// plan plans a statement against a view of the store.
func (s *Session) plan(call *invocation, stmt dialect.Stmt, view Tx) (*Plan, error) {
	started := time.Now()
	plan, err := s.config.Planner.Plan(stmt, s.env(call, view))
	if err != nil {
		return nil, err
	}
	plan.Time = time.Since(started)
	return plan, nil
}

func (s *Session) env(call *invocation, view Tx) Env {
	return Env{
		Catalog:    searchPath{view, s.settings},
		ParamTypes: call.paramTypes,
		Now:        s.tx.start.In(s.settings.zone()),
		Database:   s.database,
		User:       s.user,
	}
}

func (s *Session) runOptions() RunOptions {
	return RunOptions{
		Threads:     s.settings.int("flern.threads"),
		Tier:        s.settings.get("flern.tier"),
		MemoryLimit: s.settings.bytes("flern.memory_limit"),
	}
}

// publicSchema is the one schema that tables are in.
const publicSchema = "public"

// searchPath finds unqualified names as the setting of that name says.
type searchPath struct {
	Tx
	settings *settings
}

// Table implements Catalog.
func (c searchPath) Table(schema, name string) (*catalog.Table, bool) {
	if schema == "" {
		if !c.settings.searches(publicSchema) {
			return nil, false
		}
		schema = publicSchema
	}
	return c.Tx.Table(schema, name)
}

// resultColumns describes a plan's columns to the client.
func resultColumns(columns []logical.Column, binary []bool) []Column {
	described := make([]Column, len(columns))
	for i, column := range columns {
		described[i] = Column{Name: column.Name, Type: column.Type, Binary: i < len(binary) && binary[i]}
	}
	return described
}

// sameColumns refuses a result that is not what the client was told of.
func sameColumns(told, now []Column) error {
	if told == nil {
		return nil
	}
	same := len(told) == len(now)
	for i := 0; same && i < len(told); i++ {
		same = told[i].Type == now[i].Type && told[i].Name == now[i].Name
	}
	if !same {
		return sqlstate.New(sqlstate.FeatureNotSupported, "cached plan must not change result type")
	}
	return nil
}

func rowsTag(verb string, rows int64) string { return verb + strconv.FormatInt(rows, 10) }
