package instance

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/semaphore"

	"github.com/flernd/flernd/internal/ml/lower"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/planner"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// models turns the files of versions into models for the planner, and keeps those that were made while the engine has memory for
// them. Who calls the engine does not hold mu, which the engine asks for when it wants a model to be given up.
type models struct {
	engine modelMemory
	// imports lets importBytes of files be imported at a time, or one file that is larger: it takes some times its size in memory.
	imports *semaphore.Weighted

	mu     sync.Mutex
	loaded map[uint64]*loadedModel // by the version's ID, which never means another
}

// modelMemory is the engine as far as it counts what models take.
type modelMemory interface {
	KeepModel(v *registry.Version, forget func()) error
	DropModel(v *registry.Version)
	ModelFits(name string, bytes int64) error
	ModelSize(v *registry.Version) int64
}

const importBytes = 16 << 20

// loadedModel is a version for the planner. Its lock is held while it is read and imported, which others need not wait for.
type loadedModel struct {
	mu    sync.Mutex
	model atomic.Pointer[logical.Model] // nil until then
}

func newModels() models {
	return models{loaded: make(map[uint64]*loadedModel), imports: semaphore.NewWeighted(importBytes)}
}

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
	model := loaded.model.Load()
	if model == nil {
		version, err := m.read(t, record)
		if err != nil {
			return nil, err
		}
		model = plannerModel(version, record)
	}
	if err := m.keep(record.ID, loaded, model); err != nil {
		return nil, err
	}
	if model.Name == record.Name {
		return model, nil
	}
	renamed := *model
	renamed.Name = record.Name
	return &renamed, nil
}

// keep keeps a model until the engine wants it to be given up. It may have been while its place was found.
func (m *models) keep(id uint64, loaded *loadedModel, model *logical.Model) error {
	loaded.model.Store(model)
	m.mu.Lock()
	m.loaded[id] = loaded
	m.mu.Unlock()
	err := m.engine.KeepModel(versionOf(model), func() { m.forget(id, loaded) })
	if err != nil {
		m.forget(id, loaded)
	}
	return err
}

func (m *models) forget(id uint64, loaded *loadedModel) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.loaded[id] == loaded {
		delete(m.loaded, id)
	}
}

func versionOf(model *logical.Model) *registry.Version { return model.Impl.(*registry.Version) }

// read imports a version anew.
func (m *models) read(t *storage.Tx, record catalog.ModelRecord) (*registry.Version, error) {
	if err := m.engine.ModelFits(record.Name, record.Size); err != nil {
		return nil, err
	}
	done, err := m.importing(context.Background(), record.Size)
	if err != nil {
		return nil, err
	}
	defer done()
	return readVersion(t, record)
}

// importing waits until a file may be imported; done is called when it has been.
func (m *models) importing(ctx context.Context, size int64) (done func(), err error) {
	size = min(size, importBytes)
	if err := m.imports.Acquire(ctx, size); err != nil {
		return nil, context.Cause(ctx)
	}
	return func() { m.imports.Release(size) }, nil
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
func (m *models) put(record catalog.ModelRecord, version *registry.Version) error {
	loaded := m.of(record.ID)
	loaded.mu.Lock()
	defer loaded.mu.Unlock()
	return m.keep(record.ID, loaded, plannerModel(version, record))
}

// drop forgets versions that a transaction made and did not commit.
func (m *models) drop(ids []uint64) {
	m.dropIf(func(id uint64) bool { return slices.Contains(ids, id) })
}

// dropOld drops the models that are not current in what the transaction sees: who needs one of them loads it again.
func (m *models) dropOld(t *storage.Tx) {
	current := make(map[uint64]bool)
	for _, name := range t.Models() {
		record, _ := t.Model(name)
		current[record.ID] = true
	}
	m.dropIf(func(id uint64) bool { return !current[id] })
}

func (m *models) dropIf(unwanted func(id uint64) bool) {
	var dropped []*loadedModel
	m.mu.Lock()
	for id, loaded := range m.loaded {
		if unwanted(id) {
			delete(m.loaded, id)
			dropped = append(dropped, loaded)
		}
	}
	m.mu.Unlock()
	for _, loaded := range dropped {
		if model := loaded.model.Load(); model != nil {
			m.engine.DropModel(versionOf(model))
		}
	}
}

// size is what a version takes in memory now.
func (m *models) size(id uint64) int64 {
	m.mu.Lock()
	loaded := m.loaded[id]
	m.mu.Unlock()
	if loaded == nil || loaded.model.Load() == nil {
		return 0
	}
	return m.engine.ModelSize(versionOf(loaded.model.Load()))
}

// plannerModel describes a version to the planner.
func plannerModel(version *registry.Version, record catalog.ModelRecord) *logical.Model {
	version.Version = int64(record.Version)
	model := &logical.Model{Name: record.Name, Version: int64(record.Version), ID: record.ID, Impl: version, MissingText: registry.MissingText, Inside: inside{version}}
	for _, in := range version.Inputs {
		model.Inputs = append(model.Inputs, logical.Column{Name: in.Name, Type: in.Type, Nullable: true})
		model.Nulls = append(model.Nulls, nullPolicies[version.NullsOf(in)])
		model.Written = append(model.Written, in.Written)
	}
	model.Written = orNone(model.Written)
	for i, in := range version.Graph.Inputs {
		model.Tensors = append(model.Tensors, logical.Tensor{Name: in.Name, Width: version.Arguments(i)})
	}
	for i, out := range version.Outputs {
		model.Outputs = append(model.Outputs, logical.Column{Name: out.Name, Type: version.Returns(i), Nullable: true})
		model.Native = append(model.Native, out.Type)
	}
	return model
}

// orNone is the list, nil if it has nothing but empty names.
func orNone(names []string) []string {
	if slices.ContainsFunc(names, func(s string) bool { return s != "" }) {
		return names
	}
	return nil
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
			about = versionOf(model).About(record.Size)
		}
	}
	about.Resident = t.store.models.size(record.ID)
	if err != nil {
		t.store.log.Error("a model cannot be described", "model", record.Name, "version", record.Version, "error", err)
	}
	return about
}

// ImportModel implements session.Store.
func (s *store) ImportModel(ctx context.Context, name string, file []byte, options registry.Options) (*registry.Version, []*sqlstate.Error, error) {
	if err := s.models.engine.ModelFits(name, int64(len(file))); err != nil {
		return nil, nil, err
	}
	done, err := s.models.importing(ctx, int64(len(file)))
	if err != nil {
		return nil, nil, err
	}
	defer done()
	version, err := registry.ImportWith(ctx, name, file, options)
	if err != nil {
		return nil, nil, err
	}
	if err := planner.CheckReturns(plannerModel(version, catalog.ModelRecord{Name: name, Version: 1})); err != nil {
		return nil, nil, err
	}
	if err := lower.Check(version.Graph); err != nil {
		refused := *sqlstate.Of(err)
		refused.Message = fmt.Sprintf("model \"%s\": %s", name, refused.Message)
		return nil, nil, &refused
	}
	notices, err := halved(version)
	if err != nil {
		return nil, nil, err
	}
	return version, notices, nil
}

// halved tells what of a version is not of bf16 where that is asked for; if nothing is, that is an error.
func halved(v *registry.Version) ([]*sqlstate.Error, error) {
	if !v.Options.BF16() {
		return nil, nil
	}
	h := lower.Halves(v.Graph)
	others := strings.Join(h.Without(), ", ")
	switch {
	case h.Products == 0:
		err := sqlstate.Unsupported("model \"%s\": precision bf16 of a model without products that can be of bf16", v.Name)
		if others != "" {
			err = err.WithDetail("The products of these have other numbers: %s.", others)
		}
		return nil, err.WithHint("Dense layers and convolutions of real weights can be, if these are not depthwise.")
	case others == "":
		return nil, nil
	}
	notice := sqlstate.New(sqlstate.SuccessfulCompletion, "model \"%s\": some products are not of bf16", v.Name)
	return []*sqlstate.Error{notice.WithDetail("%s.", others)}, nil
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
	return t.store.models.put(record, version)
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
