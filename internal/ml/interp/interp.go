// Package interp evaluates a model graph in Go, one row at a time: plainly, slowly and by the letter of ml/graph's
// comments. Tests compare compiled models with it, and ml/rewrite and the importers fold constants with it. It knows
// nothing of files, SQL or generated code.
package interp

import (
	"unsafe"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Options choose between the roundings that kernels may have.
type Options struct {
	// FMA makes Dense multiply and add with one rounding, as the AVX2 and AVX-512 kernels do.
	FMA bool
	// BF16 makes products with weights of f32 those of bf16, as ml/lower has them where they are asked for.
	BF16 bool
}

// Run computes the graph's outputs for one row. The inputs are in the order of g.Inputs and have exactly their types.
func Run(g *graph.Graph, inputs []*graph.Tensor, opt Options) ([]*graph.Tensor, error) {
	if len(inputs) != len(g.Inputs) {
		return nil, sqlstate.New(sqlstate.InternalError, "model %s takes %d inputs, not %d", g.Name, len(g.Inputs), len(inputs))
	}
	vals := make([]*graph.Tensor, len(g.Values))
	for i, v := range g.Inputs {
		if !inputs[i].Type.Equal(v.Type) {
			return nil, sqlstate.New(sqlstate.InternalError, "input %q is %s, not %s", v.Name, v.Type, inputs[i].Type)
		}
		vals[v.ID] = inputs[i]
	}
	tuples := map[*graph.Value][]*graph.Tensor{} // results of control operators
	for _, v := range g.Values {
		if vals[v.ID] != nil {
			continue
		}
		if r, ok := v.Op.(*graph.Result); ok {
			vals[v.ID] = tuples[v.Args[0]][r.Index]
			continue
		}
		args := make([]*graph.Tensor, len(v.Args))
		for i, a := range v.Args {
			args[i] = vals[a.ID]
		}
		if op, ok := v.Op.(graph.Control); ok {
			var err error
			if tuples[v], err = control(op, args, opt); err != nil {
				return nil, err
			}
			continue
		}
		t, err := Eval(v.Op, v.Type, args, opt)
		if err != nil {
			return nil, err
		}
		vals[v.ID] = t
	}
	out := make([]*graph.Tensor, len(g.Outputs))
	for i, o := range g.Outputs {
		out[i] = vals[o.Value.ID]
	}
	return out, nil
}

// Eval computes one operator other than Input, whose result has the inferred type t. Arguments are not changed; the
// result may share their elements.
func Eval(op graph.Op, t graph.Type, args []*graph.Tensor, opt Options) (*graph.Tensor, error) {
	out, err := wide(op, t, args, opt)
	if err == nil && graph.Computes(op) {
		out.Narrow()
	}
	return out, err
}

// wide leaves the elements of narrow types as wide as they are held.
func wide(op graph.Op, t graph.Type, args []*graph.Tensor, opt Options) (*graph.Tensor, error) {
	out := graph.NewTensor(t.Elem, t.Dims...)
	switch op := op.(type) {
	case *graph.Constant:
		return op.Value, nil
	case *graph.Dense:
		if opt.BF16 && op.W.Elem == graph.F32 && op.W.Size() > 0 {
			denseBF16(op, out, args[0], opt)
		} else {
			dense(op, out, args[0], opt)
		}
	case *graph.MatMul:
		matMul(out, args[0], args[1], opt)
	case *graph.Conv:
		if opt.BF16 && op.W.Elem == graph.F32 && !op.Depthwise() {
			convBF16(op, out, args[0], opt)
		} else {
			conv(op, out, args[0], opt)
		}
	case *graph.Pool:
		pool(op, out, args[0])
	case *graph.Recurrent:
		return out, recurrent(op, out, args, opt)
	case *graph.Gather:
		return out, gather(op, out, args[0], args[1])
	case *graph.Unary:
		unary(op, out, args[0])
	case *graph.Binary:
		return out, binary(op.Fn, out, args[0], args[1])
	case *graph.Compare:
		compare(op.Fn, out, args[0], args[1])
	case *graph.Where:
		where(out, args[0], args[1], args[2])
	case *graph.Softmax:
		softmax(op, out, args[0])
	case *graph.ArgExtreme:
		argExtreme(op, out, args[0])
	case *graph.Reduce:
		reduce(op.Fn, out, args[0])
	case *graph.Normalize:
		normalize(op.Norm, out, args[0])
	case *graph.Attention:
		attention(op, out, args, opt)
	case *graph.LayerNorm:
		layerNorm(op, out, args[0])
	case *graph.Concat:
		concat(out, args)
	case *graph.JoinLast:
		joinLast(out, args)
	case *graph.Pick:
		return args[0].Picked(op.Index, op.Dims...), nil
	case *graph.Reshape:
		return args[0].Reshaped(op.Dims...), nil
	case *graph.Cast:
		cast(out, args[0])
	case *graph.BitCast:
		bitCast(out, args[0])
	case *graph.Lookup:
		return out, lookup(op.Table, out, args[0])
	case *graph.Map:
		mapKeys(op, out, args[0])
	case *graph.Distance:
		distance(op, out, args[0], opt)
	case *graph.TopK:
		topK(op, out, args[0])
	case *graph.Couple:
		couple(op, out, args[0])
	case *graph.Require:
		return args[0], require(op, args[1])
	case *graph.Recase:
		recase(op, out, args[0])
	case *graph.Join:
		join(out, args[0], args[1])
	case *graph.Matches:
		matches(op, out, args[0])
	case *graph.Hash:
		hash(op, out, args[0])
	case *graph.Vectorize:
		vectorize(op, out, args[0])
	case *graph.TreeEnsemble:
		trees(op, out, args[0])
	default:
		return nil, sqlstate.New(sqlstate.InternalError, "model operator %s has no evaluation", op.Name())
	}
	return out, nil
}

// float is the element types that arithmetic on reals is done in.
type float interface{ float32 | float64 }

// integer is the element types of arithmetic on integers.
type integer interface{ int32 | int64 | uint64 }

// number is the element types of arithmetic.
type number interface{ float | integer }

// unsigned is the elements of a tensor of u64.
func unsigned(v []int64) []uint64 {
	return unsafe.Slice((*uint64)(unsafe.Pointer(unsafe.SliceData(v))), len(v))
}
