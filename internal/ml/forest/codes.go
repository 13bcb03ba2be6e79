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
