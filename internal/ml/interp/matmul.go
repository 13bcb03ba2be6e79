package interp

import (
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
)

func matMul(out, a, b *graph.Tensor, opt Options) {
	if out.Elem.Held() == graph.F32 {
		step := mulAdd[float32]
		if opt.FMA {
			step = fma32
		}
		matMulOf(out, a, b, out.F32, a.F32, b.F32, step)
		return
	}
	step := mulAdd[float64]
	if opt.FMA {
		step = math.FMA
	}
	matMulOf(out, a, b, out.F64, a.F64, b.F64, step)
}

// matMulOf is a Dense without bias for each pair of matrices.
func matMulOf[T float](out, a, b *graph.Tensor, o, x, w []T, step func(a, b, c T) T) {
	rank := out.Rank()
	m, n, k := out.Dims[rank-2], out.Dims[rank-1], a.Last()
	outer := graph.Of(out.Elem, out.Dims[:rank-2]...)
	zero := make([]T, n)
	for i := range outer.Size() {
		p := flatOf(outer.Dims, a.Dims[:a.Rank()-2], i) * m * k
		q := flatOf(outer.Dims, b.Dims[:b.Rank()-2], i) * k * n
		denseOf(o[i*m*n:(i+1)*m*n], x[p:p+m*k], w[q:q+k*n], zero, step)
	}
}

// flatOf is the flat position, in a tensor of the given shape that was broadcast to dims, of flat element i.
func flatOf(dims, of []int, i int) int {
	at, stride := 0, 1
	for k := len(dims) - 1; k >= 0; k-- {
		c := i % dims[k]
		i /= dims[k]
		if j := k - (len(dims) - len(of)); j >= 0 {
			if of[j] != 1 {
				at += c * stride
			}
			stride *= of[j]
		}
	}
	return at
}
