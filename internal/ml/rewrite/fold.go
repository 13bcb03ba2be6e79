package rewrite

import (
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/wire/sqlstate"
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
	if t := p.fold(v.Op, v.Type, args...); t != nil {
		return p.constant(t)
	}
	return nil
}

// foldOps is how many operations folding may take, and foldEach that many more for an element of the graph's constants.
const (
	foldOps  = 1 << 27
	foldEach = 32
)

// fold computes an operator of constants, or sets p.err.
func (p *pass) fold(op graph.Op, t graph.Type, args ...*graph.Tensor) *graph.Tensor {
	types := make([]graph.Type, len(args))
	for i, a := range args {
		types[i] = a.Type
	}
	if p.work.left -= graph.Work(op, t, types); p.work.left < 0 {
		p.err = sqlstate.New(sqlstate.ProgramLimitExceeded, "the constants that the model computes take too many operations")
		return nil
	}
	var out *graph.Tensor
	out, p.err = interp.Eval(op, t, args, interp.Options{})
	return out
}
