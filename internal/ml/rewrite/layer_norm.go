package rewrite

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// layerNorm makes one operator of (x-m)/√(v+ε), as which converters write LayerNormalization, m and v the last axis's mean and variance.
func layerNorm(p *pass, v *graph.Value) *graph.Value {
	d, root := quotient(v)
	sub, sqrt := binaryOf(d, graph.Sub), unaryOf(root, graph.Sqrt)
	if sub == nil || sqrt == nil || !v.Type.Equal(d.Type) || v.Type.Rank() == 0 {
		return nil
	}
	sum := binaryOf(sqrt.Args[0], graph.Add)
	if sum == nil || meanOf(sub.Args[1]) != sub.Args[0] || !onePerVector(sub.Args[1], d) || !onePerVector(root, d) {
		return nil
	}
	epsilon := sum.Args[1].Constant()
	square := meanOf(sum.Args[0])
	if epsilon == nil || epsilon.Size() != 1 || square == nil {
		return nil
	}
	if mul := binaryOf(square, graph.Mul); mul == nil || mul.Args[0] != d || mul.Args[1] != d {
		return nil
	}
	e, n := v.Type.Elem, v.Type.Last()
	one, zero := graph.NewTensor(e, n), graph.NewTensor(e, n)
	for i := range n {
		one.SetFloat(i, 1)
	}
	return p.add(&graph.LayerNorm{Scale: one, Shift: zero, Epsilon: epsilon.Float(0)}, p.of(sub.Args[0])...)
}

// quotient is v as a/b, also where it is a·(1/b).
func quotient(v *graph.Value) (a, b *graph.Value) {
	if binaryOf(v, graph.Div) != nil {
		return v.Args[0], v.Args[1]
	}
	if binaryOf(v, graph.Mul) != nil {
		for i, x := range v.Args {
			if x = unshaped(x); binaryOf(x, graph.Div) != nil && isAll(x.Args[0], 1) {
				return v.Args[1-i], x.Args[1]
			}
		}
	}
	return nil, nil
}

// meanOf is the value whose last axis v is the mean of; nil if v is something else.
func meanOf(v *graph.Value) *graph.Value {
	m := unshaped(v)
	if r := match[graph.Reduce](m); r == nil || r.Fn != graph.ReduceMean {
		return nil
	}
	return m.Args[0]
}

// onePerVector reports whether v broadcasts as one number for each vector along x's last axis.
func onePerVector(v, x *graph.Value) bool {
	kept := slices.Clone(x.Type.Dims)
	kept[len(kept)-1] = 1
	return slices.Equal(v.Type.Dims, kept) || v.Type.Size() == 1 && x.Type.Rank() == 1
}

// unshaped looks through a Reshape.
func unshaped(v *graph.Value) *graph.Value {
	if match[graph.Reshape](v) != nil {
		return v.Args[0]
	}
	return v
}

// binaryOf is v if it is fn of something, else nil; v may be nil.
func binaryOf(v *graph.Value, fn graph.BinaryFn) *graph.Value {
	if v != nil {
		if op := match[graph.Binary](v); op != nil && op.Fn == fn {
			return v
		}
	}
	return nil
}

// unaryOf is the same for unary functions; it looks through a Reshape.
func unaryOf(v *graph.Value, fn graph.UnaryFn) *graph.Value {
	if v != nil {
		v = unshaped(v)
		if op := match[graph.Unary](v); op != nil && op.Fn == fn {
			return v
		}
	}
	return nil
}

// layerNormAffine takes a product with, or a sum of, one number for each element of the last axis into a LayerNorm before it.
func layerNormAffine(p *pass, v *graph.Value) *graph.Value {
	op := match[graph.Binary](v)
	if op == nil || op.Fn != graph.Mul && op.Fn != graph.Add || !p.only(v.Args[0]) || !v.Args[0].Type.Equal(v.Type) {
		return nil
	}
	norm := match[graph.LayerNorm](v.Args[0])
	if norm == nil {
		return nil
	}
	c := perElement(v.Args[1], v.Type.Last())
	if c == nil {
		return nil
	}
	scale, shift := norm.Scale, norm.Shift
	if op.Fn == graph.Mul {
		scale, shift = multiplied(scale, c), multiplied(shift, c)
	} else {
		shift = added(shift, c)
	}
	if !finite(scale) || !finite(shift) {
		return nil
	}
	return p.add(&graph.LayerNorm{Scale: scale, Shift: shift, Epsilon: norm.Epsilon}, p.of(v.Args[0].Args...)...)
}

// multiplied is a vector times c, element by element.
func multiplied(v *graph.Tensor, c []float64) *graph.Tensor {
	out := graph.NewTensor(v.Elem, v.Dims...)
	for i := range c {
		out.SetFloat(i, v.Float(i)*c[i])
	}
	return out
}

// added is a vector plus c, element by element.
func added(v *graph.Tensor, c []float64) *graph.Tensor {
	out := graph.NewTensor(v.Elem, v.Dims...)
	for i := range c {
		out.SetFloat(i, v.Float(i)+c[i])
	}
	return out
}
