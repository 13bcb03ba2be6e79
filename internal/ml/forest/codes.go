package forest

import (
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
)

// Codes maps categories to their numbers from 0, in element type e. A category that is not among them is a missing value.
func Codes(categories *graph.Tensor, e graph.Elem) *graph.Map {
	codes := graph.NewTensor(e, categories.Size())
	for i := range codes.Size() {
		codes.SetFloat(i, float64(i))
	}
	return graph.NewMap(categories, codes, graph.Scalar(e, math.NaN()))
}

// CheckNames reports the first of the features' names that is given twice.
func CheckNames(names []string) error {
	seen := make(map[string]bool, len(names))
	for _, name := range names {
		if seen[name] {
			return invalid("two features are named %.60q", name)
		}
		seen[name] = true
	}
	return nil
}
