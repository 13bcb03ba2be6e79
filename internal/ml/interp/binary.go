package interp

import (
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

func binary(fn graph.BinaryFn, out, a, b *graph.Tensor) error {
	ia, ib := broadcast(out.Dims, a.Dims), broadcast(out.Dims, b.Dims)
	switch out.Elem.Held() {
	case graph.F32:
		binaryOf(out.F32, a.F32, b.F32, ia, ib, floatFn[float32](fn))
	case graph.F64:
		binaryOf(out.F64, a.F64, b.F64, ia, ib, floatFn[float64](fn))
	case graph.Bool:
		binaryOf(out.Bool, a.Bool, b.Bool, ia, ib, boolFns[fn])
	case graph.I64:
		if out.Elem == graph.U64 {
			return binaryInt(fn, unsigned(out.I64), unsigned(a.I64), unsigned(b.I64), ia, ib)
		}
		return binaryInt(fn, out.I64, a.I64, b.I64, ia, ib)
	case graph.I32:
		return binaryInt(fn, out.I32, a.I32, b.I32, ia, ib)
	}
	return nil
}

func binaryOf[T any](out, a, b []T, ia, ib []int32, f func(x, y T) T) {
	for i := range out {
		out[i] = f(a[ia[i]], b[ib[i]])
	}
}

func floatFn[T float](fn graph.BinaryFn) func(x, y T) T {
	switch fn {
	case graph.Add:
		return func(x, y T) T { return x + y }
	case graph.Sub:
		return func(x, y T) T { return x - y }
	case graph.Mul:
		return func(x, y T) T { return x * y }
	case graph.Div:
		return func(x, y T) T { return x / y }
	case graph.Rem:
		return func(x, y T) T { return T(math.Mod(float64(x), float64(y))) }
	case graph.Min:
		return minOf[T]
	case graph.Max:
		return maxOf[T]
	}
	return func(x, y T) T { return T(math.Pow(float64(x), float64(y))) }
}

// minOf is the lesser, NaN if either is.
func minOf[T number](x, y T) T {
	if y < x || y != y {
		return y
	}
	return x
}

// maxOf is the greater, NaN if either is.
func maxOf[T number](x, y T) T {
	if x < y || y != y {
		return y
	}
	return x
}

var boolFns = map[graph.BinaryFn]func(x, y bool) bool{
	graph.And: func(x, y bool) bool { return x && y },
	graph.Or:  func(x, y bool) bool { return x || y },
	graph.Xor: func(x, y bool) bool { return x != y },
}

func binaryInt[T integer](fn graph.BinaryFn, out, a, b []T, ia, ib []int32) error {
	for i := range out {
		x, y := a[ia[i]], b[ib[i]]
		switch fn {
		case graph.Add:
			out[i] = x + y
		case graph.Sub:
			out[i] = x - y
		case graph.Mul:
			out[i] = x * y
		case graph.Min:
			out[i] = minOf(x, y)
		case graph.Max:
			out[i] = maxOf(x, y)
		case graph.BitAnd:
			out[i] = x & y
		case graph.BitOr:
			out[i] = x | y
		case graph.BitXor:
			out[i] = x ^ y
		case graph.ShiftLeft:
			out[i] = x << shiftCount(y)
		case graph.ShiftRight:
			out[i] = x >> shiftCount(y)
		default:
			if y == 0 {
				return sqlstate.New(sqlstate.DivisionByZero, "division by zero in a model's integer arithmetic")
			}
			out[i] = divided(fn, x, y)
		}
	}
	return nil
}

// shiftCount is y, or what shifts all bits out; so is a negative number.
func shiftCount[T integer](y T) uint64 { return min(uint64(y), 64) }

func divided[T integer](fn graph.BinaryFn, x, y T) T {
	if fn == graph.Div {
		return x / y
	}
	rest := x % y
	if fn == graph.Mod && rest != 0 && rest < 0 != (y < 0) {
		rest += y
	}
	return rest
}

// broadcast gives, for each flat element of a tensor of shape out, the flat element of one of shape arg it is paired with.
func broadcast(out, arg []int) []int32 {
	n := graph.Of(graph.Bool, out...).Size()
	index := make([]int32, n)
	// Walk the axes from the last: an axis of length 1 stays at 0, every other advances by the stride so far.
	step, inner := 1, 1
	for k := len(out) - 1; k >= 0 && n > 0; k-- {
		j := k - (len(out) - len(arg))
		if j >= 0 && arg[j] != 1 {
			for i := range index {
				index[i] += int32(i / inner % out[k] * step)
			}
			step *= arg[j]
		}
		inner *= out[k]
	}
	return index
}
