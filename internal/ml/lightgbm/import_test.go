package lightgbm

import (
	"testing"

	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/mltest"
)

// TestFixtures compares every model's predictions with LightGBM's, which are of double precision.
func TestFixtures(t *testing.T) {
	for _, f := range mltest.TreeFixtures(t, ".txt") {
		t.Run(f.Name, func(t *testing.T) {
			m, err := Import(f.File)
			if err != nil {
				t.Fatal(err)
			}
			if m.Producer != "LightGBM v4" {
				t.Errorf("made by %s", m.Producer)
			}
			for r := range f.Rows() {
				out, err := interp.Run(m.Graph, f.Row(t, m.Graph, r), interp.Options{})
				if err != nil {
					t.Fatal(err)
				}
				want, ok := f.Outputs[m.Graph.Outputs[0].Name]
				if !ok {
					t.Fatalf("no output is called %s", m.Graph.Outputs[0].Name)
				}
				if d := want.Diff(r, out[0], 1e-14); d != "" {
					t.Fatalf("row %d: %s\n%s", r, d, m.Graph)
				}
			}
		})
	}
}
