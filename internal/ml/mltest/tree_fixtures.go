package mltest

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TreeFixtures reads the fixtures of trees/ whose models have one of these extensions. Their inputs are the arguments, in
// their order.
func TreeFixtures(t testing.TB, extensions ...string) []Fixture {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(Dir(), "trees", "*.rows"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no fixtures of trees in %s: %v", Dir(), err)
	}
	var out []Fixture
	for _, path := range paths {
		base := strings.TrimSuffix(path, ".rows")
		models, err := filepath.Glob(base + ".[^r]*")
		if err != nil || len(models) != 1 {
			t.Fatalf("models of %s: %v", path, models)
		}
		if !slices.Contains(extensions, filepath.Ext(models[0])) {
			continue
		}
		f := Fixture{Name: filepath.Base(base)}
		if f.File, err = os.ReadFile(models[0]); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		decode(t, path, text, &f)
		f.order = keysOf(t, text)
		out = append(out, f)
	}
	if len(out) == 0 {
		t.Fatalf("no fixtures of %v", extensions)
	}
	return out
}

// keysOf is the keys of the first object in an object, in their order.
func keysOf(t testing.TB, text []byte) []string {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	var keys []string
	for depth := 0; ; {
		token, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			if depth--; depth == 1 {
				return keys
			}
		default:
			if key, ok := token.(string); ok && depth == 2 {
				keys = append(keys, key)
			}
		}
	}
}
