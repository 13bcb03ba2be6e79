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
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// Catalog is what the planner asks of the database.
type Catalog = bind.Catalog

// Env is what a statement is planned in.
type Env = bind.Env

// View is a relation that the system computes when a statement is planned.
type View = bind.View

// Planned is a statement ready to be compiled.
type Planned struct {
	Root physical.Node // *physical.Result or *physical.TableSink
	// Columns are the result's columns, nil for INSERT and COPY.
	Columns []logical.Column
	// ParamTypes are the types of $1, $2 … as declared or inferred.
	ParamTypes []sqltype.Type
}

// Plan plans a SELECT, INSERT or COPY FROM. Other statements are refused.
func Plan(stmt dialect.Stmt, env Env) (*Planned, error) {
	b, err := bind.Statement(stmt, env)
	if err != nil {
		return nil, err
	}
	n, err := rules.Apply(b.Root, b.NextCol)
	if err != nil {
		return nil, err
	}
	return &Planned{Root: physical.Convert(n), Columns: b.Columns, ParamTypes: b.ParamTypes}, nil
}

// IsBuiltIn reports whether a function name is one of ours, which no model can take over.
func IsBuiltIn(name string) bool { return bind.IsBuiltIn(name) }

// CheckReturns refuses types that RETURNS declares and that the model's outputs cannot be cast to.
func CheckReturns(m *logical.Model) error { return bind.CheckReturns(m) }

// Explain prints a plan as EXPLAIN does: lines of text, or one JSON document.
func Explain(p physical.Node, opt explain.Options) []string { return explain.Plan(p, opt) }
