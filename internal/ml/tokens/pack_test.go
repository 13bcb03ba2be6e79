package tokens

import (
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/mltest"
)

func TestNumbersAreTheRuntimes(t *testing.T) {
	mltest.Enum(t, "tokens.h", "TOKENS_", map[string]int{"ELEMENTS": elements, "CHARACTERS": characters, "MATCHES": matches, "SEPARATED": separated,
		"COUNTS": int(graph.Counts), "PRESENT": int(graph.Present), "WEIGHTED": int(graph.Weighted)})
}
