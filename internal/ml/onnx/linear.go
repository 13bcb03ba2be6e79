package onnx

import "github.com/flernd/flernd/internal/ml/graph"

// gemm is alpha·A·B + beta·C. Where B is constant, alpha and beta go into the weights.
func gemm(n *node) {
	a, b := n.element(0), n.element(1)
	alpha, beta := n.floatAttr("alpha", 1), n.floatAttr("beta", 1)
	if a.rank() != 2 || b.rank() != 2 {
		n.fail("a product of %s and %s, which are no matrices", a, b)
	}
	if n.flag("transA", false) {
		a = n.permuted(a, []int{1, 0})
	}
	if n.flag("transB", false) {
		b = n.permuted(b, []int{1, 0})
	}
	if b.constant() == nil || b.batched || a.batched && a.behind() == 0 || !b.elem().IsFloat() {
		n.set(0, n.gemmComputed(a, b, alpha, beta))
		return
	}
	w := b
	if alpha != 1 {
		w = n.binary(graph.Mul, w, n.scalar(w, alpha))
	}
	if !n.has(2) || beta == 0 {
		n.set(0, n.dense(a, w, nil))
		return
	}
	c := n.element(2)
	if beta != 1 {
		c = n.binary(graph.Mul, c, n.scalar(c, beta))
	}
	if bias := n.bias(c, w.row()[1]); bias != nil {
		n.set(0, n.dense(a, w, bias))
		return
	}
	sum := n.align(n.dense(a, w, nil), c)
	n.set(0, n.binary(graph.Add, sum[0], sum[1]))
}

// gemmComputed is gemm for a matrix that is computed, or for integers.
func (n *node) gemmComputed(a, b value, alpha, beta float64) value {
	y := n.sizeOf(a, b)
	if alpha != 1 {
		y = n.binary(graph.Mul, y, n.scalar(y, alpha))
	}
	if !n.has(2) || beta == 0 {
		return y
	}
	c := n.element(2)
	if beta != 1 {
		c = n.binary(graph.Mul, c, n.scalar(c, beta))
	}
	p := n.align(y, c)
	return n.binary(graph.Add, p[0], p[1])
}

// matMul multiplies with a constant on the right.
func matMul(n *node) {
	a, b := n.element(0), n.element(1)
	for b.constant() != nil && !b.batched && b.rank() > 2 && b.row()[0] == 1 && b.rank() <= a.rank() {
		b = n.reshape(b, b.row()[1:]...)
	}
	vector := b.rank() == 1
	if b.constant() == nil || b.batched || b.rank() > 2 || a.rank() < 2 || a.batched && a.behind() == 0 || !b.elem().IsFloat() {
		n.set(0, n.sizeOf(a, b))
		return
	}
	if vector {
		b = n.reshape(b, b.row()[0], 1)
	}
	y := n.dense(a, n.weights(b), nil)
	if vector {
		dims := y.row()
		y = n.reshape(y, dims[:len(dims)-1]...)
		y.layout = a.layout
	}
	n.set(0, y)
}

// weights checks that b is a constant matrix of floats.
func (n *node) weights(b value) value {
	switch {
	case b.batched || b.constant() == nil:
		n.unsupported("a product with %s, whose right side is not constant,", b)
	case b.rank() != 2:
		n.unsupported("a product with a constant of type %s", b)
	case !b.elem().IsFloat():
		n.unsupported("a product of element type %s", b.elem())
	}
	return b
}

// dense multiplies the last axis of x with constant weights; a nil bias is zero.
func (n *node) dense(x, w value, bias *graph.Tensor) value {
	t := w.constant()
	if bias == nil {
		bias = graph.NewTensor(t.Elem, t.Dims[1])
	}
	y := n.emit(&graph.Dense{W: t, B: bias}, x)
	y.layout = x.layout
	return y
}

// bias is c as a bias of the given length; nil if it is none.
func (n *node) bias(c value, length int) *graph.Tensor {
	t := c.constant()
	if t == nil || c.batched {
		return nil
	}
	switch size := t.Size(); {
	case size == length && (t.Last() == length):
		return t.Reshaped(length)
	case size == 1:
		return t.Picked(make([]int32, length), length)
	}
	return nil
}
