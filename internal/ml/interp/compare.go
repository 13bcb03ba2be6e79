package interp

import (
	"cmp"

	"github.com/flernd/flernd/internal/ml/graph"
)

func compare(fn graph.CompareFn, out, a, b *graph.Tensor) {
	ia, ib := broadcast(out.Dims, a.Dims), broadcast(out.Dims, b.Dims)
	for i := range out.Bool {
		x, y := int(ia[i]), int(ib[i])
		switch {
		case a.Elem == graph.String:
			out.Bool[i] = compareOf(fn, a.Str[x], b.Str[y])
		case a.Elem == graph.U64:
			out.Bool[i] = compareOf(fn, uint64(a.I64[x]), uint64(b.I64[y]))
		case a.Elem.IsInt():
			out.Bool[i] = compareOf(fn, a.Int(x), b.Int(y))
		default:
			out.Bool[i] = compareOf(fn, a.Float(x), b.Float(y))
		}
	}
}

func compareOf[T cmp.Ordered](fn graph.CompareFn, x, y T) bool {
	switch fn {
	case graph.Eq:
		return x == y
	case graph.Ne:
		return x != y
	case graph.Lt:
		return x < y
	case graph.Le:
		return x <= y
	case graph.Gt:
		return x > y
	}
	return x >= y
}

func where(out, c, a, b *graph.Tensor) {
	ic, ia, ib := broadcast(out.Dims, c.Dims), broadcast(out.Dims, a.Dims), broadcast(out.Dims, b.Dims)
	for i := range ic {
		if c.Bool[ic[i]] {
			out.CopyElem(i, a, int(ia[i]))
		} else {
			out.CopyElem(i, b, int(ib[i]))
		}
	}
}
