package translate

import (
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/compile/cgen"
	"github.com/flernd/flernd/internal/planner"
	"github.com/flernd/flernd/internal/planner/dialect"
)

// TestSharedArguments counts conversions of arguments: those of one row are converted once, for all models.
func TestSharedArguments(t *testing.T) {
	for sql, want := range map[string]int{
		"select classifier(c1 * 2::float8, c2, c3, c4), network(c1 * 2::float8, c2, c3, c4) from data":                  1,
		"select classifier(c1 * 2::float8, c2, c3, c4), network(c1 * 3::float8, c2, c3, c4) from data":                  2,
		"select classifier(random(), c2, c3, c4), network(random(), c2, c3, c4) from data":                              2,
		"select predict(n, c1 * 2::float8, c2, c3, c4) from data, (values ('again'), ('classifier'), ('network')) m(n)": 1,
	} {
		stmts, err := dialect.Parse(sql)
		if err != nil {
			t.Fatal(err)
		}
		p, err := planner.Plan(stmts[0], newCatalog(t).env())
		if err != nil {
			t.Fatal(err)
		}
		prog, err := Translate(p.Root, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(prog.C.Print(cgen.Fast), "flk_f32_f64("); got != want {
			t.Errorf("%s: converted %d times, want %d", sql, got, want)
		}
	}
}
