package dialect

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// describe is the outcome of parsing sql as goldens hold it: a line a statement, or the error.
func describe(sql string) string {
	stmts, err := Parse(sql)
	if err != nil {
		return describeError(err) + "\n"
	}
	var b strings.Builder
	for _, s := range stmts {
		fmt.Fprintf(&b, "%s\n", Format(s))
	}
	if len(stmts) == 0 {
		b.WriteString("(nothing)\n")
	}
	return b.String()
}

func describeError(err error) string {
	var e *sqlstate.Error
	if !errors.As(err, &e) {
		return "not a coded error: " + err.Error()
	}
	s := fmt.Sprintf("%s at %d: %s", e.Code, e.Position, e.Message)
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	return s
}

// splitCases splits a corpus at its "-- @name" lines.
func splitCases(t testing.TB, path string) (names, texts []string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range strings.Split("\n"+string(b), "\n-- @")[1:] {
		name, text, _ := strings.Cut(c, "\n")
		names = append(names, name)
		texts = append(texts, strings.TrimRight(text, "\n"))
	}
	return names, texts
}

// compareGolden compares got with a golden file; on a mismatch it writes got beside it.
func compareGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) == got {
		return
	}
	actual := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(actual, []byte(got), 0o644); err != nil {
		t.Fatal(err)
	}
	w, g := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for k := range w {
		if k >= len(g) || w[k] != g[k] {
			line := ""
			if k < len(g) {
				line = g[k]
			}
			t.Fatalf("%s:%d\n want %s\n got  %s\nrun with -update to rewrite it", path, k+1, w[k], line)
		}
	}
	t.Fatalf("%s: more lines than expected: %q", path, g[len(w):])
}

// checkRoundTrip checks that the normal form of what was read reads back to itself.
func checkRoundTrip(t *testing.T, sql string) {
	t.Helper()
	stmts, err := Parse(sql)
	if err != nil {
		return
	}
	for _, s := range stmts {
		once := Format(s)
		if strings.Contains(once, "<") && strings.Contains(once, ">") && containsUnsupported(s) {
			continue
		}
		again, err := Parse(once)
		if err != nil {
			t.Errorf("normal form is refused: %v\n source: %s\n normal: %s", err, sql, once)
			continue
		}
		if twice := Format(again[0]); len(again) != 1 || twice != once {
			t.Errorf("normal form changes\n source: %s\n once:   %s\n twice:  %s", sql, once, twice)
		}
	}
}

func containsUnsupported(s Stmt) bool {
	switch x := s.(type) {
	case *Unsupported:
		return true
	case *Explain:
		return containsUnsupported(x.Stmt)
	case *Prepare:
		return containsUnsupported(x.Stmt)
	}
	return false
}

func testCorpus(t *testing.T, path, golden string) {
	names, texts := splitCases(t, path)
	var b strings.Builder
	for k, text := range texts {
		fmt.Fprintf(&b, "-- @%s\n%s", names[k], describe(text))
		checkRoundTrip(t, text)
	}
	compareGolden(t, golden, b.String())
}

func TestCorpus(t *testing.T) { testCorpus(t, "../../../testdata/sql/corpus.sql", "corpus.txt") }

func TestPsqlCorpus(t *testing.T) {
	testCorpus(t, "../../../testdata/sql/psql_corpus.sql", "psql.txt")
}

func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".sql")
		t.Run(name, func(t *testing.T) { testLines(t, path, name+".txt") })
	}
}

// testLines parses each line of a file.
func testLines(t *testing.T, path, golden string) {
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, line := range strings.Split(strings.TrimRight(string(src), "\n"), "\n") {
		if line == "" || strings.HasPrefix(line, "--!") {
			continue
		}
		fmt.Fprintf(&b, "%s\n    %s", line, strings.ReplaceAll(describe(line), "\n", "\n    "))
		b.WriteByte('\n')
		checkRoundTrip(t, line)
	}
	compareGolden(t, golden, strings.ReplaceAll(b.String(), "    \n", "\n"))
}

func TestTPCH(t *testing.T) {
	var b strings.Builder
	for q := 1; q <= 22; q++ {
		src, err := os.ReadFile(fmt.Sprintf("../../../testdata/tpch/queries/q%02d.sql", q))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "-- q%02d\n%s", q, describe(string(src)))
		checkRoundTrip(t, string(src))
	}
	compareGolden(t, "tpch.txt", b.String())
}
