package translate

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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

// checker is a C compiler that checks the C of a tier: of the best one for two fixed targets, of the fast one as its compiler
// takes it, and with the warnings of one that has more to say.
type checker struct {
	name string
	tier cgen.Tier
	args []string
}

func checkers(t *testing.T) []checker {
	// Staged pointers know no const. Without the word, what else differs between a call and its kernel shows.
	warnings := strings.Fields("-x c - -fsyntax-only -Dconst= -Wall -Werror -Wno-unused -Wno-psabi -Wno-pointer-sign")
	all := []checker{
		{"gcc", cgen.Best, append([]string{"-march=x86-64-v4"}, warnings...)},
		{"gcc", cgen.Best, append([]string{"-march=x86-64-v3"}, warnings...)}, // masks of another type
		{"gcc", cgen.Fast, append([]string{"-march=x86-64"}, warnings...)},
		{"tcc", cgen.Fast, []string{"-w", "-c", "-o", filepath.Join(t.TempDir(), "checked.o"), "-"}},
	}
	return slices.DeleteFunc(all, func(c checker) bool {
		_, err := exec.LookPath(c.name)
		if err != nil {
			t.Logf("%s is not installed", c.name)
		}
		return err != nil
	})
}

// check is what the compiler says against a text.
func (c checker) check(text string) error {
	cmd := exec.Command(c.name, append([]string{"-I../crt/src"}, c.args...)...)
	cmd.Stdin = strings.NewReader(text)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, firstLines(out, 12))
	}
	return nil
}

// TestGoldenCompiles has the C compilers check the texts of testdata/golden.
func TestGoldenCompiles(t *testing.T) {
	for _, c := range checkers(t) {
		for _, name := range cases(t) {
			text, err := os.ReadFile(filepath.Join("testdata", "golden", name+map[cgen.Tier]string{cgen.Best: ".best.c", cgen.Fast: ".fast.c"}[c.tier]))
			if err != nil {
				t.Fatal(err)
			}
			if err := c.check(string(text)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func firstLines(b []byte, n int) []byte {
	lines := bytes.SplitN(b, []byte("\n"), n+1)
	return bytes.Join(lines[:min(n, len(lines))], []byte("\n"))
}
