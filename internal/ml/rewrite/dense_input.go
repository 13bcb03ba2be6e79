package rewrite

import (
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
)

// denseInput takes a scaler in front of a Dense into its weights: Dense(x·c) scales the rows of W, Dense(x+c) moves W'c
// into the bias.
//
// The latter subtracts a mean after the multiplication instead of before it, which loses digits where the mean is large
// beside the deviation. maxShift bounds what a bias may gather that way, and so the loss.
func denseInput(p *pass, v *graph.Value) *graph.Value {
	op := match[graph.Dense](v)
	if op == nil || !p.only(v.Args[0]) {
		return nil
	}
	s := v.Args[0]
	affine := match[graph.Binary](s)
	if affine == nil || !s.Args[0].Type.Equal(s.Type) {
		return nil
	}
	c := perElement(s.Args[1], s.Type.Last())
	if c == nil {
		return nil
	}
	var folded *graph.Dense
	switch affine.Fn {
	case graph.Mul:
		folded = scaleRows(op, c)
	case graph.Div:
		invert(c)
		folded = scaleRows(op, c)
	case graph.Add:
		folded = shiftBias(op, c)
	}
	if folded == nil || !finite(folded.W) || !finite(folded.B) {
		return nil
	}
	return p.add(folded, p.of(s.Args[0])...)
}

func scaleRows(op *graph.Dense, c []float64) *graph.Dense {
	n := op.W.Dims[1]
	w := graph.NewTensor(op.W.Elem, op.W.Dims...)
	for i := range w.Size() {
		w.SetFloat(i, op.W.Float(i)*c[i/n])
	}
	return &graph.Dense{W: w, B: op.B}
}

// maxShift is the greatest sum of magnitudes that may move into a bias; times the unit roundoff of f32 it is an absolute
// error of 8e-6.
const maxShift = 128

func shiftBias(op *graph.Dense, c []float64) *graph.Dense {
	n := op.W.Dims[1]
	b := graph.NewTensor(op.B.Elem, op.B.Dims...)
	for j := range n {
		sum, size := op.B.Float(j), 0.0
		for i := range c {
			term := c[i] * op.W.Float(i*n+j)
			sum += term
			size += math.Abs(term)
		}
		if size > maxShift && op.B.Elem == graph.F32 {
			return nil
		}
		b.SetFloat(j, sum)
	}
	return &graph.Dense{W: op.W, B: b}
}
