package planner

import (
	"os"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/plantest"
)

// statementsOf reads the statements of a file of cases.
func statementsOf(tb testing.TB, file string) []string {
	src, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	var out []string
	for _, block := range strings.Split(string(src), "\n\n") {
		if head, _, ok := strings.Cut(block, "\n----\n"); ok {
			_, sql, _ := strings.Cut(head, "\n")
			out = append(out, sql)
		}
	}
	return out
}

func benchmarkPlan(b *testing.B, sql string) {
	stmts, err := dialect.Parse(sql)
	if err != nil {
		b.Fatal(err)
	}
	env := plantest.Env(plantest.New())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Plan(stmts[0], env); err != nil {
			b.Fatal(err)
		}
	}
}

// Every execution plans anew: these bound what that costs.
func BenchmarkPlanQ1(b *testing.B) { benchmarkPlan(b, statementsOf(b, "testdata/tpch.txt")[0]) }
func BenchmarkPlanQ6(b *testing.B) { benchmarkPlan(b, statementsOf(b, "testdata/tpch.txt")[5]) }
func BenchmarkPlanQ8(b *testing.B) { benchmarkPlan(b, statementsOf(b, "testdata/tpch.txt")[7]) }
