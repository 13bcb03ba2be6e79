package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// product multiplies tensors of any rank as numpy's matmul does; at least one is computed by rows or has more than two axes.
func (n *node) sizeOf(a, b value) value {
	if !a.elem().IsNumber() || a.elem() != b.elem() {
		n.fail("a product of %s and %s", a, b)
	}
	left, right := a.rank() == 1 && !a.batched, b.rank() == 1 && !b.batched
	if left {
		a = n.reshape(a, 1, a.row()[0])
	}
	if right {
		b = n.reshape(b, b.row()[0], 1)
	}
	like := n.batchOfProduct(a, b)
	beside := like.batched && like.folded == 0 && like.behind() >= 2 // the matrices, and no axis of the rows
	rank := max(a.rank(), b.rank())
	y := n.matMul(n.operand(a, like, beside), n.operand(b, like, beside))
	extents, at := y.row(), rank-1-like.behind()
	if beside {
		extents = slices.Insert(slices.Clone(extents), at, 1)
	}
	if left {
		extents = slices.Delete(slices.Clone(extents), rank-2, rank-1)
		if at > rank-2 {
			at--
		}
	}
	if right {
		extents = extents[:len(extents)-1]
	}
	if !y.batched {
		return n.reshape(y, extents...)
	}
	return n.lay(y, extents, at, like.outer)
}

// batchOfProduct is the factor of a product whose batch the product has, if one has any. The batch is a dimension that both factors
// have or broadcast along, or the rows of a, or the columns of b; not what is summed over.
func (n *node) batchOfProduct(a, b value) value {
	like, other, summed := a, b, 0
	if !a.batched {
		like, other, summed = b, a, 1
	}
	if !like.batched {
		return like
	}
	behind := like.behind()
	k := other.rank() - 1 - behind
	switch {
	case other.batched && (behind < 2 || behind != other.behind() || like.folded != other.folded || like.outer != other.outer),
		!other.batched && (behind == summed || like.rank() < 2),
		!other.batched && behind >= 2 && k >= 0 && other.row()[k] != 1:
		n.unsupported("a product of %s and %s, which mixes rows,", a, b)
	}
	return like
}

// operand gives the rows of a factor the axes to multiply: if the batch is beside the matrices none for it, else one, 1 long where
// nothing is folded into it.
func (n *node) operand(x, like value, beside bool) value {
	k := x.rank() - 1 - like.behind()
	switch {
	case !like.batched || beside && x.batched:
	case x.batched:
		x = n.reshape(x, x.extents()...)
	case beside && k >= 0:
		x = n.reshape(x, slices.Delete(slices.Clone(x.row()), k, k+1)...)
	}
	return value{v: x.v, batched: x.batched}
}

// matMul multiplies the last two axes; those of integers as sums of products.
func (n *node) matMul(a, b value) value {
	if a.elem().IsFloat() {
		return n.emit(&graph.MatMul{}, a, b)
	}
	ra, rb := a.row(), b.row()
	wide := n.reshape(a, append(slices.Clone(ra), 1)...)
	lead := append(slices.Clone(rb[:len(rb)-2]), 1)
	other := n.reshape(b, append(lead, rb[len(rb)-2:]...)...)
	terms := n.binary(graph.Mul, wide, other) // […,i,k,j]
	moved, _ := n.toLast(terms, len(terms.row())-2)
	return n.sumLast(moved)
}

// sumLast sums the last axis, which may be empty.
func (n *node) sumLast(x value) value {
	if dims := x.row(); dims[len(dims)-1] == 0 {
		return n.constantOf(graph.NewTensor(x.elem(), dims[:len(dims)-1]...))
	}
	return n.emit(&graph.Reduce{Fn: graph.ReduceSum}, x)
}

// matMulInteger multiplies integers of 8 bits less their zero points, in 32.
func matMulInteger(n *node) {
	a, b := n.lessZeroPoint(0, 2, true), n.lessZeroPoint(1, 3, false)
	n.set(0, n.sizeOf(a, b))
}

// lessZeroPoint is input i in 32 bits less the zero point that input k gives: one, or one for each row (column) of a matrix.
func (n *node) lessZeroPoint(i, k int, rows bool) value {
	x := n.cast(graph.I32, n.arg(i))
	if !n.has(k) {
		return x
	}
	zero := n.cast(graph.I32, n.arg(k))
	if rows && zero.rank() == 1 && zero.row()[0] != 1 {
		zero = n.reshape(zero, zero.row()[0], 1)
	}
	p := n.align(x, zero)
	return n.binary(graph.Sub, p[0], p[1])
}
