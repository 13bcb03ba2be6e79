// Package mltest gives tests the model fixtures of testdata/models: real exports with inputs and expected outputs. Only
// tests import it.
package mltest

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
)

// Array is a tensor with the batch in front.
type Array struct {
	Type  string `json:"type"`
	Shape []int  `json:"shape"`
	Data  []any  `json:"data"`
}

// Fixture is one model with some rows.
type Fixture struct {
	Name string `json:"name"`
	File []byte `json:"model"`
	// Inputs and Outputs by name; Outputs are ONNX Runtime's, Framework those of the library that trained the model, for
	// some of the names.
	Inputs    map[string]Array `json:"inputs"`
	Outputs   map[string]Array `json:"outputs"`
	Framework map[string]Array `json:"framework"`
	// order is the names of the inputs in the order of the file; only of fixtures of trees.
	order []string
	// Tolerance is the relative error that a model's own rounding explains, if that is more than usual.
	Tolerance float64 `json:"tolerance"`
}

// Dir is the directory of the fixtures.
func Dir() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..", "testdata", "models")
}

// Load reads every fixture.
func Load(t testing.TB) []Fixture {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(Dir(), "*.onnx"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no fixtures in %s: %v", Dir(), err)
	}
	out := make([]Fixture, len(paths))
	for i, path := range paths {
		f := &out[i]
		f.Name = strings.TrimSuffix(filepath.Base(path), ".onnx")
		if f.File, err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(strings.TrimSuffix(path, ".onnx") + ".json")
		if err != nil {
			t.Fatal(err)
		}
		decode(t, path, text, f)
	}
	return out
}

// Operators reads the models of one operator each, and those of functions, branches and loops.
func Operators(t testing.TB) []Fixture {
	t.Helper()
	var all []Fixture
	for _, name := range []string{"operators.json", "control.json"} {
		path := filepath.Join(Dir(), name)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var list []Fixture
		decode(t, path, text, &list)
		all = append(all, list...)
	}
	return all
}

// Sklearn reads the scikit-learn pipelines, one or more of each kind that its converter exports.
func Sklearn(t testing.TB) []Fixture { return compressed(t, "sklearn.json") }

// Pipelines reads operators over texts, CatBoost's exports and pipelines over data frames.
func Pipelines(t testing.TB) []Fixture { return compressed(t, "pipelines.json") }

// compressed reads a file of fixtures whose models are compressed.
func compressed(t testing.TB, name string) []Fixture {
	t.Helper()
	path := filepath.Join(Dir(), name)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []Fixture
	decode(t, path, text, &out)
	for i := range out {
		z, err := zlib.NewReader(bytes.NewReader(out[i].File))
		if err == nil {
			out[i].File, err = io.ReadAll(z)
		}
		if err != nil {
			t.Fatalf("%s: %v", out[i].Name, err)
		}
	}
	return out
}

func decode(t testing.TB, path string, text []byte, into any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// Rows is the number of rows of the fixture.
func (f *Fixture) Rows() int {
	for _, a := range f.Inputs {
		return a.Shape[0]
	}
	return 0
}

// Row is the inputs of row r, in the order of the graph's inputs. Of one that the fixture does not have, the elements are the
// fixture's inputs in their order.
func (f *Fixture) Row(t testing.TB, g *graph.Graph, r int) []*graph.Tensor {
	t.Helper()
	out := make([]*graph.Tensor, len(g.Inputs))
	for i, in := range g.Inputs {
		x := graph.NewTensor(in.Type.Elem, in.Type.Dims...)
		a, whole := f.Inputs[in.Name]
		if !whole && len(f.order) != x.Size() {
			t.Fatalf("%s: fixture has no input %q", f.Name, in.Name)
		}
		for k := range x.Size() {
			at := r*x.Size() + k
			if !whole {
				a, at = f.Inputs[f.order[k]], r
			}
			if err := setElem(x, k, a.Data[at]); err != nil {
				t.Fatalf("%s: input %q: %v", f.Name, in.Name, err)
			}
		}
		out[i] = x
	}
	return out
}

// Diff compares row r of the expected output with got, floats with a relative tolerance; "" if they agree.
func (a Array) Diff(r int, got *graph.Tensor, tolerance float64) string {
	size := got.Size()
	if len(a.Data) != size*a.Shape[0] {
		return fmt.Sprintf("a row has %d elements, want %d", size, len(a.Data)/a.Shape[0])
	}
	want := graph.NewTensor(got.Elem, size)
	// A float's error is judged beside the greatest element of its row.
	scale := 0.0
	for k := range size {
		if err := setElem(want, k, a.Data[r*size+k]); err != nil {
			return err.Error()
		}
		if v := math.Abs(want.Float(k)); !math.IsInf(v, 0) {
			scale = max(scale, v)
		}
	}
	for k := range size {
		if got.Elem == graph.String && got.Str[k] != want.Str[k] {
			return fmt.Sprintf("element %d is %q, want %q", k, got.Str[k], want.Str[k])
		}
		if got.Elem.IsInt() && got.Int(k) != want.Int(k) {
			return fmt.Sprintf("element %d is %d, want %d", k, got.Int(k), want.Int(k))
		}
		x, y := got.Float(k), want.Float(k)
		if x == y || math.IsNaN(x) && math.IsNaN(y) || got.Elem.IsFloat() && math.Abs(x-y) <= tolerance*max(scale, 1e-2) {
			continue
		}
		return fmt.Sprintf("element %d is %v, want %v", k, x, y)
	}
	return ""
}

func setElem(t *graph.Tensor, i int, v any) error {
	switch v := v.(type) {
	case bool:
		t.Bool[i] = v
	case string:
		if t.Elem == graph.String {
			t.Str[i] = v
			return nil
		}
		f, err := strconv.ParseFloat(v, 64)
		t.SetFloat(i, f)
		return err
	case float64:
		t.SetFloat(i, v)
	case json.Number:
		if n, err := v.Int64(); err == nil && t.Elem == graph.I64 {
			t.I64[i] = n
			return nil
		}
		f, err := v.Float64()
		t.SetFloat(i, f)
		return err
	}
	return nil
}

// BackendCases is an archive of cases of the ONNX backend test suite, in its layout.
func BackendCases() string { return filepath.Join(Dir(), "backend.zip") }
