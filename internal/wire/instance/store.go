package instance

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/flernd/flernd/internal/storage"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/vfs"
	"github.com/flernd/flernd/internal/wire/session"
)

// store fits storage to sessions.
type store struct {
	*storage.Store
	log        *slog.Logger
	models     models
	signatures signatures
	arriving   arriving
}

func openStore(dir string, log *slog.Logger) (*store, error) {
	opened, err := storage.Open(vfs.OS, dir)
	if err != nil {
		return nil, err
	}
	for _, damage := range opened.Damage() {
		log.Warn("what needs this file will fail; it is left as it is", "error", damage)
	}
	return &store{Store: opened, log: log, models: newModels()}, nil
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

// tx fits storage's transaction to sessions.
type tx struct {
	*storage.Tx
	store         *store
	modelsChanged bool
	made          []uint64 // versions of models that others can see after the commit only
}

// CreateTable implements session.Tx.
func (t *tx) CreateTable(def *catalog.Table) error {
	_, err := t.Tx.CreateTable(*def)
	return err
}

// Commit implements session.Tx.
func (t *tx) Commit() error {
	if t.modelsChanged {
		t.store.models.dropOld(t.Tx)
	}
	err := t.Tx.Commit()
	if err != nil {
		t.store.models.drop(t.made)
	}
	return err
}

// Rollback implements session.Tx.
func (t *tx) Rollback() {
	t.store.models.drop(t.made)
	t.Tx.Rollback()
}
