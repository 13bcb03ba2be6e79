package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/compile"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/planner"
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// fakeStore keeps names of tables and models, and counts of rows.
type fakeStore struct {
	mu     sync.Mutex
	writer chan struct{} // holds a token while somebody writes
	tables map[string]*catalog.Table
	rows   map[string]int64
	models map[string]int // versions
	open   int            // transactions that did not end
	commit error          // what the next commit fails with
	// importing passes a token when the import of the slow file begins, and takes one to end it.
	importing chan struct{}
}

func newFakeStore() *fakeStore {
	return &fakeStore{writer: make(chan struct{}, 1), tables: map[string]*catalog.Table{}, rows: map[string]int64{},
		models: map[string]int{}, importing: make(chan struct{})}
}

func (s *fakeStore) Begin(ctx context.Context, write bool) (Tx, error) {
	if write {
		select {
		case s.writer <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open++
	tx := &fakeTx{store: s, write: write, tables: map[string]*catalog.Table{}, rows: map[string]int64{}, models: map[string]int{}}
	for name, t := range s.tables {
		tx.tables[name], tx.rows[name] = t, s.rows[name]
	}
	for name, version := range s.models {
		tx.models[name] = version
	}
	return tx, nil
}

type fakeTx struct {
	store  *fakeStore
	write  bool
	ended  bool
	tables map[string]*catalog.Table
	rows   map[string]int64
	models map[string]int
}

func (tx *fakeTx) Table(schema, name string) (*catalog.Table, bool) {
	if schema != publicSchema {
		return nil, false
	}
	t, ok := tx.tables[name]
	return t, ok
}

func (tx *fakeTx) Snapshot(t *catalog.Table) (*table.Snapshot, error) {
	return &table.Snapshot{Table: t, Rows: tx.rows[t.Name]}, nil
}

func (tx *fakeTx) Model(name string) (*logical.Model, error) {
	if !tx.HasModel(name) {
		return nil, nil
	}
	return &logical.Model{Name: name, Version: int64(tx.models[name])}, nil
}

func (tx *fakeTx) Signature(name string) (*logical.Model, error) { return tx.Model(name) }

func (tx *fakeTx) HasModel(name string) bool { return tx.models[name] > 0 }

func (tx *fakeTx) CreateTable(def *catalog.Table) error {
	tx.tables[def.Name] = def
	return nil
}

func (tx *fakeTx) DropTable(t *catalog.Table) error {
	delete(tx.tables, t.Name)
	delete(tx.rows, t.Name)
	return nil
}

func (tx *fakeTx) Receive(*catalog.Table) (func(*table.Image) error, error) { return nil, nil }

func (tx *fakeTx) Append(t *catalog.Table, rows *table.Append) error {
	tx.rows[t.Name] += rows.Segments[0].Rows
	return nil
}

func (tx *fakeTx) Models() []string { return slices.Sorted(maps.Keys(tx.models)) }

func (tx *fakeTx) AboutModel(catalog.ModelRecord) registry.About { return registry.About{} }

func (tx *fakeTx) ModelVersions(name string) []catalog.ModelRecord {
	var all []catalog.ModelRecord
	for i := range tx.models[name] {
		all = append(all, catalog.ModelRecord{Name: name, Version: i + 1})
	}
	return all
}

func (tx *fakeTx) SetModelVersion(string, int) error { return nil }

func (tx *fakeTx) RenameModel(name, to string) error {
	tx.models[to] = tx.models[name]
	delete(tx.models, name)
	return nil
}

func (tx *fakeTx) DropModelVersion(name string, version int) error {
	if version == tx.models[name] {
		return sqlstate.New(sqlstate.ObjectInUse, "current")
	}
	return nil
}

// HoldFile has memory for any file.
func (s *fakeStore) HoldFile(int64) error { return nil }

// ImportModel takes any file but the bad one; the slow one when it is told to go on.
func (s *fakeStore) ImportModel(ctx context.Context, name string, file []byte, _ registry.Options) (*registry.Version, []*sqlstate.Error, error) {
	switch string(file) {
	case "bad":
		return nil, nil, sqlstate.New(sqlstate.InvalidParameterValue, "no model")
	case "partly":
		return &registry.Version{Name: name}, []*sqlstate.Error{sqlstate.New(sqlstate.SuccessfulCompletion, "partly")}, nil
	case "fault":
		return nil, nil, sqlstate.Unsupported("shape %d", []int(nil)[len(file)])
	case "slow":
		s.importing <- struct{}{}
		select {
		case <-s.importing:
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
	}
	return &registry.Version{Name: name}, nil, nil
}

func (tx *fakeTx) CreateModel(version *registry.Version, _ []byte) error {
	tx.models[version.Name]++
	return nil
}

func (tx *fakeTx) DropModel(name string) error {
	if !tx.HasModel(name) {
		return sqlstate.New(sqlstate.UndefinedObject, "no model")
	}
	delete(tx.models, name)
	return nil
}

func (tx *fakeTx) Commit() error {
	tx.end()
	if err := tx.store.commit; err != nil {
		tx.store.commit = nil
		return err
	}
	tx.store.mu.Lock()
	defer tx.store.mu.Unlock()
	tx.store.tables, tx.store.rows, tx.store.models = tx.tables, tx.rows, tx.models
	return nil
}

func (tx *fakeTx) Rollback() { tx.end() }

func (tx *fakeTx) end() {
	if tx.ended {
		panic("a transaction was ended twice")
	}
	tx.ended = true
	tx.store.mu.Lock()
	defer tx.store.mu.Unlock()
	tx.store.open--
	if tx.write {
		<-tx.store.writer
	}
}

// fakePlanner plans by the text: a SELECT counts the rows of the table its last word names.
type fakePlanner struct{}

func (fakePlanner) Plan(stmt dialect.Stmt, env planner.Env) (*planner.Planned, error) {
	words := strings.Fields(stmt.SQL())
	name := words[len(words)-1]
	params := make([]sqltype.Type, strings.Count(stmt.SQL(), "$"))
	for i := range params {
		params[i] = sqltype.Of(sqltype.Int4)
		if i < len(env.ParamTypes) && env.ParamTypes[i].Kind != sqltype.Unknown {
			params[i] = env.ParamTypes[i]
		}
	}
	switch stmt := stmt.(type) {
	case *dialect.SelectStmt:
		if strings.Contains(stmt.Text, "nowhere") {
			return nil, sqlstate.New(sqlstate.UndefinedColumn, "column \"nowhere\" does not exist").At(8)
		}
		n := int64(1)
		if t, ok := env.Catalog.Table("", name); ok {
			snapshot, err := env.Catalog.Snapshot(t)
			if err != nil {
				return nil, err
			}
			n = snapshot.Rows
		} else if name == "series" {
			n = 10
		} else if name == "forever" {
			n = -1
		}
		return &planner.Planned{Root: &physical.Result{Common: physical.Common{Rows: float64(n)}, Input: oneRow}, ParamTypes: params,
			Columns: []logical.Column{{ID: 1, Name: "n", Type: sqltype.Of(sqltype.Int8)}}}, nil
	case *dialect.Insert:
		return plannedSink(env, stmt.Table.Name, params)
	case *dialect.Copy:
		return plannedSink(env, stmt.Table.Name, params)
	}
	return nil, fmt.Errorf("unexpected %T", stmt)
}

// oneRow is the input of a SELECT without FROM.
var oneRow = &physical.Values{Rows: [][]logical.Expr{{}}}

func plannedSink(env planner.Env, name string, params []sqltype.Type) (*planner.Planned, error) {
	t, ok := env.Catalog.Table("", name)
	if !ok {
		return nil, sqlstate.New(sqlstate.UndefinedTable, "relation \"%s\" does not exist", name)
	}
	return &planner.Planned{Root: &physical.TableSink{Table: t, Input: oneRow}, ParamTypes: params}, nil
}

// fakeEngine yields as many rows as the plan says, numbered, three to a block; a sink gets two rows, or a row a byte.
type fakeEngine struct {
	params []sqltype.Datum
	tier   string // of the last run
}

func (e *fakeEngine) Run(ctx context.Context, plan physical.Node, params []sqltype.Datum, options compile.RunOptions) (*compile.RunResult, error) {
	e.params, e.tier = params, options.Tier
	if _, ok := plan.(*physical.TableSink); ok {
		n := int64(2)
		for options.In != nil {
			piece, err := options.In()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, err
			}
			n += int64(len(piece))
		}
		return &compile.RunResult{Rows: n, Append: &table.Append{Segments: []table.Image{{Rows: n}}}}, nil
	}
	total := int64(plan.Base().Rows)
	for i := int64(0); i < total || total < 0; {
		var messages []byte
		rows := int64(0)
		for ; rows < 3 && (i < total || total < 0); i, rows = i+1, rows+1 {
			messages = appendRow(messages, fmt.Sprint(i))
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err := options.Out(messages, rows); err != nil {
			return nil, err
		}
	}
	return &compile.RunResult{Rows: total}, nil
}

// recorder is an Output that writes down what it gets: "T" columns, "D" rows, tags, notices.
type recorder struct {
	log  []string
	data []string // pieces of COPY data
	rows func()   // called for each block
}

func (r *recorder) add(format string, args ...any) error {
	r.log = append(r.log, fmt.Sprintf(format, args...))
	return nil
}

func (r *recorder) Columns(columns []Column) error { return r.add("T%d", len(columns)) }
func (r *recorder) Rows(messages []byte, n int64) error {
	if r.rows != nil {
		r.rows()
	}
	if got := firstRows(messages, n); got != len(messages) {
		return r.add("D with %d bytes for %d rows", len(messages), n)
	}
	return r.add("D%d", n)
}
func (r *recorder) Complete(tag string) error { return r.add("%s", tag) }
func (r *recorder) Empty() error              { return r.add("empty") }
func (r *recorder) Notice(n *Notice) error    { return r.add("%s %s", n.Severity, n.Code) }
func (r *recorder) CopyIn(_ context.Context, columns int, _ bool) (CopyData, error) {
	left := r.data
	return func() ([]byte, error) {
		if len(left) == 0 {
			return nil, io.EOF
		}
		piece := left[0]
		left = left[1:]
		if piece == "fail" {
			return nil, sqlstate.New(sqlstate.QueryCanceled, "COPY from stdin failed: fail")
		}
		return []byte(piece), nil
	}, r.add("G%d", columns)
}

// fixture is a session over fakes.
type fixture struct {
	*testing.T
	*Session
	store  *fakeStore
	engine *fakeEngine
	log    bytes.Buffer
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{T: t, store: newFakeStore(), engine: &fakeEngine{}}
	f.Session = f.another()
	return f
}

// another opens a second session on the same store.
func (f *fixture) another() *Session {
	f.T.Helper()
	s, err := New(&Config{Store: f.store, Planner: fakePlanner{}, Engine: f.engine, Now: time.Now,
		Logger: slog.New(slog.NewTextHandler(&f.log, nil))}, "flern", "flern", nil)
	if err != nil {
		f.Fatal(err)
	}
	return s
}

// query runs a query string and returns what came out, an error as its code.
func (f *fixture) query(sql string) string {
	return run(f.Session, sql)
}

func run(s *Session, sql string) string {
	out := &recorder{data: []string{"ab", "c"}}
	if err := s.Query(context.Background(), sql, out); err != nil {
		out.log = append(out.log, string(sqlstate.Of(err).Code))
	}
	return strings.Join(out.log, " ") + " " + string(s.Status())
}
