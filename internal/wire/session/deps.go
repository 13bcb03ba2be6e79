package session

import (
	"context"
	"time"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
)

// Store keeps tables and models. A transaction that writes is alone: Begin waits for its turn, or until ctx ends.
type Store interface {
	Begin(ctx context.Context, write bool) (Tx, error)
}

// Tx is a transaction of the store: a consistent view, with its own writes in it.
type Tx interface {
	// Table finds a table by name; "public" is the only schema with tables.
	Table(schema, name string) (*catalog.Table, bool)
	// Snapshot is what the transaction sees of a table. It stays valid until the transaction ends.
	Snapshot(t *catalog.Table) (*table.Snapshot, error)
	Model(name string) (*logical.Model, bool)

	CreateTable(def *catalog.Table) (*catalog.Table, error)
	DropTable(t *catalog.Table) error
	Append(t *catalog.Table, rows *table.Append) error
	// CreateModel imports a model file and registers it as a new version; replace says that one of the name may exist.
	CreateModel(name string, file []byte) error
	DropModel(name string) error

	// Commit makes the transaction's writes durable and visible; Rollback forgets them. Either ends it.
	Commit() error
	Rollback()
}

// Planner turns statements into physical plans.
type Planner interface {
	// Plan plans a SELECT, an INSERT or a COPY FROM.
	Plan(stmt dialect.Stmt, env Env) (*Plan, error)
	// Explain prints a plan: lines of text, or one JSON document.
	Explain(plan *Plan, options ExplainOptions, run *Run) ([]string, error)
}

// Catalog is what planning asks of the database.
type Catalog interface {
	Table(schema, name string) (*catalog.Table, bool)
	Snapshot(t *catalog.Table) (*table.Snapshot, error)
	Model(name string) (*logical.Model, bool)
}

// Env is what a statement is planned in.
type Env struct {
	Catalog    Catalog
	ParamTypes []sqltype.Type // as declared; Unknown where left open
	Now        time.Time      // the transaction's start, in the session's time zone
	Database   string
	User       string
}

// Plan is a planned statement.
type Plan struct {
	Root       physical.Node
	Columns    []logical.Column // of the result; nil if there is none
	ParamTypes []sqltype.Type
	Time       time.Duration // that planning took
}

// ExplainOptions are the options of EXPLAIN.
type ExplainOptions struct {
	Analyze, Verbose, Costs, Timing, Summary, JSON bool
}

// Engine compiles plans and runs them.
type Engine interface {
	Run(ctx context.Context, plan physical.Node, params []sqltype.Datum, options RunOptions) (*Run, error)
	// CText is the generated C of a plan.
	CText(plan physical.Node) (string, error)
}

// RunOptions are how a plan is to be run.
type RunOptions struct {
	Threads     int    // 0 for the server's
	Tier        string // "auto", "fast" or "best"
	MemoryLimit int64  // bytes, 0 for the server's
	Formats     []int16
	// Out takes whole DataRow messages. It blocks while the client does not read.
	Out func(messages []byte, n int64) error
	// In yields COPY data, io.EOF at its end.
	In func() ([]byte, error)
	// Analyze asks for the counters of Run.
	Analyze bool
}

// Run is what a plan's run was.
type Run struct {
	Rows                             int64 // sent or appended
	Planning, Compilation, Execution time.Duration
	Counters                         []int64 // rows by the operators' IDs
	Append                           *table.Append
	PeakMemory                       int64
	Tier                             string
}
