package logical

import (
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/table"
)

// Node is an operator of the logical plan. Nodes and expressions are immutable once built: a rule that changes
// something builds new nodes along the path to it and shares the rest.
type Node interface {
	// Inputs are the operators below.
	Inputs() []Node
	// WithInputs returns a copy of the operator over other inputs.
	WithInputs(in []Node) Node
	// Columns are the columns this operator passes up.
	Columns() []Column
}

// NamedExpr computes an output column. A Ref whose column has the same ID passes an input column on.
type NamedExpr struct {
	Col  Column
	Expr Expr
}

// NamedAgg computes an aggregate's output column.
type NamedAgg struct {
	Col Column
	Agg *Agg
}

// SortKey is one item of ORDER BY.
type SortKey struct {
	Expr       Expr
	Desc       bool
	NullsFirst bool
}

// PredictCall is one model on one list of arguments. Outputs has a column for each output of the model, or of the choice; those that
// nothing uses have ID 0.
type PredictCall struct {
	Model   *Model // nil if there is a Choice
	Choice  *Choice
	Args    []Expr
	Outputs []Column
	Pos     int
}

// CopyFormat is COPY's options.
type CopyFormat struct {
	Text      bool // the text format; CSV otherwise
	Delimiter byte
	Quote     byte
	Escape    byte
	Null      string
	Header    bool
	// ForceNull and ForceNotNull list columns by index into the CSVSource's.
	ForceNull, ForceNotNull []int
}

// Scan reads columns of a table.
type Scan struct {
	Table    *catalog.Table
	Snapshot *table.Snapshot
	Alias    string
	Cols     []Column
	Ordinals []int // Cols[i] is column Ordinals[i] of the table
}

// Filter keeps the rows for which all conjuncts are true.
type Filter struct {
	Input Node
	Conds []Expr
}

// Project computes columns.
type Project struct {
	Input Node
	Exprs []NamedExpr
}

// PredictRows evaluates model calls for every row and passes the input's columns up too.
type PredictRows struct {
	Input Node
	Calls []PredictCall
}

// Join is the inner join of its inputs under the conjuncts of Conds. The binder and the early rules build joins of any
// number of inputs; after the join-order rule each has two, the probe side first, with its equi-join keys taken out of Conds.
type Join struct {
	In         []Node
	Conds      []Expr
	Probe, Key []Expr  // pairwise: Probe[i] over In[0] equals Key[i] over In[1]
	Rows       float64 // the join-order rule's estimate, 0 before
}

// Aggregate groups by Keys; without keys it yields exactly one row.
type Aggregate struct {
	Input Node
	Keys  []NamedExpr
	Aggs  []NamedAgg
}

// Sort orders its input. With a Limit only Offset+Limit rows are kept, and Offset rows are skipped.
type Sort struct {
	Input         Node
	Keys          []SortKey
	Limit, Offset Expr // nil if none
}

// Limit passes on Count rows after skipping Offset; either may be nil.
type Limit struct {
	Input         Node
	Count, Offset Expr
}

// Values yields rows of expressions without column references. A SELECT without FROM is one row without columns.
type Values struct {
	Rows [][]Expr
	Cols []Column
}

// GenerateSeries yields Start, Start+Step … up to Stop.
type GenerateSeries struct {
	Start, Stop, Step Expr
	Col               Column
}

// CSVSource yields the fields of COPY data as text.
type CSVSource struct {
	Format CopyFormat
	Cols   []Column
}

// TableSink appends its input's rows to a table: Exprs has one expression for each column of the table.
type TableSink struct {
	Input    Node
	Table    *catalog.Table
	Snapshot *table.Snapshot
	Exprs    []Expr
}

// Result sends rows to the client.
type Result struct {
	Input Node
	Exprs []NamedExpr
}

func (n *Scan) Inputs() []Node           { return nil }
func (n *Filter) Inputs() []Node         { return []Node{n.Input} }
func (n *Project) Inputs() []Node        { return []Node{n.Input} }
func (n *PredictRows) Inputs() []Node    { return []Node{n.Input} }
func (n *Join) Inputs() []Node           { return n.In }
func (n *Aggregate) Inputs() []Node      { return []Node{n.Input} }
func (n *Sort) Inputs() []Node           { return []Node{n.Input} }
func (n *Limit) Inputs() []Node          { return []Node{n.Input} }
func (n *Values) Inputs() []Node         { return nil }
func (n *GenerateSeries) Inputs() []Node { return nil }
func (n *CSVSource) Inputs() []Node      { return nil }
func (n *TableSink) Inputs() []Node      { return []Node{n.Input} }
func (n *Result) Inputs() []Node         { return []Node{n.Input} }

func (n *Scan) WithInputs([]Node) Node           { return n }
func (n *Filter) WithInputs(in []Node) Node      { c := *n; c.Input = in[0]; return &c }
func (n *Project) WithInputs(in []Node) Node     { c := *n; c.Input = in[0]; return &c }
func (n *PredictRows) WithInputs(in []Node) Node { c := *n; c.Input = in[0]; return &c }
func (n *Join) WithInputs(in []Node) Node        { c := *n; c.In = in; return &c }
func (n *Aggregate) WithInputs(in []Node) Node   { c := *n; c.Input = in[0]; return &c }
func (n *Sort) WithInputs(in []Node) Node        { c := *n; c.Input = in[0]; return &c }
func (n *Limit) WithInputs(in []Node) Node       { c := *n; c.Input = in[0]; return &c }
func (n *Values) WithInputs([]Node) Node         { return n }
func (n *GenerateSeries) WithInputs([]Node) Node { return n }
func (n *CSVSource) WithInputs([]Node) Node      { return n }
func (n *TableSink) WithInputs(in []Node) Node   { c := *n; c.Input = in[0]; return &c }
func (n *Result) WithInputs(in []Node) Node      { c := *n; c.Input = in[0]; return &c }

func (n *Scan) Columns() []Column    { return n.Cols }
func (n *Filter) Columns() []Column  { return n.Input.Columns() }
func (n *Project) Columns() []Column { return columnsOf(n.Exprs) }
func (n *PredictRows) Columns() []Column {
	cols := append([]Column(nil), n.Input.Columns()...)
	for _, c := range n.Calls {
		for _, o := range c.Outputs {
			if o.ID != 0 {
				cols = append(cols, o)
			}
		}
	}
	return cols
}
func (n *Join) Columns() []Column {
	var cols []Column
	for _, in := range n.In {
		cols = append(cols, in.Columns()...)
	}
	return cols
}
func (n *Aggregate) Columns() []Column {
	cols := columnsOf(n.Keys)
	for _, a := range n.Aggs {
		cols = append(cols, a.Col)
	}
	return cols
}
func (n *Sort) Columns() []Column           { return n.Input.Columns() }
func (n *Limit) Columns() []Column          { return n.Input.Columns() }
func (n *Values) Columns() []Column         { return n.Cols }
func (n *GenerateSeries) Columns() []Column { return []Column{n.Col} }
func (n *CSVSource) Columns() []Column      { return n.Cols }
func (n *TableSink) Columns() []Column      { return nil }
func (n *Result) Columns() []Column         { return columnsOf(n.Exprs) }

func columnsOf(es []NamedExpr) []Column {
	cols := make([]Column, len(es))
	for i, e := range es {
		cols[i] = e.Col
	}
	return cols
}
