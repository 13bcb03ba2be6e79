package lower

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
)

// vectors calls f for each vector along the last axis.
func vectors(t graph.Type, xs []*staged.Node, f func(x []*staged.Node)) {
	n := t.Last()
	for at := 0; at+n <= len(xs) && n > 0; at += n {
		f(xs[at : at+n])
	}
}

func (l *lowering) softmax(o *graph.Softmax, v *graph.Value, xs []*staged.Node) (out []*staged.Node) {
	t := LaneType(v.Type.Elem)
	vectors(v.Type, xs, func(x []*staged.Node) {
		m := l.spread(x[0])
		for _, e := range x[1:] {
			m = l.extreme("max", t, m, e)
		}
		exps := make([]*staged.Node, len(x))
		var sum *staged.Node
		for i, e := range x {
			exps[i] = l.transcendental("exp", t, l.b.Prim("sub", t, l.spread(e), m))
			if sum == nil {
				sum = exps[i]
			} else {
				sum = l.b.Prim("add", t, sum, exps[i])
			}
		}
		if o.Log {
			log := l.transcendental("log", t, sum)
			for _, e := range x {
				out = append(out, l.b.Prim("sub", t, l.b.Prim("sub", t, l.spread(e), m), log))
			}
			return
		}
		for _, e := range exps {
			out = append(out, l.b.Prim("div", t, e, sum))
		}
	})
	return out
}

// argExtreme keeps the best value so far and its index; the index stays in 32 bits, its range known.
func (l *lowering) argExtreme(o *graph.ArgExtreme, in graph.Type, xs []*staged.Node) (out []*staged.Node) {
	t := LaneType(in.Elem)
	op := "gt"
	if o.Min {
		op = "lt"
	}
	if o.Last {
		op = op[:1] + "e"
	}
	if t.IsFloat() {
		op = "o" + op
	}
	vectors(in, xs, func(x []*staged.Node) {
		best := l.spread(l.ordered(in.Elem, l.num(x[0], in.Elem)))
		index := l.spread(staged.Int(staged.TI32, 0))
		for i, e := range x[1:] {
			e = l.ordered(in.Elem, l.num(e, in.Elem))
			m := l.prim(op, t, l.spread(e), best)
			best = l.b.Prim("sel", t, m, e, best)
			index = l.b.Prim("sel", staged.TI32, m, staged.Int(staged.TI32, int64(i+1)), index)
		}
		out = append(out, index)
	})
	return out
}

func (l *lowering) reduce(o *graph.Reduce, in graph.Type, xs []*staged.Node) (out []*staged.Node) {
	t := LaneType(in.Elem)
	vectors(in, xs, func(x []*staged.Node) {
		acc := l.spread(l.num(x[0], in.Elem))
		for _, e := range x[1:] {
			e = l.num(e, in.Elem)
			switch o.Fn {
			case graph.ReduceSum, graph.ReduceMean:
				acc = l.b.Prim("add", t, acc, e)
			case graph.ReduceMax, graph.ReduceMin:
				name := map[graph.ReduceFn]string{graph.ReduceMax: "max", graph.ReduceMin: "min"}[o.Fn]
				if t.IsFloat() {
					acc = l.extreme(name, t, acc, e)
				} else {
					acc = l.ordered(in.Elem, l.b.Prim(name, t, l.ordered(in.Elem, acc), l.ordered(in.Elem, e)))
				}
			default:
				acc = l.b.Prim("mul", t, acc, e)
			}
		}
		if o.Fn == graph.ReduceMean && t.IsFloat() {
			acc = l.b.Prim("div", t, acc, staged.Float(t, float64(len(x))))
		}
		out = append(out, acc)
	})
	return out
}

// normalize divides a vector by its norm; a vector of norm zero stays.
func (l *lowering) normalize(o *graph.Normalize, typ graph.Type, xs []*staged.Node) (out []*staged.Node) {
	t := LaneType(typ.Elem)
	vectors(typ, xs, func(x []*staged.Node) {
		var norm *staged.Node
		for _, e := range x {
			e = l.spread(e)
			var term *staged.Node
			switch o.Norm {
			case graph.L2:
				term = l.b.Prim("mul", t, e, e)
			case graph.L1:
				term = l.b.Prim("abs", t, e)
			default:
				term = e
			}
			switch {
			case norm == nil:
				norm = term
			case o.Norm == graph.L1 || o.Norm == graph.L2:
				norm = l.b.Prim("add", t, norm, term)
			default:
				norm = l.extreme("max", t, norm, term)
			}
		}
		if o.Norm == graph.L2 {
			norm = l.b.Prim("sqrt", t, norm)
		}
		zero := l.b.Prim("oeq", t, norm, staged.Float(t, 0))
		norm = l.b.Prim("sel", t, zero, staged.Float(t, 1), norm)
		for _, e := range x {
			out = append(out, l.b.Prim("div", t, l.spread(e), norm))
		}
	})
	return out
}
