package bind

import (
	"time"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Catalog is what the planner asks of the database. Names are as identifiers are after folding.
type Catalog interface {
	// Table finds a table. An empty schema stands for the search path.
	Table(schema, name string) (*catalog.Table, bool)
	// Snapshot is the table's contents as the statement sees them.
	Snapshot(t *catalog.Table) (*table.Snapshot, error)
	// Model finds the current version of a model: nil if there is none, an error if there is but cannot be read.
	Model(name string) (*logical.Model, error)
	// Signature is Model without what the model computes (Inside, Impl): it need not be read for that.
	Signature(name string) (*logical.Model, error)
	// Models are the names of all models, in order.
	Models() []string
}

// Env is what a statement is bound in.
type Env struct {
	Catalog Catalog
	// View finds a view of the system's own, nil if there is none of the name; it may be nil itself.
	View func(schema, name string) *View
	// ParamTypes are the types that a client declared for $1, $2 …; Unknown where it did not.
	ParamTypes []sqltype.Type
	// Now is the start of the transaction, in the session's time zone.
	Now time.Time
	// Database, User and ServerVersion are what the functions of those names answer.
	Database, User, ServerVersion string
}

// Bound is a bound statement.
type Bound struct {
	Root    logical.Node     // *logical.Result or *logical.TableSink
	Columns []logical.Column // of the result; nil for a sink
	// ParamTypes are the types of $1, $2 … as declared or inferred.
	ParamTypes []sqltype.Type
	// NextCol is the first column number that is free.
	NextCol logical.ColID
}

// Bounds on what one statement may hold, against hostile text.
const (
	maxDepth     = 1000 // of nested expressions and queries
	maxRelations = 2000 // FROM items, counting each copy of a CTE
	maxParams    = 65535
	maxTargets   = 1664 // PostgreSQL's limit of a target list
	// maxShared bounds the nodes of expressions that stand in several places (x in x BETWEEN a AND b is in two): each level
	// of nesting multiplies them.
	maxShared = 50_000
)

// binder binds one statement.
type binder struct {
	env       Env
	nextCol   logical.ColID
	params    []sqltype.Type
	snapshots map[tableKey]*table.Snapshot
	// lateral are the FROM items to the left of the one being bound, which a function there could refer to.
	lateral *scope
	// known is what there is to know of names of models.
	known known
	// early tells that a call whose name is data is to be bound later, metChoice that there was one.
	early, metChoice bool
	// inserting is the table that an INSERT's VALUES go to, for a hint.
	inserting *catalog.Table
	depth     int
	relations int
	shared    int
	// refs are the column references with their positions, for errors that are found after binding.
	refs []refPos
}

type refPos struct {
	ref *logical.Ref
	pos int
	// text is the reference as messages show it: t.a
	text string
}

func newBinder(env Env) *binder {
	return &binder{env: env, params: append([]sqltype.Type(nil), env.ParamTypes...)}
}

// Statement binds a SELECT, INSERT or COPY FROM.
func Statement(stmt dialect.Stmt, env Env) (*Bound, error) {
	b := newBinder(env)
	var root logical.Node
	var err error
	switch s := stmt.(type) {
	case *dialect.SelectStmt:
		root, err = b.selectStmt(s)
	case *dialect.Insert:
		root, err = b.insert(s)
	case *dialect.Copy:
		root, err = b.copyFrom(s)
	default:
		err = sqlstate.Unsupported("planning %s", stmt.Tag()).At(stmt.Pos())
	}
	if err != nil {
		return nil, err
	}
	return b.finish(root)
}

func (b *binder) finish(root logical.Node) (*Bound, error) {
	for i, t := range b.params {
		if t.Kind == unknown {
			return nil, sqlstate.New(sqlstate.IndeterminateDatatype, "could not determine data type of parameter $%d", i+1)
		}
	}
	out := &Bound{Root: root, ParamTypes: b.params, NextCol: b.nextCol + 1}
	if r, ok := root.(*logical.Result); ok {
		out.Columns = r.Columns()
	}
	return out, nil
}

// newColumn makes a column that no other operator has.
func (b *binder) newColumn(name string, t sqltype.Type, nullable bool) logical.Column {
	b.nextCol++
	return logical.Column{ID: b.nextCol, Name: name, Type: t, Nullable: nullable}
}

// enter counts a level of nesting; leave takes it back.
func (b *binder) enter(pos int) error {
	if b.depth++; b.depth > maxDepth {
		return sqlstate.New(sqlstate.StatementTooComplex, "stack depth limit exceeded").
			WithHint("Queries and expressions may be nested %d levels deep.", maxDepth).At(pos)
	}
	return nil
}

func (b *binder) leave() { b.depth-- }

// share counts the nodes of an expression that is about to stand in several places.
func (b *binder) share(e logical.Expr, places, pos int) error {
	n := 0
	logical.Walk(e, func(logical.Expr) bool {
		n++
		return n <= maxShared
	})
	if b.shared += n * places; b.shared > maxShared {
		return sqlstate.New(sqlstate.StatementTooComplex, "the statement's expressions are too complex").At(pos)
	}
	return nil
}

// tableKey identifies a table within a statement; a catalog may hand out several copies of its definition.
type tableKey struct {
	id   uint64
	name string
}

// snapshot is the one snapshot of a table that the whole statement reads.
func (b *binder) snapshot(t *catalog.Table) (*table.Snapshot, error) {
	key := tableKey{t.ID, t.Name}
	if s, ok := b.snapshots[key]; ok {
		return s, nil
	}
	s, err := b.env.Catalog.Snapshot(t)
	if err != nil {
		return nil, err
	}
	if b.snapshots == nil {
		b.snapshots = map[tableKey]*table.Snapshot{}
	}
	b.snapshots[key] = s
	return s, nil
}
