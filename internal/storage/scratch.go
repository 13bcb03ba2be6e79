package storage

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/vfs"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Scratch makes a data directory that has what dir has and may be changed without changing dir: its catalog is a copy, its data
// files are links to dir's, which nobody writes to again. dir is in use until the result is closed.
func Scratch(dir, scratch string) (_ io.Closer, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, scratchError(err, dir)
	}
	from, to := &Store{fs: vfs.OS, dir: dir}, &Store{fs: vfs.OS, dir: scratch}
	path := filepath.Join(dir, catalogFile)
	if !catalog.Exists(path) {
		return nil, sqlstate.New(sqlstate.UndefinedFile, "\"%s\" is not a data directory: there is no catalog \"%s\"", dir, path)
	}
	lock, err := vfs.OS.Lock(filepath.Join(dir, lockFile))
	if err != nil {
		return nil, lockError(err, dir)
	}
	if err = vfs.OS.MkdirAll(to.dataDir()); err == nil {
		err = catalog.Copy(path, filepath.Join(scratch, catalogFile))
	}
	var names []string
	if err == nil {
		names, err = from.dataFiles()
	}
	for _, name := range names {
		if err == nil {
			err = os.Symlink(filepath.Join(from.dataDir(), name), filepath.Join(to.dataDir(), name))
		}
	}
	if err != nil {
		return nil, errors.Join(scratchError(err, dir), lock.Close())
	}
	return lock, nil
}

func scratchError(err error, dir string) error {
	return sqlstate.Wrap(err, sqlstate.IOError, "could not copy data directory \"%s\"", dir)
}
