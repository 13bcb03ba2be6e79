package crt

import (
	"os/exec"
	"testing"
)

// TestKernels builds and runs the C tests of the kernels for every instruction set of this machine.
func TestKernels(t *testing.T) {
	sources(t)
	if testing.Short() {
		t.Skip("builds the kernels three times")
	}
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("no gcc")
	}
	out, err := exec.Command("sh", "test/run.sh").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
