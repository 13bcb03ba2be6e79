package planner

import (
	"fmt"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/planner/plantest"
)

// hostile are statements made to take long or much memory. Each must end soon, in a plan or an error.
func hostile() map[string]string {
	doubling := "SELECT a AS x FROM t"
	for i := 0; i < 40; i++ {
		doubling = fmt.Sprintf("SELECT x + x AS x FROM (%s) s%d", doubling, i)
	}
	with := "WITH w0 AS (SELECT a FROM t)"
	for i := 1; i < 30; i++ {
		with += fmt.Sprintf(", w%d AS (SELECT p.a FROM w%d p, w%d q)", i, i-1, i-1)
	}
	var joins []string
	for i := 0; i < 45; i++ {
		joins = append(joins, fmt.Sprintf("t t%d", i))
	}
	var chain []string
	for i := 1; i < 45; i++ {
		chain = append(chain, fmt.Sprintf("t%d.a = t%d.a", i-1, i))
	}
	repeat := func(s, sep string, n int) string {
		return strings.TrimSuffix(strings.Repeat(s+sep, n), sep)
	}
	cross := make([]string, 64)
	for i := range cross {
		cross[i] = fmt.Sprintf("lineitem l%d", i)
	}
	return map[string]string{
		"cross product":    "SELECT count(*) FROM " + strings.Join(cross, ", "),
		"many conjuncts":   "SELECT a FROM t WHERE " + repeat("a > 1", " AND ", 5000),
		"many disjuncts":   "SELECT a FROM t WHERE " + repeat("(a > 1 AND b = 'x')", " OR ", 3000),
		"long list":        "SELECT a FROM t WHERE a IN (" + repeat("1", ",", 30000) + ")",
		"many rows":        "INSERT INTO u VALUES " + repeat("(1, 'x', 2)", ",", 10000),
		"doubling":         doubling,
		"doubling WITH":    with + " SELECT * FROM w29",
		"many tables":      "SELECT count(*) FROM " + strings.Join(joins, ", ") + " WHERE " + strings.Join(chain, " AND "),
		"long sum":         "SELECT " + repeat("a", " + ", 900) + " FROM t",
		"long constants":   "SELECT " + repeat("99999999999999999999", " * ", 500),
		"nested case":      "SELECT " + strings.Repeat("CASE WHEN f THEN 1 ELSE ", 200) + "0" + strings.Repeat(" END", 200) + " FROM t",
		"nested model":     "SELECT " + strings.Repeat("scorer(", 100) + "1, 2" + strings.Repeat("), 2", 99) + ") FROM t",
		"nested not":       "SELECT a FROM t WHERE " + strings.Repeat("NOT (", 200) + "a > 1 AND b = 'x'" + strings.Repeat(")", 200),
		"nested coalesce":  "SELECT " + strings.Repeat("coalesce(a, ", 200) + "1" + strings.Repeat(")", 200) + " FROM t",
		"models in cases":  "SELECT " + strings.Repeat("CASE WHEN a > 0 THEN scorer(1/a, 2) ELSE ", 40) + "0" + strings.Repeat(" END", 40) + " FROM t",
		"many aggregates":  "SELECT " + repeat("sum(a + 1)", " + ", 500) + " FROM t GROUP BY b",
		"wide select":      "SELECT " + repeat("a", ", ", 1600) + " FROM t",
		"nested between":   "SELECT a FROM t WHERE " + strings.Repeat("(", 100) + "f" + strings.Repeat(" BETWEEN false AND true)", 100),
		"nested in":        "SELECT a FROM t WHERE " + strings.Repeat("(", 100) + "f" + strings.Repeat(" IN (false, f))", 100),
		"nested case args": "SELECT " + strings.Repeat("CASE ", 60) + "a" + strings.Repeat(" WHEN 1 THEN 2 WHEN 3 THEN 4 END", 60) + " FROM t",
	}
}

func TestHostile(t *testing.T) {
	env := plantest.Env(plantest.New())
	for name, sql := range hostile() {
		t.Run(name, func(t *testing.T) { checkStatement(t, sql, env) })
	}
}
