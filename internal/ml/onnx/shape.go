package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// reshape gives a tensor another shape; the batch must stay what it is, in front.
func reshape(n *node) {
	x := n.any(0)
	if x.v == nil {
		n.set(0, n.reshapeSizes(x))
		return
	}
	target := slices.Clone(n.dimsArg(1))
	if !n.flag("allowzero", false) {
		full := x.fullDims()
		for i, d := range target {
			if d != fixed(0) {
				continue
			}
			if i >= len(full) {
				n.fail("the shape copies dimension %d of %s", i, x)
			}
			target[i] = full[i]
		}
	}
	switch {
	case x.stacked:
		n.set(0, n.unstack(x, target))
		return
	case x.folded != 0 && product(x.row()[:x.at]) != 1:
		n.set(0, n.unfold(x, target))
		return
	}
	if x.batched && product(x.row()[:x.at]) != 1 {
		n.set(0, n.aroundBatch(x, target))
		return
	}
	plain := value{v: x.v, batched: x.batched}
	if k := leadingOnes(target); x.batched && k > 0 && !n.imp.oneRow {
		n.set(0, n.behindOnes(plain, k, target[k:]))
		return
	}
	n.set(0, n.reshape(plain, n.newRow(x, target)...))
}

// aroundBatch gives the dimensions before the batch, and those behind it, other shapes of the same size.
func (n *node) aroundBatch(x value, target []dim) value {
	before := product(x.row()[:x.at])
	rest := product(x.row()[x.at:])
	for at := 1; at < len(target); at++ {
		p, ok := fixedProduct(target[:at])
		if !ok || p != before || target[at] != batchDim && target[at] != fixed(-1) {
			continue
		}
		if q, ok := fixedProduct(target[at+1:]); target[at] != batchDim && (!ok || q != rest) {
			continue
		}
		row := n.fillOpen(x, append(slices.Clone(target[:at]), target[at+1:]...), before*rest)
		y := n.reshape(value{v: x.v, batched: true}, row...)
		y.at = at
		return y
	}
	n.unsupported("a reshape of %s to other rows", x)
	return value{}
}

// leadingOnes counts the ones before the batch in a shape; 0 if what follows cannot be the batch.
func leadingOnes(target []dim) int {
	k := 0
	for k < len(target) && target[k] == fixed(1) {
		k++
	}
	if k < len(target) && (target[k].batch || target[k] == fixed(-1)) {
		return k
	}
	return 0
}

// behindOnes puts k dimensions of 1 before the batch, which the target starts with.
func (n *node) behindOnes(x value, k int, target []dim) value {
	ones, size := slices.Repeat([]int{1}, k), x.v.Type.Size()
	if p, ok := fixedProduct(target[1:]); !ok || p != size {
		if len(target) > 1 {
			n.unsupported("a reshape of %s to other rows", x)
		}
		return n.foldInto(x, k)
	}
	y := n.reshape(x, append(ones, n.fillOpen(x, target[1:], size)...)...)
	y.at = k
	return y
}

// foldInto makes all of the rows one dimension, behind k of 1.
func (n *node) foldInto(x value, k int) value {
	size := x.v.Type.Size()
	y := n.reshape(x, append(slices.Repeat([]int{1}, k), size)...)
	y.layout = layout{at: k, folded: size}
	return y
}

// unfold gives rows the dimension back that was folded into a batch that is not in front.
func (n *node) unfold(x value, target []dim) value {
	dims := x.row()
	rest := product(dims[x.at:])
	if len(target) <= x.at || target[x.at] != fixed(-1) && target[x.at] != batchDim {
		n.unsupported("a reshape of %s to other rows", x)
	}
	for i, d := range dims[:x.at] {
		if target[i] != fixed(d) {
			n.unsupported("a reshape of %s to other rows", x)
		}
	}
	if p, ok := fixedProduct(target[x.at+1:]); !ok || p != rest {
		n.unsupported("a reshape of %s to other rows", x)
	}
	y := n.reshape(value{v: x.v, batched: true}, append(slices.Clone(dims[:x.at]), n.fillOpen(x, target[x.at+1:], rest)...)...)
	y.at = x.at
	return y
}

// unstack gives stacked rows the dimension back that was folded into the batch.
func (n *node) unstack(x value, target []dim) value {
	rest := x.v.Type.Size() / x.folded
	if len(target) < 2 || target[0] != fixed(x.folded) || target[1] != fixed(-1) && target[1] != batchDim {
		n.unsupported("a reshape of %s to other rows", x)
	}
	if p, ok := fixedProduct(target[2:]); !ok || p != rest {
		n.unsupported("a reshape of %s to other rows", x)
	}
	y := n.reshape(value{v: x.v, batched: true}, append([]int{x.folded}, n.fillOpen(x, target[2:], rest)...)...)
	y.at = 1
	return y
}

// newRow is the shape of a row for an ONNX shape in which one dimension may be -1.
func (n *node) newRow(x value, target []dim) []int {
	size := x.v.Type.Size()
	if x.batched {
		switch {
		case len(target) == 0:
			n.unsupported("a reshape of %s to a scalar, which mixes rows,", x)
		case target[0] == batchDim, target[0] == fixed(1) && n.imp.oneRow:
			target = target[1:]
		case target[0] == fixed(-1):
			// The open dimension is the batch if the others hold exactly a row.
			target = target[1:]
			if p, ok := fixedProduct(target); !ok || p != size {
				n.unsupported("a reshape of %s to other rows", x)
			}
		default:
			n.unsupported("a reshape of %s that does not keep the batch in front", x)
		}
	}
	return n.fillOpen(x, target, size)
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
		if p := product(dims); p == 0 || size%p != 0 {
			n.fail("%s does not fill the shape", x)
		} else {
			dims[open] = size / p
		}
	}
	if product(dims) != size {
		n.fail("%s does not have the size of the shape", x)
	}
	return dims
}

// fixedProduct is the product of known dimensions.
func fixedProduct(dims []dim) (int, bool) {
	p := fixed(1)
	for _, d := range dims {
		var ok bool
		if p, ok = p.times(d); !ok || d.batch || d.n < 0 {
			return 0, false
		}
	}
	return p.n, true
}

// reshapeSizes makes a vector of one of a scalar or the reverse.
func (n *node) reshapeSizes(x value) value {
	shape := n.ints(1)
	n.ignore("allowzero")
	one := len(shape) == 0 || len(shape) == 1 && shape[0] == 1
	if len(x.sym) == 1 && one || len(shape) == 1 && (shape[0] == -1 || shape[0] == len(x.sym)) {
		return n.symbolic(x.sym, len(shape) == 0)
	}
	n.fail("%s does not fit shape %v", x, shape)
	return value{}
}

// flatten makes a matrix: the dimensions before axis, and those from it on.
func flatten(n *node) {
	if x := n.whatever(0); x.kind == tokensKind && n.intAttr("axis", 1) == 1 {
		n.set(0, x)
		return
	}
	x := n.element(0)
	k := int(n.smallInt("axis", 1))
	if k < 0 {
		k += x.rank()
	}
	if k < 0 || k > x.rank() {
		n.fail("axis %d is out of range for rank %d", k, x.rank())
	}
	dims := x.row()
	if !x.batched {
		n.set(0, n.reshape(x, product(dims[:k]), product(dims[k:])))
		return
	}
	switch {
	case x.folded != 0 && !x.stacked && x.at == 1 && x.rank() == 2 && k == 1:
		n.set(0, x)
		return
	case x.at != 0 || x.folded != 0:
		n.unsupported("%s of shape %s, whose batch is not the first dimension,", n.argName(0), x)
	case k == 0:
		n.set(0, n.foldInto(x, 1))
		return
	case product(dims[:k-1]) != 1:
		n.unsupported("flattening %s at axis %d, which mixes rows,", x, k)
	}
	n.set(0, n.reshape(x, product(dims)))
}

func squeeze(n *node) {
	x := n.any(0)
	list, given := n.listArg(1, "axes")
	switch {
	case x.v == nil:
		if len(x.sym) != 1 || x.scalar {
			n.fail("%s has no axis of length 1", x)
		}
		n.set(0, n.symbolic(x.sym, true))
		return
	}
	var dims []int
	axes := n.axes(x, list)
	at := x.at
	for i, d := range x.row() {
		drop := slices.Contains(axes, i)
		if drop && d != 1 {
			n.fail("axis %d of %s is not 1 long", i, x)
		}
		if !drop && (given || d != 1) {
			dims = append(dims, d)
		} else if i < x.at {
			at--
		}
	}
	y := n.reshape(x, dims...)
	y.at = at
	n.set(0, y)
}

func unsqueeze(n *node) {
	x := n.any(0)
	list, _ := n.listArg(1, "axes")
	if x.v == nil {
		if !x.scalar || len(list) != 1 || list[0] != 0 && list[0] != -1 {
			n.unsupported("a table of sizes that depend on the batch")
		}
		n.set(0, n.symbolic(x.sym, false))
		return
	}
	x = n.arg(0)
	rank := x.rank() + len(list)
	isNew := make([]bool, min(rank, 64))
	for _, a := range list {
		k := n.fullAxis(a, len(isNew))
		if isNew[k] {
			n.fail("an axis is given twice in %v", list)
		}
		isNew[k] = true
	}
	if x.batched && isNew[0] {
		n.unsupported("an axis before the batch of %s", x)
	}
	if x.batched {
		isNew = isNew[1:]
	}
	var dims []int
	old := x.row()
	for _, fresh := range isNew {
		if fresh {
			dims = append(dims, 1)
		} else {
			dims = append(dims, old[0])
			old = old[1:]
		}
	}
	n.set(0, n.reshape(x, dims...))
}

// transpose permutes the axes, the batch among them; without an order it reverses them.
func transpose(n *node) {
	x := n.any(0)
	if x.v == nil {
		n.unsupported("a transposition of %s", x)
	}
	order := n.smallInts("perm")
	if !n.hasAttr("perm") {
		for i := x.rank() - 1; i >= 0; i-- {
			order = append(order, i)
		}
	}
	seen := map[int]bool{}
	for _, k := range order {
		if k < 0 || k >= x.rank() || seen[k] {
			n.fail("attribute perm is no order of %d axes", x.rank())
		}
		seen[k] = true
	}
	if len(order) != x.rank() {
		n.fail("attribute perm is no order of %d axes", x.rank())
	}
	if !x.batched {
		n.set(0, n.transpose(x, order))
		return
	}
	at := slices.Index(order, x.at)
	order = slices.Delete(slices.Clone(order), at, at+1)
	for i, k := range order {
		if k > x.at {
			order[i] = k - 1
		}
	}
	y := n.transpose(x, order)
	y.at = at
	n.set(0, y)
}

// expand repeats a tensor along dimensions of 1, or new ones, to fill a shape.
func expand(n *node) { n.set(0, n.expandTo(n.arg(0), n.dimsArg(1))) }

func (n *node) expandTo(x value, target []dim) value {
	full := x.fullDims()
	out := slices.Clone(target)
	if len(full) > len(out) {
		out = append(slices.Repeat([]dim{fixed(1)}, len(full)-len(out)), out...)
	}
	for i, d := range full {
		j := len(out) - len(full) + i
		if out[j] == fixed(1) {
			out[j] = d
		} else if d != fixed(1) && d != out[j] {
			n.fail("%s does not expand to the shape", x)
		}
	}
	at := slices.Index(out, batchDim)
	if at >= 0 {
		out = slices.Delete(out, at, at+1)
	} else if x.batched {
		n.unsupported("expanding %s before its batch", x)
	}
	if at > 0 && !x.batched {
		if k := at - (len(out) + 1 - x.rank()); k >= 0 { // the batch's place is a 1 of the constant
			x = n.reshape(x, slices.Delete(slices.Clone(x.row()), k, k+1)...)
		}
	}
	dims := make([]int, len(out))
	for i, d := range out {
		if d.batch || d.n < 0 {
			n.unsupported("a dimension %d that depends on the size of the batch or is negative", i)
		}
		dims[i] = d.n
	}
	y := n.repeat(x, dims)
	if y.batched = at >= 0; y.batched {
		y.at = at
	}
	return y
}

// repeat picks the elements of x that a broadcast to dims gives.
func (n *node) repeat(x value, dims []int) value {
	src := x.row()
	for len(src) > len(dims) { // leading 1s of a constant that the batch has replaced
		src = src[1:]
	}
	x = n.reshape(x, src...)
	from := make([]int, len(src))
	return n.pick(x, dims, func(at []int) []int {
		for i := range src {
			from[i] = 0
			if src[i] != 1 {
				from[i] = at[len(dims)-len(src)+i]
			}
		}
		return from
	})
}

// tile repeats whole axes.
func tile(n *node) {
	x, times := n.arg(0), n.ints(1)
	if len(times) != x.rank() {
		n.fail("%d repetitions do not fit %s", len(times), x)
	}
	if x.batched {
		if times[0] != 1 {
			n.unsupported("repeating the batch")
		}
		times = times[1:]
	}
	dims := make([]int, len(times))
	for i, t := range times {
		if t < 0 || t > graph.MaxElements {
			n.fail("%d repetitions are out of range", t)
		}
		dims[i] = x.row()[i] * t
	}
	from := make([]int, len(dims))
	n.set(0, n.pick(x, dims, func(at []int) []int {
		for i := range at {
			from[i] = at[i] % x.row()[i]
		}
		return from
	}))
}
