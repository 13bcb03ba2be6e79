package xgboost

import "github.com/flernd/flernd/internal/ml/graph"

// linear is the gblinear booster: a weight a feature and target, the biases last. A missing feature adds nothing.
// XGBoost adds the first base score to all targets.
func (d *document) linear(b *graph.Builder, x *graph.Value, base []float64) *graph.Value {
	targets := len(base)
	if len(d.weights) != (d.numFeature+1)*targets {
		if b.Err == nil {
			b.Err = unfit("%d weights for %d features and %d targets", len(d.weights), d.numFeature, targets)
		}
		return nil
	}
	bias := graph.NewTensor(graph.F32, targets)
	for t := range targets {
		bias.F32[t] = d.weights[d.numFeature*targets+t] + float32(base[0])
	}
	w := &graph.Tensor{Type: graph.Of(graph.F32, d.numFeature, targets), F32: d.weights[:d.numFeature*targets]}
	present := b.Add(&graph.Where{}, b.Unary(graph.IsNaN, x), b.Like(x, 0), x)
	return b.Add(&graph.Dense{W: w, B: bias}, present)
}
