package onnx

import (
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/mltest"
)

// TestTrees compares models of trees with ONNX Runtime, which adds weights in single precision.
func TestTrees(t *testing.T) {
	for _, f := range mltest.TreeFixtures(t, ".onnx") {
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
					tolerance := 4e-6
					if strings.Contains(f.Name, "probit") { // which it computes in single precision, where digits cancel
						tolerance = 1e-3
					}
					if d := f.Outputs[o.Name].Diff(r, out[i], tolerance); d != "" {
						t.Fatalf("output %q, row %d: %s\n%s", o.Name, r, d, m.Graph)
					}
				}
			}
		})
	}
}
