package rewrite

import "github.com/flernd/flernd/internal/ml/graph"

// topKRoot chooses among distances before their roots are taken: roots keep the order, and only those chosen need one.
func topKRoot(p *pass, v *graph.Value) *graph.Value {
	o := match[graph.TopK](v)
	if o == nil {
		return nil
	}
	root := v.Args[0].Op
	switch r := root.(type) {
	case *graph.Unary:
		if r.Fn != graph.Sqrt {
			return nil
		}
	case *graph.Binary:
		if e := v.Args[0].Args[1].Constant(); r.Fn != graph.Pow || e == nil || e.Size() != 1 || !(e.Float(0) > 0) {
			return nil
		}
	default:
		return nil
	}
	if match[graph.Distance](v.Args[0].Args[0]) == nil { // others may be negative
		return nil
	}
	args := p.of(v.Args[0].Args...)
	best := p.add(o, args[0])
	if o.Indices {
		return best
	}
	args[0] = best
	return p.add(root, args...)
}
