package translate

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
)

// distanceKernels compute a number of two vectors.
var distanceKernels = map[logical.Func]string{logical.L2Distance: "flk_l2_distance", logical.L1Distance: "flk_l1_distance",
	logical.CosineDistance: "flk_cosine_distance", logical.InnerProduct: "flk_inner_product", logical.NegativeInnerProduct: "flk_inner_product"}

// vectorCall builds the functions of vectors that give numbers.
func (f *fn) vectorCall(r *row, e *logical.Call, args []Value) Value {
	for i := range args {
		args[i] = f.packed(r, args[i])
	}
	out := Value{Rep: RF64, Type: e.Typ, Valid: f.valid(args...)}
	active := f.rows(r, args...)
	if e.Func == logical.VectorNorm || e.Func == logical.Normalize {
		v := f.spread(r, args[0].N)
		if out.N = f.runAt(r, "flk_vector_norm", active, 0, v); e.Func == logical.Normalize {
			out.Rep, out.N = RVector, f.runAt(r, "flk_vector_normalize", active, e.Pos, v, out.N)
		}
		return out
	}
	out.N = f.runAt(r, distanceKernels[e.Func], active, e.Pos, args[0].N, args[1].N)
	if e.Func == logical.NegativeInnerProduct {
		out.N = f.b.Prim("neg", staged.TF64, out.N)
	}
	return out
}

// vectorArith builds + - * of vectors, element by element.
func (f *fn) vectorArith(r *row, e *logical.Call, args []Value) Value {
	x, y := f.packed(r, args[0]), f.packed(r, args[1])
	out := Value{Rep: RVector, Type: e.Typ, Valid: f.valid(x, y)}
	out.N = f.runAt(r, "flk_vector_"+arithOps[e.Func], f.rows(r, x, y), e.Pos, f.spread(r, x.N), f.spread(r, y.N))
	return out
}
