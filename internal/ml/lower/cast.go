package lower

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
)

// cast converts an element. The primitives do what a graph's Cast says of floats that no integer holds.
func (l *lowering) cast(o *graph.Cast, from graph.Elem, x *staged.Node) *staged.Node {
	t := LaneType(o.To)
	x = l.spread(l.num(x, from))
	switch {
	case from == o.To:
		return x
	case from == graph.U64 && o.To.IsFloat():
		return l.fromU64(t, x)
	case o.To == graph.U64 && from.IsFloat():
		return l.toU64(x)
	case o.To == graph.U32 && from == graph.I32:
		return l.b.Cvt(t, x)
	case from.IsFloat() && o.To.IsInt() && o.To.IsNarrow():
		return l.b.Cvt(t, l.b.Cvt(staged.TI64, x))
	case from == graph.Bool:
		return l.b.Cvt(t, l.b.Prim("mk", staged.TI32, x))
	case o.To == graph.Bool && from.IsFloat():
		return l.b.Not(l.b.Prim("oeq", x.Type, x, l.zero(x.Type)))
	case o.To == graph.Bool:
		return l.b.Prim("ne", x.Type, x, l.zero(x.Type))
	}
	return l.b.Cvt(t, x)
}
