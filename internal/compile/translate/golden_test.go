package translate

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/compile/cgen"
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner"
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/explain"
)

var update = flag.Bool("update", false, "write the texts of testdata/golden anew")

// cases are the names of the queries in testdata.
func cases(t *testing.T) []string {
	paths, err := filepath.Glob("testdata/*.sql")
	if err != nil || len(paths) == 0 {
		t.Fatal("no queries in testdata", err)
	}
	for i, p := range paths {
		paths[i] = strings.TrimSuffix(filepath.Base(p), ".sql")
	}
	return paths
}

// translated translates a query of testdata and returns the plan as EXPLAIN shows it.
func translated(t *testing.T, name string) (*Program, []string) {
	t.Helper()
	sql, err := os.ReadFile(filepath.Join("testdata", name+".sql"))
	if err != nil {
		t.Fatal(err)
	}
	stmts, err := dialect.Parse(string(sql))
	if err != nil {
		t.Fatal(err)
	}
	p, err := planner.Plan(stmts[0], newCatalog(t).env())
	if err != nil {
		t.Fatal(err)
	}
	plan := explain.Plan(p.Root, explain.Options{})
	prog, err := Translate(p.Root, Options{Header: plan})
	if err != nil {
		t.Fatal(err)
	}
	return prog, plan
}

func functions(p *Program) []*staged.Func {
	all := append([]*staged.Func(nil), p.C.Funcs...)
	for _, pl := range p.C.Pipelines {
		for _, f := range []*staged.Func{pl.Morsels, pl.Prepare, pl.Work, pl.Finish} {
			if f != nil {
				all = append(all, f)
			}
		}
	}
	return all
}

// texts are the stages of a query: the plan and its pipelines, staged code, C of both tiers.
func texts(t *testing.T, name string) map[string]string {
	prog, plan := translated(t, name)
	var pipelines, ir strings.Builder
	pipelines.WriteString(strings.Join(plan, "\n") + "\n\n")
	for _, p := range prog.Pipelines {
		fmt.Fprintln(&pipelines, p)
	}
	for i, f := range functions(prog) {
		if i > 0 {
			ir.WriteByte('\n')
		}
		ir.WriteString(f.String())
	}
	return map[string]string{"pipelines": pipelines.String(), "ir": ir.String(), "best.c": prog.C.Print(cgen.Best), "fast.c": prog.C.Print(cgen.Fast)}
}

// TestGolden compares the stages of each query of testdata with the texts of testdata/golden. On a mismatch the text is
// written beside the expected one, as <golden>.actual.
func TestGolden(t *testing.T) {
	for _, name := range cases(t) {
		t.Run(name, func(t *testing.T) {
			got, again := texts(t, name), texts(t, name)
			for stage, text := range got {
				if text != again[stage] {
					t.Errorf("%s: two translations of one query differ", stage)
				}
				golden(t, filepath.Join("testdata", "golden", name+"."+stage), text)
			}
		})
	}
}

func golden(t *testing.T, path, text string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if text == string(want) {
		_ = os.Remove(path + ".actual")
		return
	}
	if err := os.WriteFile(path+".actual", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Errorf("%s differs from %s.actual at line %d (go test -update takes the new text over)", path, path, firstDifference(string(want), text))
}

func firstDifference(x, y string) int {
	a, b := strings.Split(x, "\n"), strings.Split(y, "\n")
	for i := range a {
		if i >= len(b) || a[i] != b[i] {
			return i + 1
		}
	}
	return len(a) + 1
}

// TestGoldenCompiles has the C compilers check the C of both tiers: the best one for a fixed target, the fast one as the
// fast tier's compiler takes it.
func TestGoldenCompiles(t *testing.T) {
	// Staged pointers know no const. Without the word, what else differs between a call and its kernel shows.
	warnings := strings.Fields("-Dconst= -Wall -Werror -Wno-unused -Wno-psabi -Wno-pointer-sign")
	for _, tier := range []struct {
		name, compiler string
		flags          []string
	}{
		{"best", "gcc", append([]string{"-fsyntax-only", "-march=x86-64-v4"}, warnings...)},
		{"fast", "gcc", append([]string{"-fsyntax-only", "-march=x86-64"}, warnings...)},
		{"fast", "tcc", []string{"-w", "-c", "-o", filepath.Join(t.TempDir(), "golden.o")}},
	} {
		compiler, err := exec.LookPath(tier.compiler)
		if err != nil {
			t.Logf("%s is not installed", tier.compiler)
			continue
		}
		for _, name := range cases(t) {
			t.Run(tier.compiler+"/"+name, func(t *testing.T) {
				args := append(append([]string(nil), tier.flags...), "-I../crt/src", filepath.Join("testdata", "golden", name+"."+tier.name+".c"))
				if out, err := exec.Command(compiler, args...).CombinedOutput(); err != nil {
					t.Errorf("%s %s: %v\n%s", compiler, strings.Join(args, " "), err, firstLines(out, 12))
				}
			})
		}
	}
}

func firstLines(b []byte, n int) []byte {
	lines := bytes.SplitN(b, []byte("\n"), n+1)
	return bytes.Join(lines[:min(n, len(lines))], []byte("\n"))
}
