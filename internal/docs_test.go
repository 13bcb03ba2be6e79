package internal_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// documents are the texts for people that name code.
func documents(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	paths, err := filepath.Glob("../docs/decisions/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(paths, "../README.md", "../ARCHITECTURE.md", "../docs/glossary.md", "../docs/models.md") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[path] = string(text)
	}
	return texts
}

var (
	fencedCode = regexp.MustCompile("(?s)```.*?```")
	inlineCode = regexp.MustCompile("`([^`\n]+)`")
	fileName   = regexp.MustCompile(`^[\w./-]+\.(go|c|h|md|def|py|json|service)$`)
	link       = regexp.MustCompile(`\]\(([^)#]+)\)`)
	upperName  = regexp.MustCompile(`[A-Z]\w+`)
)

// TestDocumentsNameFiles: every file that a document names exists, under the path given or with it as its end.
func TestDocumentsNameFiles(t *testing.T) {
	var files []string
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "build") {
			return filepath.SkipDir
		}
		files = append(files, "/"+filepath.ToSlash(path))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	exists := func(name string) bool {
		for _, file := range files {
			if strings.HasSuffix(file, "/"+name) {
				return true
			}
		}
		return false
	}
	for path, text := range documents(t) {
		for _, match := range inlineCode.FindAllStringSubmatch(fencedCode.ReplaceAllString(text, ""), -1) {
			if name := match[1]; fileName.MatchString(name) && !exists(name) {
				t.Errorf("%s: there is no file %s", path, name)
			}
		}
		for _, match := range link.FindAllStringSubmatch(text, -1) {
			target := filepath.Join(filepath.Dir(path), match[1])
			if _, err := os.Stat(target); err != nil && !strings.Contains(match[1], "://") {
				t.Errorf("%s: the link to %s leads nowhere", path, match[1])
			}
		}
	}
}

// TestDecisionsAreNumbered: decisions are numbered from 1 without gaps, and each carries its number in its title.
func TestDecisionsAreNumbered(t *testing.T) {
	paths, err := filepath.Glob("../docs/decisions/*.md")
	if err != nil || len(paths) == 0 {
		t.Fatal("no decisions found", err)
	}
	for i, path := range paths { // Glob sorts
		number := fmt.Sprintf("%04d", i+1)
		if !strings.HasPrefix(filepath.Base(path), number+"-") {
			t.Errorf("%s should be number %s", path, number)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if want := "# " + number + ": "; !strings.HasPrefix(string(text), want) {
			t.Errorf("%s: the title does not begin with %q", path, want)
		}
	}
}

// TestGeneratedCodeInDocuments: the C that ARCHITECTURE.md shows is what is generated, line by line.
func TestGeneratedCodeInDocuments(t *testing.T) {
	var golden strings.Builder
	for _, name := range []string{"filter_sum.best.c", "filter_sum.fast.c", "predict.best.c"} {
		text, err := os.ReadFile("compile/translate/testdata/golden/" + name)
		if err != nil {
			t.Fatal(err)
		}
		golden.Write(text)
	}
	blocks := regexp.MustCompile("(?s)```c\n(.*?)```").FindAllStringSubmatch(documents(t)["../ARCHITECTURE.md"], -1)
	if len(blocks) == 0 {
		t.Fatal("no C found")
	}
	for _, block := range blocks {
		for _, line := range strings.Split(block[1], "\n") {
			if line = strings.TrimSpace(line); line != "" && line != "…" && !strings.Contains(golden.String(), line) {
				t.Errorf("no program has this line: %s", line)
			}
		}
	}
}

// TestOperatorsInDocuments: the table of docs/models.md, which `flernd model check` prints, has every ONNX operator that has an
// import, or the text around it names it.
func TestOperatorsInDocuments(t *testing.T) {
	source, err := os.ReadFile("ml/onnx/ops.go")
	if err != nil {
		t.Fatal(err)
	}
	list := documents(t)["../docs/models.md"]
	listed := map[string]bool{}
	for _, name := range upperName.FindAllString(list, -1) {
		listed[name] = true
	}
	for _, match := range regexp.MustCompile(`"([A-Z]\w+)":`).FindAllStringSubmatch(string(source), -1) {
		if !listed[match[1]] {
			t.Errorf("docs/models.md does not name the operator %s", match[1])
		}
	}
}
