// Package physical holds the physical plan: the operators that the compiler translates, one Go type each.
//
// It knows logical expressions and table snapshots; it knows nothing of pipelines, C or the protocol.
package physical

import (
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/table"
)

// Node is an operator of a physical plan.
type Node interface {
	// Base returns what all operators have.
	Base() *Common
	// Inputs are the operators below, build side first for joins.
	Inputs() []Node
	// Columns are the columns this operator passes up, in order.
	Columns() []logical.Column
}

// Common is what every operator carries for EXPLAIN and for names in generated code.
type Common struct {
	// ID numbers the operators from 1 in the order EXPLAIN prints them (parent before child, build side after probe side).
	ID int
	// Rows, Width (bytes) and the costs are estimates in PostgreSQL's units.
	Rows        float64
	Width       int
	StartupCost float64
	TotalCost   float64
}

// Base implements Node.
func (c *Common) Base() *Common { return c }

// The parts of operators that the logical plan has too.
type (
	// NamedExpr computes an output column.
	NamedExpr = logical.NamedExpr
	// NamedAgg computes an aggregate's output column.
	NamedAgg = logical.NamedAgg
	// SortKey is one item of ORDER BY.
	SortKey = logical.SortKey
	// PredictCall is one model on one list of arguments. Outputs has a column for each output that is used, nil ID (0)
	// for those that are not.
	PredictCall = logical.PredictCall
	// CopyFormat is COPY's options.
	CopyFormat = logical.CopyFormat
)

// Scan reads columns of a table's snapshot; rows that fail Filter (conjuncts) are dropped.
type Scan struct {
	Common
	Table    *catalog.Table
	Snapshot *table.Snapshot
	Alias    string
	Cols     []logical.Column // what is passed up or filtered on
	Ordinals []int            // Cols[i] is column Ordinals[i] of the table
	Filter   []logical.Expr
}

// Filter drops rows unless all conjuncts are true.
type Filter struct {
	Common
	Input Node
	Conds []logical.Expr
}

// Project computes its output columns; a Ref passes an input column on.
type Project struct {
	Common
	Input Node
	Exprs []NamedExpr
}

// Predict evaluates model calls: the input's columns are passed up too, with the calls' results after them.
type Predict struct {
	Common
	Input Node
	Calls []PredictCall
}

// HashJoin is an inner equi-join: Build is hashed, Probe streams. Without keys it is a nested loop over the build rows.
type HashJoin struct {
	Common
	Build, Probe         Node
	BuildKeys, ProbeKeys []logical.Expr // pairwise of one type
	Residual             []logical.Expr // conjuncts over both sides
	Out                  []logical.Column
	// Few, if not 0, tells that there are no keys and that the build side has few rows, so many at most: the probe side's blocks
	// are handed on as they are, once for each of them.
	Few int
}

// HashAggregate groups by Keys and computes Aggs; without keys it yields exactly one row.
type HashAggregate struct {
	Common
	Input Node
	Keys  []NamedExpr
	Aggs  []NamedAgg
}

// Sort orders its input. With a Limit (Const or Param of int8) it is top-k: only Offset+Limit rows are kept, and Offset
// rows are skipped.
type Sort struct {
	Common
	Input         Node
	Keys          []SortKey
	Limit, Offset logical.Expr // nil if none
}

// Limit passes on Count rows after skipping Offset; either may be nil.
type Limit struct {
	Common
	Input         Node
	Count, Offset logical.Expr
}

// Values yields literal rows. Each row has one expression a column; a SELECT without FROM is one row without columns.
type Values struct {
	Common
	Rows [][]logical.Expr
	Cols []logical.Column
}

// GenerateSeries yields Start, Start+Step … up to Stop (all int4, int8 or numeric of one type).
type GenerateSeries struct {
	Common
	Start, Stop, Step logical.Expr
	Col               logical.Column
}

// CSVSource yields the fields of COPY data as text, null where the null marker stands.
type CSVSource struct {
	Common
	Format CopyFormat
	Cols   []logical.Column // all text, named as the table's columns
}

// TableSink appends its input's rows to a table, in the order of the table's columns.
type TableSink struct {
	Common
	Input Node
	Table *catalog.Table
	// Exprs has one expression for each column of the table, coerced to its type.
	Exprs []logical.Expr
	// Snapshot is the table at planning time: its layouts and dictionaries.
	Snapshot *table.Snapshot
	// Rewriting is set where the rows are the table's own, to be stored again.
	Rewriting *table.Rewriting
}

// Result sends rows to the client.
type Result struct {
	Common
	Input Node
	Exprs []NamedExpr
}

func (n *Scan) Inputs() []Node           { return nil }
func (n *Filter) Inputs() []Node         { return []Node{n.Input} }
func (n *Project) Inputs() []Node        { return []Node{n.Input} }
func (n *Predict) Inputs() []Node        { return []Node{n.Input} }
func (n *HashJoin) Inputs() []Node       { return []Node{n.Build, n.Probe} }
func (n *HashAggregate) Inputs() []Node  { return []Node{n.Input} }
func (n *Sort) Inputs() []Node           { return []Node{n.Input} }
func (n *Limit) Inputs() []Node          { return []Node{n.Input} }
func (n *Values) Inputs() []Node         { return nil }
func (n *GenerateSeries) Inputs() []Node { return nil }
func (n *CSVSource) Inputs() []Node      { return nil }
func (n *TableSink) Inputs() []Node      { return []Node{n.Input} }
func (n *Result) Inputs() []Node         { return []Node{n.Input} }

func (n *Scan) Columns() []logical.Column    { return n.Cols }
func (n *Filter) Columns() []logical.Column  { return n.Input.Columns() }
func (n *Project) Columns() []logical.Column { return columnsOf(n.Exprs) }
func (n *Predict) Columns() []logical.Column {
	cols := append([]logical.Column(nil), n.Input.Columns()...)
	for _, c := range n.Calls {
		for _, o := range c.Outputs {
			if o.ID != 0 {
				cols = append(cols, o)
			}
		}
	}
	return cols
}
func (n *HashJoin) Columns() []logical.Column { return n.Out }
func (n *HashAggregate) Columns() []logical.Column {
	cols := columnsOf(n.Keys)
	for _, a := range n.Aggs {
		cols = append(cols, a.Col)
	}
	return cols
}
func (n *Sort) Columns() []logical.Column           { return n.Input.Columns() }
func (n *Limit) Columns() []logical.Column          { return n.Input.Columns() }
func (n *Values) Columns() []logical.Column         { return n.Cols }
func (n *GenerateSeries) Columns() []logical.Column { return []logical.Column{n.Col} }
func (n *CSVSource) Columns() []logical.Column      { return n.Cols }
func (n *TableSink) Columns() []logical.Column      { return nil }
func (n *Result) Columns() []logical.Column         { return columnsOf(n.Exprs) }

func columnsOf(es []NamedExpr) []logical.Column {
	cols := make([]logical.Column, len(es))
	for i, e := range es {
		cols[i] = e.Col
	}
	return cols
}
