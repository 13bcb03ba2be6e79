package session

import (
	"context"

	"github.com/flernd/flernd/internal/compile"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/planner"
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Store keeps tables and models. A transaction that writes is alone: Begin waits for its turn, or until ctx ends.
type Store interface {
	Begin(ctx context.Context, write bool) (Tx, error)
	// ImportModel makes of a file what Tx.CreateModel registers. It may take long: it is done before a transaction writes.
	// Notices are for the client.
	ImportModel(ctx context.Context, name string, file []byte, options registry.Options) (v *registry.Version, notices []*sqlstate.Error, err error)
	// HoldFile counts bytes of models' files that a session has in memory, to register them; fewer than 0 are given back. More than
	// all sessions may have together are refused: 53200.
	HoldFile(bytes int64) error
}

// Tx is a transaction of the store: a consistent view, with its own writes in it.
type Tx interface {
	// Table finds a table by name; "public" is the only schema with tables.
	Table(schema, name string) (*catalog.Table, bool)
	// Snapshot is what the transaction sees of a table now. The caller releases it.
	Snapshot(t *catalog.Table) (*table.Snapshot, error)
	// Model is a model for the planner, nil if there is none; Signature is it without what it computes, so that it need not be read.
	// HasModel tells whether there is one, be it readable or not.
	Model(name string) (*logical.Model, error)
	Signature(name string) (*logical.Model, error)
	HasModel(name string) bool

	CreateTable(def *catalog.Table) error
	DropTable(t *catalog.Table) error
	// Receive returns what takes the images of an append while the statement runs; Append follows with all of them.
	Receive(t *catalog.Table) (func(*table.Image) error, error)
	Append(t *catalog.Table, rows *table.Append) error
	// CreateModel registers a model made of a file, as the next version if the name is taken, which becomes current.
	CreateModel(version *registry.Version, file []byte) error
	// Models lists the models' names in order, ModelVersions the versions of one by number; AboutModel describes a version.
	Models() []string
	ModelVersions(name string) []catalog.ModelRecord
	AboutModel(version catalog.ModelRecord) registry.About
	SetModelVersion(name string, version int) error
	RenameModel(name, to string) error
	DropModel(name string) error
	// DropModelVersion drops a version that is not current; else its error is of code ObjectInUse.
	DropModelVersion(name string, version int) error

	// Commit makes the transaction's writes durable and visible; Rollback forgets them. Either ends it, as does a Commit
	// that fails.
	Commit() error
	Rollback()
}

// Planner turns a SELECT, an INSERT or a COPY FROM into a physical plan.
type Planner interface {
	Plan(stmt dialect.Stmt, env planner.Env) (*planner.Planned, error)
}

// Engine compiles plans and runs them.
type Engine interface {
	Run(ctx context.Context, plan physical.Node, params []sqltype.Datum, options compile.RunOptions) (*compile.RunResult, error)
}
