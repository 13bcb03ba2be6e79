package crt

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// sources looks at every file that the C tests are built from: go test takes a result from its cache only while the files
// that a test itself has looked at are as they were.
func sources(t *testing.T) {
	t.Helper()
	for _, dir := range []string{"src", "test"} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			_, err = os.Stat(path)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
