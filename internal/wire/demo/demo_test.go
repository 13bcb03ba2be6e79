package demo

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestSampleIsTheFixture keeps the embedded copies equal to what testdata/models/make.py made.
func TestSampleIsTheFixture(t *testing.T) {
	for name, embedded := range map[string][]byte{"iris.csv": iris, "classifier.onnx": classifier} {
		fixture, err := os.ReadFile(filepath.Join("../../../testdata/models", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(fixture, embedded) {
			t.Errorf("sample/%s differs from testdata/models/%s", name, name)
		}
	}
}

func TestPrepare(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "models")
	if err := Prepare(dir); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "iris.csv")); err != nil || !bytes.Equal(got, iris) {
		t.Errorf("iris.csv: %d bytes, %v", len(got), err)
	}
}
