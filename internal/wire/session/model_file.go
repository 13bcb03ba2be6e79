package session

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// modelFile reads a file of the model directory, and what it keeps in files beside it.
func (s *Session) modelFile(name string, arriving *arrivingModel) ([]byte, error) {
	if s.config.ModelDir == "" {
		return nil, sqlstate.New(sqlstate.ObjectNotInState, "the server has no model directory").
			WithHint("Start flernd with --model-dir; files of models are named relative to it. Or send the file: COPY MODEL name FROM STDIN.")
	}
	file, err := s.modelBytes(name, 0, -1, registry.MaxFile, arriving)
	if err != nil {
		return nil, err
	}
	return registry.Embed(file, func(location string, offset, length, most int64) ([]byte, error) {
		if !filepath.IsLocal(location) {
			return nil, sqlstate.New(sqlstate.InsufficientPrivilege, "file \"%s\" is not beside the model", location)
		}
		return s.modelBytes(filepath.Join(filepath.Dir(name), location), offset, length, most, arriving)
	})
}

// modelBytes reads length bytes of a file of the model directory, or all from the offset on if length is negative.
func (s *Session) modelBytes(name string, offset, length, most int64, arriving *arrivingModel) ([]byte, error) {
	file, err := openUnder(s.config.ModelDir, name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return ReadPart(file, name, offset, length, most, arriving.hold)
}

// ReadPart reads length bytes of a file at an offset, or all from there on if length is negative, but no more than most. It asks hold
// for memory of so many bytes.
func ReadPart(file *os.File, name string, offset, length, most int64, hold func(bytes int64) error) ([]byte, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, sqlstate.Wrap(err, sqlstate.IOError, "could not read file \"%s\"", name)
	}
	if length < 0 {
		length = max(info.Size()-offset, 0)
	}
	switch {
	case offset > info.Size() || length > info.Size()-offset:
		return nil, sqlstate.New(sqlstate.InvalidParameterValue, "file \"%s\" has %d bytes, too few for %d at %d", name, info.Size(), length, offset)
	case length > most:
		return nil, tooLargeModel(fmt.Sprintf("file \"%s\"", name))
	}
	if err := hold(length); err != nil {
		return nil, err
	}
	content := make([]byte, length)
	if n, err := file.ReadAt(content, offset); err != nil && (err != io.EOF || int64(n) < length) {
		return nil, sqlstate.Wrap(err, sqlstate.IOError, "could not read file \"%s\"", name)
	}
	return content, nil
}
