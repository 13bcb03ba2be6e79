// Package logical holds the bound query: typed expressions and the logical plan's operators.
//
// It knows types and catalog objects, nothing of SQL text (planner/dialect), of how operators run (planner/physical) or
// of C. Columns are named by ColID, unique within a statement, so that rules move expressions without renumbering.
package logical

import "github.com/flernd/flernd/internal/storage/sqltype"

// ColID names one column of one operator's output, uniquely within a statement.
type ColID int32

// Column is one column of an operator's output.
type Column struct {
	ID       ColID
	Name     string // as shown to people and in result headings
	Table    string // alias of the table it comes from, "" if computed
	Type     sqltype.Type
	Nullable bool
}

// Expr is a bound scalar expression. Operands already have the types their function takes: coercions are Cast nodes.
type Expr interface {
	Type() sqltype.Type
	Nullable() bool
}

// Ref reads a column of the input.
type Ref struct{ Col Column }

// Const is a literal or a folded expression. Its value is data, never part of a program's shape.
type Const struct {
	Value sqltype.Datum
	Typ   sqltype.Type
}

// Param is $n of a prepared statement, n from 1.
type Param struct {
	Index int
	Typ   sqltype.Type
}

// Call applies a function or operator of fixed meaning (package comment of func.go lists them) to coerced arguments.
type Call struct {
	Func Func
	Args []Expr
	Typ  sqltype.Type
	// Pos is the 1-based character position in the statement, for errors at run time; 0 if unknown.
	Pos int
}

// Cast converts between types with PostgreSQL's rules. Explicit tells `x::t` from a coercion the binder added
// (varchar(n) truncates silently only when explicit).
type Cast struct {
	Arg      Expr
	Typ      sqltype.Type
	Explicit bool
	Pos      int
}

// Case is a searched CASE; the simple form is bound to comparisons. Else is never nil (a NULL Const at least).
type Case struct {
	Whens []When
	Else  Expr
	Typ   sqltype.Type
}

// When is one branch of a Case.
type When struct{ Cond, Then Expr }

// InList is arg IN (list): all of one type; List holds Const and Param only (other lists are bound to OR).
type InList struct {
	Arg  Expr
	List []Expr
	Not  bool
}

// Subscript is arr[i], i from 1, int4 or int8; NULL when out of range.
type Subscript struct {
	Arg, Index Expr
}

// Model is a model version as the planner sees it.
type Model struct {
	Name    string
	Version int64
	ID      uint64   // of the version, unique in the database
	Inputs  []Column // SQL signature, in order; one a scalar of the input tensors
	Tensors []Tensor // what the Inputs are scalars of, in order
	Outputs []Column // name and type; Array for [N,k]
	// Native are the types that the model computes its outputs in, where RETURNS declares others; nil where it does not. The
	// rule that extracts calls adds the casts.
	Native []sqltype.Type
	// Written are the inputs' names as the file has them, "" where they are the same; nil if all are.
	Written []string
	// Nulls says for each input what a NULL does; nil stands for NullIsNull.
	Nulls []NullPolicy
	// MissingText stands for NaN where the input is a text.
	MissingText string
	// Inside is what the planner may ask of the model; nil if nothing is known.
	Inside Inside
	// Impl is the registry's version object (ml/registry.Version); the planner does not look into it.
	Impl any
}

// Inside is what a model tells of its computation.
type Inside interface {
	// Reads tells the inputs that some of the outputs depend on.
	Reads(outputs []bool) (inputs []bool)
	// Work is how many floating-point operations some of the outputs take, about.
	Work(outputs []bool) int64
	// Facts describe, for EXPLAIN, what computing some of the outputs takes.
	Facts(outputs []bool) []Fact
}

// Fact is a property of a model: a number, a string or a list of strings. Text is how people read it, "" as it is.
type Fact struct {
	Key   string
	Value any
	Text  string
}

// Tensor is an input of a model as its file has it: Width of Model.Inputs, which an array may stand for.
type Tensor struct {
	Name  string
	Width int
}

// TensorAt is the tensor whose first scalar is the input with this number.
func (m *Model) TensorAt(input int) (t Tensor, ok bool) {
	at := 0
	for _, t := range m.Tensors {
		if at == input {
			return t, true
		}
		at += t.Width
	}
	return t, false
}

// Width is how many inputs, from this one on, an argument stands for: those of a tensor if it is an array.
func (m *Model) Width(input int, arg Expr) int {
	if k := m.Inputs[input].Type.Kind; !hasElements(arg.Type().Kind) || k == sqltype.Array {
		return 1
	}
	t, _ := m.TensorAt(input)
	return t.Width
}

// NullPolicy says what a NULL argument of a model does.
type NullPolicy uint8

// The policies.
const (
	NullIsNull  NullPolicy = iota // the call is NULL
	NullIsNaN                     // the model sees NaN
	NullIsError                   // the query ends with an error
)

// NullPolicyOf is the policy of an input.
func (m *Model) NullPolicyOf(input int) NullPolicy {
	if m.Nulls == nil {
		return NullIsNull
	}
	return m.Nulls[input]
}

// WrittenAs reports whether the file has an input under another name, this one.
func (m *Model) WrittenAs(input int, name string) bool {
	return m.Written != nil && name != "" && m.Written[input] == name
}

// NativeType is the type that the model computes an output in.
func (m *Model) NativeType(output int) sqltype.Type {
	if m.Native == nil {
		return m.Outputs[output].Type
	}
	return m.Native[output]
}

// Predict calls a model on one row. A call's value is its first output; Output picks another.
type Predict struct {
	Model  *Model // nil if the row chooses it
	Choice *Choice
	Args   []Expr // in the order of Model.Inputs, coerced; an array or vector (Sized) is all scalars of a tensor
	Output int
	Pos    int
}

// Agg is an aggregate call; it stands only in Aggregate operators.
type Agg struct {
	Func     AggFunc
	Arg      Expr // nil for count(*)
	Distinct bool
	Typ      sqltype.Type
}

// AggFunc is an aggregate function.
type AggFunc uint8

// The aggregate functions.
const (
	CountStar AggFunc = iota
	Count
	Sum
	Avg
	Min
	Max
	BoolAnd
	BoolOr
)

func (f AggFunc) String() string {
	return [...]string{"count", "count", "sum", "avg", "min", "max", "bool_and", "bool_or"}[f]
}

func (e *Ref) Type() sqltype.Type       { return e.Col.Type }
func (e *Const) Type() sqltype.Type     { return e.Typ }
func (e *Param) Type() sqltype.Type     { return e.Typ }
func (e *Call) Type() sqltype.Type      { return e.Typ }
func (e *Cast) Type() sqltype.Type      { return e.Typ }
func (e *Case) Type() sqltype.Type      { return e.Typ }
func (e *InList) Type() sqltype.Type    { return sqltype.Of(sqltype.Bool) }
func (e *Subscript) Type() sqltype.Type { return e.Arg.Type().Element() }
func (e *Predict) Type() sqltype.Type {
	if e.Choice != nil {
		return e.Choice.Outputs[e.Output].Typ
	}
	return e.Model.Outputs[e.Output].Type
}
func (e *Agg) Type() sqltype.Type { return e.Typ }

func (e *Ref) Nullable() bool   { return e.Col.Nullable }
func (e *Const) Nullable() bool { return e.Value.Null }
func (e *Param) Nullable() bool { return true }
func (e *Call) Nullable() bool {
	if n, fixed := e.Func.nullability(); fixed {
		return n
	}
	if e.Func == Coalesce || e.Func == Greatest || e.Func == Least {
		for _, a := range e.Args {
			if !a.Nullable() {
				return false
			}
		}
		return true
	}
	return anyNullable(e.Args)
}
func (e *Cast) Nullable() bool { return e.Arg.Nullable() }
func (e *Case) Nullable() bool {
	for _, w := range e.Whens {
		if w.Then.Nullable() {
			return true
		}
	}
	return e.Else.Nullable()
}
func (e *InList) Nullable() bool    { return e.Arg.Nullable() || anyNullable(e.List) }
func (e *Subscript) Nullable() bool { return true }
func (e *Predict) Nullable() bool   { return anyNullable(e.Args) }
func (e *Agg) Nullable() bool       { return e.Func != CountStar && e.Func != Count }

func anyNullable(es []Expr) bool {
	for _, e := range es {
		if e.Nullable() {
			return true
		}
	}
	return false
}
