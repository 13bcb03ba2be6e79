package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// layout is where a tensor has its batch. Operators along other axes keep it; a Reshape makes any other that has the elements in
// the same order.
type layout struct {
	// at is the batch's place among the dimensions.
	at int
	// folded is not 0 where other dimensions are folded into the batch's: it is N·folded long, and the rows have a dimension of
	// that length at its place. outer of them lie outside of the batch: the dimension is [outer, N, folded/outer] as one.
	folded, outer int
}

// behind is the number of dimensions behind the batch.
func (x value) behind() int { return x.rank() - 1 - x.at }

// extents is the shape with the rows' share of each dimension: of the batch's own, what is folded into it, else 1.
func (x value) extents() []int {
	if !x.batched || x.folded != 0 {
		return x.row()
	}
	return slices.Insert(slices.Clone(x.row()), x.at, 1)
}

// outside is how many elements of a row the tensor has before it comes to the batch.
func (x value) outside() int { return sizeOf(x.row()[:x.at]) * max(x.outer, 1) }

// inner is how many elements of the batch's dimension follow one another for each row.
func (x value) inner() int { return max(x.folded, 1) / max(x.outer, 1) }

// lay gives the rows of a tensor other extents, of which that of dimension `at` is folded into the batch, and outer of it outside
// of the batch. The elements keep their order.
func (n *node) lay(x value, extents []int, at, outer int) value {
	l := layout{at: at}
	switch extents[at] {
	case 0:
		n.unsupported("a batch of %s without elements", x)
	case 1:
		extents = slices.Delete(slices.Clone(extents), at, at+1)
	default:
		l.folded, l.outer = extents[at], outer
	}
	y := n.reshape(value{v: x.v, batched: true}, extents...)
	y.layout = l
	return y
}

// reshaped gives a tensor another shape, in which one dimension may be -1. The batch's dimension of the shape is the one that is a
// multiple of its size, or else the open one; what lies before the batch must be what does so now.
func (n *node) reshaped(x value, target []dim) value {
	size := x.v.Type.Size()
	if !x.batched {
		return n.reshape(x, n.fillOpen(x, target, size)...)
	}
	at := n.batchOf(x, target)
	target = slices.Clone(target)
	target[at].batch = false
	rest := slices.Delete(slices.Clone(target), at, at+1)
	if p, ok := fixedProduct(rest); ok && target[at] == fixed(-1) && (p == 0 || size%p != 0) {
		n.unsupported("a reshape of %s to other rows", x)
	}
	extents := n.fillOpen(x, target, size)
	before, outside := sizeOf(extents[:at]), x.outside()
	if before == 0 || outside%before != 0 || extents[at]%max(outside/before, 1) != 0 {
		n.unsupported("a reshape of %s to other rows", x)
	}
	return n.lay(x, extents, at, outside/before)
}

// batchOf is the dimension of a shape that x is to get which has the batch. A batch of one row is any 1 at its place.
func (n *node) batchOf(x value, target []dim) int {
	at := slices.IndexFunc(target, func(d dim) bool { return d.batch })
	for k := 0; at < 0 && n.imp.oneRow && k < len(target); k++ {
		if p, ok := fixedProduct(target[:k]); ok && p == x.outside() && target[k] == fixed(1) {
			at = k
		}
	}
	if at < 0 {
		at = slices.Index(target, fixed(-1))
	}
	if at < 0 {
		n.unsupported("a reshape of %s that does not keep the batch", x)
	}
	return at
}

// fillOpen replaces -1 by what is left of size.
func (n *node) fillOpen(x value, target []dim, size int) []int {
	dims := make([]int, len(target))
	open := -1
	for i, d := range target {
		switch {
		case d.batch:
			n.unsupported("a reshape of %s with the size of the batch in dimension %d", x, i)
		case d.n == -1 && open < 0:
			open = i
			dims[i] = 1
			continue
		case d.n < 0:
			n.fail("the shape has dimensions that are negative or more than one that is open")
		}
		dims[i] = d.n
	}
	n.check(graph.CheckDims(dims))
	if open >= 0 {
		if p := sizeOf(dims); p == 0 || size%p != 0 {
			n.fail("%s does not fill the shape", x)
		} else {
			dims[open] = size / p
		}
	}
	if sizeOf(dims) != size {
		n.fail("%s does not have the size of the shape", x)
	}
	return dims
}

// permuted has x's dimension order[i] as dimension i, the batch among them.
func (n *node) permuted(x value, order []int) value {
	if !x.batched {
		return n.transpose(x, order)
	}
	at := slices.Index(order, x.at)
	if x.folded == 0 { // the rows lack the batch's dimension
		order = slices.Delete(slices.Clone(order), at, at+1)
		for i, k := range order {
			if k > x.at {
				order[i] = k - 1
			}
		}
	}
	y := n.transpose(x, order)
	y.layout = x.layout
	y.at = at
	return y
}

// tail is the dimension of x's rows that an ONNX axis is, from which on all must be the rows' own.
func (n *node) tail(x value, axis int) int {
	if k := n.fullAxis(axis, x.rank()); x.batched && k <= x.at {
		n.unsupported("the dimensions from axis %d on, the batch included, of %s", axis, x)
	}
	return n.axis(x, axis)
}
