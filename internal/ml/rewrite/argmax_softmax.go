package rewrite

import "github.com/flernd/flernd/internal/ml/graph"

// argMaxSoftmax takes the argmax (or argmin) of the scores where the model takes it of their softmax, which keeps the
// order. Scores so near that their softmax rounds to the same number are told apart, as they are in exact arithmetic; and of
// scores some of which are NaN, the greatest is taken where their softmax would be NaN throughout.
func argMaxSoftmax(p *pass, v *graph.Value) *graph.Value {
	if match[graph.ArgExtreme](v) == nil || match[graph.Softmax](v.Args[0]) == nil {
		return nil
	}
	return p.add(v.Op, p.of(v.Args[0].Args...)...)
}
