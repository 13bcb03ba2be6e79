package planner

import (
	"os"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/explain"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/planner/plantest"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// corpus is every statement that the repository's planner tests know.
func corpus(tb testing.TB) []string {
	var out []string
	for _, f := range []string{"testdata/tpch.txt", "testdata/unsupported.txt", "testdata/plans.txt"} {
		out = append(out, statementsOf(tb, f)...)
	}
	src, err := os.ReadFile(answersFile)
	if err != nil {
		tb.Fatal(err)
	}
	for _, block := range strings.Split(string(src), "\n\n") {
		sql, _, _ := strings.Cut(block, "\n")
		out = append(out, sql)
	}
	return append(out, sharedCorpus(tb)...)
}

// sharedCorpus is the corpora of Postgres statements that packages share: a comment line before each statement.
func sharedCorpus(tb testing.TB) []string {
	var out []string
	for _, f := range []string{"corpus.sql", "psql_corpus.sql"} {
		src, err := os.ReadFile("../../testdata/sql/" + f)
		if err != nil {
			tb.Fatal(err)
		}
		var sql strings.Builder
		for _, line := range append(strings.Split(string(src), "\n"), "-- @") {
			if !strings.HasPrefix(line, "-- @") {
				sql.WriteString(line + "\n")
				continue
			}
			out = append(out, sql.String())
			sql.Reset()
		}
	}
	return out
}

// checkStatement plans what parses and prints it: whatever the text, there is a plan that holds together, or an error with a
// code other than that of an internal error.
func checkStatement(t *testing.T, sql string, env Env) {
	stmts, err := dialect.Parse(sql)
	if err != nil {
		return
	}
	for _, s := range stmts {
		p, err := Plan(s, env)
		if err != nil {
			if sqlstate.Of(err).Code == sqlstate.InternalError {
				t.Errorf("%s: %v", sql, err)
			}
			continue
		}
		if err := physical.Check(p.Root); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
		Explain(p.Root, explain.Options{Costs: true, Verbose: true})
		Explain(p.Root, explain.Options{Format: explain.JSON})
	}
}

// TestPlansHoldTogether checks the plans of all statements of the tests.
func TestPlansHoldTogether(t *testing.T) {
	env := plantest.Env(plantest.New())
	for _, sql := range corpus(t) {
		checkStatement(t, sql, env)
	}
}

func FuzzPlan(f *testing.F) {
	for _, sql := range corpus(f) {
		f.Add(sql)
	}
	env := plantest.Env(plantest.New())
	f.Fuzz(func(t *testing.T, sql string) { checkStatement(t, sql, env) })
}
