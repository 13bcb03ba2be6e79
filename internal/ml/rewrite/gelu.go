package rewrite

import (
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
)

// gelu makes one operator of x/2·(1 + erf(x/√2)), or of the approximation x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))), however
// the factors are ordered and grouped. Where the half is not among them, it doubles the result.
func gelu(p *pass, v *graph.Value) *graph.Value {
	list, scale := factors(p, v, maxFactors)
	if len(list) != 2 || !v.Type.Elem.IsFloat() {
		return nil
	}
	for i, x := range list {
		fn, ok := geluOf(x, list[1-i])
		if !ok || !x.Type.Equal(v.Type) {
			continue
		}
		y := p.add(&graph.Unary{Fn: fn}, p.image[x.ID])
		if scale *= 2; scale != 1 {
			y = p.add(&graph.Binary{Fn: graph.Mul}, y, p.constant(graph.Scalar(v.Type.Elem, scale)))
		}
		return y
	}
	return nil
}

// geluOf is the function that x·factor is twice of.
func geluOf(x, factor *graph.Value) (graph.UnaryFn, bool) {
	sum := binaryOf(factor, graph.Add)
	if sum == nil || !isAll(sum.Args[1], 1) {
		return 0, false
	}
	inner := match[graph.Unary](sum.Args[0])
	if inner == nil || inner.Fn != graph.Erf && inner.Fn != graph.Tanh {
		return 0, false
	}
	u, ok := polynomialOf(sum.Args[0].Args[0], x, maxTerms)
	if !ok {
		return 0, false
	}
	const root = 0.7978845608028654 // √(2/π)
	if inner.Fn == graph.Erf {
		return graph.Gelu, u.near(polynomial{1: math.Sqrt2 / 2})
	}
	return graph.GeluTanh, u.near(polynomial{1: root, 3: root * 0.044715})
}

// maxFactors bounds the products that are looked through.
const maxFactors = 4

// factors takes a product apart: the factors that are no constants of one element, and the product of those. Products inside are
// only looked into where they have no other use.
func factors(p *pass, v *graph.Value, depth int) (list []*graph.Value, scale float64) {
	op := match[graph.Binary](v)
	if depth == 0 || op == nil || op.Fn != graph.Mul && op.Fn != graph.Div || depth < maxFactors && !p.only(v) {
		return []*graph.Value{v}, 1
	}
	if c := v.Args[1].Constant(); c != nil && c.Size() == 1 {
		list, scale = factors(p, v.Args[0], depth-1)
		if op.Fn == graph.Div {
			return list, scale / c.Float(0)
		}
		return list, scale * c.Float(0)
	}
	if op.Fn == graph.Div {
		return []*graph.Value{v}, 1
	}
	a, s := factors(p, v.Args[0], depth-1)
	b, t := factors(p, v.Args[1], depth-1)
	return append(a, b...), s * t
}

// polynomial has the coefficients of a polynomial by degree.
type polynomial [4]float64

// near tells polynomials that are the same but for how a file rounds constants.
func (a polynomial) near(b polynomial) bool {
	for i := range a {
		if !(math.Abs(a[i]-b[i]) <= 1e-5*math.Abs(b[i])) {
			return false
		}
	}
	return true
}

// maxTerms bounds how deep a polynomial is looked for.
const maxTerms = 8

// polynomialOf is v as a polynomial of x.
func polynomialOf(v, x *graph.Value, depth int) (polynomial, bool) {
	if v == x {
		return polynomial{1: 1}, true
	}
	if c := v.Constant(); c != nil && c.Size() == 1 && c.Elem.IsFloat() {
		return polynomial{c.Float(0)}, true
	}
	op := match[graph.Binary](v)
	if op == nil || depth == 0 {
		return polynomial{}, false
	}
	a, ok := polynomialOf(v.Args[0], x, depth-1)
	if !ok {
		return a, false
	}
	b, ok := polynomialOf(v.Args[1], x, depth-1)
	if !ok {
		return b, false
	}
	switch op.Fn {
	case graph.Add:
		for i := range a {
			a[i] += b[i]
		}
		return a, true
	case graph.Mul:
		return a.times(b)
	case graph.Div:
		if b != (polynomial{b[0]}) {
			return a, false
		}
		return a.times(polynomial{1 / b[0]})
	case graph.Pow:
		switch b {
		case polynomial{2}:
			return a.times(a)
		case polynomial{3}:
			square, ok := a.times(a)
			if !ok {
				return a, false
			}
			return square.times(a)
		}
	}
	return a, false
}

// times is the product, if its degree is not too high.
func (a polynomial) times(b polynomial) (out polynomial, ok bool) {
	for i := range a {
		for j := range b {
			c := a[i] * b[j]
			if i+j < len(out) {
				out[i+j] += c
			} else if c != 0 {
				return out, false
			}
		}
	}
	return out, true
}
