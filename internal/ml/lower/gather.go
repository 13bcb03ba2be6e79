package lower

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// gather takes entries of an axis at computed indices; one that is out of range ends the query.
func (l *lowering) gather(o *graph.Gather, table, at *graph.Value) ([]*staged.Node, error) {
	dims := table.Type.Dims
	length, outer, inner := dims[o.Axis], 1, 1
	for _, d := range dims[:o.Axis] {
		outer *= d
	}
	for _, d := range dims[o.Axis+1:] {
		inner *= d
	}
	t := table.Constant()
	if t == nil && outer*inner*length*at.Type.Size() > laneElements {
		return nil, sqlstate.Unsupported("a computed index into a computed tensor of more than %d elements", laneElements)
	}
	indices := l.each(l.elements(at), func(x *staged.Node) *staged.Node { return l.index(l.num(l.spread(x), at.Type.Elem), length) })
	out := make([]*staged.Node, outer*len(indices)*inner)
	for place := range outer {
		for k := range inner {
			// The table along the axis, for each place beside it, is a vector to look up in.
			first := place*length*inner + k
			var find func(at *staged.Node) *staged.Node
			if t != nil {
				find = l.entries(column{t, first, inner, length})
			} else {
				find = l.chosen(table, first, inner, length)
			}
			for j, x := range indices {
				out[(place*len(indices)+j)*inner+k] = find(x)
			}
		}
	}
	return out, nil
}

// chosen returns what finds one of so many elements of v, each a step after the other, at positions (u32 lanes).
func (l *lowering) chosen(v *graph.Value, first, step, size int) func(at *staged.Node) *staged.Node {
	all := l.elements(v)
	return func(at *staged.Node) *staged.Node {
		out := l.spread(all[first])
		for i := 1; i < size; i++ {
			here := l.b.Prim("eq", staged.TU32, at, staged.Int(staged.TU32, int64(i)))
			out = l.choose(v.Type.Elem, here, all[first+i*step], out)
		}
		return out
	}
}

// index checks an index of an axis, which below zero counts from the end, and brings it into the axis (u32 lanes).
func (l *lowering) index(x *staged.Node, length int) *staged.Node {
	t := x.Type
	size, none := staged.Int(t, int64(length)), staged.Int(t, 0)
	x = l.b.Prim("sel", t, l.b.Prim("lt", t, x, none), l.b.Prim("add", t, x, size), x)
	outside := l.b.Or(l.b.Prim("lt", t, x, none), l.b.Prim("ge", t, x, size))
	l.b.RaiseIf(l.b.And(l.rows, outside), string(sqlstate.NumericValueOutOfRange), l.site(), "an index of a model is out of range")
	return l.b.Cvt(staged.TU32, x)
}
