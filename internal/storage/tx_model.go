package storage

import (
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/vfs"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Model finds the latest version of a model. Its ID never means another version, so that what is made from the blob may be
// cached by it.
func (tx *Tx) Model(name string) (catalog.ModelRecord, bool) {
	versions := tx.state.models[name]
	if len(versions) == 0 {
		return catalog.ModelRecord{}, false
	}
	return versions[len(versions)-1].ModelRecord, true
}

// Models lists the latest version of each model, by name.
func (tx *Tx) Models() []catalog.ModelRecord {
	var all []catalog.ModelRecord
	for _, versions := range tx.state.models {
		all = append(all, versions[len(versions)-1].ModelRecord)
	}
	slices.SortFunc(all, func(a, b catalog.ModelRecord) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// ReadModel reads the blob of a version that Model or Models of this transaction returned.
func (tx *Tx) ReadModel(r catalog.ModelRecord) (*catalog.Model, error) {
	for _, m := range tx.state.models[r.Name] {
		if m.ID != r.ID {
			continue
		}
		if m.file.damage != nil {
			return nil, m.file.damage
		}
		blob := make([]byte, m.file.size)
		if _, err := m.file.file.ReadAt(blob, 0); err != nil && err != io.EOF {
			return nil, sqlstate.Wrap(err, sqlstate.IOError, "could not read file \"%s\"", m.file.path)
		}
		if got := crc32.Checksum(blob, castagnoli); got != m.CRC {
			return nil, segment.Corrupted(m.file.path, "its checksum is %08x instead of %08x", got, m.CRC)
		}
		return &catalog.Model{ID: m.ID, Name: m.Name, Version: m.Version, Created: m.Created, Blob: blob}, nil
	}
	return nil, noModel(r.Name)
}

func noModel(name string) error {
	return sqlstate.New(sqlstate.UndefinedObject, "model \"%s\" does not exist", name)
}

// ReplaceModel adds a model's next version, or its first. The parts make up its blob.
func (tx *Tx) ReplaceModel(name string, parts ...[]byte) (catalog.ModelRecord, error) {
	if err := tx.writable(); err != nil {
		return catalog.ModelRecord{}, err
	}
	previous, _ := tx.Model(name)
	r := catalog.ModelRecord{ID: tx.store.newID(), Name: name, Version: previous.Version + 1, Created: time.Now().UTC().Round(0)}
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
	tx.state.models[name] = append(slices.Clip(tx.state.models[name]), &storedModel{ModelRecord: r, file: f})
	tx.batch.PutModel(r)
	return r, nil
}

// DropModel removes all versions of a model.
func (tx *Tx) DropModel(name string) error {
	if err := tx.writable(); err != nil {
		return err
	}
	versions := tx.state.models[name]
	if len(versions) == 0 {
		return noModel(name)
	}
	for _, m := range versions {
		tx.batch.DropModel(m.ID)
		tx.garbage = append(tx.garbage, m.file)
	}
	delete(tx.state.models, name)
	return nil
}
