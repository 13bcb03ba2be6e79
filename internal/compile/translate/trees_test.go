package translate

import (
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/compile/cgen"
	"github.com/flernd/flernd/internal/planner"
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
)

// TestTreesOfReals: a model of double precision takes real columns as they are, those that may be NULL too, unless one of its
// features is of double precision.
func TestTreesOfReals(t *testing.T) {
	c := newCatalog(t)
	c.addModel(t, "boost", "trees/lgb_binary.txt")
	m := c.models["boost"]
	m.Nulls = make([]logical.NullPolicy, len(m.Inputs))
	for i := range m.Nulls {
		m.Nulls[i] = logical.NullIsNaN
	}
	for args, want := range map[string]string{"r, r, r, r, r": "flk_trees_f32(", "r, r, r, r, e": "flk_trees_f64("} {
		stmts, err := dialect.Parse("select boost(" + args + ") from t")
		if err != nil {
			t.Fatal(err)
		}
		p, err := planner.Plan(stmts[0], c.env())
		if err != nil {
			t.Fatal(err)
		}
		prog, err := Translate(p.Root, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, tier := range []cgen.Tier{cgen.Fast, cgen.Best} {
			if text := prog.C.Print(tier); !strings.Contains(text, want) {
				t.Errorf("boost(%s): there is no %s in\n%s", args, want, text)
			}
		}
	}
}
