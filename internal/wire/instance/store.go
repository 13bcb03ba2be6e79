package instance

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/flernd/flernd/internal/ml/lower"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/vfs"
	"github.com/flernd/flernd/internal/wire/session"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// store fits storage to sessions: it turns the files of models into models, and keeps those that were made.
type store struct {
	*storage.Store
	log *slog.Logger

	mu     sync.Mutex
	models map[uint64]*loadedModel // by the version's ID, which never means another
}

// loadedModel is a version for the planner. Its lock is held while it is read and imported, which others need not wait for.
type loadedModel struct {
	mu    sync.Mutex
	model *logical.Model // nil until then
}

func openStore(dir string, log *slog.Logger) (*store, error) {
	opened, err := storage.Open(vfs.OS, dir)
	if err != nil {
		return nil, err
	}
	for _, damage := range opened.Damage() {
		log.Warn("what needs this file will fail; it is left as it is", "error", damage)
	}
	return &store{Store: opened, log: log, models: make(map[uint64]*loadedModel)}, nil
}

// closeTimeout bounds how long Close waits for a transaction that does not end.
const closeTimeout = 5 * time.Second

// Close closes the data directory. Should a writing transaction hang, the directory is as after a crash, which loses
// nothing that was committed.
func (s *store) Close() error {
	closed := make(chan error, 1)
	go func() { closed <- s.Store.Close() }()
	select {
	case err := <-closed:
		return err
	case <-time.After(closeTimeout):
		return errors.New("a transaction did not end in time; the data directory was left as it is")
	}
}

// Begin implements session.Store.
func (s *store) Begin(ctx context.Context, write bool) (session.Tx, error) {
	begun, err := s.Store.Begin(ctx, write)
	if err != nil {
		return nil, err
	}
	return &tx{Tx: begun, store: s}, nil
}

// model makes the planner's form of a version, or returns the one made before.
func (s *store) model(t *storage.Tx, record catalog.ModelRecord) (*logical.Model, error) {
	s.mu.Lock()
	loaded := s.models[record.ID]
	if loaded == nil {
		loaded = &loadedModel{}
		s.models[record.ID] = loaded
	}
	s.mu.Unlock()
	loaded.mu.Lock()
	defer loaded.mu.Unlock()
	if loaded.model != nil {
		return loaded.model, nil
	}
	stored, err := t.ReadModel(record)
	if err != nil {
		return nil, err
	}
	version, err := registry.Decode(stored.Blob)
	if err != nil {
		return nil, err
	}
	version.Version = int64(record.Version)
	loaded.model = plannerModel(version, record.ID)
	return loaded.model, nil
}

// forget drops the models that no committed version needs.
func (s *store) forget(t *storage.Tx) {
	current := make(map[uint64]bool)
	for _, record := range t.Models() {
		current[record.ID] = true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := range s.models {
		if !current[id] {
			delete(s.models, id)
		}
	}
}

// plannerModel describes a version to the planner.
func plannerModel(version *registry.Version, id uint64) *logical.Model {
	model := &logical.Model{Name: version.Name, Version: version.Version, ID: id, Impl: version}
	for _, in := range version.Inputs {
		model.Inputs = append(model.Inputs, logical.Column{Name: in.Name, Type: in.Type, Nullable: true})
	}
	for _, out := range version.Outputs {
		model.Outputs = append(model.Outputs, logical.Column{Name: out.Name, Type: out.Type, Nullable: true})
	}
	return model
}

// tx fits storage's transaction to sessions.
type tx struct {
	*storage.Tx
	store         *store
	modelsChanged bool
}

// Model implements session.Tx.
func (t *tx) Model(name string) (*logical.Model, error) {
	record, ok := t.Tx.Model(name)
	if !ok {
		return nil, nil
	}
	model, err := t.store.model(t.Tx, record)
	if err != nil {
		t.store.log.Error("a model cannot be read", "model", name, "version", record.Version, "error", err)
		damaged := *sqlstate.Of(err)
		damaged.Message = fmt.Sprintf("model \"%s\", version %d: %s", name, record.Version, damaged.Message)
		return nil, &damaged
	}
	return model, nil
}

// HasModel implements session.Tx.
func (t *tx) HasModel(name string) bool {
	_, ok := t.Tx.Model(name)
	return ok
}

// CreateTable implements session.Tx.
func (t *tx) CreateTable(def *catalog.Table) error {
	_, err := t.Tx.CreateTable(*def)
	return err
}

// CreateModel implements session.Tx.
func (t *tx) CreateModel(name string, file []byte) error {
	version, err := registry.Import(name, file)
	if err != nil {
		return err
	}
	if err := lower.Check(version.Graph); err != nil {
		refused := *sqlstate.Of(err)
		refused.Message = fmt.Sprintf("model \"%s\": %s", name, refused.Message)
		return &refused
	}
	previous, _ := t.Tx.Model(name)
	version.Version = int64(previous.Version) + 1
	t.modelsChanged = true
	head, rest := version.Encode(file)
	_, err = t.Tx.ReplaceModel(name, head, rest)
	return err
}

// DropModel implements session.Tx.
func (t *tx) DropModel(name string) error {
	t.modelsChanged = true
	return t.Tx.DropModel(name)
}

// Commit implements session.Tx.
func (t *tx) Commit() error {
	if t.modelsChanged {
		t.store.forget(t.Tx)
	}
	return t.Tx.Commit()
}
