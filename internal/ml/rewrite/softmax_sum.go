package rewrite

import "github.com/flernd/flernd/internal/ml/graph"

// softmaxSum drops the division of a softmax by its sum, which is 1: scikit-learn's converter normalises once more.
func softmaxSum(p *pass, v *graph.Value) *graph.Value {
	op := match[graph.Normalize](v)
	if op == nil || op.Norm != graph.L1 {
		return nil
	}
	if s := match[graph.Softmax](v.Args[0]); s == nil || s.Log {
		return nil
	}
	return p.image[v.Args[0].ID]
}
