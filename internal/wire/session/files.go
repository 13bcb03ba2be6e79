package session

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// openUnder opens a regular file that a client named, inside a directory: neither ".." nor a symbolic link leads out of
// it. An absolute name is accepted if it lies there. dir "/" admits any file, relative names from the working directory.
func openUnder(dir, name string) (*os.File, error) {
	var file *os.File
	var err error
	if dir == "/" {
		file, err = os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	} else {
		file, err = openInside(dir, name)
	}
	if err != nil {
		return nil, openError(name, err)
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		file.Close()
		return nil, sqlstate.New(sqlstate.WrongObjectType, "\"%s\" is not a regular file", name)
	}
	if err != nil {
		file.Close()
		return nil, openError(name, err)
	}
	return file, nil
}

func openInside(dir, name string) (*os.File, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if filepath.IsAbs(name) {
		base, err := filepath.Abs(dir)
		if err != nil {
			return nil, err
		}
		inside, err := filepath.Rel(base, name)
		if err != nil || !filepath.IsLocal(inside) {
			return nil, errOutside
		}
		name = inside
	}
	if !filepath.IsLocal(name) {
		return nil, errOutside
	}
	return root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
}

var errOutside = errors.New("outside of the directory that is open to SQL")

// openError words a failure to open as PostgreSQL does.
func openError(name string, err error) error {
	var number syscall.Errno
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return sqlstate.New(sqlstate.UndefinedFile, "could not open file \"%s\" for reading: No such file or directory", name)
	case errors.Is(err, fs.ErrPermission):
		return sqlstate.New(sqlstate.InsufficientPrivilege, "could not open file \"%s\" for reading: Permission denied", name)
	case errors.As(err, &number):
		return sqlstate.New(sqlstate.IOError, "could not open file \"%s\" for reading: %s", name, number.Error())
	}
	return sqlstate.New(sqlstate.InsufficientPrivilege, "could not open file \"%s\" for reading: it lies outside of the "+
		"directory that is open to SQL", name)
}
