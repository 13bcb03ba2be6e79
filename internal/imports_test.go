// Package internal_test holds the map of allowed imports (ARCHITECTURE.md tells the reasons) and checks every package
// of the module against it.
package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/flernd/flernd/"

// layers lists the parts of the module from top to bottom. A package may import its own layer (subject to forbidden
// below) and those after it, never one before it. A package belongs to the layer with the longest matching prefix.
var layers = [][]string{
	{"cmd"},
	{"internal/wire"},
	{"internal/compile"},
	{"internal/planner"},
	{"internal/ml"},
	{"internal/compile/staged", "internal/storage"},
	{"internal/numa"},
	{"internal/storage/sqltype", "internal/wire/sqlstate", "internal/version"},
}

// forbidden refines the layers: packages under the key import nothing under the values. A trailing "$" means the package
// itself, not those below it.
var forbidden = map[string][]string{
	"internal/wire$":            {"internal/planner", "internal/compile", "internal/ml", "internal/storage"},
	"internal/wire/auth":        {"internal/planner", "internal/compile", "internal/ml", "internal/storage", "internal/wire/session"},
	"internal/wire/session":     {"internal/wire$", "internal/compile/translate", "internal/compile/cgen", "internal/compile/staged"},
	"internal/compile/staged":   {"internal/storage/segment", "internal/storage/table", "internal/storage/catalog", "internal/planner"},
	"internal/compile/cc":       {"internal/planner", "internal/ml", "internal/storage"},
	"internal/compile/exec":     {"internal/compile/translate", "internal/compile/cgen", "internal/compile/staged"},
	"internal/compile/refexec":  {"internal/compile/translate", "internal/compile/cgen", "internal/compile/staged"},
	"internal/planner":          {"internal/compile"},
	"internal/planner/logical":  {"internal/planner/bind", "internal/planner/rules", "internal/planner/physical", "internal/planner/dialect"},
	"internal/planner/dialect":  {"internal/planner/bind", "internal/planner/rules", "internal/planner/physical", "internal/planner/logical"},
	"internal/planner/physical": {"internal/planner/dialect", "internal/planner/bind"},
	"internal/ml":               {"internal/compile/cgen", "internal/compile/translate", "internal/planner/dialect"},
	"internal/ml/graph":         {"internal/compile"},
	"internal/ml/onnx":          {"internal/compile"},
	"internal/ml/interp":        {"internal/compile"},
	"internal/ml/registry":      {"internal/compile"},
	"internal/storage":          {"internal/compile"},
}

// exceptions are imports against the layers that are meant.
var exceptions = map[string][]string{}

// confined names the packages that alone may import a library.
var confined = map[string][]string{
	"github.com/jackc/pgproto3":      {"internal/wire"},
	"github.com/pingcap/tidb":        {"internal/planner/dialect"},
	"github.com/spf13/cobra":         {"cmd"},
	"os/exec":                        {"internal/compile/cc", "internal/compile/exec"},
	"github.com/apache/arrow":        {"internal/storage"},
	"go.etcd.io/bbolt":               {"internal/storage"},
	"google.golang.org/protobuf":     {"internal/ml/onnx"},
	"github.com/jackc/pgx":           {},
	"C":                              {},
	"github.com/BurntSushi/toml":     {"cmd"},
	"github.com/wasilibs/go-pgquery": {},
}

// TestImports reads every Go file that is no test and checks each of its imports.
func TestImports(t *testing.T) {
	files := 0
	for _, top := range []string{"../cmd", "../internal"} {
		err := filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
				strings.Contains(path, "/testdata/") {
				return nil
			}
			files++
			checkFile(t, path)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files == 0 {
		t.Fatal("no Go file found")
	}
}

func checkFile(t *testing.T, path string) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Errorf("%s: %v", path, err)
		return
	}
	from := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "../")
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if why := judge(from, imported); why != "" {
			t.Errorf("%s imports %s: %s", path, imported, why)
		}
	}
}

// judge returns why package from may not import the other, "" if it may. Paths of the module are relative to its root.
func judge(from, imported string) string {
	to, ours := strings.CutPrefix(imported, module)
	if !ours {
		for library, allowed := range confined {
			if under(imported, library) && !underAny(from, allowed) {
				return "only these may: " + strings.Join(allowed, ", ")
			}
		}
		return ""
	}
	if underAny(to, exceptions[from]) {
		return ""
	}
	fromLayer, toLayer := layerOf(from), layerOf(to)
	if toLayer < 0 || fromLayer < 0 {
		return "a package is missing in the map of layers"
	}
	if toLayer < fromLayer {
		return "imports point down only"
	}
	for key, values := range forbidden {
		if matches(from, key) {
			for _, value := range values {
				if matches(to, value) && layerOf(to) != len(layers)-1 {
					return key + " may not know " + value
				}
			}
		}
	}
	return ""
}

func layerOf(path string) int {
	layer, longest := -1, -1
	for i, prefixes := range layers {
		for _, prefix := range prefixes {
			if under(path, prefix) && len(prefix) > longest {
				layer, longest = i, len(prefix)
			}
		}
	}
	return layer
}

func under(path, prefix string) bool {
	return path == prefix || strings.HasPrefix(path, prefix+"/")
}

func underAny(path string, prefixes []string) bool {
	for _, prefix := range prefixes {
		if under(path, prefix) {
			return true
		}
	}
	return false
}

// matches is under, where a trailing "$" in the pattern asks for the very package.
func matches(path, pattern string) bool {
	if exact, ok := strings.CutSuffix(pattern, "$"); ok {
		return path == exact
	}
	return under(path, pattern)
}

// TestJudge checks that the map refuses what it is there to refuse.
func TestJudge(t *testing.T) {
	for _, c := range []struct {
		from, imported string
		allowed        bool
	}{
		{"cmd/flernd", module + "internal/wire/instance", true},
		{"internal/wire/session", module + "internal/planner", true},
		{"internal/wire/session", module + "internal/wire", false},
		{"internal/wire", module + "internal/planner", false},
		{"internal/wire", module + "internal/storage/sqltype", true},
		{"internal/storage/table", module + "internal/wire/sqlstate", true},
		{"internal/storage/table", module + "internal/wire", false},
		{"internal/planner/bind", module + "internal/compile/staged", false},
		{"internal/ml/lower", module + "internal/compile/staged", true},
		{"internal/compile/staged", module + "internal/ml/graph", false},
		{"internal/compile", module + "internal/wire/session", false},
		{"internal/planner", "github.com/pingcap/tidb/pkg/parser", false},
		{"internal/planner/dialect", "github.com/pingcap/tidb/pkg/parser", true},
		{"internal/storage/load", "os/exec", false},
		{"internal/planner", "github.com/jackc/pgproto3/v2", false},
		{"internal/wire", "github.com/jackc/pgproto3/v2", true},
		{"internal/wire/session", "strings", true},
	} {
		if why := judge(c.from, c.imported); (why == "") != c.allowed {
			t.Errorf("%s imports %s: allowed %v, judged %q", c.from, c.imported, c.allowed, why)
		}
	}
}
