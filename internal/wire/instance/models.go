package instance

import (
	"context"
	"fmt"
	"sync"

	"github.com/flernd/flernd/internal/ml/lower"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/planner"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// models turns the files of versions into models for the planner, and keeps those that were made.
type models struct {
	mu     sync.Mutex
	loaded map[uint64]*loadedModel // by the version's ID, which never means another
}

// loadedModel is a version for the planner. Its lock is held while it is read and imported, which others need not wait for.
type loadedModel struct {
	mu    sync.Mutex
	model *logical.Model // nil until then
}

func newModels() models { return models{loaded: make(map[uint64]*loadedModel)} }

// of is the place of a version.
func (m *models) of(id uint64) *loadedModel {
	m.mu.Lock()
	defer m.mu.Unlock()
	loaded := m.loaded[id]
	if loaded == nil {
		loaded = &loadedModel{}
		m.loaded[id] = loaded
	}
	return loaded
}

// load makes the planner's form of a version, or returns the one made before. Its name may have changed since.
func (m *models) load(t *storage.Tx, record catalog.ModelRecord) (*logical.Model, error) {
	loaded := m.of(record.ID)
	loaded.mu.Lock()
	defer loaded.mu.Unlock()
	if loaded.model == nil {
		version, err := readVersion(t, record)
		if err != nil {
			return nil, err
		}
		loaded.model = plannerModel(version, record)
	}
	if loaded.model.Name == record.Name {
		return loaded.model, nil
	}
	renamed := *loaded.model
	renamed.Name = record.Name
	return &renamed, nil
}

func readVersion(t *storage.Tx, record catalog.ModelRecord) (*registry.Version, error) {
	about, err := registry.DecodeAbout(record.About)
	if err != nil {
		return nil, err
	}
	stored, err := t.ReadModel(record)
	if err != nil {
		return nil, err
	}
	return registry.Decode(record.Name, stored.Blob, about.Options)
}

// put keeps a version that was just made.
func (m *models) put(record catalog.ModelRecord, version *registry.Version) {
	loaded := m.of(record.ID)
	loaded.mu.Lock()
	defer loaded.mu.Unlock()
	loaded.model = plannerModel(version, record)
}

// drop forgets versions that a transaction made and did not commit.
func (m *models) drop(ids []uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range ids {
		delete(m.loaded, id)
	}
}

// keep drops the models that are not current in what the transaction sees: who needs one of them loads it again.
func (m *models) keep(t *storage.Tx) {
	current := make(map[uint64]bool)
	for _, name := range t.Models() {
		record, _ := t.Model(name)
		current[record.ID] = true
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for id := range m.loaded {
		if !current[id] {
			delete(m.loaded, id)
		}
	}
}

// plannerModel describes a version to the planner.
func plannerModel(version *registry.Version, record catalog.ModelRecord) *logical.Model {
	version.Version = int64(record.Version)
	model := &logical.Model{Name: record.Name, Version: int64(record.Version), ID: record.ID, Impl: version, MissingText: registry.MissingText, Inside: inside{version}}
	for _, in := range version.Inputs {
		model.Inputs = append(model.Inputs, logical.Column{Name: in.Name, Type: in.Type, Nullable: true})
		model.Nulls = append(model.Nulls, nullPolicies[version.NullsOf(in)])
	}
	for i, in := range version.Graph.Inputs {
		model.Tensors = append(model.Tensors, logical.Tensor{Name: in.Name, Width: version.Arguments(i)})
	}
	for i, out := range version.Outputs {
		model.Outputs = append(model.Outputs, logical.Column{Name: out.Name, Type: version.Returns(i), Nullable: true})
		model.Native = append(model.Native, out.Type)
	}
	return model
}

var nullPolicies = map[registry.NullPolicy]logical.NullPolicy{registry.NullsNull: logical.NullIsNull,
	registry.NullsNaN: logical.NullIsNaN, registry.NullsError: logical.NullIsError}

// Model implements session.Tx.
func (t *tx) Model(name string) (*logical.Model, error) {
	record, ok := t.Tx.Model(name)
	if !ok {
		return nil, nil
	}
	model, err := t.store.models.load(t.Tx, record)
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

// AboutModel implements session.Tx. Versions of before there were descriptions are read for theirs; of one that is damaged
// nothing is told.
func (t *tx) AboutModel(record catalog.ModelRecord) registry.About {
	about, err := registry.DecodeAbout(record.About)
	if err == nil && about.Hash == "" {
		var model *logical.Model
		if model, err = t.store.models.load(t.Tx, record); err == nil {
			return model.Impl.(*registry.Version).About(record.Size)
		}
	}
	if err != nil {
		t.store.log.Error("a model cannot be described", "model", record.Name, "version", record.Version, "error", err)
	}
	return about
}

// ImportModel implements session.Store.
func (s *store) ImportModel(ctx context.Context, name string, file []byte, options registry.Options) (*registry.Version, error) {
	version, err := registry.ImportWith(ctx, name, file, options)
	if err != nil {
		return nil, err
	}
	if err := planner.CheckReturns(plannerModel(version, catalog.ModelRecord{Name: name, Version: 1})); err != nil {
		return nil, err
	}
	if err := lower.Check(version.Graph); err != nil {
		refused := *sqlstate.Of(err)
		refused.Message = fmt.Sprintf("model \"%s\": %s", name, refused.Message)
		return nil, &refused
	}
	if options.Precision == registry.PrecisionBF16 && lower.Halves(version.Graph) == 0 {
		return nil, sqlstate.Unsupported("model \"%s\": precision bf16 of a model without a chain of dense layers of more than 128 real weights", name)
	}
	return version, nil
}

// CreateModel implements session.Tx.
func (t *tx) CreateModel(version *registry.Version, file []byte) error {
	about, err := version.About(int64(len(file))).Encode()
	if err != nil {
		return err
	}
	t.modelsChanged = true
	head, rest := version.Encode(file)
	record, err := t.Tx.ReplaceModel(version.Name, about, head, rest)
	if err != nil {
		return err
	}
	t.made = append(t.made, record.ID)
	t.store.models.put(record, version)
	return nil
}

// DropModel implements session.Tx.
func (t *tx) DropModel(name string) error {
	t.modelsChanged = true
	return t.Tx.DropModel(name)
}

// DropModelVersion implements session.Tx.
func (t *tx) DropModelVersion(name string, version int) error {
	t.modelsChanged = true
	return t.Tx.DropModelVersion(name, version)
}

// SetModelVersion implements session.Tx.
func (t *tx) SetModelVersion(name string, version int) error {
	t.modelsChanged = true
	return t.Tx.SetModelVersion(name, version)
}
