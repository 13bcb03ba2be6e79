package xgboost

import (
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/mltest"
)

// tolerance is relative to the greatest value of a row: 8 times the distance of neighbouring floats. XGBoost rounds after each
// tree, and its exp and softmax are its own.
const tolerance = 8.0 / (1 << 23)

// TestFixtures compares every model's predictions with XGBoost's.
func TestFixtures(t *testing.T) {
	for _, f := range mltest.TreeFixtures(t, ".json", ".ubj") {
		t.Run(f.Name, func(t *testing.T) {
			m, err := Import(f.File)
			if err != nil {
				t.Fatal(err)
			}
			if want := "XGBoost 3.2.0"; m.Producer != want && !strings.HasPrefix(f.Name, "xgb_old") {
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
				if d := want.Diff(r, out[0], tolerance); d != "" {
					t.Fatalf("row %d: %s\n%s", r, d, m.Graph)
				}
			}
		})
	}
}
