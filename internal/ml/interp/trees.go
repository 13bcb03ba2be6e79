package interp

import (
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
)

// trees combines in float64 and rounds once, to the element type of the result.
func trees(op *graph.TreeEnsemble, out, x *graph.Tensor) {
	acc := make([]float64, op.Targets)
	seen := make([]bool, op.Targets)
	for _, root := range op.Roots {
		leaf := leafOf(op, root, x)
		for _, v := range op.Values[op.Leaves[leaf]:op.Leaves[leaf+1]] {
			t := v.Target
			switch {
			case !seen[t]:
				acc[t], seen[t] = v.Weight, true
			case op.Combine == graph.TreeMin:
				acc[t] = minOf(acc[t], v.Weight)
			case op.Combine == graph.TreeMax:
				acc[t] = maxOf(acc[t], v.Weight)
			default:
				acc[t] += v.Weight
			}
		}
	}
	for t, sum := range acc {
		if op.Combine == graph.TreeMean && len(op.Roots) > 0 {
			sum /= float64(len(op.Roots))
		}
		out.SetFloat(t, sum+op.Base[t])
	}
}

// leafOf is the leaf that x reaches from c.
func leafOf(op *graph.TreeEnsemble, c int32, x *graph.Tensor) int32 {
	for c >= 0 {
		n := &op.Nodes[c]
		if passes(n, x.Float(int(n.Feature))) {
			c = n.Yes
		} else {
			c = n.No
		}
	}
	return ^c
}

func passes(n *graph.TreeNode, x float64) bool {
	if math.IsNaN(x) {
		return n.MissingYes
	}
	switch n.Test {
	case graph.TestLe:
		return x <= n.Threshold
	case graph.TestLt:
		return x < n.Threshold
	case graph.TestGe:
		return x >= n.Threshold
	case graph.TestGt:
		return x > n.Threshold
	case graph.TestEq:
		return x == n.Threshold
	case graph.TestNe:
		return x != n.Threshold
	}
	if x <= -1 || len(n.Set) == 0 || x >= float64(64*len(n.Set)) {
		return false
	}
	i := int(x)
	return n.Set[i/64]>>(i%64)&1 != 0
}
