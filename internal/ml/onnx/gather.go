package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// gatherND takes the entries of the first axes that vectors of indices name, of each batch if the first axes are batches.
func gatherND(n *node) {
	if index := n.whatever(1); index.kind == numbersKind && n.smallInt("batch_dims", 0) == 0 {
		n.set(0, n.gatherRowsND(n.arg(0), index))
		return
	}
	x, index := n.anywhere(0), n.element(1)
	batches := int(n.smallInt("batch_dims", 0))
	if !index.elem().IsInt() || index.rank() == 0 || len(index.row()) == 0 {
		n.fail("indices of type %s", index)
	}
	width := index.row()[len(index.row())-1]
	if index.constant() != nil && !index.batched && width == 1 && batches == 0 {
		n.set(0, n.gatherAxis(x, n.reshape(index, index.row()[:index.rank()-1]...), n.axis(x, 0)))
		return
	}
	if x.batched != index.batched || x.at != 0 || index.at != 0 || x.batched && batches == 0 {
		n.unsupported("elements of %s at indices %s", x, index)
	}
	if x.batched {
		batches--
	}
	if batches < 0 || batches+width > len(x.row()) || batches >= len(index.row()) || !slices.Equal(x.row()[:batches], index.row()[:batches]) {
		n.fail("elements of %s at indices %s", x, index)
	}
	n.set(0, n.gatherVectors(x, n.cast(graph.I64, index), batches, width))
}

// gatherVectors takes entries by places: the batches' axes and those that the indices name become one.
func (n *node) gatherVectors(x, index value, batches, width int) value {
	dims := x.row()
	places := index.row()[:len(index.row())-1]
	flat, inside, stride := value{}, value{}, 1
	for k := width - 1; k >= 0; k-- {
		length := dims[batches+k]
		at := n.take(index, len(places), []int{k})
		at, there := n.inAxis(n.reshape(at, places...), length)
		inside = n.both(inside, there, graph.And)
		flat = n.both(flat, n.binary(graph.Mul, at, n.scalar(at, float64(stride))), graph.Add)
		stride *= length
	}
	if flat.v == nil {
		n.fail("indices of type %s name nothing", index)
	}
	if count := sizeOf(dims[:batches]); batches > 0 {
		first := n.binary(graph.Mul, n.iota(count), n.constantOf(i64Tensor([]int64{int64(stride)}).Reshaped()))
		shape := append(slices.Clone(dims[:batches]), slices.Repeat([]int{1}, len(places)-batches)...)
		flat = n.binary(graph.Add, flat, n.reshape(first, shape...))
		stride *= count
	}
	// A place outside of its axis becomes one outside of all, which Gather tells.
	flat = n.emit(&graph.Where{}, inside, flat, n.scalar(flat, float64(stride)))
	table := n.reshape(x, append([]int{stride}, dims[batches+width:]...)...)
	return n.emit(&graph.Gather{}, table, flat)
}

// inAxis counts indices below zero from an axis' end, and says which are inside of the axis.
func (n *node) inAxis(at value, length int) (from, inside value) {
	if t := at.constant(); t != nil {
		n.indices(at, length, make([]int, t.Size()))
	}
	end := n.scalar(at, float64(length))
	inside = n.binary(graph.And, n.compare(graph.Ge, at, n.unary(graph.Neg, end)), n.compare(graph.Lt, at, end))
	return n.emit(&graph.Where{}, n.compare(graph.Lt, at, n.scalar(at, 0)), n.binary(graph.Add, at, end), at), inside
}
