package session

import (
	"context"
	"strconv"
	"time"

	"github.com/flernd/flernd/internal/compile"
	"github.com/flernd/flernd/internal/planner"
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// selectStatement runs a query and sends its rows.
func (s *Session) selectStatement(ctx context.Context, call *invocation, stmt *dialect.SelectStmt) (tag string, err error) {
	view, err := s.tx.reader(ctx)
	if err != nil {
		return "", err
	}
	defer view.close()
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
	_, run, err := s.append(ctx, call, stmt, nil)
	if err != nil {
		return "", err
	}
	return rowsTag("INSERT 0 ", run.Rows), nil
}

// append plans and runs a statement that ends in a table sink, and gives the store what it made. source, if there is one,
// opens the COPY data once the statement is planned.
func (s *Session) append(ctx context.Context, call *invocation, stmt dialect.Stmt,
	source func(view *view) (CopyData, error)) (*planned, *compile.RunResult, error) {
	view, err := s.tx.writer(ctx, stmt.Tag())
	if err != nil {
		return nil, nil, err
	}
	defer view.close()
	plan, err := s.plan(call, stmt, view)
	if err != nil {
		return nil, nil, err
	}
	target, err := sinkTable(plan)
	if err != nil {
		return nil, nil, err
	}
	options := s.runOptions()
	if options.Store, err = view.Receive(target); err != nil {
		return nil, nil, err
	}
	if source != nil {
		in, err := source(view)
		if err != nil {
			return nil, nil, err
		}
		options.In = in
	}
	run, err := s.config.Engine.Run(ctx, plan.Root, call.params, options)
	if err != nil {
		return nil, nil, err
	}
	if run.Append != nil {
		if err := s.appendUnique(ctx, view, target, run.Append); err != nil {
			return nil, nil, err
		}
	}
	return plan, run, nil
}

// sinkTable is the table that a plan appends to.
func sinkTable(plan *planned) (*catalog.Table, error) {
	if sink, ok := plan.Root.(*physical.TableSink); ok {
		return sink.Table, nil
	}
	return nil, sqlstate.New(sqlstate.InternalError, "the plan of a statement that writes has no table sink")
}

// planned is a plan and the time that planning took.
type planned struct {
	*planner.Planned
	took time.Duration
}

// plan plans a statement on what it sees.
func (s *Session) plan(call *invocation, stmt dialect.Stmt, view *view) (*planned, error) {
	started := time.Now()
	plan, err := s.config.Planner.Plan(stmt, planner.Env{
		Catalog:       view,
		View:          view.system,
		ParamTypes:    call.paramTypes,
		Now:           s.tx.start.In(s.settings.zone()),
		Database:      s.database,
		User:          s.user,
		ServerVersion: s.settings.get("server_version"),
	})
	if err != nil {
		return nil, err
	}
	return &planned{plan, time.Since(started)}, nil
}

func (s *Session) runOptions() compile.RunOptions {
	return compile.RunOptions{
		Threads:     s.settings.int("flern.threads"),
		Tier:        s.settings.get("flern.tier"),
		MemoryLimit: s.settings.bytes("flern.memory_limit"),
	}
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
