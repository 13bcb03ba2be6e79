package rewrite

import "github.com/flernd/flernd/internal/ml/graph"

// scalarOperand takes the axes from an operand of one element, a constant or a Reshape, where the other operand gives the
// result its shape.
func scalarOperand(p *pass, v *graph.Value) *graph.Value {
	if match[graph.Binary](v) == nil && match[graph.Compare](v) == nil {
		return nil
	}
	args := p.of(v.Args...)
	for i, a := range v.Args {
		other := v.Args[1-i]
		if a.Type.Size() != 1 || a.Type.Rank() == 0 || len(other.Type.Dims) < len(v.Type.Dims) {
			continue
		}
		switch c := a.Constant(); {
		case c != nil:
			args[i] = p.constant(c.Reshaped())
		case match[graph.Reshape](a) != nil:
			args[i] = p.add(&graph.Reshape{}, p.of(a.Args...)...)
		default:
			continue
		}
		return p.add(v.Op, args...)
	}
	return nil
}
