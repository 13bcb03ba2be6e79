package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// reshape gives a tensor another shape.
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
	n.set(0, n.reshaped(x, target))
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
	n.set(0, n.reshaped(x, []dim{n.length(x, 0, k), n.length(x, k, x.rank())}))
}

// length is how many elements x's dimensions from one to before another have together.
func (n *node) length(x value, from, to int) dim {
	p := fixed(1)
	for _, d := range x.fullDims()[from:to] {
		p, _ = p.times(d) // the batch is in one of them
	}
	return p
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
	y.layout = x.layout
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
	rank := x.rank() + len(list)
	isNew := make([]bool, min(rank, 64))
	for _, a := range list {
		k := n.fullAxis(a, len(isNew))
		if isNew[k] {
			n.fail("an axis is given twice in %v", list)
		}
		isNew[k] = true
	}
	var dims []int
	old, at := x.extents(), 0
	for i, fresh := range isNew {
		if fresh {
			dims = append(dims, 1)
			continue
		}
		if len(old) == x.behind()+1 {
			at = i
		}
		dims = append(dims, old[0])
		old = old[1:]
	}
	if x.batched {
		n.set(0, n.lay(x, dims, at, x.outer))
		return
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
	n.set(0, n.permuted(x, order))
}

// expand repeats a tensor along dimensions of 1, or new ones, to fill a shape.
func expand(n *node) { n.set(0, n.expandTo(n.element(0), n.dimsArg(1))) }

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
	at := slices.IndexFunc(out, func(d dim) bool { return d.batch })
	if at < 0 && x.batched || at >= 0 && slices.ContainsFunc(out[at+1:], func(d dim) bool { return d.batch }) {
		n.unsupported("expanding %s before its batch", x)
	}
	dims := make([]int, len(out))
	for i, d := range out {
		if d.n < 0 {
			n.fail("dimension %d of the shape is negative", i)
		}
		dims[i] = d.n
	}
	y := n.repeat(value{v: n.reshape(x, x.extents()...).v, batched: x.batched}, dims)
	if at < 0 {
		return y
	}
	return n.lay(y, dims, at, max(x.outer, 1))
}

// repeat picks the elements of x that a broadcast to dims gives.
func (n *node) repeat(x value, dims []int) value {
	src := x.row()
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

// tile repeats whole axes; repeated batches follow one another. What has no batch gets one where it is repeated for each row.
func tile(n *node) {
	x, list := n.element(0), n.dimsArg(1)
	times, fresh := make([]int, len(list)), false
	for i, d := range list {
		if d.batch && (x.batched || len(list) != x.rank()) {
			n.unsupported("repeating %s as often as the batch is long", x)
		}
		if times[i] = d.n; d.batch {
			x, fresh = n.lay(x, x.row(), i, 1), true
		}
	}
	if len(times) != x.rank() {
		n.fail("%d repetitions do not fit %s", len(times), x)
	}
	old := x.extents()
	dims := make([]int, len(times))
	for i, t := range times {
		if t < 0 || t > graph.MaxElements {
			n.fail("%d repetitions are out of range", t)
		}
		dims[i] = old[i] * t
	}
	from := make([]int, len(dims))
	y := n.pick(value{v: n.reshape(x, old...).v, batched: x.batched}, dims, func(at []int) []int {
		for i := range at {
			from[i] = at[i] % old[i]
		}
		return from
	})
	if x.batched {
		outer := 1
		if !fresh {
			outer = times[x.at] * max(x.outer, 1)
		}
		y = n.lay(y, dims, x.at, outer)
	}
	n.set(0, y)
}
