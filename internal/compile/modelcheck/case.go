package modelcheck

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/flernd/flernd/internal/ml/onnx"
)

// maxData is the largest file of test data.
const maxData = 1 << 28

// find lists the folders of cases: those that hold a model.onnx, in order.
func find(files fs.FS) ([]string, error) {
	var cases []string
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == "model.onnx" && !d.IsDir() {
			cases = append(cases, path.Dir(name))
		}
		return err
	})
	if err == nil && len(cases) == 0 {
		err = errors.New("there is no model.onnx in the folder or below it")
	}
	slices.Sort(cases)
	return cases, err
}

// testCase is one folder.
type testCase struct {
	files       fs.FS
	dir         string
	file        []byte
	description *onnx.Description
	sets        []string
}

func readCase(files fs.FS, dir string) (*testCase, error) {
	c := &testCase{files: files, dir: dir}
	var err error
	if c.file, err = readFile(files, path.Join(dir, "model.onnx"), onnx.MaxFile); err != nil {
		return nil, err
	}
	if c.description, err = onnx.Describe(c.file); err != nil {
		return nil, err
	}
	if c.sets, err = fs.Glob(files, path.Join(dir, "test_data_set_*")); err == nil && len(c.sets) == 0 {
		err = errors.New("there is no test_data_set_* beside the model")
	}
	return c, err
}

func readFile(files fs.FS, name string, most int64) ([]byte, error) {
	info, err := fs.Stat(files, name)
	if err != nil {
		return nil, err
	}
	if info.Size() > most {
		return nil, fmt.Errorf("%s is larger than %d bytes", name, most)
	}
	return fs.ReadFile(files, name)
}

// operator is what the case is counted under.
func (c *testCase) operator() string {
	switch ops := c.description.Operators; {
	case strings.Contains(path.Base(c.dir), "_expanded"):
		return "(functions expanded)"
	case len(ops) == 1:
		return ops[0]
	}
	return "(several operators)"
}

// data is the values of one test_data_set_*, kind input or output. A model need not use all its inputs, but a set has them all.
func (c *testCase) data(set, kind string, names []string) ([]onnx.Data, error) {
	out := make([]onnx.Data, len(names))
	for i, name := range names {
		file, err := readFile(c.files, path.Join(set, fmt.Sprintf("%s_%d.pb", kind, i)), maxData)
		if err != nil {
			return nil, err
		}
		if out[i], err = c.description.Read(name, file); err != nil {
			return nil, fmt.Errorf("%s %q of the data: %w", kind, name, err)
		}
	}
	return out, nil
}
