package compile

import (
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/flernd/flernd/internal/compile/cgen"
	"github.com/flernd/flernd/internal/compile/translate"
	"github.com/flernd/flernd/internal/planner"
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/plantest"
)

func TestScratch(t *testing.T) {
	c := plantest.New()
	sqls := []string{os.Getenv("SQL")}
	if sqls[0] == "" {
		sqls = nil
		for i := 1; i <= 22; i++ {
			b, _ := os.ReadFile(fmt.Sprintf("/work/shared/tpch/queries/q%02d.sql", i))
			sqls = append(sqls, string(b))
		}
	}
	for i, s := range sqls {
		stmts, err := dialect.Parse(s)
		if err != nil {
			t.Error(i+1, err)
			continue
		}
		p, err := planner.Plan(stmts[0], plantest.Env(c))
		if err != nil {
			fmt.Println(i+1, "plan:", err)
			continue
		}
		prog, err := translate.Translate(p.Root, translate.Options{Header: header(p.Root)})
		if err != nil {
			fmt.Println(i+1, "translate:", err)
			continue
		}
		for _, tier := range []cgen.Tier{cgen.Best, cgen.Fast} {
			name := fmt.Sprintf("/tmp/scratch/q%02d_%d.c", i+1, tier)
			os.WriteFile(name, []byte(prog.C.Print(tier)), 0o644)
			cc := []string{"gcc", "-O3", "-march=x86-64-v4", "-ffp-contract=off", "-w"}
			if tier == cgen.Fast {
				cc = []string{"tcc", "-w"}
			}
			out, err := exec.Command(cc[0], append(cc[1:], "-fPIC", "-Icrt/src", "-c", name, "-o", name+".o")...).CombinedOutput()
			if err != nil {
				t.Error(i+1, tier, string(out[:min(len(out), 1500)]))
			}
		}
	}
}
