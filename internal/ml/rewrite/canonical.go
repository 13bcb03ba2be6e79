package rewrite

import "github.com/flernd/flernd/internal/ml/graph"

// canonical puts the constant operand second where the operator allows it, and writes x-c as x+(-c), so that other rules
// have fewer forms to know.
func canonical(p *pass, v *graph.Value) *graph.Value {
	if len(v.Args) != 2 {
		return nil
	}
	a, b := v.Args[0], v.Args[1]
	left := a.Constant() != nil && b.Constant() == nil
	switch op := v.Op.(type) {
	case *graph.Compare:
		if left {
			return p.add(&graph.Compare{Fn: mirrored[op.Fn]}, p.of(b, a)...)
		}
	case *graph.Binary:
		if left && op.Fn.Commutes() {
			return p.add(op, p.of(b, a)...)
		}
		if c := b.Constant(); op.Fn == graph.Sub && c != nil && c.Elem.IsFloat() {
			minus := graph.NewTensor(c.Elem, c.Dims...)
			for i := range c.Size() {
				minus.SetFloat(i, -c.Float(i))
			}
			return p.add(&graph.Binary{Fn: graph.Add}, p.image[a.ID], p.constant(minus))
		}
	}
	return nil
}

// mirrored is the comparison with its operands exchanged.
var mirrored = map[graph.CompareFn]graph.CompareFn{graph.Eq: graph.Eq, graph.Ne: graph.Ne, graph.Lt: graph.Gt,
	graph.Le: graph.Ge, graph.Gt: graph.Lt, graph.Ge: graph.Le}
