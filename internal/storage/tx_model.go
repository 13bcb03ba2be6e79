package storage

import (
	"hash/crc32"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/vfs"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Model finds the current version of a model. Its ID never means another version, so that what is made from the blob may be
// cached by it.
func (tx *Tx) Model(name string) (catalog.ModelRecord, bool) {
	m := tx.state.models[name]
	if m == nil {
		return catalog.ModelRecord{}, false
	}
	return m.current.ModelRecord, true
}

// ModelVersions lists the versions of a model by number; none if there is no such model.
func (tx *Tx) ModelVersions(name string) []catalog.ModelRecord {
	m := tx.state.models[name]
	if m == nil {
		return nil
	}
	all := make([]catalog.ModelRecord, len(m.versions))
	for i, v := range m.versions {
		all[i] = v.ModelRecord
	}
	return all
}

// Models lists the models' names in order.
func (tx *Tx) Models() []string { return slices.Sorted(maps.Keys(tx.state.models)) }

// ReadModel reads the blob of a version that this transaction sees.
func (tx *Tx) ReadModel(r catalog.ModelRecord) (*catalog.Model, error) {
	m, err := tx.model(r.Name)
	if err != nil {
		return nil, err
	}
	v, _ := m.find(r.Version)
	if v == nil || v.ID != r.ID {
		return nil, noVersion(r.Name, r.Version)
	}
	if v.file.damage != nil {
		return nil, v.file.damage
	}
	blob := make([]byte, v.file.size)
	if _, err := v.file.file.ReadAt(blob, 0); err != nil && err != io.EOF {
		return nil, sqlstate.Wrap(err, sqlstate.IOError, "could not read file \"%s\"", v.file.path)
	}
	if got := crc32.Checksum(blob, castagnoli); got != v.CRC {
		return nil, segment.Corrupted(v.file.path, "its checksum is %08x instead of %08x", got, v.CRC)
	}
	return &catalog.Model{ID: v.ID, Name: v.Name, Version: v.Version, Created: v.Created, Blob: blob}, nil
}

// model finds a model or says that there is none.
func (tx *Tx) model(name string) (*modelState, error) {
	if m := tx.state.models[name]; m != nil {
		return m, nil
	}
	return nil, sqlstate.New(sqlstate.UndefinedObject, "model \"%s\" does not exist", name)
}

func noVersion(name string, version int) error {
	return sqlstate.New(sqlstate.UndefinedObject, "model \"%s\" has no version %d", name, version)
}

// find finds a version and its place.
func (m *modelState) find(version int) (*storedModel, int) {
	for i, v := range m.versions {
		if v.Version == version {
			return v, i
		}
	}
	return nil, -1
}

// ReplaceModel adds a model's next version, or its first, and makes it current. The parts make up its blob; about is what
// the catalog keeps beside it.
func (tx *Tx) ReplaceModel(name string, about []byte, parts ...[]byte) (catalog.ModelRecord, error) {
	if err := tx.writable(); err != nil {
		return catalog.ModelRecord{}, err
	}
	m := tx.state.models[name]
	if m == nil {
		m = &modelState{}
	}
	r := catalog.ModelRecord{ID: tx.store.newID(), Name: name, Version: m.last() + 1, Created: time.Now().UTC().Round(0), About: about}
	f, err := tx.store.writeFile(modelFile, r.ID, func(w vfs.File) (size int64, err error) {
		for _, part := range parts {
			if _, err := w.Write(part); err != nil {
				return 0, err
			}
			size += int64(len(part))
			r.CRC = crc32.Update(r.CRC, castagnoli, part)
		}
		return size, nil
	})
	if err != nil {
		return catalog.ModelRecord{}, err
	}
	r.Size = f.size
	tx.created = append(tx.created, f)
	added := &storedModel{ModelRecord: r, file: f}
	tx.setVersions(name, append(slices.Clip(m.versions), added), added, r.Version)
	return tx.state.models[name].current.ModelRecord, nil
}

// last is the highest version number that the name has had.
func (m *modelState) last() int {
	if m.current == nil {
		return 0
	}
	return m.current.Last
}

// setVersions makes versions those of the model, one of them current. What the catalog says of them otherwise is written
// anew: which is current, and the name.
func (tx *Tx) setVersions(name string, versions []*storedModel, current *storedModel, last int) {
	m := &modelState{versions: slices.Clone(versions)}
	for i, v := range m.versions {
		r := v.ModelRecord
		r.Name, r.Current, r.Last = name, v == current, 0
		if r.Current {
			r.Last = last
		}
		changed := r.Name != v.Name || r.Current != v.Current || r.Last != v.Last
		if changed {
			m.versions[i] = &storedModel{ModelRecord: r, file: v.file}
			tx.batch.PutModel(r)
		}
		if r.Current {
			m.current = m.versions[i]
		}
	}
	tx.state.models[name] = m
}

// SetModelVersion makes another version current.
func (tx *Tx) SetModelVersion(name string, version int) error {
	if err := tx.writable(); err != nil {
		return err
	}
	m, err := tx.model(name)
	if err != nil {
		return err
	}
	v, _ := m.find(version)
	if v == nil {
		return noVersion(name, version)
	}
	tx.setVersions(name, m.versions, v, m.last())
	return nil
}

// RenameModel gives a model another name, which must be free.
func (tx *Tx) RenameModel(name, to string) error {
	if err := tx.writable(); err != nil {
		return err
	}
	m, err := tx.model(name)
	if err != nil {
		return err
	}
	if tx.state.models[to] != nil {
		return sqlstate.New(sqlstate.DuplicateObject, "model \"%s\" already exists", to)
	}
	delete(tx.state.models, name)
	tx.setVersions(to, m.versions, m.current, m.last())
	return nil
}

// DropModel removes a model with all its versions.
func (tx *Tx) DropModel(name string) error {
	if err := tx.writable(); err != nil {
		return err
	}
	m, err := tx.model(name)
	if err != nil {
		return err
	}
	for _, v := range m.versions {
		tx.dropVersion(v)
	}
	delete(tx.state.models, name)
	return nil
}

// DropModelVersion removes a version that is not current.
func (tx *Tx) DropModelVersion(name string, version int) error {
	if err := tx.writable(); err != nil {
		return err
	}
	m, err := tx.model(name)
	if err != nil {
		return err
	}
	v, i := m.find(version)
	switch {
	case v == nil:
		return noVersion(name, version)
	case v == m.current:
		return sqlstate.New(sqlstate.ObjectInUse, "cannot drop version %d of model \"%s\" because it is the current one", version, name)
	}
	tx.dropVersion(v)
	tx.setVersions(name, slices.Delete(slices.Clone(m.versions), i, i+1), m.current, m.last())
	return nil
}

// dropVersion lets a version's file go with the commit.
func (tx *Tx) dropVersion(v *storedModel) {
	tx.batch.DropModel(v.ID)
	tx.garbage = append(tx.garbage, v.file)
}
