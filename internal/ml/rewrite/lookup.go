package rewrite

import "github.com/flernd/flernd/internal/ml/graph"

// lookups drops a Lookup whose table gives back the index, as of classes 0, 1, 2 …, and casts a table instead of what is
// found in it.
func lookups(p *pass, v *graph.Value) *graph.Value {
	if op := match[graph.Lookup](v); op != nil && countsUp(op.Table) {
		return p.image[v.Args[0].ID]
	}
	if match[graph.Cast](v) == nil {
		return nil
	}
	op := match[graph.Lookup](v.Args[0])
	if op == nil || !p.only(v.Args[0]) {
		return nil
	}
	t := graph.Of(v.Type.Elem, op.Table.Dims...)
	table := p.fold(v.Op, t, op.Table)
	if p.err != nil {
		return nil
	}
	return p.add(&graph.Lookup{Table: table}, p.of(v.Args[0].Args...)...)
}

func countsUp(t *graph.Tensor) bool {
	for i, x := range t.I64 {
		if x != int64(i) {
			return false
		}
	}
	return t.Elem == graph.I64
}
