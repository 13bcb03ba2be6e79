package rewrite

import "github.com/flernd/flernd/internal/ml/graph"

// denseBias adds a constant into the bias of the Dense it is added to.
func denseBias(p *pass, v *graph.Value) *graph.Value {
	d, c := denseThen(p, v, graph.Add)
	if d == nil {
		return nil
	}
	op := d.Op.(*graph.Dense)
	return p.add(&graph.Dense{W: op.W, B: added(op.B, c)}, p.of(d.Args...)...)
}

// denseThen matches v as fn of a Dense that nothing else uses, and a constant that is one number for each of its outputs.
func denseThen(p *pass, v *graph.Value, fn graph.BinaryFn) (d *graph.Value, c []float64) {
	op := match[graph.Binary](v)
	if op == nil || op.Fn != fn {
		return nil, nil
	}
	d = v.Args[0]
	if match[graph.Dense](d) == nil || !p.only(d) || !d.Type.Equal(v.Type) {
		return nil, nil
	}
	if c = perElement(v.Args[1], d.Type.Last()); c == nil {
		return nil, nil
	}
	return d, c
}

// perElement spreads a constant to one number for each element of a last axis of length n; nil if it is not constant or
// varies along other axes too.
func perElement(v *graph.Value, n int) []float64 {
	t := v.Constant()
	if t == nil || !t.Elem.IsFloat() || t.Size() != 1 && (t.Size() != n || t.Last() != n) {
		return nil
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = t.Float(i % t.Size())
	}
	return out
}
