package interp

import (
	"math"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

func softmax(op *graph.Softmax, out, x *graph.Tensor) {
	if x.Elem.Held() == graph.F32 {
		softmaxOf(op.Log, out.F32, x.F32, x.Last())
	} else {
		softmaxOf(op.Log, out.F64, x.F64, x.Last())
	}
}

func softmaxOf[T float](log bool, out, x []T, n int) {
	for ; len(x) > 0; out, x = out[n:], x[n:] {
		m := x[0]
		for _, v := range x[1:n] {
			m = maxOf(m, v)
		}
		var sum T
		for i, v := range x[:n] {
			out[i] = T(math.Exp(float64(v - m)))
			sum += out[i]
		}
		for i, v := range x[:n] {
			if log {
				out[i] = (v - m) - T(math.Log(float64(sum)))
			} else {
				out[i] /= sum
			}
		}
	}
}

func argExtreme(op *graph.ArgExtreme, out, x *graph.Tensor) {
	switch x.Elem.Held() {
	case graph.F32:
		argExtremeOf(op, out.I64, x.F32, x.Last())
	case graph.F64:
		argExtremeOf(op, out.I64, x.F64, x.Last())
	case graph.I64:
		if x.Elem == graph.U64 {
			argExtremeOf(op, out.I64, unsigned(x.I64), x.Last())
			return
		}
		argExtremeOf(op, out.I64, x.I64, x.Last())
	case graph.I32:
		argExtremeOf(op, out.I64, x.I32, x.Last())
	}
}

func argExtremeOf[T number](op *graph.ArgExtreme, out []int64, x []T, n int) {
	for r := range out {
		row := x[r*n : (r+1)*n]
		best := 0
		for i, v := range row {
			better := v > row[best]
			if op.Min {
				better = v < row[best]
			}
			if better || op.Last && v == row[best] {
				best = i
			}
		}
		out[r] = int64(best)
	}
}

func reduce(fn graph.ReduceFn, out, x *graph.Tensor) {
	switch x.Elem.Held() {
	case graph.F32:
		reduceOf(fn, out.F32, x.F32, x.Last())
	case graph.F64:
		reduceOf(fn, out.F64, x.F64, x.Last())
	case graph.I64:
		if x.Elem == graph.U64 {
			reduceOf(fn, unsigned(out.I64), unsigned(x.I64), x.Last())
			return
		}
		reduceOf(fn, out.I64, x.I64, x.Last())
	case graph.I32:
		reduceOf(fn, out.I32, x.I32, x.Last())
	}
}

func reduceOf[T number](fn graph.ReduceFn, out, x []T, n int) {
	for r := range out {
		row := x[r*n : (r+1)*n]
		acc := row[0]
		for _, v := range row[1:] {
			switch fn {
			case graph.ReduceMax:
				acc = maxOf(acc, v)
			case graph.ReduceMin:
				acc = minOf(acc, v)
			case graph.ReduceProd:
				acc *= v
			default:
				acc += v
			}
		}
		if fn == graph.ReduceMean {
			acc /= T(n)
		}
		out[r] = acc
	}
}

func normalize(norm graph.Norm, out, x *graph.Tensor) {
	if x.Elem.Held() == graph.F32 {
		normalizeOf(norm, out.F32, x.F32, x.Last())
	} else {
		normalizeOf(norm, out.F64, x.F64, x.Last())
	}
}

func normalizeOf[T float](norm graph.Norm, out, x []T, n int) {
	for ; len(x) > 0; out, x = out[n:], x[n:] {
		var sum T
		for _, v := range x[:n] {
			switch {
			case norm == graph.L2:
				sum += T(v * v)
			case norm == graph.L1:
				sum += T(math.Abs(float64(v)))
			}
		}
		if norm == graph.Highest {
			sum = slices.Max(x[:n])
		}
		if norm == graph.L2 {
			sum = T(math.Sqrt(float64(sum)))
		}
		for i, v := range x[:n] {
			out[i] = v
			if sum != 0 {
				out[i] = v / sum
			}
		}
	}
}
