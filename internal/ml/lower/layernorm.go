package lower

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
)

// layerNorm standardises vectors, each element a lane value.
func (l *lowering) layerNorm(o *graph.LayerNorm, typ graph.Type, xs []*staged.Node) (out []*staged.Node) {
	t := LaneType(typ.Elem)
	scale, shift := l.constant(o.Scale), l.constant(o.Shift)
	vectors(typ, xs, func(x []*staged.Node) {
		n := staged.Float(t, float64(len(x)))
		mean := l.b.Prim("div", t, l.strands(t, x), n)
		d := l.each(x, func(e *staged.Node) *staged.Node { return l.b.Prim("sub", t, l.spread(e), mean) })
		squares := l.each(d, func(e *staged.Node) *staged.Node { return l.b.Prim("mul", t, e, e) })
		variance := l.b.Prim("div", t, l.strands(t, squares), n)
		root := l.b.Prim("sqrt", t, l.b.Prim("add", t, variance, staged.Float(t, o.Epsilon)))
		inverse := l.prim("div", t, staged.Float(t, 1), root)
		for i, e := range d {
			e = l.b.Prim("mul", t, l.b.Prim("mul", t, e, inverse), scale[i])
			out = append(out, l.b.Prim("add", t, e, shift[i]))
		}
	})
	return out
}

// strands sums as graph.Strands tells.
func (l *lowering) strands(t *staged.Type, x []*staged.Node) *staged.Node {
	part := make([]*staged.Node, graph.Strands)
	for j := range part {
		part[j] = l.spread(staged.Float(t, 0))
	}
	for i, e := range x {
		part[i%graph.Strands] = l.b.Prim("add", t, part[i%graph.Strands], l.spread(e))
	}
	for n := graph.Strands / 2; n > 0; n /= 2 {
		for j := range n {
			part[j] = l.b.Prim("add", t, part[j], part[j+n])
		}
	}
	return part[0]
}
