package rewrite

import "github.com/flernd/flernd/internal/ml/graph"

// concatenation flattens nested Concats, looks through Reshapes of their arguments, and drops a Concat of one vector.
func concatenation(p *pass, v *graph.Value) *graph.Value {
	op := match[graph.Concat](v)
	if op == nil {
		return nil
	}
	if len(v.Args) == 1 {
		return p.add(&graph.Reshape{Dims: v.Type.Dims}, p.of(v.Args...)...)
	}
	var args []*graph.Value
	changed := false
	for _, a := range v.Args {
		switch {
		case match[graph.Reshape](a) != nil:
			args = append(args, a.Args[0])
			changed = true
		case match[graph.Concat](a) != nil && p.only(a):
			args = append(args, a.Args...)
			changed = true
		case a.Type.Size() == 0:
			changed = true
		default:
			args = append(args, a)
		}
	}
	if !changed || len(args) == 0 {
		return nil
	}
	return p.add(op, p.of(args...)...)
}
