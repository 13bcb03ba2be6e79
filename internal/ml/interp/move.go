package interp

import (
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

func concat(out *graph.Tensor, args []*graph.Tensor) {
	i := 0
	for _, a := range args {
		for j := range a.Size() {
			out.CopyElem(i, a, j)
			i++
		}
	}
}

func joinLast(out *graph.Tensor, args []*graph.Tensor) {
	i := 0
	for v := range out.Size() / max(1, out.Last()) {
		for _, a := range args {
			for j := range a.Last() {
				out.CopyElem(i, a, v*a.Last()+j)
				i++
			}
		}
	}
}

func cast(out, x *graph.Tensor) {
	for i := range out.Size() {
		switch {
		case out.Elem == x.Elem:
			out.CopyElem(i, x, i)
		case out.Elem == graph.Bool:
			out.Bool[i] = x.Float(i) != 0
		case out.Elem == graph.U64 && x.Elem.IsFloat() && x.Float(i) >= 1<<63:
			x := graph.Scalar(graph.F64, x.Float(i)-1<<63)
			out.I64[i] = toInt(x, 0, math.MinInt64, -(1<<63), 1<<63) ^ math.MinInt64
		case out.Elem == graph.I32 && !x.Elem.IsInt():
			out.I32[i] = int32(toInt(x, i, math.MinInt32, -(1<<31)-1, 1<<31))
		case out.Elem.IsInt():
			out.SetInt(i, toInt(x, i, math.MinInt64, -(1<<63), 1<<63))
		case out.Elem == graph.F32 && x.Elem == graph.U64:
			out.F32[i] = float32(uint64(x.I64[i]))
		case out.Elem == graph.F32 && x.Elem == graph.I64:
			out.F32[i] = float32(x.I64[i])
		default:
			out.SetFloat(i, x.Float(i))
		}
	}
}

func bitCast(out, x *graph.Tensor) {
	for i := range out.Size() {
		switch {
		case out.Elem == graph.F32:
			out.F32[i] = math.Float32frombits(uint32(x.I32[i]))
		case out.Elem == graph.F64:
			out.F64[i] = math.Float64frombits(uint64(x.I64[i]))
		case out.Elem == graph.I32:
			out.I32[i] = int32(math.Float32bits(x.F32[i]))
		default:
			out.I64[i] = int64(math.Float64bits(x.F64[i]))
		}
	}
}

// toInt truncates element i toward zero if it lies between low and high, both of which do not fit themselves (but for
// the least int64, which is the answer for what does not fit too).
func toInt(x *graph.Tensor, i int, least int64, low, high float64) int64 {
	if x.Elem.IsInt() {
		return x.Int(i)
	}
	if v := x.Float(i); v > low && v < high {
		return int64(v)
	}
	return least
}

func lookup(table, out, x *graph.Tensor) error {
	for i, j := range x.I64 {
		if j < 0 || j >= int64(table.Size()) {
			return sqlstate.New(sqlstate.InternalError, "index %d is outside the model's table of %d", j, table.Size())
		}
		out.CopyElem(i, table, int(j))
	}
	return nil
}

func mapKeys(op *graph.Map, out, x *graph.Tensor) {
	for i := range out.Size() {
		out.CopyElem(i, op.Default, 0)
		for k := range op.Keys.Size() {
			if sameKey(x, i, op.Keys, k) {
				out.CopyElem(i, op.Values, k)
				break
			}
		}
	}
}

func sameKey(x *graph.Tensor, i int, keys *graph.Tensor, k int) bool {
	switch x.Elem.Held() {
	case graph.String:
		return x.Str[i] == keys.Str[k]
	case graph.I64, graph.I32:
		return x.Int(i) == keys.Int(k)
	}
	a, b := x.Float(i), keys.Float(k)
	return a == b || a != a && b != b
}
