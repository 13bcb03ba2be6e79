package lower

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// distance is one kernel call a vector.
func (l *lowering) distance(o *graph.Distance, xs []*staged.Node) (out []*staged.Node) {
	t := LaneType(o.Points.Elem)
	count, features := o.Points.Dims[0], o.Points.Dims[1]
	points := l.data.Floats(o.Points, false)
	for at := 0; at < len(xs); at += features {
		out = append(out, l.listKernel("flk_distance_"+t.Suffix(), t, count, xs[at:at+features],
			staged.A(points), u32(o.Power), u32(features), u32(count))...)
	}
	return out
}

// nearestOnly adds the distances that nothing reads but choices of the least: those are one kernel with them.
func nearestOnly(g *graph.Graph, inside map[*graph.Value]bool) {
	read := map[*graph.Value]bool{}
	for _, o := range g.Outputs {
		read[o.Value] = true
	}
	for _, v := range g.Values {
		top, ok := v.Op.(*graph.TopK)
		for _, a := range v.Args {
			read[a] = read[a] || !ok || !top.Min
		}
	}
	for _, v := range g.Values {
		if _, ok := v.Op.(*graph.Distance); ok && !read[v] {
			inside[v] = true
		}
	}
}

// nearest chooses among the distances to points.
func (l *lowering) nearest(o *graph.TopK, d *graph.Distance, xs []*staged.Node) (out []*staged.Node) {
	t := LaneType(d.Points.Elem)
	name, result := "flk_nearest_"+t.Suffix(), t
	if o.Indices {
		name, result = "flk_nearest_index_"+t.Suffix(), staged.TI32
	}
	count, features := d.Points.Dims[0], d.Points.Dims[1]
	points := l.data.Floats(d.Points, false)
	for at := 0; at < len(xs); at += features {
		out = append(out, l.listKernel(name, result, o.K, xs[at:at+features],
			staged.A(points), u32(d.Power), u32(features), u32(count), u32(o.K))...)
	}
	return out
}

// topK keeps a short list in order, for elements or for their places.
func (l *lowering) topK(o *graph.TopK, in graph.Type, xs []*staged.Node) (out []*staged.Node) {
	t := LaneType(in.Elem)
	if in.Elem.IsInt() {
		t = staged.TI64
	}
	least := 0
	if o.Min {
		least = 1
	}
	vectors(in, xs, func(x []*staged.Node) {
		wide := l.each(x, func(n *staged.Node) *staged.Node { return l.b.Cvt(t, l.spread(n)) })
		if o.Indices {
			out = append(out, l.listKernel("flk_top_index_"+t.Suffix(), staged.TI32, o.K, wide, u32(len(x)), u32(o.K), u32(least))...)
			return
		}
		best := l.listKernel("flk_top_"+t.Suffix(), t, o.K, wide, u32(len(x)), u32(o.K), u32(least))
		out = append(out, l.each(best, func(n *staged.Node) *staged.Node { return l.num(n, in.Elem) })...)
	})
	return out
}

func (l *lowering) couple(o *graph.Couple, xs []*staged.Node) []*staged.Node {
	return l.listKernel("flk_couple_f32", staged.TF32, o.Classes, xs, u32(o.Classes))
}

// require ends the query where a condition is false in one of the model's rows.
func (l *lowering) require(o *graph.Require, xs, oks []*staged.Node) []*staged.Node {
	for _, ok := range oks {
		l.b.RaiseIf(l.b.AndNot(l.rows, ok), string(sqlstate.InvalidParameterValue), l.site(), o.Message)
	}
	return xs
}

func u32(v int) staged.Arg { return staged.A(staged.Int(staged.TU32, int64(v))) }

// listKernel calls a kernel from a list of lanes to another of so many lanes of t; its parameters end with the block's rows.
func (l *lowering) listKernel(name string, t *staged.Type, count int, xs []*staged.Node, params ...staged.Arg) []*staged.Node {
	outs := make([]*staged.Type, count)
	for i := range outs {
		outs[i] = t
	}
	args := []staged.Arg{staged.Outs, staged.List(l.each(xs, l.spread))}
	if sig := staged.Kernels[name]; sig.Params[0].Kind == staged.ParamWorker {
		args = append([]staged.Arg{staged.W}, args...)
	}
	return l.b.Kernel(l.blk, &staged.Kernel{Func: name, Outs: outs, Args: append(append(args, params...), staged.N)})
}
