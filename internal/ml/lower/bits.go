package lower

import (
	"math"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
)

// bits applies a function of integers' bits. Lanes shift by counts modulo their width.
func (l *lowering) bits(fn graph.BinaryFn, e graph.Elem, x, y *staged.Node) *staged.Node {
	t := LaneType(e)
	x, y = l.spread(l.num(x, e)), l.spread(l.num(y, e))
	number := func(v int64) *staged.Node { return staged.Int(t, v) }
	switch fn {
	case graph.BitAnd, graph.BitOr, graph.BitXor:
		return l.b.Prim(fn.String()[len("bit"):], t, x, y)
	case graph.ShiftLeft:
		return l.b.Prim("sel", t, l.within(e, y), l.b.Prim("shl", t, x, y), number(0))
	}
	if e == graph.U64 { // the lanes' shift keeps the sign: the first step clears it
		first := l.b.Prim("and", t, l.b.Prim("shr", t, x, number(1)), number(math.MaxInt64))
		rest := l.b.Prim("shr", t, first, l.b.Prim("sub", t, y, number(1)))
		shifted := l.b.Prim("sel", t, l.b.Prim("eq", t, y, number(0)), x, rest)
		return l.b.Prim("sel", t, l.within(e, y), shifted, number(0))
	}
	out := l.b.Prim("shr", t, x, number(int64(e.Held().Bits()-1))) // the sign
	return l.b.Prim("sel", t, l.within(e, y), l.b.Prim("shr", t, x, y), out)
}

// within tells counts that are less than the lanes' width.
func (l *lowering) within(e graph.Elem, y *staged.Node) *staged.Node {
	t := LaneType(e)
	width := staged.Int(t, int64(e.Held().Bits()))
	return l.b.And(l.b.Prim("ge", t, y, staged.Int(t, 0)), l.b.Prim("lt", t, y, width))
}
