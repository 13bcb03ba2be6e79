package storage

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/vfs"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// storedFile is an immutable file of the data directory, or the memory of a tail, open for reading.
type storedFile struct {
	id   uint64
	path string // empty for memory
	file *os.File
	size int64
	// damage is why the file cannot be used, then file is nil: it is missing, or is not what the catalog says. It stays known
	// to the store, and stays where it is, until what it belongs to is dropped.
	damage error
}

// dataFile is the path of a file with that number.
func (s *Store) dataFile(kind string, id uint64) string {
	return filepath.Join(s.dataDir(), fmt.Sprintf("%s-%d", kind, id))
}

func (s *Store) dataDir() string { return filepath.Join(s.dir, "data") }

// The kinds of data files, which their names start with.
const (
	segmentFile    = "segment"
	dictionaryFile = "dictionary"
	modelFile      = "model"
)

// writeFile makes a durable file from what write writes; its name is durable after the next SyncDir.
func (s *Store) writeFile(kind string, id uint64, write func(w vfs.File) (size int64, err error)) (*storedFile, error) {
	path := s.dataFile(kind, id)
	w, err := s.fs.Create(path)
	if err != nil {
		return nil, writeError(err, path)
	}
	f := &storedFile{id: id, path: path}
	f.size, err = write(w)
	if err == nil {
		err = w.Sync()
	}
	err = errors.Join(err, w.Close())
	if err == nil {
		f.file, err = s.fs.Open(path)
	}
	if err != nil {
		_ = s.fs.Remove(path) // what remains is removed when the store is opened
		return nil, writeError(err, path)
	}
	return f, nil
}

// openFile opens a file that the catalog refers to, and checks what can be checked without reading it all. A damaged one
// fails those who need it, and nobody else.
func (s *Store) openFile(kind string, id uint64, size int64, check func(file *os.File) error) *storedFile {
	f := &storedFile{id: id, path: s.dataFile(kind, id), size: size}
	file, err := s.fs.Open(f.path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		f.damage = segment.Corrupted(f.path, "it is missing")
	case err != nil:
		f.damage = sqlstate.Wrap(err, sqlstate.IOError, "could not open file \"%s\"", f.path)
	default:
		if f.damage = check(file); f.damage == nil {
			f.file = file
			return f
		}
		_ = file.Close()
	}
	s.damage = append(s.damage, f.damage)
	return f
}

// openColumns opens a segment's or a dictionary's file.
func (s *Store) openColumns(kind string, id uint64, size int64, cols []segment.Column) (*storedFile, *segment.Unread) {
	f := s.openFile(kind, id, size, func(file *os.File) error { return segment.Verify(file, size, segment.Spans(cols)) })
	if f.damage != nil {
		return f, segment.Damaged(f.damage, cols)
	}
	return f, segment.NewUnread(f.file, cols)
}

// close lets go of the file, unless it was not to be opened.
func (f *storedFile) close() {
	if f.file != nil {
		_ = f.file.Close()
	}
}

// writeError codes a failure to write.
func writeError(err error, path string) error {
	var coded *sqlstate.Error
	switch {
	case errors.As(err, &coded):
		return coded
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return sqlstate.New(sqlstate.DiskFull, "could not write file \"%s\": No space left on device", path).
			WithHint("Check free disk space.")
	}
	return sqlstate.Wrap(err, sqlstate.IOError, "could not write file \"%s\"", path)
}
