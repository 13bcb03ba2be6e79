package dialect

// Expr is a scalar expression. Parentheses leave no trace in the tree.
type Expr interface {
	Node
	isExpr()
}

// ColumnRef is a column, a whole row, or with Star everything in scope: x, t.x, s.t.x, *, t.*.
type ColumnRef struct {
	Loc
	Names []Name
	Star  bool
}

// ConstKind tells what a Const is.
type ConstKind uint8

// The kinds of constants.
const (
	NullConst ConstKind = iota
	BoolConst           // Text is "true" or "false"
	// NumberConst is a number: Text holds its digits as written, with a leading "-" where a minus sign was folded into it.
	// It is an integer if it has none of ".eE"; its type (int4, int8 or numeric) is the binder's to say.
	NumberConst
	StringConst // Text is the decoded value; its type is unknown until resolved
	BitConst    // Text is 'b' followed by binary digits
	HexConst    // Text is 'x' followed by hexadecimal digits
)

// Const is a literal.
type Const struct {
	Loc
	Kind ConstKind
	Text string
}

// Param is $N.
type Param struct {
	Loc
	N int
}

// Default is the word DEFAULT in the place of a value.
type Default struct{ Loc }

// Unary is a prefix operator. Schema is set by OPERATOR(schema.op).
type Unary struct {
	Loc
	Schema, Op string
	X          Expr
}

// Binary is an infix operator other than AND and OR, comparisons included ("!=" is spelt "<>"). Schema is set by
// OPERATOR(schema.op).
type Binary struct {
	Loc
	Schema, Op string
	L, R       Expr
}

// BoolOp is AND or OR over two or more arguments: chains are flat.
type BoolOp struct {
	Loc
	Or   bool
	Args []Expr
}

// Not is NOT x.
type Not struct {
	Loc
	X Expr
}

// Quantified is x op ANY|ALL (array or subquery). Op is "like", "ilike", "not like" or "not ilike" for those predicates.
type Quantified struct {
	Loc
	Schema, Op string
	All        bool
	L          Expr
	Array      Expr   // set, or
	Query      *Query // this
}

// LikeKind tells the pattern predicates apart.
type LikeKind uint8

// The pattern predicates.
const (
	Like LikeKind = iota
	ILike
	SimilarTo
)

// PatternMatch is x [NOT] LIKE|ILIKE|SIMILAR TO pattern [ESCAPE e].
type PatternMatch struct {
	Loc
	Kind       LikeKind
	Negated    bool
	X, Pattern Expr
	Escape     Expr // nil if absent
}

// Between is x [NOT] BETWEEN [SYMMETRIC] lo AND hi.
type Between struct {
	Loc
	Negated, Symmetric bool
	X, Lo, Hi          Expr
}

// In is x [NOT] IN (list) or x [NOT] IN (query).
type In struct {
	Loc
	Negated bool
	X       Expr
	List    []Expr // set, or
	Query   *Query // this
}

// IsKind tells the postfix tests apart.
type IsKind uint8

// The postfix tests.
const (
	IsNull IsKind = iota
	IsTrue
	IsFalse
	IsUnknown
)

// Is is x IS [NOT] NULL|TRUE|FALSE|UNKNOWN.
type Is struct {
	Loc
	Kind    IsKind
	Negated bool
	X       Expr
}

// IsDistinct is l IS [NOT] DISTINCT FROM r; Negated stands for NOT, that is for null-safe equality.
type IsDistinct struct {
	Loc
	Negated bool
	L, R    Expr
}

// Cast is CAST(x AS t), x::t or t 'literal'.
type Cast struct {
	Loc
	X    Expr
	Type *TypeName
	// Literal tells the form t 'literal', whose X is a string constant.
	Literal bool
}

// Collate is x COLLATE name.
type Collate struct {
	Loc
	X         Expr
	Collation QualifiedName
}

// AtTimeZone is x AT TIME ZONE zone.
type AtTimeZone struct {
	Loc
	X, Zone Expr
}

// Case is CASE [arg] WHEN … THEN … [ELSE …] END.
type Case struct {
	Loc
	Arg   Expr // nil in the searched form
	Whens []When
	Else  Expr // nil if absent
}

// When is one branch of a Case.
type When struct {
	Loc
	Cond, Result Expr
}

// FuncCall is a call of a function, aggregate or model. The standard's special forms are calls too, in the function's own
// argument order: EXTRACT(f FROM x) is extract('f', x), SUBSTRING(s FROM a FOR n) is substring(s, a, n), POSITION(a IN s)
// is position(s, a), TRIM is btrim, ltrim or rtrim, OVERLAY is overlay; Special is set then.
type FuncCall struct {
	Loc
	Schema, Name string
	Args         []Arg
	Star         bool // f(*)
	Distinct     bool
	OrderBy      []SortBy // inside the parentheses, or WITHIN GROUP's
	WithinGroup  bool
	Filter       Expr    // nil if absent
	Over         *Window // nil if it is no window call
	// Special tells the standard's form with keywords for commas, which always means the built-in function.
	Special bool
}

// Arg is an argument of a call: x, name => x, or VARIADIC x.
type Arg struct {
	Loc
	Name     string // "" if positional
	Value    Expr
	Variadic bool
}

// Window is what follows OVER, or a definition in the WINDOW clause. OVER w is a Window with Ref only and Bare set.
type Window struct {
	Loc
	Name        string // in the WINDOW clause
	Ref         string // the window that this one copies, "" if none
	Bare        bool   // OVER w, without parentheses
	PartitionBy []Expr
	OrderBy     []SortBy
	Frame       *Frame // nil if absent
}

// FrameMode is ROWS, RANGE or GROUPS.
type FrameMode uint8

// The frame modes.
const (
	FrameRange FrameMode = iota
	FrameRows
	FrameGroups
)

// BoundKind is an end of a frame.
type BoundKind uint8

// The kinds of bounds.
const (
	UnboundedPreceding BoundKind = iota
	OffsetPreceding
	CurrentRow
	OffsetFollowing
	UnboundedFollowing
)

// FrameExclusion is what EXCLUDE leaves out.
type FrameExclusion uint8

// The exclusions.
const (
	ExcludeNoOthers FrameExclusion = iota
	ExcludeCurrentRow
	ExcludeGroup
	ExcludeTies
)

// Frame is a window frame; a frame without BETWEEN ends at the current row.
type Frame struct {
	Loc
	Mode       FrameMode
	Start, End Bound
	Exclude    FrameExclusion
}

// Bound is one end of a frame.
type Bound struct {
	Kind   BoundKind
	Offset Expr // for the Offset kinds
}

// Coalesce is COALESCE(args).
type Coalesce struct {
	Loc
	Args []Expr
}

// MinMax is GREATEST(args), or LEAST(args).
type MinMax struct {
	Loc
	Least bool
	Args  []Expr
}

// NullIf is NULLIF(l, r).
type NullIf struct {
	Loc
	L, R Expr
}

// Grouping is GROUPING(args).
type Grouping struct {
	Loc
	Args []Expr
}

// SQLValue is one of the functions without parentheses: Name is "current_date", "current_timestamp", "localtime",
// "current_user", "session_user", "user", "current_schema", "current_catalog" …
type SQLValue struct {
	Loc
	Name string
	// Precision is the n of current_timestamp(n) and its kin, -1 if absent.
	Precision int
}

// Subscript is x[i], or with Slice x[lower:upper] where either bound may be nil. More tells that x is a Subscript without parentheses:
// this one is of another dimension of the same array.
type Subscript struct {
	Loc
	More  bool
	X     Expr
	Index Expr
	Slice bool
	Lower Expr
	Upper Expr
}

// Field is (x).name, or with Star (x).*.
type Field struct {
	Loc
	X    Expr
	Name string
	Star bool
}

// Array is ARRAY[…]; nested brackets are nested Arrays.
type Array struct {
	Loc
	Elems []Expr
}

// Row is ROW(…), or (a, b, …) with Explicit unset.
type Row struct {
	Loc
	Items    []Expr
	Explicit bool
}

// SubqueryKind tells the subqueries that stand for a value apart.
type SubqueryKind uint8

// The kinds of subqueries.
const (
	ScalarSubquery SubqueryKind = iota
	ExistsSubquery
	ArraySubquery
)

// Subquery is (query), EXISTS (query) or ARRAY(query) as an expression.
type Subquery struct {
	Loc
	Kind  SubqueryKind
	Query *Query
}

func (*ColumnRef) isExpr()    {}
func (*Const) isExpr()        {}
func (*Param) isExpr()        {}
func (*Default) isExpr()      {}
func (*Unary) isExpr()        {}
func (*Binary) isExpr()       {}
func (*BoolOp) isExpr()       {}
func (*Not) isExpr()          {}
func (*Quantified) isExpr()   {}
func (*PatternMatch) isExpr() {}
func (*Between) isExpr()      {}
func (*In) isExpr()           {}
func (*Is) isExpr()           {}
func (*IsDistinct) isExpr()   {}
func (*Cast) isExpr()         {}
func (*Collate) isExpr()      {}
func (*AtTimeZone) isExpr()   {}
func (*Case) isExpr()         {}
func (*FuncCall) isExpr()     {}
func (*Coalesce) isExpr()     {}
func (*MinMax) isExpr()       {}
func (*NullIf) isExpr()       {}
func (*Grouping) isExpr()     {}
func (*SQLValue) isExpr()     {}
func (*Subscript) isExpr()    {}
func (*Field) isExpr()        {}
func (*Array) isExpr()        {}
func (*Row) isExpr()          {}
func (*Subquery) isExpr()     {}
