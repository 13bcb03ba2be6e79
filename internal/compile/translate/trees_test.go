package translate

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/compile/cgen"
	"github.com/flernd/flernd/internal/ml/mltest"
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
		prog := planned(t, c, "select boost("+args+") from t")
		for _, tier := range []cgen.Tier{cgen.Fast, cgen.Best} {
			if text := prog.C.Print(tier); !strings.Contains(text, want) {
				t.Errorf("boost(%s): there is no %s in\n%s", args, want, text)
			}
		}
	}
}

func planned(t *testing.T, c *layoutCatalog, sql string) *Program {
	t.Helper()
	stmts, err := dialect.Parse(sql)
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
	return prog
}

// TestJoinedTrees: calls with the same arguments whose results joining does not change are one kernel.
func TestJoinedTrees(t *testing.T) {
	c := newCatalog(t)
	for name, file := range map[string]string{"a": "xgb_squared", "b": "xgb_logistic", "w": "lgb_binary", "v": "lgb_huber"} {
		matches, err := filepath.Glob(filepath.Join(mltest.Dir(), "trees", file+".[^r]*"))
		if err != nil || len(matches) != 1 {
			t.Fatal(file, matches, err)
		}
		c.addModel(t, name, "trees/"+filepath.Base(matches[0]))
	}
	for sql, want := range map[string]int{
		"select a(r, r, r, r, r) from t":                                                       1,
		"select a(r, r, r, r, r), b(r, r, r, r, r) from t":                                     1,
		"select a(r, r, r, r, r), b(r, r, r, r, 2) from t":                                     2,
		"select a(r, r, r, r, r) from t where b(r, r, r, r, r) > 0":                            2,
		"select a(r, r, r, r, r), w(r, r, r, r, r) from t":                                     2,
		"select a(r, r, r, r, r), v(r, r, r, r, r), b(r, r, r, r, r), w(r, r, r, r, r) from t": 2,
	} {
		if got := strings.Count(planned(t, c, sql).C.Print(cgen.Fast), "flk_trees_"); got != want {
			t.Errorf("%s: %d kernels, want %d", sql, got, want)
		}
	}
}
