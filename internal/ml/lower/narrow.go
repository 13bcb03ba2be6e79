package lower

import (
	"math"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
)

// narrow brings an element of a narrow type, computed in the lanes it is held in, back into its own.
func (l *lowering) narrow(e graph.Elem, x *staged.Node) *staged.Node {
	switch {
	case !e.IsNarrow() || e == graph.U64:
		return x
	case e == graph.F16:
		return l.kernel("flk_f16_f32", l.spread(x))
	case e == graph.BF16:
		return l.kernel("flk_bf16_f32", l.spread(x))
	case e.IsFloat():
		return l.kernel("flk_"+e.String()+"_f32", l.spread(x))
	}
	t := LaneType(e)
	x = l.spread(l.num(x, e))
	if e.IsUnsigned() {
		return l.b.Prim("and", t, x, staged.Int(t, 1<<e.Bits()-1))
	}
	unused := staged.Int(t, int64(32-e.Bits()))
	return l.b.Prim("shr", t, l.b.Prim("shl", t, x, unused), unused)
}

// input is an element that the query brings: a real that f16 or bf16 does not hold is rounded. Integers are in range.
func (l *lowering) input(e graph.Elem, x *staged.Node) *staged.Node {
	if e.IsFloat() {
		return l.narrow(e, x)
	}
	return x
}

// ordered makes elements of integer type comparable as their lanes are: bits of u64 become i64 of the same order, and back.
func (l *lowering) ordered(e graph.Elem, x *staged.Node) *staged.Node {
	if e != graph.U64 {
		return x
	}
	return l.b.Prim("xor", staged.TI64, l.spread(l.num(x, e)), staged.Int(staged.TI64, math.MinInt64))
}

// fromU64 converts to floats: what is beyond i64 is halved, its last bit kept for rounding, and doubled.
func (l *lowering) fromU64(t *staged.Type, x *staged.Node) *staged.Node {
	i := staged.TI64
	one := staged.Int(i, 1)
	large := l.b.Prim("lt", i, x, staged.Int(i, 0))
	half := l.b.Prim("and", i, l.b.Prim("shr", i, x, one), staged.Int(i, math.MaxInt64))
	half = l.b.Prim("or", i, half, l.b.Prim("and", i, x, one))
	y := l.b.Cvt(t, l.b.Prim("sel", i, large, half, x))
	return l.b.Prim("sel", t, large, l.b.Prim("add", t, y, y), y)
}

// toU64 truncates floats.
func (l *lowering) toU64(x *staged.Node) *staged.Node {
	i, f := staged.TI64, x.Type
	limit := staged.Float(f, 1<<63)
	large := l.b.Prim("oge", f, x, limit)
	y := l.b.Cvt(i, l.b.Prim("sel", f, large, l.b.Prim("sub", f, x, limit), x))
	return l.b.Prim("sel", i, large, l.b.Prim("xor", i, y, staged.Int(i, math.MinInt64)), y)
}
