package modelcheck

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/onnx"
)

// maxData is the largest file of test data.
const maxData = 1 << 28

// Find lists the folders of cases: those below dir, or dir itself, that hold a model.onnx, in order.
func Find(dir string) ([]string, error) {
	var cases []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == "model.onnx" && !d.IsDir() {
			cases = append(cases, filepath.Dir(path))
		}
		return err
	})
	if err == nil && len(cases) == 0 {
		err = fmt.Errorf("there is no model.onnx in %s or below it", dir)
	}
	slices.Sort(cases)
	return cases, err
}

// testCase is one folder.
type testCase struct {
	dir         string
	file        []byte
	description *onnx.Description
	sets        []string
}

func readCase(dir string) (*testCase, error) {
	c := &testCase{dir: dir}
	var err error
	if c.file, err = readFile(filepath.Join(dir, "model.onnx"), onnx.MaxFile); err != nil {
		return nil, err
	}
	if c.description, err = onnx.Describe(c.file); err != nil {
		return nil, err
	}
	if c.sets, err = filepath.Glob(filepath.Join(dir, "test_data_set_*")); err == nil && len(c.sets) == 0 {
		err = errors.New("there is no test_data_set_* beside the model")
	}
	return c, err
}

func readFile(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > most {
		return nil, fmt.Errorf("%s is larger than %d bytes", path, most)
	}
	return os.ReadFile(path)
}

// operator is what the case is counted under.
func (c *testCase) operator() string {
	switch ops := c.description.Operators; {
	case strings.Contains(filepath.Base(c.dir), "_expanded"):
		return "(functions expanded)"
	case len(ops) == 1:
		return ops[0]
	}
	return "(several operators)"
}

// data is the tensors of one test_data_set_*, kind input or output. A model need not use all its inputs, but a set has them all.
func data(set, kind string, names []string) ([]*graph.Tensor, error) {
	out := make([]*graph.Tensor, len(names))
	for i, name := range names {
		file, err := readFile(filepath.Join(set, fmt.Sprintf("%s_%d.pb", kind, i)), maxData)
		if err != nil {
			return nil, err
		}
		if out[i], err = onnx.ReadTensor(file); err != nil {
			return nil, fmt.Errorf("%s %q of the data: %w", kind, name, err)
		}
	}
	return out, nil
}
