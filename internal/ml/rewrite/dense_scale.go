package rewrite

import "github.com/flernd/flernd/internal/ml/graph"

// denseScale multiplies (or divides) the outputs of a Dense by constants in its weights: Dense(x)·c is a Dense with its
// columns and bias scaled. So a BatchNormalization behind a layer costs nothing.
func denseScale(p *pass, v *graph.Value) *graph.Value {
	d, c := denseThen(p, v, graph.Mul)
	if d == nil {
		if d, c = denseThen(p, v, graph.Div); d == nil {
			return nil
		}
		invert(c)
	}
	op := d.Op.(*graph.Dense)
	n := len(c)
	w := graph.NewTensor(op.W.Elem, op.W.Dims...)
	for i := range w.Size() {
		w.SetFloat(i, op.W.Float(i)*c[i%n])
	}
	b := multiplied(op.B, c)
	if !finite(w) || !finite(b) {
		return nil
	}
	return p.add(&graph.Dense{W: w, B: b}, p.of(d.Args...)...)
}

func invert(c []float64) {
	for i := range c {
		c[i] = 1 / c[i]
	}
}

// finite reports whether all elements are finite: rewrites do not make infinities that the original did not have.
func finite(t *graph.Tensor) bool {
	for i := range t.Size() {
		if x := t.Float(i); x-x != 0 {
			return false
		}
	}
	return true
}
