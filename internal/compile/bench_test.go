package compile

import (
	"os"
	"testing"

	"github.com/flernd/flernd/internal/compile/translate"
	"github.com/flernd/flernd/internal/planner"
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/plantest"
)

// BenchmarkTranslate is what a shape that was seen before costs: parse, plan, translate, print, look up.
func BenchmarkTranslate(b *testing.B) {
	for _, q := range []string{"q01", "q06"} {
		b.Run(q, func(b *testing.B) {
			sql, err := os.ReadFile("../../testdata/tpch/queries/" + q + ".sql")
			if err != nil {
				b.Fatal(err)
			}
			c := plantest.New()
			seen := newPrograms(0, nil)
			for b.Loop() {
				stmts, err := dialect.Parse(string(sql))
				if err != nil {
					b.Fatal(err)
				}
				p, err := planner.Plan(stmts[0], plantest.Env(c))
				if err != nil {
					b.Fatal(err)
				}
				prog, err := translate.Translate(p.Root, translate.Options{Header: header(p.Root)})
				if err != nil {
					b.Fatal(err)
				}
				seen.program(prog.C)
			}
		})
	}
}
