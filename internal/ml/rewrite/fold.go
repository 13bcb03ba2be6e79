package rewrite

import (
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/interp"
)

// foldConstants computes what has only constants as arguments.
func foldConstants(p *pass, v *graph.Value) *graph.Value {
	if _, control := v.Op.(graph.Control); control || len(v.Args) == 0 {
		return nil // a loop may take long
	}
	args := make([]*graph.Tensor, len(v.Args))
	for i, a := range p.of(v.Args...) {
		if args[i] = a.Constant(); args[i] == nil {
			return nil
		}
	}
	t, err := interp.Eval(v.Op, v.Type, args, interp.Options{})
	if err != nil {
		p.err = err
		return nil
	}
	return p.constant(t)
}
