package interp

import (
	"cmp"
	"math"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

func distance(op *graph.Distance, out, x *graph.Tensor, opt Options) {
	if x.Elem == graph.F32 {
		step := mulAdd[float32]
		if opt.FMA {
			step = fma32
		}
		distanceOf(op.Power, out.F32, x.F32, op.Points.F32, x.Last(), step)
		return
	}
	step := mulAdd[float64]
	if opt.FMA {
		step = math.FMA
	}
	distanceOf(op.Power, out.F64, x.F64, op.Points.F64, x.Last(), step)
}

func distanceOf[T float](power int, out, x, points []T, features int, step func(a, b, c T) T) {
	count := len(points) / features
	for r := range out {
		row, p := x[r/count*features:], points[r%count*features:]
		var acc T
		for i := range features {
			d := row[i] - p[i]
			if power == 2 {
				acc = step(d, d, acc)
				continue
			}
			a := T(math.Abs(float64(d)))
			term := a
			for range power - 1 {
				term = T(term * a)
			}
			acc += term
		}
		out[r] = acc
	}
}

// topK sorts all; only an order of ties by place gives what a stable sort does.
func topK(op *graph.TopK, out, x *graph.Tensor) {
	n := x.Last()
	for at := 0; at < x.Size(); at += n {
		order := make([]int, n)
		for i := range order {
			order[i] = at + i
		}
		slices.SortStableFunc(order, func(i, j int) int {
			if op.Min {
				return compareElems(x, i, j)
			}
			return compareElems(x, j, i)
		})
		for k, i := range order[:op.K] {
			to := at/n*op.K + k
			if op.Indices {
				out.I64[to] = int64(i - at)
			} else {
				out.CopyElem(to, x, i)
			}
		}
	}
}

// compareElems orders two elements of a tensor of numbers; NaN is the greatest.
func compareElems(x *graph.Tensor, i, j int) int {
	if x.Elem.IsInt() {
		return cmp.Compare(x.Int(i), x.Int(j))
	}
	a, b := x.Float(i), x.Float(j)
	if a != a || b != b {
		return cmp.Compare(b, a) // there NaN is the least
	}
	return cmp.Compare(a, b)
}

func couple(op *graph.Couple, out, x *graph.Tensor) {
	k := op.Classes
	r, q := make([][]float32, k), make([][]float32, k)
	for i := range k {
		r[i], q[i] = make([]float32, k), make([]float32, k)
	}
	pair := 0
	for i := range k {
		for j := i + 1; j < k; j++ {
			r[i][j], r[j][i] = x.F32[pair], 1-x.F32[pair]
			pair++
		}
	}
	p, qp := out.F32, make([]float32, k)
	for t := range k {
		p[t] = 1 / float32(k)
		for j := range k {
			if j != t {
				q[t][t] += float32(r[j][t] * r[j][t])
				q[t][j] = -float32(r[j][t] * r[t][j])
			}
		}
	}
	for range max(100, k) {
		var total, worst float32
		for t := range k {
			qp[t] = 0
			for j := range k {
				qp[t] += float32(q[t][j] * p[j])
			}
			total += float32(p[t] * qp[t])
		}
		for t := range k {
			worst = max(worst, float32(math.Abs(float64(qp[t]-total))))
		}
		if worst < 0.005/float32(k) {
			return
		}
		for t := range k {
			d := (-qp[t] + total) / q[t][t]
			by := 1 + d
			p[t] += d
			total = (total + float32(d*(float32(d*q[t][t])+float32(2*qp[t])))) / by / by
			for j := range k {
				qp[j] = (qp[j] + float32(d*q[t][j])) / by
				p[j] /= by
			}
		}
	}
}
