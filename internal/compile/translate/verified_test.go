package translate

import (
	"testing"

	"github.com/flernd/flernd/internal/compile/staged"
)

// TestVerified checks the staged code of each query of testdata by the layer's verifier.
func TestVerified(t *testing.T) {
	for _, name := range cases(t) {
		prog, _ := translated(t, name)
		for _, f := range functions(prog) {
			if err := staged.Verify(f); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
