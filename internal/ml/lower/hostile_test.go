package lower

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/flernd/flernd/internal/ml/mltest"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// FuzzRegister does with arbitrary bytes what CREATE MODEL and COPY MODEL do: an error that a user can read comes of them, or a
// model whose code can be built, and neither takes long.
func FuzzRegister(f *testing.F) {
	for _, x := range mltest.Operators(f) {
		f.Add(x.File)
	}
	for _, name := range []string{"classifier.onnx", "trees/xgb_linear.json", "trees/xgb_linear_multi.ubj"} {
		file, err := os.ReadFile(filepath.Join(mltest.Dir(), name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		start := time.Now()
		v, err := registry.Import("m", file)
		if err == nil {
			err = Check(v.Graph)
		}
		if err != nil && sqlstate.Of(err).Code == sqlstate.InternalError {
			t.Error(err)
		}
		if d := time.Since(start); d > 10*time.Second {
			t.Errorf("it took %s", d)
		}
	})
}
