package onnx

import (
	"archive/zip"
	"io/fs"
	"testing"

	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/mltest"
)

// TestFixtures imports every fixture and compares the interpreter's outputs with ONNX Runtime's.
func TestFixtures(t *testing.T) {
	for _, f := range mltest.Load(t) {
		t.Run(f.Name, func(t *testing.T) {
			m, err := Import(f.File)
			if err != nil {
				t.Fatal(err)
			}
			for r := range f.Rows() {
				for _, fma := range []bool{false, true} {
					out, err := interp.Run(m.Graph, f.Row(t, m.Graph, r), interp.Options{FMA: fma})
					if err != nil {
						t.Fatal(err)
					}
					for i, o := range m.Graph.Outputs {
						if d := f.Outputs[o.Name].Diff(r, out[i], 1e-5); d != "" {
							t.Fatalf("output %q, row %d: %s\n%s", o.Name, r, d, m.Graph)
						}
						if want, ok := f.Framework[o.Name]; ok {
							if d := want.Diff(r, out[i], 1e-4); d != "" {
								t.Fatalf("output %q, row %d, against the framework: %s\n%s", o.Name, r, d, m.Graph)
							}
						}
					}
				}
			}
		})
	}
}

// TestOperators imports a model for each operator and variant, and compares with ONNX Runtime.
func TestOperators(t *testing.T) {
	tested := map[string]bool{}
	for _, f := range mltest.Operators(t) {
		t.Run(f.Name, func(t *testing.T) {
			m, err := Import(f.File)
			if err != nil {
				t.Fatal(err)
			}
			for r := range f.Rows() {
				out, err := interp.Run(m.Graph, f.Row(t, m.Graph, r), interp.Options{})
				if err != nil {
					t.Fatal(err)
				}
				for i, o := range m.Graph.Outputs {
					if d := f.Outputs[o.Name].Diff(r, out[i], 1e-5); d != "" {
						t.Fatalf("output %q, row %d: %s\n%s", o.Name, r, d, m.Graph)
					}
				}
			}
		})
		listOperators(t, f.File, tested)
	}
	for _, f := range append(mltest.Sklearn(t), mltest.Pipelines(t)...) { // which run compiled, in TestSklearn and TestPipelines
		listOperators(t, f.File, tested)
	}
	listBackend(t, tested)
	for _, f := range mltest.TreeFixtures(t, ".onnx") { // TestTrees
		listOperators(t, f.File, tested)
	}
	for domain, ops := range operators {
		for op := range ops {
			if !tested[op] && op != "Swish" { // newer than the runtime that made the fixtures
				t.Errorf("operator %s.%s has no test", domain, op)
			}
		}
	}
}

// listBackend adds the operators of the suite's cases, which run compiled too.
func listBackend(t *testing.T, to map[string]bool) {
	t.Helper()
	cases, err := zip.OpenReader(mltest.BackendCases())
	if err != nil {
		t.Fatal(err)
	}
	defer cases.Close()
	models, err := fs.Glob(cases, "*/model.onnx")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range models {
		file, err := fs.ReadFile(cases, name)
		if err != nil {
			t.Fatal(err)
		}
		listOperators(t, file, to)
	}
}

// listOperators adds the operators of a file.
func listOperators(t *testing.T, file []byte, to map[string]bool) {
	p, err := decode(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range p.Graph.Node {
		to[n.OpType] = true
	}
}
