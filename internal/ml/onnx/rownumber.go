package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// A model may count the rows of its batch (a Range over its size) to take each row's own entries of a tensor: PyTorch's exporters do
// so for x[arange(n), last], for tensors with strides, for masks of attention. Such integers are values of numbersKind. They are v,
// a row's tensor, plus stride times the number of the row; v may be computed. A Gather at such places takes of each row's
// tensor at v. Where they are not linear in the row's number, stride is nil: only their shape is known, which may be all that is asked.

// rowNumbers is a Range from 0 to a multiple of the batch's size.
func (n *node) rowNumbers(limit value) value {
	start, delta := n.tensor(0), n.tensor(2)
	if start.Elem != graph.I64 || delta.Elem != graph.I64 || start.Size() != 1 || delta.Size() != 1 || start.Int(0) != 0 || delta.Int(0) != 1 {
		n.unsupported("a range that counts the batch other than from 0 by 1")
	}
	each := limit.sym[0].n
	if each < 1 {
		n.unsupported("a range to %d times the size of the batch", each)
	}
	x := n.iota(each)
	x.batched = true
	x = n.lay(x, []int{each}, 0, 1)
	return x.numbered(n.filled(x, int64(each)))
}

// numbered makes x that of row number 0, and adds stride a row; nil if that is not known.
func (x value) numbered(stride *graph.Tensor) value {
	x.kind, x.stride = numbersKind, stride
	return x
}

// filled is a tensor like a row of x with one number in all places.
func (n *node) filled(x value, v int64) *graph.Tensor {
	n.spend(x.v.Type.Size())
	t := graph.NewTensor(x.elem(), x.row()...)
	for i := range t.Size() {
		t.SetInt(i, v)
	}
	return t
}

// Operators that are linear in their arguments, which give row numbers of row numbers: those that move elements, whose other arguments
// say where; those that add what is beside them, whose stride is 0; a product, by what is the same for all rows.
const (
	moves = iota + 1
	adds
	multiplies
)

var linearOps = map[string]int{"Cast": moves, "Identity": moves, "Reshape": moves, "Squeeze": moves, "Unsqueeze": moves, "Transpose": moves,
	"Expand": moves, "Slice": moves, "Flatten": moves, "Tile": moves, "Split": moves, "Gather": moves,
	"Add": adds, "Sub": adds, "Sum": adds, "Concat": adds, "Mul": multiplies}

// countsRows reports whether an argument has row numbers, and the operator is one to apply to what they consist of.
func (n *node) countsRows() bool {
	at := -1
	for i := range n.p.Input {
		if x, ok := n.find(i); ok && x.kind == numbersKind {
			at = i
			break
		}
	}
	places := (n.p.OpType == "Gather" || n.p.OpType == "GatherND") && at == 1
	return at >= 0 && n.p.OpType != "Shape" && n.p.OpType != "Size" && !places
}

// overNumbers applies an operator to row numbers: to what they are in row 0, and to their strides.
func (n *node) overNumbers(op func(*node)) {
	how := linearOps[n.p.OpType]
	first := n.applied(op, func(x value) value { return x.at0() })
	known := how != 0
	count := 0
	for i := range n.p.Input {
		if x, ok := n.find(i); ok && x.kind == numbersKind {
			known = known && x.stride != nil && (how != moves || i == 0)
			count++
		}
	}
	var strides []value
	if known && (how != multiplies || count == 1) {
		n.attempt(func() {
			strides = n.applied(op, func(x value) value {
				switch {
				case x.kind == numbersKind:
					y := x.at0()
					y.v = n.constantOf(x.stride).v
					return y
				case how == adds && x.v != nil:
					x.v = n.constantOf(n.filled(x, 0)).v
				}
				return x
			})
		})
	}
	for i, x := range first {
		var stride *graph.Tensor
		if e := x.elem(); i < len(strides) && (e == graph.I64 || e == graph.I32) { // which hold them all
			stride = strides[i].constant()
		}
		n.set(i, x.numbered(stride))
	}
}

// at0 is what row numbers are in row 0.
func (x value) at0() value {
	if x.kind == numbersKind {
		x.kind, x.stride = tensorKind, nil
	}
	return x
}

// shaped is input i, of which only the shape is asked.
func (n *node) shaped(i int) value {
	if x := n.whatever(i); x.kind == numbersKind {
		return x
	}
	return n.any(i)
}

// applied gives the results of an operator with other arguments.
func (n *node) applied(op func(*node), as func(x value) value) (out []value) {
	s := newScope(n.imp.scope)
	for i, name := range n.p.Input {
		if x, ok := n.find(i); ok {
			s.values[name] = as(x)
		}
	}
	inner := *n
	n.check(n.imp.within(s, func() error {
		op(&inner)
		return nil
	}))
	for _, name := range n.p.Output {
		out = append(out, s.values[name])
	}
	return out
}

// find is input i, if it is there.
func (n *node) find(i int) (value, bool) {
	if !n.named(i) {
		return value{}, false
	}
	return n.imp.scope.find(n.p.Input[i])
}

// gatherRows takes entries of the axis with the batch at places that are each row's own.
func (n *node) gatherRows(x, index value, axis int) value {
	if k := n.fullAxis(axis, x.rank()); !x.batched || k != x.at || max(x.outer, 1) != 1 || !steady(index.stride, x.inner()) {
		n.unsupported("taking elements of %s by the numbers of rows", x)
	}
	table := n.reshape(value{v: x.v, batched: true}, x.extents()...)
	y := n.gatherOwn(table, index.at0(), x.at)
	y.layout = index.layout
	y.at += x.at
	return y
}

// steady tells whether all strides are the given one.
func steady(stride *graph.Tensor, v int) bool {
	return stride != nil && !slices.ContainsFunc(stride.I64, func(s int64) bool { return s != int64(v) })
}

// gatherOwn takes entries of an axis of the rows at places from 0 on; what is before 0 belongs to another row.
func (n *node) gatherOwn(x, index value, axis int) value {
	length := x.row()[axis]
	if t := index.constant(); t != nil {
		if slices.ContainsFunc(t.I64, func(i int64) bool { return i < 0 || i >= int64(length) }) {
			n.unsupported("taking elements of other rows than one's own")
		}
		index.batched = false
		return n.gatherAxis(x, index, axis)
	}
	index = n.cast(graph.I64, index)
	before := n.compare(graph.Lt, index, n.scalar(index, 0))
	index = n.emit(&graph.Where{}, before, n.scalar(index, float64(length)), index)
	return n.emit(&graph.Gather{Axis: axis}, x, index)
}

// gatherRowsND takes entries by vectors of indices, of which one is the number of the row.
func (n *node) gatherRowsND(x, index value) value {
	width := index.row()[len(index.row())-1]
	others := index.at0()
	if x.folded != 0 || x.at != 0 || index.stride == nil || others.at >= others.rank()-1 || width < 2 {
		n.unsupported("taking elements of %s by the numbers of rows", x)
	}
	strides := index.at0()
	strides.v = n.constantOf(index.stride).v
	last := len(index.row()) - 1
	columns := func(y value, list []int) value {
		z := n.take(y, last, list)
		z.layout = y.layout
		return z
	}
	rest := n.steps(1, width, 1, width)
	own, at := columns(strides, []int{0}).constant(), columns(others, []int{0})
	places := n.cast(graph.I64, columns(others, rest))
	if !steady(own, 1) || at.constant() != nil && !steady(at.constant(), 0) || !steady(columns(strides, rest).constant(), 0) {
		n.unsupported("taking elements of %s by the numbers of rows", x)
	}
	if at.constant() == nil { // a column of a Concat: 0, but not known to be
		places = n.emit(&graph.Where{}, n.compare(graph.Eq, at, n.scalar(at, 0)), places, n.scalar(places, maxRowElements))
	}
	if places.constant() != nil {
		places.batched = false
	}
	y := n.gatherVectors(value{v: x.v, batched: true}, places, 0, width-1)
	y.layout = index.layout
	return y
}
