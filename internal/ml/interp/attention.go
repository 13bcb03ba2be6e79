package interp

import (
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
)

func attention(op *graph.Attention, out *graph.Tensor, args []*graph.Tensor, opt Options) {
	if out.Elem.Held() == graph.F32 {
		step := mulAdd[float32]
		if opt.FMA {
			step = fma32
		}
		attentionOf(op, out, args, func(t *graph.Tensor) []float32 { return t.F32 }, step)
		return
	}
	step := mulAdd[float64]
	if opt.FMA {
		step = math.FMA
	}
	attentionOf(op, out, args, func(t *graph.Tensor) []float64 { return t.F64 }, step)
}

func attentionOf[T float](op *graph.Attention, out *graph.Tensor, args []*graph.Tensor, elems func(*graph.Tensor) []T, step func(a, b, c T) T) {
	q, k, v, o := elems(args[0]), elems(args[1]), elems(args[2]), elems(out)
	n := out.Rank() - 3
	heads, ns, nt, nd, ne := out.Dims[n+1], out.Dims[n], args[1].Dims[n], args[0].Last(), out.Last()
	scores := append(append([]int(nil), out.Dims[:n]...), heads, ns, nt)
	w := make([]T, nt)
	for i := range len(o) / max(ne, 1) { // each vector of the result: lead, s and h
		h, s, lead := i%heads, i/heads%ns, i/heads/ns
		for t := range w {
			var x T
			for d := range nd {
				x = step(q[i*nd+d], k[((lead*nt+t)*heads+h)*nd+d], x)
			}
			w[t] = T(x * T(op.Scale))
			if len(args) == 4 {
				at := flatOf(scores, args[3].Dims, ((lead*heads+h)*ns+s)*nt+t)
				switch m := args[3]; {
				case m.Elem != graph.Bool:
					w[t] += elems(m)[at]
				case !m.Bool[at]:
					w[t] = T(op.Fill)
				}
			}
		}
		weights(w)
		for e := range ne {
			var x T
			for t := range w {
				x = step(w[t], v[((lead*nt+t)*heads+h)*ne+e], x)
			}
			o[i*ne+e] = x
		}
	}
}

// weights replaces scores by their softmax.
func weights[T float](w []T) {
	m := w[0]
	for _, x := range w {
		m = maxOf(m, x)
	}
	for t, x := range w {
		w[t] = T(math.Exp(float64(x - m)))
	}
	inverse := 1 / strands(w)
	for t := range w {
		w[t] *= inverse
	}
}
