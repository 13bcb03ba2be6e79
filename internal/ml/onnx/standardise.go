package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// meanLast is the mean of the last axis, which stays, 1 long.
func (n *node) meanLast(x value) value {
	dims := slices.Clone(x.row())
	dims[len(dims)-1] = 1
	return n.reshape(n.emit(&graph.Reduce{Fn: graph.ReduceMean}, x), dims...)
}

// standardised is the last axis less its mean, by its deviation; and the mean and the deviation's inverse.
func (n *node) standardised(x value, epsilon float64) (y, mean, inverse value) {
	mean = n.meanLast(x)
	d := n.binary(graph.Sub, x, mean)
	deviation := n.unary(graph.Sqrt, n.binary(graph.Add, n.meanLast(n.binary(graph.Mul, d, d)), n.scalar(x, epsilon)))
	return n.binary(graph.Div, d, deviation), mean, n.binary(graph.Div, n.scalar(x, 1), deviation)
}

// perChannel reshapes a vector along the channels, the first axis of a row of x or, where there is no batch, the second.
func (n *node) perChannel(x, v value) value {
	k := 1
	if x.batched {
		k = 0
	}
	if len(x.row()) <= k || v.batched || v.rank() != 1 || v.row()[0] != x.row()[k] {
		n.fail("%s does not fit the channels of %s", v, x)
	}
	dims := slices.Repeat([]int{1}, len(x.row()))
	dims[k] = v.row()[0]
	return n.reshape(v, dims...)
}

// rmsNormalization divides the dimensions from axis on by the root of their squares' mean, then scales them.
func rmsNormalization(n *node) {
	x := n.element(0)
	n.ignore("stash_type")
	k := n.tail(x, int(n.smallInt("axis", -1)))
	dims := x.row()
	flat := n.reshape(x, append(slices.Clone(dims[:k]), sizeOf(dims[k:]))...)
	wide := flat
	if x.elem() != graph.F64 {
		wide = n.cast(graph.F32, flat)
	}
	squares := n.meanLast(n.binary(graph.Mul, wide, wide))
	root := n.unary(graph.Sqrt, n.binary(graph.Add, squares, n.scalar(wide, n.floatAttr("epsilon", 1e-5))))
	y := n.reshape(n.cast(x.elem(), n.binary(graph.Div, wide, root)), dims...)
	y.layout = x.layout
	p := n.align(y, n.cast(x.elem(), n.arg(1)))
	n.set(0, n.binary(graph.Mul, p[0], p[1]))
}

// instanceNormalization standardises each channel, then scales and shifts it.
func instanceNormalization(n *node) {
	x := n.arg(0)
	k := 2
	if x.batched {
		k = 1
	}
	dims := x.row()
	if len(dims) < k {
		n.fail("%s has no channels", x)
	}
	flat := n.reshape(x, append(slices.Clone(dims[:k]), sizeOf(dims[k:]))...)
	y, _, _ := n.standardised(flat, n.floatAttr("epsilon", 1e-5))
	y = n.reshape(y, dims...)
	y = n.binary(graph.Mul, y, n.perChannel(x, n.arg(1)))
	n.set(0, n.binary(graph.Add, y, n.perChannel(x, n.arg(2))))
}

// groupNormalization standardises groups of channels; scale and shift are the groups' before operator set 21, then the channels'.
func groupNormalization(n *node) {
	x := n.arg(0)
	n.ignore("stash_type")
	k := 1
	if x.batched {
		k = 0
	}
	groups := int(n.smallInt("num_groups", 0))
	dims := x.row()
	if len(dims) <= k || groups < 1 || dims[k]%groups != 0 {
		n.fail("%s has no %d groups of channels", x, groups)
	}
	flat := n.reshape(x, append(slices.Clone(dims[:k]), groups, sizeOf(dims[k:])/groups)...)
	y, _, _ := n.standardised(flat, n.floatAttr("epsilon", 1e-5))
	y = n.reshape(y, dims...)
	vector := func(i int) value {
		v := n.arg(i)
		if n.version() >= 21 || v.rank() != 1 || v.row()[0] != groups {
			return n.perChannel(x, v)
		}
		each := dims[k] / groups
		return n.perChannel(x, n.pick(v, dims[k:k+1], func(at []int) []int { return []int{at[0] / each} }))
	}
	n.set(0, n.binary(graph.Add, n.binary(graph.Mul, y, vector(1)), vector(2)))
}

// meanVarianceNormalization standardises axes together.
func meanVarianceNormalization(n *node) {
	x := n.arg(0)
	list := n.smallInts("axes")
	if !n.hasAttr("axes") {
		list = []int{0, 2, 3}
	}
	axes := n.axes(x, list)
	var perm []int
	length := 1
	for i, d := range x.row() {
		if slices.Contains(axes, i) {
			length *= d
		} else {
			perm = append(perm, i)
		}
	}
	perm = append(perm, axes...)
	moved := n.transpose(x, perm)
	var lead []int
	for _, p := range perm[:len(perm)-len(axes)] {
		lead = append(lead, x.row()[p])
	}
	y, _, _ := n.standardised(n.reshape(moved, append(lead, length)...), 1e-9)
	back := make([]int, len(perm))
	for i, p := range perm {
		back[p] = i
	}
	n.set(0, n.transpose(n.reshape(y, moved.row()...), back))
}

// lrn divides by a power of the squares' sum over neighbouring channels.
func lrn(n *node) {
	x := n.arg(0)
	k := 1
	if x.batched {
		k = 0
	}
	size := int(n.smallInt("size", 0))
	if len(x.row()) <= k || size < 1 || size > 1<<16 {
		n.fail("neighbourhoods of %d channels of %s", size, x)
	}
	before, after := make([]int, len(x.row())), make([]int, len(x.row()))
	before[k], after[k] = (size-1)/2, size/2
	squares := n.padded(n.binary(graph.Mul, x, x), before, after, "constant", n.zero(x))
	channels := x.row()[k]
	total := n.take(squares, k, n.steps(0, channels, 1, channels+size-1))
	for i := 1; i < size; i++ {
		total = n.binary(graph.Add, total, n.take(squares, k, n.steps(i, i+channels, 1, channels+size-1)))
	}
	alpha, beta, bias := n.floatAttr("alpha", 0.0001), n.floatAttr("beta", 0.75), n.floatAttr("bias", 1)
	base := n.binary(graph.Add, n.binary(graph.Mul, total, n.scalar(x, alpha/float64(size))), n.scalar(x, bias))
	n.set(0, n.binary(graph.Div, x, n.binary(graph.Pow, base, n.scalar(x, beta))))
}
