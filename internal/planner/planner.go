// Package planner turns a statement's syntax tree into a physical plan: bind, rules, physical.
//
// It knows the order of these steps and nothing of what each does; it knows neither the protocol nor how plans run.
package planner

import (
	"github.com/flernd/flernd/internal/planner/bind"
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/explain"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/planner/rules"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
)

// Catalog is what the planner asks of the database.
type Catalog = bind.Catalog

// Env is what a statement is planned in.
type Env = bind.Env

// Planned is a statement ready to be compiled.
type Planned struct {
	Root physical.Node // *physical.Result or *physical.TableSink
	// Columns are the result's columns, nil for INSERT and COPY.
	Columns []logical.Column
	// ParamTypes are the types of $1, $2 … as declared or inferred.
	ParamTypes []sqltype.Type
	// ReadsOnly tells that running the plan changes nothing.
	ReadsOnly bool
	// Tables are the tables read, each once.
	Tables []*catalog.Table
}

// Plan plans a SELECT, INSERT or COPY FROM, or the query of a CREATE TABLE AS (PlanInto plans its append). Other statements
// are refused.
func Plan(stmt dialect.Stmt, env Env) (*Planned, error) {
	b, err := bind.Statement(stmt, env)
	if err != nil {
		return nil, err
	}
	return plan(b)
}

// PlanInto plans the query of a CREATE TABLE AS as an append to t, the table made for it: its columns are those that Plan
// gives for the statement. snap is t's empty snapshot.
func PlanInto(q *dialect.Query, t *catalog.Table, snap *table.Snapshot, env Env) (*Planned, error) {
	b, err := bind.Into(q, t, snap, env)
	if err != nil {
		return nil, err
	}
	return plan(b)
}

func plan(b *bind.Bound) (*Planned, error) {
	n, err := rules.Apply(b.Root, b.NextCol)
	if err != nil {
		return nil, err
	}
	_, reads := n.(*logical.Result)
	return &Planned{Root: physical.Convert(n), Columns: b.Columns, ParamTypes: b.ParamTypes, ReadsOnly: reads, Tables: b.Tables}, nil
}

// TypeOf resolves a type name, for CREATE TABLE and PREPARE.
func TypeOf(n *dialect.TypeName) (sqltype.Type, error) { return bind.TypeOf(n) }

// Explain prints a plan as EXPLAIN does: lines of text, or one JSON document.
func Explain(p physical.Node, opt explain.Options) []string { return explain.Plan(p, opt) }
