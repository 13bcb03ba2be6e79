package interp

import (
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
)

func layerNorm(op *graph.LayerNorm, out, x *graph.Tensor) {
	if x.Elem.Held() == graph.F32 {
		layerNormOf(float32(op.Epsilon), out.F32, x.F32, op.Scale.F32, op.Shift.F32)
	} else {
		layerNormOf(op.Epsilon, out.F64, x.F64, op.Scale.F64, op.Shift.F64)
	}
}

func layerNormOf[T float](epsilon T, out, x, scale, shift []T) {
	n := len(scale)
	for ; len(x) > 0; out, x = out[n:], x[n:] {
		m := strands(x[:n]) / T(n)
		squares := make([]T, n)
		for i, v := range x[:n] {
			out[i] = v - m
			squares[i] = out[i] * out[i]
		}
		inverse := 1 / T(math.Sqrt(float64(strands(squares)/T(n)+epsilon)))
		for i := range n {
			out[i] = T(T(out[i]*inverse)*scale[i]) + shift[i]
		}
	}
}

// strands sums as graph.Strands tells.
func strands[T float](x []T) T {
	var part [graph.Strands]T
	for i, v := range x {
		part[i%graph.Strands] += v
	}
	for n := graph.Strands / 2; n > 0; n /= 2 {
		for j := range n {
			part[j] += part[j+n]
		}
	}
	return part[0]
}
