package refexec

import (
	"math"
	"testing"

	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/mltest"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// TestInterpreted runs each real model on a row of ones: as many outputs as it declares, of their types.
func TestInterpreted(t *testing.T) {
	for _, f := range mltest.Load(t) {
		v, err := registry.Import("m", f.File)
		if err != nil {
			t.Errorf("%s: %v", f.Name, err)
			continue
		}
		args := make([]sqltype.Datum, len(v.Inputs))
		for i := range args {
			args[i] = sqltype.Datum{I: 1, F: 1, S: "a"}
		}
		out, err := Interpreted(interp.Options{})(&logical.Model{Name: "m", Impl: v}, args)
		if err != nil {
			t.Errorf("%s: %v", f.Name, err)
			continue
		}
		for i, o := range v.Outputs {
			if o.Type.Kind == sqltype.Array && len(out[i].A) != int(o.Type.Len) {
				t.Errorf("%s: output %s has %d elements, want %d", f.Name, o.Name, len(out[i].A), o.Type.Len)
			}
			if o.Type.Kind.IsFloat() && math.IsNaN(out[i].F) {
				t.Errorf("%s: output %s is not a number", f.Name, o.Name)
			}
		}
	}
}
