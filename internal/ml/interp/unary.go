package interp

import (
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
)

func unary(op *graph.Unary, out, x *graph.Tensor) {
	switch {
	case op.Fn == graph.Not:
		for i, v := range x.Bool {
			out.Bool[i] = !v
		}
	case op.Fn == graph.IsNaN:
		for i := range out.Bool {
			out.Bool[i] = math.IsNaN(x.Float(i))
		}
	case x.Elem.Held() == graph.I64:
		unaryInt(op.Fn, out.I64, x.I64)
	case x.Elem.Held() == graph.I32:
		unaryInt(op.Fn, out.I32, x.I32)
	case x.Elem.Held() == graph.F32:
		alpha := float64(float32(op.Alpha))
		for i, v := range x.F32 {
			out.F32[i] = float32(unaryFloat(op.Fn, alpha, float64(v)))
		}
	default:
		for i, v := range x.F64 {
			out.F64[i] = unaryFloat(op.Fn, op.Alpha, v)
		}
	}
}

func unaryInt[T int32 | int64](fn graph.UnaryFn, out, x []T) {
	for i, v := range x {
		switch {
		case fn == graph.Sign && v != 0:
			out[i] = 1
			if v < 0 {
				out[i] = -1
			}
		case fn == graph.Neg || fn == graph.Abs && v < 0:
			out[i] = -v
		case fn == graph.Abs:
			out[i] = v
		}
	}
}

// unaryFloat computes in float64; for f32 the caller rounds, which makes the result the nearest but for ties of ties.
func unaryFloat(fn graph.UnaryFn, alpha, x float64) float64 {
	switch fn {
	case graph.Relu:
		if x < 0 {
			return 0
		}
		return x
	case graph.LeakyRelu:
		if x < 0 {
			return alpha * x
		}
		return x
	case graph.Elu:
		if x < 0 {
			return alpha * math.Expm1(x)
		}
		return x
	case graph.Sigmoid:
		return 1 / (1 + math.Exp(-x))
	case graph.Softplus:
		return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
	case graph.Gelu:
		return x / 2 * (1 + math.Erf(x*(math.Sqrt2/2)))
	case graph.GeluTanh:
		return x / 2 * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(x+0.044715*x*x*x)))
	case graph.Neg:
		return -x
	case graph.Sign:
		if x == 0 || math.IsNaN(x) {
			return x
		}
		return math.Copysign(1, x)
	}
	return unaryMath[fn](x)
}

var unaryMath = map[graph.UnaryFn]func(float64) float64{
	graph.Tanh: math.Tanh, graph.Exp: math.Exp, graph.Log: math.Log, graph.Sqrt: math.Sqrt, graph.Abs: math.Abs,
	graph.Floor: math.Floor, graph.Ceil: math.Ceil, graph.Round: math.RoundToEven, graph.Erf: math.Erf,
	graph.Sin: math.Sin, graph.Cos: math.Cos, graph.Tan: math.Tan, graph.Asin: math.Asin, graph.Acos: math.Acos, graph.Atan: math.Atan,
	graph.Sinh: math.Sinh, graph.Cosh: math.Cosh, graph.Asinh: math.Asinh, graph.Acosh: math.Acosh, graph.Atanh: math.Atanh,
}
