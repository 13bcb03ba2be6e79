package graph

import "math"

// Narrow is the ensemble for features that are f32: every f32, widened, goes the same ways through o. So features of f64
// that are all conversions of f32 need no conversion.
func (o *TreeEnsemble) Narrow() *TreeEnsemble {
	p := *o
	p.Nodes = make([]TreeNode, len(o.Nodes))
	for i, n := range o.Nodes {
		n.narrow()
		p.Nodes[i] = n
	}
	return &p
}

// narrow moves the threshold t to a neighbouring f32, so that no f32 x compares otherwise: x ≤ t is x ≤ the greatest f32 that
// is not above t, and x < t is x < the least that is not below it.
func (n *TreeNode) narrow() {
	below, above := around(n.Threshold)
	switch {
	case below == above || n.Test == TestIn:
	case n.Test == TestLe || n.Test == TestGt:
		n.Threshold = below
	case n.Test == TestLt || n.Test == TestGe:
		n.Threshold = above
	case n.Test == TestEq: // no f32 equals t
		n.Test, n.Threshold, n.Set = TestIn, 0, nil
	default:
		n.Test, n.Threshold = TestGe, math.Inf(-1)
	}
}

// around is the nearest values of f32, infinities included, on both sides of t, which are t itself if it is one.
func around(t float64) (below, above float64) {
	f := float32(t)
	switch near := float64(f); {
	case near > t:
		return float64(math.Nextafter32(f, float32(math.Inf(-1)))), near
	case near < t:
		return near, float64(math.Nextafter32(f, float32(math.Inf(1))))
	}
	return t, t
}
