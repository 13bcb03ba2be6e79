package dialect

// Query is a query expression: SELECT, VALUES, a set operation, or TABLE t (which is SELECT * FROM t).
type Query struct {
	Loc
	With     *With // nil if absent
	Body     QueryBody
	OrderBy  []SortBy
	Limit    Expr // nil if absent or LIMIT ALL
	WithTies bool // FETCH FIRST … WITH TIES
	Offset   Expr // nil if absent
	Locking  []Locking
}

// QueryBody is *Select, *Values or *SetOp.
type QueryBody interface {
	Node
	isQueryBody()
}

// With is a WITH clause.
type With struct {
	Loc
	Recursive bool
	CTEs      []CTE
}

// Materialization is a CTE's [NOT] MATERIALIZED.
type Materialization uint8

// The choices.
const (
	MaterializeDefault Materialization = iota
	MaterializeAlways
	MaterializeNever
)

// CTE is one query of a WITH clause.
type CTE struct {
	Loc
	Name        string
	Columns     []Name
	Materialize Materialization
	Query       *Query
}

// Select is one SELECT without what may follow a set operation (ORDER BY, LIMIT: see Query).
type Select struct {
	Loc
	Distinct   bool   // DISTINCT, or
	DistinctOn []Expr // DISTINCT ON (…)
	Targets    []Target
	Into       *QualifiedName // SELECT … INTO name, nil if absent
	From       []FromItem     // separated by commas
	Where      Expr           // nil if absent
	// GroupBy is set iff there is a GROUP BY clause.
	GroupBy         []GroupItem
	GroupByDistinct bool
	Having          Expr // nil if absent
	Windows         []Window
}

// Target is one item of a select list or RETURNING.
type Target struct {
	Loc
	Expr  Expr
	Label string // "" if none was given
}

// GroupKind tells the items of GROUP BY apart.
type GroupKind uint8

// The kinds of items.
const (
	GroupExpr GroupKind = iota
	GroupEmpty
	GroupRollup
	GroupCube
	GroupSets
)

// GroupItem is an item of GROUP BY: an expression, (), or a list under ROLLUP, CUBE or GROUPING SETS.
type GroupItem struct {
	Loc
	Kind  GroupKind
	Expr  Expr
	Items []GroupItem
}

// Values is VALUES (…), (…).
type Values struct {
	Loc
	Rows [][]Expr
}

// SetKind is UNION, INTERSECT or EXCEPT.
type SetKind uint8

// The set operations.
const (
	Union SetKind = iota
	Intersect
	Except
)

// SetOp combines two queries. Operands without parentheses have a body only.
type SetOp struct {
	Loc
	Kind SetKind
	All  bool
	L, R *Query
}

func (*Select) isQueryBody() {}
func (*Values) isQueryBody() {}
func (*SetOp) isQueryBody()  {}

// NullOrder is NULLS FIRST or LAST.
type NullOrder uint8

// The choices; the default is last for ascending order and first for descending.
const (
	NullsDefault NullOrder = iota
	NullsFirst
	NullsLast
)

// SortBy is an item of ORDER BY.
type SortBy struct {
	Loc
	Expr  Expr
	Desc  bool
	Nulls NullOrder
	// Using is the operator of ORDER BY x USING op, "" if absent.
	Using string
}

// LockStrength is the strength of a locking clause.
type LockStrength uint8

// The strengths.
const (
	ForKeyShare LockStrength = iota
	ForShare
	ForNoKeyUpdate
	ForUpdate
)

// Locking is FOR UPDATE and its kin.
type Locking struct {
	Loc
	Strength           LockStrength
	Of                 []QualifiedName
	NoWait, SkipLocked bool
}

// FromItem is *TableRef, *SubqueryRef, *FuncRef or *Join.
type FromItem interface {
	Node
	isFromItem()
}

// TableRef is a table, view or CTE in FROM.
type TableRef struct {
	Loc
	Name   QualifiedName
	Only   bool
	Alias  *Alias // nil if absent
	Sample *Sample
}

// Sample is TABLESAMPLE method (args) [REPEATABLE (seed)].
type Sample struct {
	Loc
	Method string
	Args   []Expr
	Seed   Expr // nil if absent
}

// SubqueryRef is a query in FROM, VALUES included.
type SubqueryRef struct {
	Loc
	Query   *Query
	Lateral bool
	Alias   *Alias // nil if absent
}

// FuncRef is a function in FROM, or several under ROWS FROM.
type FuncRef struct {
	Loc
	Calls      []FuncItem
	RowsFrom   bool
	Lateral    bool
	Ordinality bool
	Alias      *Alias // nil if absent
	// Columns is the column definition list of AS alias (name type, …), nil if absent.
	Columns []ColumnDef
}

// FuncItem is one function of a FuncRef: a *FuncCall, or one of the forms without parentheses and casts that PostgreSQL
// takes there.
type FuncItem struct {
	Loc
	Call    Expr
	Columns []ColumnDef
}

// JoinKind is the kind of a join.
type JoinKind uint8

// The kinds of joins.
const (
	InnerJoin JoinKind = iota
	LeftJoin
	RightJoin
	FullJoin
	CrossJoin
)

// Join is a join written with JOIN.
type Join struct {
	Loc
	Kind       JoinKind
	Natural    bool
	L, R       FromItem
	On         Expr   // nil if absent
	Using      []Name // nil if absent
	UsingAlias *Alias // JOIN … USING (…) AS alias
	Alias      *Alias // of the join in parentheses
}

func (*TableRef) isFromItem()    {}
func (*SubqueryRef) isFromItem() {}
func (*FuncRef) isFromItem()     {}
func (*Join) isFromItem()        {}
