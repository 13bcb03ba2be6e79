package lower

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
)

// divideKernels divide i64 lanes by one number that is not zero; divideCodes are what the kernels for lanes call the functions.
var (
	divideKernels = map[graph.BinaryFn]string{graph.Div: "flk_quo_i64", graph.Mod: "flk_mod_i64", graph.Rem: "flk_rem_i64"}
	divideCodes   = map[graph.BinaryFn]int64{graph.Div: 0, graph.Rem: 1, graph.Mod: 2}
)

// divide divides integers, those of 32 bits in 64, where no quotient is too large, and then wraps. A divisor of zero is an error
// of the row.
func (l *lowering) divide(v *graph.Value, fn graph.BinaryFn, x, y *staged.Node) *staged.Node {
	x = l.spread(l.b.Cvt(staged.TI64, x))
	if nonZero(v.Args[1].Constant()) && v.Type.Elem != graph.U64 && !y.Lanes {
		return l.b.Cvt(LaneType(v.Type.Elem), l.kernel(divideKernels[fn], x, l.b.Cast(staged.TI64, y)))
	}
	kernel := "flk_divide_i64"
	if v.Type.Elem == graph.U64 {
		kernel = "flk_divide_u64"
	}
	n := l.kernel(kernel, x, l.spread(l.b.Cvt(staged.TI64, y)), staged.Int(staged.TU32, divideCodes[fn]))
	return l.b.Cvt(LaneType(v.Type.Elem), n)
}

// nonZero tells a constant without zeros.
func nonZero(t *graph.Tensor) bool {
	for i := 0; t != nil && i < t.Size(); i++ {
		if t.Int(i) == 0 {
			return false
		}
	}
	return t != nil
}
