package lower

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/trees"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// trees is one kernel call. Features that have all been widened from f32 are taken as they were.
func (l *lowering) trees(o *graph.TreeEnsemble, e graph.Elem, xs []*staged.Node) ([]*staged.Node, error) {
	if len(xs) == 0 || len(xs) > trees.MaxFeatures {
		return nil, sqlstate.Unsupported("a tree ensemble of %d features", len(xs))
	}
	if narrow := l.unwidened(xs); e == graph.F64 && narrow != nil {
		e, xs = graph.F32, narrow
	}
	xs = l.each(xs, l.spread)
	var sums []*staged.Node
	if l.opt.Joined != nil {
		sums = l.opt.Joined.of(l, o, e, xs)
	}
	if sums == nil {
		sums = l.treesKernel(o.Targets, e, xs, l.data.Trees(o, e))
	}
	return l.each(sums, func(x *staged.Node) *staged.Node { return l.b.Cvt(LaneType(o.Out), x) }), nil
}

func (l *lowering) treesKernel(targets int, e graph.Elem, xs []*staged.Node, data *staged.Node) []*staged.Node {
	outs := make([]*staged.Type, targets)
	for i := range outs {
		outs[i] = staged.TF64
	}
	return l.b.Kernel(l.blk, &staged.Kernel{Func: "flk_trees_" + LaneType(e).Suffix(), Outs: outs,
		Args: []staged.Arg{staged.W, staged.Outs, staged.List(xs), staged.A(data), staged.A(l.rows), staged.N}})
}

// unwidened is the f32 lanes that all of xs are conversions of, nil if some are not.
func (l *lowering) unwidened(xs []*staged.Node) []*staged.Node {
	out := make([]*staged.Node, len(xs))
	for i, x := range xs {
		if x.Op != staged.OpPrim || x.Name != "cvt_f64_f32" {
			return nil
		}
		out[i] = x.Args[0]
	}
	return out
}
