package storage

import (
	"errors"
	"io"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/vfs"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Files of a data directory.
const (
	lockFile    = "LOCK"
	catalogFile = "catalog.db"
)

// Store is an open data directory.
type Store struct {
	fs      vfs.FS
	dir     string
	lock    io.Closer
	catalog *catalog.Store
	limits  limits

	onRemove func(ids ...uint64)
	damage   []error // of files, found when it was opened

	writer chan struct{} // holds a token while nobody writes

	nextID atomic.Uint64
	failed error // for the writer only: the catalog's state on disk is uncertain, nothing may be committed

	commits atomic.Uint64 // published

	mu      sync.Mutex
	current *state
	oldest  *state
	closed  bool
}

// Open opens a data directory, making it if need be, and recovers what was committed. Files that are missing, or not as they
// were written, do not keep it from that: Damage lists them.
func Open(fs vfs.FS, dir string) (*Store, error) { return open(fs, dir, catalog.Options{}) }

// OnRemove sets who is told, by table.Segment's Memory and table.Dict's ID, of what is not in any snapshot any more and
// will not be again: whoever has it mapped should let it go. It is set before the store is used.
func (s *Store) OnRemove(forget func(ids ...uint64)) { s.onRemove = forget }

// Damage says of each file that cannot be used what is wrong with it. Who needs the file gets the same error; what it
// belongs to can be dropped.
func (s *Store) Damage() []error { return s.damage }

// Commits counts the transactions that wrote since the store was opened.
func (s *Store) Commits() uint64 { return s.commits.Load() }

// SetTailRows says below how many rows an append goes to a table's tail instead of a file. Tests use it to get files of few
// rows.
func (s *Store) SetTailRows(rows int64) { s.limits.smallRows = rows }

func open(fs vfs.FS, dir string, opt catalog.Options) (_ *Store, err error) {
	s := &Store{fs: fs, dir: dir, limits: defaultLimits, writer: make(chan struct{}, 1)}
	s.writer <- struct{}{}
	if err := fs.MkdirAll(s.dataDir()); err != nil {
		return nil, writeError(err, s.dataDir())
	}
	if s.lock, err = fs.Lock(filepath.Join(dir, lockFile)); err != nil {
		return nil, lockError(err, dir)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.lock.Close())
		}
	}()
	path := filepath.Join(dir, catalogFile)
	if err = s.expectCatalog(path); err != nil {
		return nil, err
	}
	var contents *catalog.Contents
	if s.catalog, contents, err = catalog.Open(path, opt); err != nil {
		return nil, err
	}
	if err = fs.SyncDir(dir); err == nil {
		err = s.recover(contents)
	}
	if err != nil {
		return nil, errors.Join(err, s.catalog.Close())
	}
	return s, nil
}

func lockError(err error, dir string) error {
	var locked *vfs.LockedError
	if !errors.As(err, &locked) {
		return sqlstate.Wrap(err, sqlstate.IOError, "could not lock data directory \"%s\"", dir)
	}
	e := sqlstate.New(sqlstate.ObjectInUse, "data directory \"%s\" is in use by another flernd", dir)
	if locked.PID != 0 {
		e = sqlstate.New(sqlstate.ObjectInUse, "data directory \"%s\" is in use by another flernd (process %d)", dir, locked.PID)
	}
	return e.WithHint("Stop it, or choose another directory with --data-dir.")
}

// Close closes the store when its writer, if there is one, has ended. Snapshots must have been released.
func (s *Store) Close() error {
	<-s.writer // and never give it back: later writers wait until their context ends
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	close(s.writer)
	for _, t := range s.current.tables {
		for _, f := range t.files() {
			f.close()
		}
		if t.tailView != nil {
			_ = t.tailView.File.Close()
		}
		t.tail.Discard()
	}
	for _, m := range s.current.models {
		for _, v := range m.versions {
			v.file.close()
		}
	}
	return errors.Join(s.catalog.Close(), s.lock.Close())
}
