package onnx

import (
	"math"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// flexAttention is attention whose scores and weights go through graphs of the file's.
func flexAttention(n *node) {
	q, k, v := n.arg(0), n.arg(1), n.arg(2)
	if q.batched || k.batched || v.batched || q.rank() != 4 || k.rank() != 4 || v.rank() != 4 {
		n.unsupported("attention of %s, %s and %s", q, k, v)
	}
	out := q.elem()
	e := graph.F32
	if n.hasAttr("softmax_precision") {
		e = n.elemAttr("softmax_precision")
	} else if out == graph.F64 {
		e = graph.F64
	}
	if !e.IsFloat() {
		n.fail("attribute softmax_precision is %s", e)
	}
	k, v = n.repeatHeads(k, q.row()[1], 1), n.repeatHeads(v, q.row()[1], 1)
	scale := n.floatAttr("scale", float32(1/math.Sqrt(float64(q.row()[3]))))
	kt := n.transpose(k, []int{0, 1, 3, 2})
	scores := n.times(n.cast(e, n.matMul(q, kt)), scale)
	scores = n.modified("score_mod", scores)
	weights := n.modified("prob_mod", n.emit(&graph.Softmax{}, scores))
	n.set(0, n.matMul(n.cast(out, weights), v))
}

// modified is what an attribute's graph, if there is one, makes of x.
func (n *node) modified(attr string, x value) value {
	if !n.hasAttr(attr) {
		return x
	}
	out := n.inline(n.graphAttr(attr), x)
	if len(out) != 1 || out[0].v == nil || !slices.Equal(out[0].row(), x.row()) || out[0].elem() != x.elem() {
		n.fail("the graph %s does not keep the type %s", attr, x)
	}
	return out[0]
}
