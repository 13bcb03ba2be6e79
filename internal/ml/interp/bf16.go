package interp

import (
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
)

// halves has the elements of an axis rounded to bf16, in pairs of which the second one comes first: products of them in ascending
// order are those of the kernels' pairs. An odd number of the `per` elements that a sum goes over is made even by a zero.
func halves(x *graph.Tensor, axis, per int) *graph.Tensor {
	even := (per + 1) / 2 * 2
	dims := append([]int(nil), x.Dims...)
	dims[axis] = dims[axis] / per * even
	out := graph.NewTensor(x.Elem, dims...)
	inner, along := sizeOf(x.Dims[axis+1:]), x.Dims[axis]
	for i, v := range x.F32 {
		outer, at, rest := i/(inner*along), i/inner%along, i%inner
		out.F32[(outer*dims[axis]+at/per*even+(at%per^1))*inner+rest] = half(v)
	}
	return out
}

// half is rounded to bf16; what is below the least normal number is zero.
func half(v float32) float32 {
	if math.Abs(float64(v)) < 0x1p-126 {
		return float32(math.Copysign(0, float64(v)))
	}
	return float32(graph.NarrowFloat(graph.BF16, float64(v)))
}

func denseBF16(op *graph.Dense, out, x *graph.Tensor, opt Options) {
	in := op.W.Dims[0]
	dense(&graph.Dense{W: halves(op.W, 0, in), B: op.B}, out, halves(x, x.Rank()-1, in), opt)
}

func convBF16(op *graph.Conv, out, x *graph.Tensor, opt Options) {
	channels, axis := op.W.Dims[1], 0
	if op.ChannelsLast {
		axis = x.Rank() - 1
	}
	of := *op
	of.W = halves(op.W, 1, channels)
	conv(&of, out, halves(x, axis, channels), opt)
}
