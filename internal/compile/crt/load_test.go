package crt

import (
	"os/exec"
	"testing"
)

// TestLoad runs the C tests of the CSV reader and the table sink, for each ISA and under the sanitizers.
func TestLoad(t *testing.T) {
	sources(t)
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("no gcc")
	}
	for _, mode := range []string{"plain", "asan", "tsan"} {
		t.Run(mode, func(t *testing.T) {
			out, err := exec.Command("test/load/run.sh", mode).CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
