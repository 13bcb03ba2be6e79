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
	training := n.flag("training_mode", false)
	if !n.flag("spatial", true) {
		n.unsupported("spatial=0")
	}
	if !x.batched && n.imp.bindings != nil {
		n.batchNormalizationWhole(x, training)
		return
	}
	if training {
		n.unsupported("training_mode")
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
	x := n.element(0)
	n.ignore("stash_type") // of intermediate results in less than f32 only
	k := n.tail(x, int(n.smallInt("axis", -1)))
	epsilon := n.floatAttr("epsilon", 1e-5)
	dims, lead := x.row(), slices.Clip(x.row()[:k])
	flat := n.reshape(x, append(lead, sizeOf(dims[k:]))...)
	kept := append(slices.Clone(lead), slices.Repeat([]int{1}, len(dims)-k)...)
	shaped := func(y value, dims []int) value {
		y = n.reshape(y, dims...)
		y.layout = x.layout
		return y
	}
	scale, shift := n.normVector(1, 1, dims[k:]), n.normVector(2, 0, dims[k:])
	if !n.wants(1) && !n.wants(2) && scale != nil && shift != nil && sizeOf(dims) > 0 {
		n.set(0, shaped(n.emit(&graph.LayerNorm{Scale: scale, Shift: shift, Epsilon: epsilon}, flat), dims))
		return
	}
	y, mean, inverse := n.standardised(flat, epsilon)
	y = shaped(y, dims)
	n.set(1, shaped(mean, kept))
	n.set(2, shaped(inverse, kept))
	pair := n.align(y, n.arg(1))
	y = n.binary(graph.Mul, pair[0], pair[1])
	if n.has(2) {
		pair = n.align(y, n.arg(2))
		y = n.binary(graph.Add, pair[0], pair[1])
	}
	n.set(0, y)
}

// normVector is input i as one number for each of the standardised elements, all of them `missing` if there is no such input; nil if it
// is not constant or of another shape.
func (n *node) normVector(i int, missing float64, dims []int) *graph.Tensor {
	size := sizeOf(dims)
	if !n.has(i) {
		t := graph.NewTensor(n.element(0).elem(), size)
		for k := range size {
			t.SetFloat(k, missing)
		}
		return t
	}
	x := n.arg(i)
	t := x.constant()
	if t == nil || x.batched || !slices.Equal(t.Dims, dims) || t.Elem != n.element(0).elem() {
		return nil
	}
	return t.Reshaped(size)
}

// lpNormalization divides an axis by its l1 or l2 norm.
func lpNormalization(n *node) {
	x := n.element(0)
	op := &graph.Normalize{Norm: graph.L2}
	switch p := n.intAttr("p", 2); p {
	case 2:
	case 1:
		op.Norm = graph.L1
	default:
		n.fail("attribute p is %d, not 1 or 2", p)
	}
	moved, back := n.toLast(x, n.axis(x, int(n.smallInt("axis", -1))))
	y := back(n.emit(op, moved))
	y.layout = x.layout
	n.set(0, y)
}

// batchNormalizationWhole computes with the statistics as they come; in training with those of x, and passes on their running
// means.
func (n *node) batchNormalizationWhole(x value, training bool) {
	epsilon := n.scalar(x, n.floatAttr("epsilon", 1e-5))
	mean, variance := n.cast(x.elem(), n.arg(3)), n.cast(x.elem(), n.arg(4))
	if training {
		moved := n.transpose(x, append([]int{1, 0}, sequence(x.rank())[2:]...))
		flat := n.reshape(moved, x.row()[1], sizeOf(x.row())/max(x.row()[1], 1))
		m := n.meanLast(flat)
		d := n.binary(graph.Sub, flat, m)
		m, v := n.reshape(m, x.row()[1]), n.reshape(n.meanLast(n.binary(graph.Mul, d, d)), x.row()[1])
		momentum := n.floatAttr("momentum", 0.9)
		running := func(old, now value) value {
			return n.binary(graph.Add, n.binary(graph.Mul, old, n.scalar(x, momentum)), n.binary(graph.Mul, now, n.scalar(x, 1-momentum)))
		}
		n.set(1, running(mean, m))
		n.set(2, running(variance, v))
		mean, variance = m, v
	}
	y := n.binary(graph.Sub, x, n.perChannel(x, mean))
	y = n.binary(graph.Div, y, n.unary(graph.Sqrt, n.binary(graph.Add, n.perChannel(x, variance), epsilon)))
	y = n.binary(graph.Mul, y, n.perChannel(x, n.cast(x.elem(), n.arg(1))))
	n.set(0, n.binary(graph.Add, y, n.perChannel(x, n.cast(x.elem(), n.arg(2)))))
}
