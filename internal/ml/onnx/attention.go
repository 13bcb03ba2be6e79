package onnx

import (
	"math"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// attention is softmax(q·kᵀ·scale + bias)·v by head. Tensors of rank 3 have the heads side by side in their last axis.
func attention(n *node) {
	n.ignore("softmax_precision") // f32 is what f16 is computed in
	q, k, v := n.arg(0), n.arg(1), n.arg(2)
	flat := q.rank() == 3
	if k.rank() != q.rank() || v.rank() != q.rank() || !flat && q.rank() != 4 || q.batched != k.batched || q.batched != v.batched {
		n.unsupported("attention of %s, %s and %s", q, k, v)
	}
	if flat {
		heads, kvHeads := int(n.smallInt("q_num_heads", 0)), int(n.smallInt("kv_num_heads", 0))
		q, k, v = n.split3(q, heads), n.split3(k, kvHeads), n.split3(v, kvHeads)
	} else {
		n.ignore("q_num_heads", "kv_num_heads")
	}
	lead := len(q.row()) - 3 // axes before the heads
	past := 0
	for i := 4; i <= 5; i++ {
		if n.has(i) && len(n.arg(i).row()) != len(k.row()) {
			n.fail("%s of type %s beside %s", n.argName(i), n.arg(i), k)
		}
	}
	if n.has(4) {
		past = n.arg(4).row()[lead+1]
		k = n.join([]value{n.arg(4), k}, lead+1)
	}
	if n.has(5) {
		v = n.join([]value{n.arg(5), v}, lead+1)
	}
	n.set(1, k)
	n.set(2, v)
	k, v = n.repeatHeads(k, q.row()[lead], lead), n.repeatHeads(v, q.row()[lead], lead)
	scale := math.Sqrt(n.floatAttr("scale", float32(1/math.Sqrt(float64(q.row()[lead+2])))))
	kt := n.transpose(k, append(sequence(lead+1), lead+2, lead+1))
	scores := n.matMul(n.binary(graph.Mul, q, n.scalar(q, scale)), n.binary(graph.Mul, kt, n.scalar(k, scale)))
	if soft := n.floatAttr("softcap", 0); soft > 0 {
		c := n.scalar(scores, soft)
		scores = n.binary(graph.Mul, n.unary(graph.Tanh, n.binary(graph.Div, scores, c)), c)
	}
	mode := n.intAttr("qk_matmul_output_mode", 0)
	biased := n.attentionBias(scores, past)
	weights := n.emit(&graph.Softmax{}, biased)
	y := n.matMul(weights, n.cast(weights.elem(), v))
	if flat {
		y = n.transpose(y, append(sequence(lead), lead+1, lead, lead+2))
		d := y.row()
		y = n.reshape(y, append(slices.Clone(d[:lead+1]), d[lead+1]*d[lead+2])...)
	}
	n.set(0, y)
	switch mode {
	case 0, 1:
		n.set(3, scores)
	case 2:
		n.set(3, biased)
	case 3:
		n.set(3, weights)
	default:
		n.fail("attribute qk_matmul_output_mode is %d", mode)
	}
}

// split3 makes […,sequence,heads·size] […,heads,sequence,size].
func (n *node) split3(x value, heads int) value {
	d := x.row()
	last := len(d) - 1
	if heads < 1 || d[last]%heads != 0 {
		n.fail("%d heads of %s", heads, x)
	}
	y := n.reshape(x, append(slices.Clone(d[:last]), heads, d[last]/heads)...)
	return n.transpose(y, append(sequence(last-1), last, last-1, last+1))
}

// repeatHeads repeats each head so that there are as many as queries have.
func (n *node) repeatHeads(x value, heads, axis int) value {
	have := x.row()[axis]
	if have == heads {
		return x
	}
	if have == 0 || heads%have != 0 {
		n.fail("%d heads for %d", have, heads)
	}
	list := make([]int, heads)
	for i := range list {
		list[i] = i / (heads / have)
	}
	return n.take(x, axis, list)
}

// attentionBias adds the mask, the causal one, and that of the keys which are there.
func (n *node) attentionBias(scores value, past int) value {
	dims := scores.row()
	queries, keys := dims[len(dims)-2], dims[len(dims)-1]
	least := n.scalar(scores, math.Inf(-1))
	masked := func(keep value) {
		scores = n.emit(&graph.Where{}, keep, scores, least)
	}
	if n.has(3) {
		mask := n.arg(3)
		fill := n.zero(mask)
		if mask.elem() != graph.Bool {
			fill = n.scalar(mask, math.Inf(-1))
		}
		if d := mask.row(); len(d) > 0 && d[len(d)-1] < keys {
			after := make([]int, len(d))
			after[len(d)-1] = keys - d[len(d)-1]
			mask = n.padded(mask, make([]int, len(d)), after, "constant", fill)
		}
		p := n.align(scores, mask)
		if scores = p[0]; mask.elem() == graph.Bool {
			masked(p[1])
		} else {
			scores = n.binary(graph.Add, scores, n.cast(scores.elem(), p[1]))
		}
	}
	if n.flag("is_causal", false) {
		masked(n.mask(queries, keys, func(i, j int) bool { return j-past <= i }))
	}
	if n.has(6) {
		count := n.cast(graph.I64, n.arg(6))
		masked(n.compare(graph.Gt, n.reshape(count, append(slices.Clone(count.row()), 1, 1, 1)...), n.iota(keys)))
	}
	return scores
}

// rotaryEmbedding turns pairs of a head's elements by angles that its position has.
func rotaryEmbedding(n *node) {
	x := n.arg(0)
	if x.batched || x.rank() != 3 && x.rank() != 4 {
		n.unsupported("an argument of type %s", x)
	}
	flat := x.rank() == 3
	heads := int(n.smallInt("num_heads", 0))
	if flat {
		x = n.split3(x, heads)
	}
	dims := x.row() // [batch, heads, sequence, size]
	turned := int(n.smallInt("rotary_embedding_dim", 0))
	if turned == 0 {
		turned = dims[3]
	}
	if turned < 2 || turned > dims[3] || turned%2 != 0 {
		n.fail("%d elements of %d are turned", turned, dims[3])
	}
	half := turned / 2
	angle := func(i int) value {
		c := n.arg(i)
		if n.has(3) && len(c.row()) == 2 {
			c = n.gatherAxis(c, n.constantOf(n.tensor(3)), 0)
		}
		if r := c.row(); len(r) != 3 || r[2] < half {
			n.fail("%s of type %s does not fit %d elements", n.argName(i), c, half)
		}
		c = n.take(c, 2, sequence(half))
		return n.reshape(c, c.row()[0], 1, c.row()[1], half)
	}
	cos, sin := angle(1), angle(2)
	first, second := sequence(half), make([]int, half)
	interleaved := n.flag("interleaved", false)
	for i := range half {
		if second[i] = half + i; interleaved {
			first[i], second[i] = 2*i, 2*i+1
		}
	}
	a, b := n.take(x, 3, first), n.take(x, 3, second)
	re := n.binary(graph.Sub, n.binary(graph.Mul, a, cos), n.binary(graph.Mul, b, sin))
	im := n.binary(graph.Add, n.binary(graph.Mul, a, sin), n.binary(graph.Mul, b, cos))
	y := n.join([]value{re, im, n.take(x, 3, sequence(dims[3])[turned:])}, 3)
	if interleaved {
		order := sequence(dims[3])
		for i := range half {
			order[2*i], order[2*i+1] = i, half+i
		}
		y = n.take(y, 3, order)
	}
	if flat {
		y = n.transpose(y, []int{0, 2, 1, 3})
		y = n.reshape(y, dims[0], dims[2], dims[1]*dims[3])
	}
	n.set(0, y)
}
