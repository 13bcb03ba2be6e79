package lower

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// divideKernels divide i64 lanes by one number.
var divideKernels = map[graph.BinaryFn]string{graph.Div: "flk_quo_i64", graph.Mod: "flk_mod_i64", graph.Rem: "flk_rem_i64"}

// divide divides integers by constants; those of 32 bits in 64, where no quotient is too large, and then wraps.
func (l *lowering) divide(v *graph.Value, fn graph.BinaryFn, args [][]*staged.Node) ([]*staged.Node, error) {
	by := v.Args[1].Constant()
	if by == nil {
		return nil, sqlstate.Unsupported("integer division by what is not constant in a model in a compiled query")
	}
	for _, d := range integers(by) {
		if d == 0 {
			return nil, sqlstate.New(sqlstate.DivisionByZero, "division by zero in a model's integer arithmetic")
		}
	}
	return l.pairs(v, args, func(x, y *staged.Node) *staged.Node {
		n := l.kernel(divideKernels[fn], l.spread(l.b.Cvt(staged.TI64, x)), y)
		return l.b.Cvt(laneType(v.Type.Elem), n)
	}), nil
}
