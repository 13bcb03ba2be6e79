package onnx

import "slices"

// dim is an integer computed from shapes: n, or n times the size of the batch.
type dim struct {
	n     int
	batch bool
}

func fixed(n int) dim { return dim{n: n} }

// batchDim is the size of the batch itself.
var batchDim = dim{n: 1, batch: true}

// times multiplies two such integers, if neither or one of them depends on the batch.
func (d dim) times(e dim) (dim, bool) {
	return dim{n: d.n * e.n, batch: d.batch || e.batch}, !(d.batch && e.batch) && d.n*e.n < 1<<40
}

// over divides such integers, if a division without remainder has a result that is one.
func (d dim) over(e dim) (dim, bool) {
	if e.n == 0 || d.n%e.n != 0 || e.batch && !d.batch {
		return dim{}, false
	}
	return dim{n: d.n / e.n, batch: d.batch && !e.batch}, true
}

// fullDims is the tensor's ONNX shape.
func (x value) fullDims() []dim {
	if x.v == nil {
		return slices.Repeat([]dim{fixed(len(x.sym))}, x.rank())
	}
	var out []dim
	for _, d := range x.row() {
		out = append(out, fixed(d))
	}
	switch {
	case x.folded != 0:
		out[x.at].batch = true
	case x.batched:
		out = slices.Insert(out, x.at, batchDim)
	}
	return out
}

// symbolic makes a value of integers; one that does not depend on the batch becomes a constant.
func (n *node) symbolic(dims []dim, scalar bool) value {
	if slices.ContainsFunc(dims, func(d dim) bool { return d.batch }) {
		return value{sym: dims, scalar: scalar}
	}
	ints := make([]int64, len(dims))
	for i, d := range dims {
		ints[i] = int64(d.n)
	}
	t := i64Tensor(ints)
	if scalar {
		t = t.Reshaped()
	}
	return n.constantOf(t)
}

// dimsArg is argument i as a list of integers, which must be known but for the batch's size.
func (n *node) dimsArg(i int) []dim {
	x := n.any(i)
	if x.v != nil {
		n.tensor(i)
	}
	return n.dimsOf(x, n.argName(i))
}

// dimsOf is a value, which is constant but for the batch's size, as a list of integers.
func (n *node) dimsOf(x value, what string) []dim {
	if x.v == nil {
		return x.sym
	}
	t := x.constant()
	if t == nil || !t.Elem.IsInt() || t.Rank() > 1 {
		n.fail("%s of type %s is no list of integers", what, x)
	}
	out := make([]dim, t.Size())
	for k := range out {
		v := t.Int(k)
		out[k] = fixed(clamp(v))
	}
	return out
}

// ints is argument i as a list of known integers.
func (n *node) ints(i int) []int {
	dims := n.dimsArg(i)
	out := make([]int, len(dims))
	for k, d := range dims {
		if d.batch {
			n.unsupported("a %s that depends on the size of the batch", n.argName(i))
		}
		out[k] = d.n
	}
	return out
}

// clamp keeps integers far from overflow; what it changes is out of any tensor's range before and after.
func clamp(v int64) int { return int(min(max(v, -1<<40), 1<<40)) }
