package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// align prepares the arguments of an elementwise operator: ONNX aligns shapes at the last dimension, batch included. Those with
// a batch must have it in one place; a constant beside them must not reach into the batch, or only with a 1.
func (n *node) align(args ...value) []value {
	rank, first := 0, slices.IndexFunc(args, func(x value) bool { return x.batched })
	if first < 0 {
		return args
	}
	like := args[first]
	for _, x := range args {
		rank = max(rank, x.rank())
		if x.batched && (x.behind() != like.behind() || x.folded != like.folded || x.outer != like.outer) {
			n.unsupported("%s beside %s, which mixes rows,", x, like)
		}
	}
	out := slices.Clone(args)
	for i, x := range args {
		switch k := x.rank() - 1 - like.behind(); {
		case x.batched && x.rank() < rank:
			more := rank - x.rank()
			out[i] = n.reshape(x, append(slices.Repeat([]int{1}, more), x.row()...)...)
			out[i].layout = x.layout
			out[i].at += more
		case x.batched || k < 0:
		case x.row()[k] != 1:
			n.unsupported("constant %s beside %s, which mixes rows,", x, like)
		case like.folded == 0:
			out[i] = n.reshape(x, slices.Delete(slices.Clone(x.row()), k, k+1)...)
		}
	}
	return out
}

// axis turns an ONNX axis of x into one of x.row(); it must not be the batch.
func (n *node) axis(x value, axis int) int {
	k := n.fullAxis(axis, x.rank())
	if !x.batched {
		return k
	}
	switch {
	case k == x.at:
		n.unsupported("axis %d, the batch, of %s", axis, x)
	case k > x.at && x.folded == 0:
		k--
	}
	return k
}

// fullAxis makes a negative axis count from the front and checks its range.
func (n *node) fullAxis(axis, rank int) int {
	k := axis
	if k < 0 {
		k += rank
	}
	if k < 0 || k >= rank {
		n.fail("axis %d is out of range for rank %d", axis, rank)
	}
	return k
}

// axes is axis for a list, sorted; no axis may come twice.
func (n *node) axes(x value, list []int) []int {
	var out []int
	for _, a := range list {
		out = append(out, n.axis(x, a))
	}
	slices.Sort(out)
	if len(slices.Compact(slices.Clone(out))) != len(out) {
		n.fail("an axis is given twice in %v", list)
	}
	return out
}

// listArg is a list that older operator sets hold in an attribute and newer ones in input i; ok tells if it is there.
func (n *node) listArg(i int, attr string) (list []int, ok bool) {
	if n.hasAttr(attr) {
		return n.smallInts(attr), true
	}
	if n.has(i) {
		return n.ints(i), true
	}
	return nil, false
}

// toLast moves an axis of a row to the end. back undoes it for a result of the same shape.
func (n *node) toLast(x value, axis int) (moved value, back func(value) value) {
	if axis == len(x.row())-1 {
		return x, func(y value) value { return y }
	}
	perm := make([]int, 0, len(x.row()))
	for i := range x.row() {
		if i != axis {
			perm = append(perm, i)
		}
	}
	perm = append(perm, axis)
	inverse := make([]int, len(perm))
	for i, p := range perm {
		inverse[p] = i
	}
	return n.transpose(x, perm), func(y value) value { return n.transpose(y, inverse) }
}

// transpose permutes the axes of a row: axis i of the result is axis perm[i] of x.
func (n *node) transpose(x value, perm []int) value {
	dims := make([]int, len(perm))
	for i, p := range perm {
		dims[i] = x.row()[p]
	}
	from := make([]int, len(perm))
	return n.pick(x, dims, func(at []int) []int {
		for i, p := range perm {
			from[p] = at[i]
		}
		return from
	})
}

// pick builds the Pick of shape dims whose element at coordinates c is x's element at from(c). A Pick that moves nothing
// becomes a Reshape.
func (n *node) pick(x value, dims []int, from func(at []int) []int) value {
	n.check(graph.CheckDims(dims))
	out := graph.Of(x.elem(), dims...)
	if x.constant() == nil {
		n.check(checkRow(out))
	}
	n.spend(out.Size())
	strides := make([]int, len(x.row()))
	size := 1
	for i := len(strides) - 1; i >= 0; i-- {
		strides[i] = size
		size *= x.row()[i]
	}
	index := make([]int32, out.Size())
	same := len(index) == size
	at := make([]int, len(dims))
	for i := range index {
		flat := 0
		for k, c := range from(at) {
			flat += c * strides[k]
		}
		index[i] = int32(flat)
		same = same && flat == i
		for k := len(at) - 1; k >= 0; k-- {
			if at[k]++; at[k] < dims[k] {
				break
			}
			at[k] = 0
		}
	}
	if same {
		return n.reshape(x, dims...)
	}
	return n.emit(&graph.Pick{Index: index, Dims: dims}, x)
}
