package interp

import (
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
)

func dense(op *graph.Dense, out, x *graph.Tensor, opt Options) {
	if x.Elem.Held() == graph.F32 {
		step := mulAdd[float32]
		if opt.FMA {
			step = fma32
		}
		denseOf(out.F32, x.F32, op.W.F32, op.B.F32, step)
		return
	}
	step := mulAdd[float64]
	if opt.FMA {
		step = math.FMA
	}
	denseOf(out.F64, x.F64, op.W.F64, op.B.F64, step)
}

// denseOf accumulates from the bias over ascending inputs, with step(a, b, c) = a·b+c in the rounding asked for.
func denseOf[T float](out, x, w, b []T, step func(a, b, c T) T) {
	n := len(b)
	if n == 0 {
		return
	}
	in := len(w) / n
	for r := 0; r*n < len(out); r++ {
		row := x[r*in : (r+1)*in]
		for j := range n {
			acc := b[j]
			for i, v := range row {
				acc = step(v, w[i*n+j], acc)
			}
			out[r*n+j] = acc
		}
	}
}

// mulAdd rounds product and sum apart: the conversion keeps Go's compiler from fusing them.
func mulAdd[T float](a, b, c T) T { return T(a*b) + c }

// fma32 is a·b+c rounded once. The product is exact in float64; the sum is rounded there to odd, so that the second
// rounding, to float32, gives what a single one would.
func fma32(a, b, c float32) float32 {
	p, d := float64(a)*float64(b), float64(c)
	s := p + d
	if math.IsInf(s, 0) || math.IsNaN(s) || s == 0 {
		return float32(s)
	}
	t := s - p
	rest := (p - (s - t)) + (d - t)
	bits := math.Float64bits(s)
	if rest != 0 && bits&1 == 0 {
		if (rest > 0) == (s > 0) {
			bits++
		} else {
			bits--
		}
	}
	return float32(math.Float64frombits(bits))
}
