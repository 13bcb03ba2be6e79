package graph

import "strconv"

// LayerNorm standardises the last axis, of n elements, then scales and shifts it: with the mean m = Σx/n and the variance
// v = Σ(x-m)²/n, an element is (x-m)·(1/√(v+Epsilon))·Scale + Shift, each operation rounded. The sums are made in strands
// (see Strands).
type LayerNorm struct {
	Scale, Shift *Tensor // [n], never nil
	Epsilon      float64
}

// Strands is how many partial sums there are of a sum in strands: number j has, from zero on, elements j, j+Strands, … in
// ascending order. Then each of the first half adds the one that is half of them after it, and so on, down to one.
const Strands = 16

func (o *LayerNorm) Name() string { return "layer_norm" }
func (o *LayerNorm) attrs() string {
	return "epsilon=" + strconv.FormatFloat(o.Epsilon, 'g', -1, 64) + " scale=" + o.Scale.text() + " shift=" + o.Shift.text()
}

// Infer keeps the type.
func (o *LayerNorm) Infer(args []Type) (Type, error) {
	x, err := lastAxis(args, Elem.IsFloat)
	if err != nil {
		return Type{}, err
	}
	for _, t := range []*Tensor{o.Scale, o.Shift} {
		if !t.Type.Equal(Of(x.Elem, x.Last())) {
			return Type{}, invalid("scale or shift %s does not fit argument %s", t.Type, x)
		}
		if err := t.check(); err != nil {
			return Type{}, err
		}
	}
	return x, nil
}
