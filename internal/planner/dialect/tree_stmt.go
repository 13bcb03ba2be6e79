package dialect

// SelectStmt is a query as a statement.
type SelectStmt struct {
	StmtBase
	Query *Query
}

// Insert is INSERT INTO.
type Insert struct {
	StmtBase
	With    *With
	Table   QualifiedName
	Alias   string
	Columns []InsertColumn // nil if no list was given
	// Overriding is "system" or "user" for OVERRIDING … VALUE, "" if absent.
	Overriding string
	// Source is the query or VALUES list, nil for DEFAULT VALUES. VALUES may hold Default nodes.
	Source     *Query
	OnConflict *OnConflict
	Returning  []Target
}

// InsertColumn is a column of INSERT's list. Path is empty for a whole column; for a part of one (a[1], a.b) it holds that
// part as an expression.
type InsertColumn struct {
	Name
	Path []Expr
}

// OnConflict is ON CONFLICT.
type OnConflict struct {
	Loc
	Target     []ConflictKey // ON CONFLICT (…)
	Where      Expr          // of the target
	Constraint string        // ON CONFLICT ON CONSTRAINT name
	DoUpdate   bool
	Set        []Assignment
	SetWhere   Expr
}

// ConflictKey is one key of an ON CONFLICT target.
type ConflictKey struct {
	Loc
	Expr Expr
}

// Assignment is column = value, or (columns) = value with several columns.
type Assignment struct {
	Loc
	Columns []Name
	Multi   bool
	Value   Expr
}

// CreateTable is CREATE TABLE with a column list.
type CreateTable struct {
	StmtBase
	Name        QualifiedName
	IfNotExists bool
	Temporary   bool
	Unlogged    bool
	Columns     []ColumnDef
	Constraints []Constraint // of the table, in order
	Options     []Option     // WITH (…)
	// OnCommit is "drop", "delete rows" or "preserve rows", "" if absent.
	OnCommit string
}

// ColumnDef is a column of CREATE TABLE.
type ColumnDef struct {
	Loc
	Name        string
	Type        *TypeName
	Collation   *QualifiedName
	Constraints []Constraint
}

// ConstraintKind tells constraints apart.
type ConstraintKind uint8

// The kinds of constraints.
const (
	NotNullConstraint ConstraintKind = iota
	NullConstraint
	DefaultConstraint
	PrimaryKeyConstraint
	UniqueConstraint
	ReferencesConstraint
	CheckConstraint
	IdentityConstraint
	GeneratedConstraint
)

// String returns the constraint's SQL words.
func (k ConstraintKind) String() string {
	return [...]string{"NOT NULL", "NULL", "DEFAULT", "PRIMARY KEY", "UNIQUE", "FOREIGN KEY", "CHECK",
		"GENERATED AS IDENTITY", "GENERATED STORED"}[k]
}

// Constraint is a constraint of a column or a table; Columns is empty in a column's own.
type Constraint struct {
	Loc
	Kind       ConstraintKind
	Name       string
	Columns    []Name
	Expr       Expr          // DEFAULT, CHECK, GENERATED
	RefTable   QualifiedName // REFERENCES
	RefColumns []Name
	// OnDelete and OnUpdate are "cascade", "restrict", "no action", "set null" or "set default", "" if absent.
	OnDelete, OnUpdate string
	// Match is "full", "partial" or "simple", "" if absent.
	Match                         string
	Deferrable, InitiallyDeferred bool
	NullsNotDistinct              bool
	Include                       []Name
	Options                       []Option
	Always                        bool // GENERATED ALWAYS
}

// CreateTableAs is CREATE TABLE … AS query, and SELECT INTO.
type CreateTableAs struct {
	StmtBase
	Name        QualifiedName
	IfNotExists bool
	Temporary   bool
	Unlogged    bool
	Columns     []Name
	Options     []Option
	OnCommit    string
	Query       *Query
	WithNoData  bool
}

// DropTable is DROP TABLE.
type DropTable struct {
	StmtBase
	Names    []QualifiedName
	IfExists bool
	Cascade  bool
}

// Truncate is TRUNCATE.
type Truncate struct {
	StmtBase
	Names           []QualifiedName
	RestartIdentity bool
	Cascade         bool
}

// CopyTarget is the other side of a COPY.
type CopyTarget uint8

// The other sides.
const (
	CopyStdin CopyTarget = iota
	CopyStdout
	CopyFile
	CopyProgram
)

// Copy is COPY. Options of the old syntax (CSV HEADER DELIMITER '|') appear under their new names.
type Copy struct {
	StmtBase
	Table   QualifiedName // empty if Query is set
	Columns []Name
	Query   *Query
	From    bool // COPY FROM, otherwise COPY TO
	Target  CopyTarget
	File    string // the file's name, or the program
	FileLoc Loc
	Options []Option
	Where   Expr
}

// Option is name value in WITH (…) lists. Names are folded to lower case.
type Option struct {
	Loc
	Name string
	// Value is the value's text. HasValue is false for a bare name.
	Value    string
	HasValue bool
	// List is set for name (a, b), Star for name *.
	List []Name
	Star bool
	// Kind tells how Value was written.
	Kind OptionKind
	// ValueLoc is the position of the value.
	ValueLoc Loc
}

// OptionKind tells how an option's value was written.
type OptionKind uint8

// The forms of option values.
const (
	OptionNone OptionKind = iota
	OptionString
	OptionNumber
	OptionWord // an identifier or keyword: true, on, csv
	OptionList
	OptionStar
)

// SetScope is the scope of SET.
type SetScope uint8

// The scopes.
const (
	SetSession SetScope = iota
	SetLocal
)

// Set is SET name = values and its special forms, which appear under the name of their setting: SET TIME ZONE is
// "timezone", SET NAMES "client_encoding", SET SCHEMA "search_path", SET SESSION AUTHORIZATION "session_authorization",
// SET ROLE "role", SET SEED "seed", SET XML OPTION "xmloption".
type Set struct {
	StmtBase
	Scope  SetScope
	Name   string // dots included: "flern.tier"
	Values []SetValue
	// Default is SET name TO DEFAULT (or LOCAL for the time zone).
	Default bool
}

// SetValue is one value of SET.
type SetValue struct {
	Loc
	Text string // a number keeps its sign; a string is decoded; a word is folded
	Kind OptionKind
}

// SetTransaction is SET TRANSACTION, or with Session SET SESSION CHARACTERISTICS AS TRANSACTION.
type SetTransaction struct {
	StmtBase
	Session  bool
	Modes    TransactionModes
	Snapshot string
}

// Reset is RESET name, or RESET ALL.
type Reset struct {
	StmtBase
	Name string
	All  bool
}

// Show is SHOW name, or SHOW ALL.
type Show struct {
	StmtBase
	Name string
	All  bool
}

// TransactionKind tells the transaction statements apart.
type TransactionKind uint8

// The transaction statements.
const (
	Begin TransactionKind = iota
	StartTransaction
	Commit
	Rollback
	Savepoint
	ReleaseSavepoint
	RollbackTo
	PrepareTransaction
	CommitPrepared
	RollbackPrepared
)

// Transaction is BEGIN, COMMIT, ROLLBACK, SAVEPOINT and their kin.
type Transaction struct {
	StmtBase
	Kind  TransactionKind
	Modes TransactionModes
	// Name is the savepoint's, or the prepared transaction's.
	Name  string
	Chain bool // AND CHAIN
}

// TransactionModes are the modes of BEGIN and SET TRANSACTION.
type TransactionModes struct {
	// Isolation is "serializable", "repeatable read", "read committed" or "read uncommitted", "" if absent.
	Isolation            string
	ReadOnly, Deferrable *bool // nil if absent
}

// Explain is EXPLAIN.
type Explain struct {
	StmtBase
	// Options hold ANALYZE and VERBOSE of the old syntax too.
	Options []Option
	Stmt    Stmt
}

// Prepare is PREPARE name [(types)] AS statement.
type Prepare struct {
	StmtBase
	Name  string
	Types []*TypeName
	Stmt  Stmt
}

// Execute is EXECUTE name [(arguments)].
type Execute struct {
	StmtBase
	Name string
	Args []Expr
}

// Deallocate is DEALLOCATE name, or DEALLOCATE ALL.
type Deallocate struct {
	StmtBase
	Name string
	All  bool
}

// Discard is DISCARD ALL, PLANS, SEQUENCES or TEMP.
type Discard struct {
	StmtBase
	What string // "ALL", "PLANS", "SEQUENCES", "TEMP"
}

// Unsupported is a statement of PostgreSQL's that flernd has no tree for. Only its first words were read.
type Unsupported struct {
	StmtBase
	// What names it as PostgreSQL does: "CREATE INDEX", "DELETE".
	What string
}

// Tag implements Stmt.
func (*SelectStmt) Tag() string { return "SELECT" }

// Tag implements Stmt.
func (*Insert) Tag() string { return "INSERT" }

// Tag implements Stmt.
func (*CreateTable) Tag() string { return "CREATE TABLE" }

// Tag implements Stmt.
func (*CreateTableAs) Tag() string { return "CREATE TABLE AS" }

// Tag implements Stmt.
func (*DropTable) Tag() string { return "DROP TABLE" }

// Tag implements Stmt.
func (*Truncate) Tag() string { return "TRUNCATE TABLE" }

// Tag implements Stmt.
func (*Copy) Tag() string { return "COPY" }

// Tag implements Stmt.
func (*Set) Tag() string { return "SET" }

// Tag implements Stmt.
func (*SetTransaction) Tag() string { return "SET" }

// Tag implements Stmt.
func (*Reset) Tag() string { return "RESET" }

// Tag implements Stmt.
func (*Show) Tag() string { return "SHOW" }

// Tag implements Stmt.
func (t *Transaction) Tag() string {
	return [...]string{"BEGIN", "START TRANSACTION", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "ROLLBACK",
		"PREPARE TRANSACTION", "COMMIT PREPARED", "ROLLBACK PREPARED"}[t.Kind]
}

// Tag implements Stmt.
func (*Explain) Tag() string { return "EXPLAIN" }

// Tag implements Stmt.
func (*Prepare) Tag() string { return "PREPARE" }

// Tag implements Stmt.
func (*Execute) Tag() string { return "EXECUTE" }

// Tag implements Stmt.
func (d *Deallocate) Tag() string {
	if d.All {
		return "DEALLOCATE ALL"
	}
	return "DEALLOCATE"
}

// Tag implements Stmt.
func (d *Discard) Tag() string { return "DISCARD " + d.What }

// Tag implements Stmt.
func (u *Unsupported) Tag() string { return u.What }
