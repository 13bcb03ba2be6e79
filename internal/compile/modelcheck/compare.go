package modelcheck

import (
	"fmt"
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
)

// tolerance is how far an element may be from the expected one: absolute + relative · |expected|, as in the suite's own runner.
func tolerance(e graph.Elem) (relative, absolute float64) {
	switch e {
	case graph.F16:
		return 1e-3, 1e-3
	case graph.BF16:
		return 1e-2, 1e-2
	}
	return 1e-3, 1e-7
}

// differs says how got differs from want; "" if it does not, within the tolerance of its type.
func differs(got, want *graph.Tensor) string {
	if !got.Type.Equal(want.Type) {
		return fmt.Sprintf("it is %s, not %s", got.Type, want.Type)
	}
	relative, absolute := tolerance(want.Elem)
	for i := range want.Size() {
		switch {
		case want.Elem == graph.String:
			if got.Str[i] != want.Str[i] {
				return fmt.Sprintf("element %d is %q, not %q", i, got.Str[i], want.Str[i])
			}
		case want.Elem.IsInt():
			if got.Int(i) != want.Int(i) {
				return fmt.Sprintf("element %d is %d, not %d", i, got.Int(i), want.Int(i))
			}
		default:
			if x, y := got.Float(i), want.Float(i); !near(x, y, relative, absolute) {
				return fmt.Sprintf("element %d is %v, not %v", i, x, y)
			}
		}
	}
	return ""
}

func near(x, y, relative, absolute float64) bool {
	if x == y || math.IsNaN(x) && math.IsNaN(y) {
		return true
	}
	return math.Abs(x-y) <= absolute+relative*math.Abs(y)
}
