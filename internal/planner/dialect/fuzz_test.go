package dialect

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// FuzzParse checks that any text is answered by a tree whose normal form reads back, or by an error with a client's code.
func FuzzParse(f *testing.F) {
	for _, path := range []string{"../../../testdata/sql/corpus.sql", "../../../testdata/sql/psql_corpus.sql"} {
		_, texts := splitCases(f, path)
		for _, t := range texts {
			f.Add(t)
		}
	}
	for _, path := range []string{"precedence", "statements", "queries", "lexical", "dangerous"} {
		b, err := os.ReadFile("testdata/cases/" + path + ".sql")
		if err != nil {
			f.Fatal(err)
		}
		for _, line := range strings.Split(string(b), "\n") {
			f.Add(line)
		}
	}
	f.Fuzz(func(t *testing.T, sql string) {
		stmts, err := Parse(sql)
		var e *sqlstate.Error
		switch {
		case err == nil:
		case !errors.As(err, &e):
			t.Fatalf("not a coded error: %v", err)
		case e.Code == sqlstate.InternalError:
			t.Fatalf("%s (%s)", e.Message, e.Detail)
		}
		for _, s := range stmts {
			if containsUnsupported(s) {
				continue
			}
			once := Format(s)
			again, err := Parse(once)
			if err != nil {
				if errors.As(err, &e) && e.Code == sqlstate.StatementTooComplex {
					continue // parentheses of the normal form count
				}
				t.Fatalf("normal form %q is refused: %v", once, err)
			}
			if twice := Format(again[0]); len(again) != 1 || twice != once {
				t.Fatalf("normal form %q becomes %q", once, twice)
			}
		}
	})
}
