package onnx

import (
	"math"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// batchNormalization, as trained, is a product and a sum by channel (axis 1), both known here.
func batchNormalization(n *node) {
	x := n.arg(0)
	n.ignore("momentum")
	if n.flag("training_mode", false) {
		n.unsupported("training_mode")
	}
	if !n.flag("spatial", true) {
		n.unsupported("spatial=0")
	}
	if !x.batched || x.rank() < 2 || !x.elem().IsFloat() {
		n.unsupported("an argument of type %s", x)
	}
	channels := x.row()[0]
	var p [4]*graph.Tensor // scale, bias, mean, variance
	for i := range p {
		if p[i] = n.tensor(i + 1); p[i].Rank() != 1 || p[i].Dims[0] != channels || !p[i].Elem.IsFloat() {
			n.fail("%s of type %s does not fit %d channels", n.argName(i+1), p[i].Type, channels)
		}
	}
	epsilon := n.floatAttr("epsilon", 1e-5)
	factor, shift := make([]float64, channels), make([]float64, channels)
	for c := range channels {
		factor[c] = p[0].Float(c) / math.Sqrt(p[3].Float(c)+epsilon)
		shift[c] = p[1].Float(c) - p[2].Float(c)*factor[c]
	}
	dims := slices.Repeat([]int{1}, len(x.row()))
	dims[0] = channels
	y := n.binary(graph.Mul, x, n.constantOf(graph.FloatsOf(x.elem(), factor, dims...)))
	n.set(0, n.binary(graph.Add, y, n.constantOf(graph.FloatsOf(x.elem(), shift, dims...))))
}

// layerNormalization standardises the dimensions from axis on, then scales and shifts them.
func layerNormalization(n *node) {
	x := n.arg(0)
	n.ignore("stash_type") // of intermediate results in less than f32 only
	k := n.axis(x, int(n.smallInt("axis", -1)))
	dims, lead := x.row(), slices.Clip(x.row()[:k])
	flat := n.reshape(x, append(lead, product(dims[k:]))...)
	mean := func(x value) value {
		return n.reshape(n.emit(&graph.Reduce{Fn: graph.ReduceMean}, x), append(lead, 1)...)
	}
	d := n.binary(graph.Sub, flat, mean(flat))
	variance := mean(n.binary(graph.Mul, d, d))
	deviation := n.unary(graph.Sqrt, n.binary(graph.Add, variance, n.scalar(x, n.floatAttr("epsilon", 1e-5))))
	y := n.reshape(n.binary(graph.Div, d, deviation), dims...)
	pair := n.align(y, n.arg(1))
	y = n.binary(graph.Mul, pair[0], pair[1])
	if n.has(2) {
		pair = n.align(y, n.arg(2))
		y = n.binary(graph.Add, pair[0], pair[1])
	}
	n.set(0, y)
}

// lpNormalization divides an axis by its l1 or l2 norm.
func lpNormalization(n *node) {
	x := n.arg(0)
	op := &graph.Normalize{Norm: graph.L2}
	switch p := n.intAttr("p", 2); p {
	case 2:
	case 1:
		op.Norm = graph.L1
	default:
		n.fail("attribute p is %d, not 1 or 2", p)
	}
	moved, back := n.toLast(x, n.axis(x, int(n.smallInt("axis", -1))))
	n.set(0, back(n.emit(op, moved)))
}
