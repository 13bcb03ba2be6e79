package compile

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/planner"
	"github.com/flernd/flernd/internal/planner/bind"
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/storage/vfs"
)

// database is a store and an engine for tests: SQL in, rows as text out.
type database struct {
	t      testing.TB
	store  *storage.Store
	engine *Engine
	models map[string]*logical.Model
	opt    RunOptions
}

func openDatabase(t testing.TB, opt Options) *database {
	t.Helper()
	dir := t.TempDir()
	store, err := storage.Open(vfs.OS, dir)
	if err != nil {
		t.Fatal(err)
	}
	if opt.Log == nil {
		opt.Log = os.Stderr
	}
	if path := os.Getenv("FLERND_TEST_EXECUTOR"); path != "" { // built with a sanitizer: crt/build.sh asan
		if opt.Executor, err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	engine, err := Open(opt)
	if err != nil {
		t.Fatal(err)
	}
	store.OnRemove(engine.Forget)
	t.Cleanup(func() {
		engine.Close()
		store.Close()
	})
	return &database{t: t, store: store, engine: engine, models: map[string]*logical.Model{}, opt: RunOptions{Tier: "best"}}
}

// rounding has the interpreter round sums as the engine's kernels do.
func (d *database) rounding() interp.Options {
	return interp.Options{FMA: d.engine.executor.ISA() != "baseline"}
}

// view is what a statement sees.
type view struct {
	*storage.Tx
	models map[string]*logical.Model
	held   *[]*table.Snapshot // given back at the statement's end, unless nil
}

func (v view) Model(name string) (*logical.Model, error) { return v.models[name], nil }

func (v view) Signature(name string) (*logical.Model, error) { return v.Model(name) }

// Models implements bind.Catalog.
func (v view) Models() []string { return slices.Sorted(maps.Keys(v.models)) }

func (v view) Table(schema, name string) (*catalog.Table, bool) {
	if schema == "" {
		schema = "public"
	}
	return v.Tx.Table(schema, name)
}

func (v view) Snapshot(t *catalog.Table) (*table.Snapshot, error) {
	s, err := v.Tx.Snapshot(t)
	if err == nil && v.held != nil {
		*v.held = append(*v.held, s)
	}
	return s, err
}

// model registers a model file of testdata/models.
func (d *database) model(name, file string) {
	d.t.Helper()
	raw, err := os.ReadFile("../../testdata/models/" + file)
	if err != nil {
		d.t.Fatal(err)
	}
	v, err := registry.Import(name, raw)
	if err != nil {
		d.t.Fatal(err)
	}
	m := &logical.Model{Name: name, Version: 1, ID: uint64(len(d.models) + 1), Impl: v}
	for _, a := range v.Inputs {
		m.Inputs = append(m.Inputs, logical.Column{Name: a.Name, Type: a.Type, Nullable: true})
	}
	for _, o := range v.Outputs {
		m.Outputs = append(m.Outputs, logical.Column{Name: o.Name, Type: o.Type, Nullable: true})
	}
	d.models[name] = m
}

// run runs one statement; in is the data of a COPY.
func (d *database) run(sql, in string) (rows [][]string, result *RunResult, err error) {
	stmts, err := dialect.Parse(sql)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range stmts {
		if rows, result, err = d.statement(s, in); err != nil {
			return nil, nil, err
		}
	}
	return rows, result, nil
}

func (d *database) statement(s dialect.Stmt, in string) ([][]string, *RunResult, error) {
	ctx := context.Background()
	tx, err := d.store.Begin(ctx, true)
	if err != nil {
		return nil, nil, err
	}
	defer tx.Rollback()
	if c, ok := s.(*dialect.CreateTable); ok {
		if err := createTable(tx, c); err != nil {
			return nil, nil, err
		}
		return nil, nil, tx.Commit()
	}
	var held []*table.Snapshot
	defer func() {
		for _, s := range held {
			s.Release()
		}
	}()
	env := planner.Env{Catalog: view{tx, d.models, &held}, Now: time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC), Database: "flern", User: "flern"}
	p, err := planner.Plan(s, env)
	if err != nil {
		return nil, nil, err
	}
	var rows [][]string
	opt := d.opt
	opt.Out = func(b []byte, n int64) error {
		rows = append(rows, decodeRows(b)...)
		return nil
	}
	data := strings.NewReader(in)
	read := func() ([]byte, error) {
		b := make([]byte, 8192)
		n, err := data.Read(b)
		if n == 0 {
			return nil, io.EOF
		}
		return b[:n], err
	}
	if opt.In == nil {
		opt.In = read
	}
	if sink, ok := p.Root.(*physical.TableSink); ok {
		if opt.Store, err = tx.Receive(sink.Table); err != nil {
			return nil, nil, err
		}
	}
	result, err := d.engine.Run(ctx, p.Root, nil, opt)
	if err != nil {
		return nil, nil, err
	}
	if result.Append != nil {
		if err := tx.Append(p.Root.(*physical.TableSink).Table, result.Append); err != nil {
			return nil, nil, err
		}
		return nil, result, tx.Commit()
	}
	return rows, result, nil
}

func createTable(tx *storage.Tx, c *dialect.CreateTable) error {
	def := catalog.Table{Schema: "public", Name: c.Name.Name}
	for _, col := range c.Columns {
		t, err := bind.TypeOf(col.Type)
		if err != nil {
			return err
		}
		def.Columns = append(def.Columns, catalog.Column{Name: col.Name, Type: t, NotNull: notNull(col)})
	}
	_, err := tx.CreateTable(def)
	return err
}

func notNull(c dialect.ColumnDef) bool {
	for _, k := range c.Constraints {
		if k.Kind == dialect.NotNullConstraint || k.Kind == dialect.PrimaryKeyConstraint {
			return true
		}
	}
	return false
}

// decodeRows splits DataRow messages in text format; NULL is "∅".
func decodeRows(b []byte) [][]string {
	var rows [][]string
	for len(b) > 0 {
		size := int(binary.BigEndian.Uint32(b[1:])) + 1
		m := b[5:size]
		b = b[size:]
		n := int(binary.BigEndian.Uint16(m))
		m = m[2:]
		row := make([]string, n)
		for i := range row {
			l := int32(binary.BigEndian.Uint32(m))
			m = m[4:]
			if l < 0 {
				row[i] = "∅"
				continue
			}
			row[i] = string(bytes.Clone(m[:l]))
			m = m[l:]
		}
		rows = append(rows, row)
	}
	return rows
}

// must runs statements that have to succeed and returns the last one's rows, a line each.
func (d *database) must(sql string) string {
	d.t.Helper()
	rows, _, err := d.run(sql, "")
	if err != nil {
		d.t.Fatalf("%s\n%v", sql, err)
	}
	return lines(rows)
}

func lines(rows [][]string) string {
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(strings.Join(r, "|") + "\n")
	}
	return b.String()
}
