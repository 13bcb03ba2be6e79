package dialect

// Loc is the 1-based position, in characters of the whole text given to Parse, that errors about a node point to. As in
// PostgreSQL it is the operator of an infix expression and the first token of anything else.
type Loc int

// Pos returns the position.
func (l Loc) Pos() int { return int(l) }

// Node is a piece of the tree with a position.
type Node interface{ Pos() int }

// Stmt is one statement.
type Stmt interface {
	Node
	// SQL returns the statement's own text, without the semicolon and what surrounds it.
	SQL() string
	// Tag is the statement's name as command tags and messages spell it ("SELECT", "CREATE TABLE").
	Tag() string
	base() *StmtBase
}

// StmtBase is what every statement has.
type StmtBase struct {
	Loc
	// Text is the statement's own text, without the semicolon and what surrounds it.
	Text string
}

// SQL returns the statement's text.
func (s *StmtBase) SQL() string { return s.Text }

func (s *StmtBase) base() *StmtBase { return s }

// Name is an identifier, folded to lower case unless it was quoted.
type Name struct {
	Loc
	Text string
}

// QualifiedName is a possibly qualified name of an object: [catalog .] [schema .] name.
type QualifiedName struct {
	Loc
	Catalog, Schema, Name string
}

// String returns the name with dots and without quotes, as PostgreSQL's messages show it.
func (q QualifiedName) String() string {
	s := q.Name
	if q.Schema != "" {
		s = q.Schema + "." + s
	}
	if q.Catalog != "" {
		s = q.Catalog + "." + s
	}
	return s
}

// Alias is an alias of a FROM item, with names for its columns if given.
type Alias struct {
	Loc
	Name    string
	Columns []Name
}

// TypeName is a type as written. Name is PostgreSQL's internal spelling for the names that its grammar knows ("int4" for
// integer, "bpchar" for character, "timestamptz" …), the identifier otherwise.
type TypeName struct {
	Loc
	Schema string // "" if unqualified; "pg_catalog" is not implied
	Name   string
	// Quoted tells that Name is an identifier as written (int4, text, "char") and not the internal name for one of the
	// grammar's own type words (integer, char), which always mean the system type.
	Quoted bool
	Mods   []TypeMod
	// Fields is the interval qualifier ("day to second"), "" if none.
	Fields string
	// Dims has one entry per array dimension: its declared size, -1 for none.
	Dims  []int
	SetOf bool
}

// TypeMod is one type modifier: the 10 and the 2 of numeric(10,2).
type TypeMod struct {
	Loc
	Text string
	// IsInt tells that Text is an optionally signed integer, IsName that it is an identifier; otherwise it is a string or
	// another number.
	IsInt, IsName bool
}
