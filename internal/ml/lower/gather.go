package lower

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// gather takes entries of an axis of a constant table at computed indices; one that is out of range ends the query.
func (l *lowering) gather(o *graph.Gather, table, at *graph.Value) ([]*staged.Node, error) {
	t := table.Constant()
	if t == nil {
		return nil, sqlstate.Unsupported("a computed index into a computed tensor")
	}
	indices := l.each(l.elements(at), func(x *staged.Node) *staged.Node { return l.index(l.num(l.spread(x), at.Type.Elem), t.Dims[o.Axis]) })
	outer, inner := 1, 1
	for i, d := range t.Dims {
		if i < o.Axis {
			outer *= d
		} else if i > o.Axis {
			inner *= d
		}
	}
	// A column of the table along the axis, for each place beside it, is a vector to look up in.
	entries := func(place, k int) []*staged.Node {
		length := t.Dims[o.Axis]
		return l.each(indices, l.entries(column{t, place*length*inner + k, inner, length}))
	}
	out := make([]*staged.Node, outer*len(indices)*inner)
	for place := range outer {
		for k := range inner {
			for j, n := range entries(place, k) {
				out[(place*len(indices)+j)*inner+k] = n
			}
		}
	}
	return out, nil
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
