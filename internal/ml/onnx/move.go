package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// concat joins tensors along an axis.
func concat(n *node) {
	if !n.hasAttr("axis") {
		n.fail("attribute axis is missing")
	}
	args := make([]value, max(1, len(n.p.Input)))
	for i := range args {
		args[i] = n.any(i)
	}
	n.set(0, n.concatenated(args, int(n.smallInt("axis", 0))))
}

// concatenated joins values along an axis.
func (n *node) concatenated(args []value, axis int) value {
	if slices.ContainsFunc(args, func(x value) bool { return x.v == nil }) {
		var sizes []dim
		for _, x := range args {
			sizes = append(sizes, n.dimsOf(x, "an argument")...)
		}
		return n.symbolic(sizes, false)
	}
	args = n.sameBatch(slices.Clone(args))
	like := args[0]
	onBatch := like.batched && n.fullAxis(axis, like.rank()) == like.at
	for _, x := range args {
		if x.at != like.at || !onBatch && x.layout != like.layout {
			n.unsupported("%s beside %s", x, like)
		}
	}
	if onBatch {
		return n.joinBatches(args)
	}
	y := n.join(args, n.axis(like, axis))
	y.layout = like.layout
	return y
}

// joinBatches puts the batches of tensors one after another.
func (n *node) joinBatches(args []value) value {
	parts, outer := make([]value, len(args)), 0
	inner := args[0].inner()
	for i, x := range args {
		if x.inner() != inner {
			n.unsupported("joining the rows of %s and %s", args[0], x)
		}
		outer += max(x.outer, 1)
		parts[i] = n.reshape(value{v: x.v, batched: true}, x.extents()...)
	}
	y := n.join(parts, args[0].at)
	return n.lay(y, y.row(), args[0].at, outer)
}

// sameBatch makes constants batched beside batched arguments, where the batch is one row anyway.
func (n *node) sameBatch(args []value) []value {
	first := slices.IndexFunc(args, func(x value) bool { return x.batched })
	for i, x := range args {
		if first < 0 || x.batched {
			continue
		}
		at := args[first].at
		if !n.imp.oneRow || x.rank() <= at || x.row()[at] != 1 {
			n.unsupported("joining constant %s, which has no batch, with rows", x)
		}
		args[i] = n.lay(x, x.row(), at, 1)
	}
	return args
}

// join concatenates along an axis of the rows.
func (n *node) join(args []value, axis int) value {
	dims := slices.Clone(args[0].row())
	starts := []int{0}
	for _, x := range args {
		if len(x.row()) != len(dims) {
			n.fail("%s and %s have different ranks", args[0], x)
		}
		for k, d := range x.row() {
			if k != axis && d != dims[k] {
				n.fail("%s and %s do not fit together", args[0], x)
			}
		}
		starts = append(starts, starts[len(starts)-1]+x.row()[axis])
	}
	dims[axis] = starts[len(args)]
	n.check(graph.CheckDims(dims))
	if len(args) == 1 {
		return args[0]
	}
	flat := n.emit(&graph.Concat{}, args...)
	if axis == 0 {
		return n.reshape(flat, dims...)
	}
	// Flat offset of part p, then the part's own row-major order.
	offsets := []int{0}
	for _, x := range args {
		offsets = append(offsets, offsets[len(offsets)-1]+sizeOf(x.row()))
	}
	from := []int{0}
	return n.pick(flat, dims, func(at []int) []int {
		p, _ := slices.BinarySearch(starts, at[axis]+1)
		p--
		i := 0
		for k, c := range at {
			if k == axis {
				c -= starts[p]
			}
			i = i*args[p].row()[k] + c
		}
		from[0] = offsets[p] + i
		return from
	})
}

// slice cuts ranges out of axes. Bounds are attributes in operator sets before 10.
func slice(n *node) {
	starts, _ := n.listArg(1, "starts")
	ends, _ := n.listArg(2, "ends")
	list, given := n.listArg(3, "axes")
	steps, stepped := n.listArg(4, "steps")
	if !given {
		for i := range starts {
			list = append(list, i)
		}
	}
	if !stepped {
		steps = slices.Repeat([]int{1}, len(starts))
	}
	if len(ends) != len(starts) || len(list) != len(starts) || len(steps) != len(starts) {
		n.fail("starts, ends, axes and steps have different lengths")
	}
	x := n.any(0)
	if x.v == nil {
		if len(starts) != 1 || x.scalar || n.fullAxis(list[0], 1) != 0 {
			n.fail("%s has one axis to cut", x)
		}
		var out []dim
		for _, i := range n.steps(starts[0], ends[0], steps[0], len(x.sym)) {
			out = append(out, x.sym[i])
		}
		n.set(0, n.symbolic(out, false))
		return
	}
	for i := range starts {
		if n.fullAxis(list[i], x.rank()) == x.at && x.batched && starts[i] == 0 && ends[i] >= 1<<31-1 && steps[i] == 1 {
			continue // the whole batch
		}
		axis := n.axis(x, list[i])
		y := n.take(x, axis, n.steps(starts[i], ends[i], steps[i], x.row()[axis]))
		y.layout = x.layout
		x = y
	}
	n.set(0, x)
}

// steps lists the indices of a slice of an axis.
func (n *node) steps(start, end, step, length int) []int {
	low, high := 0, length
	if step == 0 {
		n.fail("a step is 0")
	}
	if step < 0 {
		low, high = -1, length-1
	}
	bound := func(v int) int {
		if v < 0 {
			v += length
		}
		return min(max(v, low), high)
	}
	var out []int
	to := bound(end)
	for i := bound(start); step > 0 && i < to || step < 0 && i > to; i += step {
		out = append(out, i)
	}
	return out
}

// take keeps the elements of an axis that list names.
func (n *node) take(x value, axis int, list []int) value {
	dims := slices.Clone(x.row())
	dims[axis] = len(list)
	from := make([]int, len(dims))
	return n.pick(x, dims, func(at []int) []int {
		copy(from, at)
		from[axis] = list[at[axis]]
		return from
	})
}

// gather takes elements of an axis at indices; computed ones that rows of a batch have each go into a constant table only.
func gather(n *node) {
	axis := int(n.smallInt("axis", 0))
	if index := n.whatever(1); index.kind == numbersKind {
		n.set(0, n.gatherRows(n.element(0), index, axis))
		return
	}
	x, index := n.any(0), n.element(1)
	if index.constant() == nil && x.v != nil && x.constant() == nil && !index.batched && index.elem().IsInt() {
		n.set(0, n.gatherComputed(x, index, n.axis(x, axis)))
		return
	}
	if index.constant() == nil {
		k := n.fullAxis(axis, x.rank())
		y := n.lookup(x, index, k)
		y.layout = index.layout
		y.at += k
		n.set(0, y)
		return
	}
	if !index.elem().IsInt() || index.batched && (x.v == nil || x.batched) {
		n.unsupported("indices of type %s", index)
	}
	if index.batched {
		k := n.fullAxis(axis, x.rank())
		y := n.gatherAxis(x, value{v: index.v}, k)
		y.batched, y.layout = true, index.layout
		y.at += k
		n.set(0, y)
		return
	}
	if x.v == nil {
		list := make([]int, index.v.Type.Size())
		n.set(0, n.gatherSizes(x, index, n.indices(index, len(x.sym), list)))
		return
	}
	n.set(0, n.gatherAxis(x, index, n.axis(x, axis)))
}

// gatherAxis takes elements of axis k of the rows at constant indices, whose shape replaces the axis.
func (n *node) gatherAxis(x, index value, k int) value {
	list := make([]int, index.v.Type.Size())
	y := n.take(x, k, n.indices(index, x.row()[k], list))
	dims := slices.Clone(x.row()[:k])
	dims = append(append(dims, index.row()...), x.row()[k+1:]...)
	y = n.reshape(y, dims...)
	y.layout = x.layout
	if k < x.at { // dimensions before the batch became more or fewer
		y.at += index.rank() - 1
	}
	return y
}

// gatherComputed takes entries of axis k of the rows at computed indices, the same for all rows of a batch.
func (n *node) gatherComputed(x, index value, k int) value {
	y := n.emit(&graph.Gather{Axis: k}, x, index)
	y.layout = x.layout
	if k < x.at {
		y.at += index.rank() - 1
	}
	return y
}

func (n *node) gatherSizes(x, index value, list []int) value {
	if index.rank() > 1 {
		n.unsupported("a table of sizes that depend on the batch")
	}
	var out []dim
	for _, i := range list {
		out = append(out, x.sym[i])
	}
	return n.symbolic(out, index.rank() == 0)
}

// indices fills list with constant indices, negative ones counted from the end.
func (n *node) indices(index value, length int, list []int) []int {
	t := index.constant()
	for i := range list {
		v := t.Int(i)
		if v < 0 {
			v += int64(length)
		}
		if v < 0 || v >= int64(length) {
			n.fail("index %d is out of range for length %d", t.Int(i), length)
		}
		list[i] = int(v)
	}
	return list
}

// lookup takes entries of an axis of a table without a batch at computed indices, whose shape replaces the axis. The result has a
// row's shape; its layout is the caller's to tell.
func (n *node) lookup(table, index value, axis int) value {
	if table.v == nil || table.batched || !index.elem().IsInt() {
		n.unsupported("taking elements of %s at computed indices", table)
	}
	t, length := table.constant(), table.row()[axis]
	index = n.cast(graph.I64, index)
	bound, ok := indexBound(index.v)
	if ok && bound > length {
		n.fail("a computed index below %d is out of range for a table of %d", bound, length)
	}
	if ok && t != nil && t.Rank() == 1 {
		return n.emit(&graph.Lookup{Table: t}, index)
	}
	return n.emit(&graph.Gather{Axis: axis}, table, index)
}

// indexBound finds n such that an integer value is surely in [0,n).
func indexBound(v *graph.Value) (int, bool) {
	switch op := v.Op.(type) {
	case *graph.ArgExtreme:
		return v.Args[0].Type.Last(), true
	case *graph.TopK:
		return v.Args[0].Type.Last(), op.Indices
	case *graph.Cast:
		if v.Args[0].Type.Elem == graph.Bool {
			return 2, true
		}
		if op.To.IsInt() && v.Args[0].Type.Elem.IsInt() {
			return indexBound(v.Args[0])
		}
	case *graph.Reshape, *graph.Pick:
		return indexBound(v.Args[0])
	}
	return 0, false
}

// split cuts an axis into pieces: of given lengths, else equal ones.
func split(n *node) {
	x := n.element(0)
	axis := n.axis(x, int(n.smallInt("axis", 0)))
	length := x.row()[axis]
	sizes, given := n.listArg(1, "split")
	pieces := len(n.p.Output)
	if count := int(n.smallInt("num_outputs", int64(pieces))); count != pieces {
		n.fail("attribute num_outputs is %d for %d outputs", count, pieces)
	}
	if !given {
		each := (length + pieces - 1) / pieces
		for i := range pieces {
			sizes = append(sizes, max(0, min(each, length-i*each)))
		}
	}
	if len(sizes) != pieces {
		n.fail("%d lengths are given for %d outputs", len(sizes), pieces)
	}
	at := 0
	for i, size := range sizes {
		if size < 0 || at+size > length {
			n.fail("the pieces do not add up to %d", length)
		}
		y := n.take(x, axis, n.steps(at, at+size, 1, length))
		y.layout = x.layout
		n.set(i, y)
		at += size
	}
	if at != length {
		n.fail("the pieces add up to %d, not %d", at, length)
	}
}
