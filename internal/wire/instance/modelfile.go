package instance

import (
	"bytes"
	"io"
	"os"
	"path/filepath"

	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/wire/session"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// ModelFile reads a model file of this machine, "-" for in, with the weights that it keeps in files beside it.
func ModelFile(path string, in io.Reader) (io.Reader, error) {
	if path == "-" {
		return in, nil
	}
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	whole, err := registry.Embed(file, func(location string, offset, length, most int64) ([]byte, error) {
		beside, err := root.Open(location)
		if err != nil {
			return nil, sqlstate.Wrap(err, sqlstate.UndefinedFile, "could not open file \"%s\"", location)
		}
		defer beside.Close()
		return session.ReadPart(beside, location, offset, length, most, func(int64) error { return nil })
	})
	return bytes.NewReader(whole), err
}
