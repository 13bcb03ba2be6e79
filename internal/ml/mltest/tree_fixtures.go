package mltest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
)

// TreeFixtures reads the fixtures of trees/ whose models have one of these extensions. Their inputs are named by argument.
func TreeFixtures(t testing.TB, extensions ...string) []Fixture {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(Dir(), "trees", "*.rows"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no fixtures of trees in %s: %v", Dir(), err)
	}
	var out []Fixture
	for _, path := range paths {
		base := strings.TrimSuffix(path, ".rows")
		models, err := filepath.Glob(base + ".[^r]*")
		if err != nil || len(models) != 1 {
			t.Fatalf("models of %s: %v", path, models)
		}
		if !slices.Contains(extensions, filepath.Ext(models[0])) {
			continue
		}
		f := Fixture{Name: filepath.Base(base)}
		if f.File, err = os.ReadFile(models[0]); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		decode(t, path, text, &f)
		out = append(out, f)
	}
	if len(out) == 0 {
		t.Fatalf("no fixtures of %v", extensions)
	}
	return out
}

// Arguments is the inputs of row r: the elements of the graph's inputs are the arguments of these names, in their order.
func (f *Fixture) Arguments(t testing.TB, g *graph.Graph, names []string, r int) []*graph.Tensor {
	t.Helper()
	out := make([]*graph.Tensor, len(g.Inputs))
	for i, in := range g.Inputs {
		out[i] = graph.NewTensor(in.Type.Elem, in.Type.Dims...)
		for k := range out[i].Size() {
			if len(names) == 0 {
				t.Fatalf("%s: more elements than arguments", f.Name)
			}
			a, ok := f.Inputs[names[0]]
			if !ok {
				t.Fatalf("%s: fixture has no argument %q", f.Name, names[0])
			}
			if err := setElem(out[i], k, a.Data[r]); err != nil {
				t.Fatalf("%s: argument %q: %v", f.Name, names[0], err)
			}
			names = names[1:]
		}
	}
	return out
}
