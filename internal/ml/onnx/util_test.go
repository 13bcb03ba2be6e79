package onnx

import "github.com/flernd/flernd/internal/ml/graph"

// zeros is an input row of zeros and empty strings.
func zeros(g *graph.Graph) []*graph.Tensor {
	out := make([]*graph.Tensor, len(g.Inputs))
	for i, in := range g.Inputs {
		out[i] = graph.NewTensor(in.Type.Elem, in.Type.Dims...)
	}
	return out
}
