package mltest

import (
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

var (
	comments  = regexp.MustCompile(`(?s)/\*.*?\*/`)
	enumLists = regexp.MustCompile(`enum\s*\w*\s*\{([^}]*)\}`)
)

// Enum checks that the numbers that Go has for an enum of the runtime are the runtime's: of names that begin with a prefix, in a
// file of crt/src. None may be missing on either side but for those in without, which Go has no use for.
func Enum(t *testing.T, file, prefix string, of map[string]int, without ...string) {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	text, err := os.ReadFile(filepath.Join(filepath.Dir(here), "..", "..", "compile", "crt", "src", file))
	if err != nil {
		t.Fatal(err)
	}
	theirs := map[string]int{}
	for _, list := range enumLists.FindAllStringSubmatch(comments.ReplaceAllString(string(text), ""), -1) {
		next := 0
		for _, entry := range strings.Split(list[1], ",") {
			name, value, given := strings.Cut(entry, "=")
			if name = strings.TrimSpace(name); name == "" {
				continue
			}
			if given {
				if next, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
					t.Fatalf("%s: %s: %v", file, name, err)
				}
			}
			if strings.HasPrefix(name, prefix) {
				theirs[strings.TrimPrefix(name, prefix)] = next
			}
			next++
		}
	}
	for _, name := range without {
		if _, there := theirs[name]; !there {
			t.Errorf("%s has no %s%s", file, prefix, name)
		}
		delete(theirs, name)
	}
	for name, n := range of {
		if c, there := theirs[name]; !there || c != n {
			t.Errorf("%s%s is %d here, in %s %d (there: %t)", prefix, name, n, file, c, there)
		}
		delete(theirs, name)
	}
	for name, n := range theirs {
		t.Errorf("%s%s, which is %d in %s, has no number here", prefix, name, n, file)
	}
}
