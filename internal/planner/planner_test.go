package planner

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/explain"
	"github.com/flernd/flernd/internal/planner/plantest"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

var update = flag.Bool("update", false, "rewrite the expected output of the files in testdata")

// planText plans one statement and prints the plan, or the error as a client sees it.
func planText(sql string, env Env, opt explain.Options) string {
	stmts, err := dialect.Parse(sql)
	if err != nil {
		return errorText(err)
	}
	var b strings.Builder
	for _, s := range stmts {
		p, err := Plan(s, env)
		if err != nil {
			b.WriteString(errorText(err))
			continue
		}
		for _, line := range Explain(p.Root, opt) {
			b.WriteString(line + "\n")
		}
		if len(p.ParamTypes) > 0 {
			fmt.Fprintf(&b, "parameters: %v\n", p.ParamTypes)
		}
	}
	return b.String()
}

func errorText(err error) string {
	e := sqlstate.Of(err)
	s := fmt.Sprintf("ERROR %s at %d: %s\n", e.Code, e.Position, e.Message)
	if e.Detail != "" {
		s += "DETAIL: " + e.Detail + "\n"
	}
	if e.Hint != "" {
		s += "HINT: " + e.Hint + "\n"
	}
	return s
}

// TestFiles runs the cases of testdata: a line "plan" or "verbose" or "costs", the statement, "----", and what is expected up
// to an empty line. With -update the files are rewritten.
func TestFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no files in testdata")
	}
	env := plantest.Env(plantest.New())
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) { runFile(t, f, env) })
	}
}

func runFile(t *testing.T, file string, env Env) {
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, block := range strings.SplitAfter(string(src), "\n\n") {
		head, want, ok := strings.Cut(block, "\n----\n")
		if !ok {
			out.WriteString(block)
			continue
		}
		mode, sql, _ := strings.Cut(head, "\n")
		for strings.HasPrefix(mode, "#") {
			mode, sql, _ = strings.Cut(sql, "\n")
		}
		opt := explain.Options{Costs: mode == "costs", Verbose: mode == "verbose"}
		if mode == "json" {
			opt.Format, opt.Costs = explain.JSON, true
		}
		got := planText(sql, env, opt)
		if want = strings.TrimSuffix(want, "\n"); strings.TrimSpace(got) != strings.TrimSpace(want) && !*update {
			t.Errorf("%s\ngot:\n%s\nwant:\n%s", sql, got, want)
		}
		out.WriteString(head + "\n----\n" + strings.TrimRight(got, "\n") + "\n\n")
	}
	if *update {
		if err := os.WriteFile(file, append(bytes.TrimRight(out.Bytes(), "\n"), '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
