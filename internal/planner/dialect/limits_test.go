package dialect

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// TestHostile gives texts that would exhaust a recursion or take quadratic time. They must be answered, by a tree or by one
// of the limits' errors; the test's own time limit is what notices the rest.
func TestHostile(t *testing.T) {
	const n = 100_000
	many := func(s string) string { return strings.Repeat(s, n) }
	tests := []struct {
		name, sql string
		want      sqlstate.Code // "" if it must be read
	}{
		{"casts", "SELECT 1" + many("::int"), sqlstate.StatementTooComplex},
		{"few casts", "SELECT 1" + strings.Repeat("::int", 1000), ""},
		{"parentheses", "SELECT " + many("(") + "1" + many(")"), sqlstate.StatementTooComplex},
		{"few parentheses", "SELECT " + strings.Repeat("(", 700) + "1" + strings.Repeat(")", 700), ""},
		{"open parentheses", "SELECT " + many("("), sqlstate.StatementTooComplex},
		{"closing parentheses", "SELECT 1" + many(")"), sqlstate.SyntaxError},
		{"query parentheses", many("(") + "SELECT 1" + many(")"), sqlstate.StatementTooComplex},
		{"few query parentheses", strings.Repeat("(", 500) + "SELECT 1" + strings.Repeat(")", 500), ""},
		{"subqueries", strings.Repeat("SELECT * FROM (", n) + "x", sqlstate.StatementTooComplex},
		{"scalar subqueries", strings.Repeat("SELECT (", n), sqlstate.StatementTooComplex},
		{"join parentheses", "SELECT * FROM " + many("("), sqlstate.StatementTooComplex},
		{"joins", "SELECT * FROM a" + strings.Repeat(" CROSS JOIN a", 2000), ""},
		{"too many joins", "SELECT * FROM a" + many(" CROSS JOIN a"), sqlstate.StatementTooComplex},
		{"joins to the right", "SELECT * FROM a" + many(" JOIN a"), sqlstate.StatementTooComplex},
		{"tables", "SELECT * FROM a" + strings.Repeat(", a", 3000), ""},
		{"signs", "SELECT " + many("- ") + "1", sqlstate.StatementTooComplex},
		{"nots", "SELECT " + many("NOT ") + "a", sqlstate.StatementTooComplex},
		{"tildes", "SELECT " + many("~ ") + "a", sqlstate.StatementTooComplex},
		{"sum", "SELECT 1" + strings.Repeat("+1", 4000), ""},
		{"long sum", "SELECT 1" + many("+1"), sqlstate.StatementTooComplex},
		{"ors", "SELECT a" + strings.Repeat(" OR a", 50_000), ""},
		{"ands and ors", "SELECT a" + strings.Repeat(" OR a AND a", 20_000), ""},
		{"too many ors", "SELECT a" + strings.Repeat(" OR a", 200_000), sqlstate.StatementTooComplex},
		{"sums in sums", strings.Repeat("SELECT (", 1) + strings.Repeat("(", 500) + "1" + strings.Repeat(strings.Repeat("+1", 100)+")", 500) + ")",
			sqlstate.StatementTooComplex},
		{"joins in joins", "SELECT * FROM " + strings.Repeat("(", 500) + "a" + strings.Repeat(strings.Repeat(" CROSS JOIN a", 100)+")", 500),
			sqlstate.StatementTooComplex},
		{"ors in ors", "SELECT " + strings.Repeat("(", 500) + "a" + strings.Repeat(strings.Repeat(" OR a", 1000)+")", 500),
			sqlstate.StatementTooComplex},
		{"in list", "SELECT a IN (1" + many(",1") + ")", ""},
		{"targets", "SELECT a" + many(",a"), ""},
		{"rows", "INSERT INTO t VALUES (1,'a',-2.5,NULL)" + many(",(1,'a',-2.5,NULL)"), ""},
		{"cases", strings.Repeat("SELECT CASE WHEN ", 1) + many("CASE WHEN "), sqlstate.StatementTooComplex},
		{"calls", "SELECT " + many("f("), sqlstate.StatementTooComplex},
		{"arrays", "SELECT ARRAY" + many("["), sqlstate.StatementTooComplex},
		{"subscripts", "SELECT a" + many("[1]"), sqlstate.StatementTooComplex},
		{"fields", "SELECT (a)" + many(".b"), sqlstate.StatementTooComplex},
		{"names", "SELECT a" + many(".b"), ""},
		{"collations", "SELECT a" + many(` COLLATE "C"`), sqlstate.StatementTooComplex},
		{"time zones", "SELECT a" + many(" AT TIME ZONE b"), sqlstate.StatementTooComplex},
		{"tests", "SELECT a" + many(" IS NULL"), sqlstate.StatementTooComplex},
		{"quantified", "SELECT a" + many(" = ANY (b)"), sqlstate.StatementTooComplex},
		{"unions", "SELECT 1" + strings.Repeat(" UNION SELECT 1", 3000), ""},
		{"too many unions", "SELECT 1" + many(" UNION SELECT 1"), sqlstate.StatementTooComplex},
		{"with", "WITH a AS (SELECT 1)" + strings.Repeat(", a AS (SELECT 1)", 3000) + " SELECT 1", ""},
		{"nested with", strings.Repeat("WITH a AS (", n), sqlstate.StatementTooComplex},
		{"explain", many("EXPLAIN ") + "SELECT 1", sqlstate.SyntaxError},
		{"prepare", many("PREPARE p AS ") + "SELECT 1", sqlstate.SyntaxError},
		{"statements", many("SELECT 1;"), ""},
		{"semicolons", many(";"), ""},
		{"comments", "SELECT 1 " + many("/*") + many("*/"), ""},
		{"open comments", "SELECT 1 " + many("/*"), sqlstate.SyntaxError},
		{"strings", "SELECT 'a'" + many("\n'a'"), ""},
		{"operators", "SELECT 1 " + many("@ ") + "1", sqlstate.StatementTooComplex},
		{"dimensions", "SELECT a::int" + many("[]"), ""},
		{"group sets", "SELECT 1 GROUP BY " + many("ROLLUP ("), sqlstate.StatementTooComplex},
		{"dollars", "SELECT " + many("$a"), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse(tt.sql)
			var e *sqlstate.Error
			switch {
			case err == nil:
				if tt.want != "" {
					t.Errorf("was read, want %s", tt.want)
				}
			case !errors.As(err, &e):
				t.Errorf("not a coded error: %v", err)
			case e.Code != tt.want:
				t.Errorf("%s at %d: %s; want %q", e.Code, e.Position, cut(e.Message, 200), tt.want)
			}
		})
	}
}

func TestTextLimits(t *testing.T) {
	_, err := Parse(strings.Repeat(" ", maxTextBytes+1))
	var e *sqlstate.Error
	if !errors.As(err, &e) || e.Code != sqlstate.ProgramLimitExceeded {
		t.Errorf("long text: %v", err)
	}
	for _, s := range []string{"SELECT '\xff'", "SELECT '\x00'", "\xc3\x28"} {
		if _, err := Parse(s); !errors.As(err, &e) || e.Code != sqlstate.CharacterNotInRepertoire {
			t.Errorf("%q: %v", s, err)
		}
	}
}

// TestConcurrent parses from many goroutines: pooled parsers must not share what they return.
func TestConcurrent(t *testing.T) {
	var wg sync.WaitGroup
	for g := 0; g < 8; g++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for k := 0; k < 200; k++ {
				sql := fmt.Sprintf("SELECT a%d + %d FROM t%d WHERE f(b, c) > (SELECT %d)", g, k, g, k)
				stmts, err := Parse(sql)
				if err != nil {
					t.Error(err)
					return
				}
				want := fmt.Sprintf("SELECT (a%d + %d) FROM t%d WHERE (f(b, c) > (SELECT %d))", g, k, g, k)
				if got := Format(stmts[0]); got != want {
					t.Errorf("got %s, want %s", got, want)
					return
				}
			}
		}()
	}
	wg.Wait()
}

// TestPositions checks what nodes point to.
func TestPositions(t *testing.T) {
	const sql = "SELECT 'ü', a + b * f(c)::int, x AND NOT y, (p), -q, r IN (1), s IS NULL FROM t JOIN u ON v = w"
	stmts, err := Parse("  " + sql)
	if err != nil {
		t.Fatal(err)
	}
	sel := stmts[0].(*SelectStmt).Query.Body.(*Select)
	at := func(what string, n Node, text string) {
		t.Helper()
		runes := []rune("  " + sql)
		pos := n.Pos()
		if pos < 1 || pos > len(runes) || !strings.HasPrefix(string(runes[pos-1:]), text) {
			t.Errorf("%s is at %d, want at %q", what, pos, text)
		}
	}
	at("statement", stmts[0], "SELECT")
	if got := stmts[0].SQL(); got != sql {
		t.Errorf("statement's text is %q", got)
	}
	at("string", sel.Targets[0].Expr, "'ü'")
	sum := sel.Targets[1].Expr.(*Binary)
	at("plus", sum, "+")
	product := sum.R.(*Binary)
	at("times", product, "*")
	at("cast", product.R, "::int")
	at("call", product.R.(*Cast).X, "f(c)")
	and := sel.Targets[2].Expr.(*BoolOp)
	at("and", and, "AND")
	at("not", and.Args[1], "NOT")
	at("column in parentheses", sel.Targets[3].Expr, "p)")
	at("minus", sel.Targets[4].Expr, "-q")
	at("in", sel.Targets[5].Expr, "IN")
	at("is", sel.Targets[6].Expr, "IS")
	join := sel.From[0].(*Join)
	at("join", join, "JOIN")
	at("table", join.R, "u ON")
	at("condition", join.On, "= w")
}

// TestLongString reads a text that is one long string: what it takes is not a multiple of the string.
func TestLongString(t *testing.T) {
	sql := "SELECT '" + strings.Repeat("x", 4<<20) + "'"
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := lex(sql); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if bytes := after.TotalAlloc - before.TotalAlloc; bytes > 2*uint64(len(sql)) {
		t.Errorf("%d bytes for the tokens of a text of %d", bytes, len(sql))
	}
}
