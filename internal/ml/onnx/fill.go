package onnx

import (
	"math"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// size is the number of a tensor's elements.
func size(n *node) {
	p := fixed(1)
	for _, d := range n.shaped(0).fullDims() {
		p, _ = p.times(d)
	}
	n.set(0, n.symbolic([]dim{p}, true))
}

// rangeOf counts from a start to a limit, all constants, for they determine the shape; or the rows of the batch.
func rangeOf(n *node) {
	if x := n.any(1); x.v == nil && x.scalar {
		n.set(0, n.rowNumbers(x))
		return
	}
	start, limit, delta := n.tensor(0), n.tensor(1), n.tensor(2)
	e := start.Elem
	if !e.IsNumber() || limit.Elem != e || delta.Elem != e || start.Size() != 1 || limit.Size() != 1 || delta.Size() != 1 {
		n.fail("inputs of types %s, %s and %s are no range", start.Type, limit.Type, delta.Type)
	}
	count := math.Ceil((limit.Float(0) - start.Float(0)) / delta.Float(0))
	if math.IsNaN(count) || count > graph.MaxElements {
		n.fail("a range from %v to %v by %v", start.Float(0), limit.Float(0), delta.Float(0))
	}
	length := max(0, int(count))
	n.spend(length)
	t := graph.NewTensor(e, length)
	for i := range length {
		if e.IsInt() {
			t.SetInt(i, start.Int(0)+int64(i)*delta.Int(0))
		} else {
			t.SetFloat(i, start.Float(0)+float64(i)*delta.Float(0))
		}
	}
	n.set(0, n.constantOf(t))
}

// trilu keeps the upper or lower triangle of the last two axes; the rest becomes zero.
func trilu(n *node) {
	x := n.arg(0)
	k := 0
	if n.has(1) {
		list := n.ints(1)
		if len(list) != 1 {
			n.fail("%s is no number", n.argName(1))
		}
		k = list[0]
	}
	upper := n.flag("upper", true)
	dims := x.row()
	if len(dims) < 2 {
		n.unsupported("an argument of type %s", x)
	}
	rows, cols := dims[len(dims)-2], dims[len(dims)-1]
	keep := n.mask(rows, cols, func(i, j int) bool { return upper && j-i >= k || !upper && j-i <= k })
	n.set(0, n.emit(&graph.Where{}, keep, x, n.zero(x)))
}

// mask is a constant matrix of bool.
func (n *node) mask(rows, cols int, f func(i, j int) bool) value {
	n.spend(rows * cols)
	t := graph.NewTensor(graph.Bool, rows, cols)
	for i := range rows {
		for j := range cols {
			t.Bool[i*cols+j] = f(i, j)
		}
	}
	return n.constantOf(t)
}

// zero is one zero, false or empty text of x's element type.
func (n *node) zero(x value) value { return n.constantOf(graph.NewTensor(x.elem())) }

// eyeLike is 1 on a diagonal of a matrix of the argument's shape.
func eyeLike(n *node) {
	x := n.any(0)
	e := x.elem()
	if n.hasAttr("dtype") {
		e = n.elemAttr("dtype")
	}
	k := int(n.smallInt("k", 0))
	if x.v == nil || x.batched || x.rank() != 2 {
		n.unsupported("an argument of type %s", x)
	}
	n.set(0, n.cast(e, n.mask(x.row()[0], x.row()[1], func(i, j int) bool { return j-i == k })))
}

// elemAttr is an attribute that names an element type.
func (n *node) elemAttr(name string) graph.Elem {
	e, err := elemOf(int32(n.smallInt(name, 0)))
	if err != nil {
		n.check(at(err, "attribute %s", name))
	}
	return e
}

// oneHot puts values[1] where the last, or another, axis equals the index, values[0] elsewhere.
func oneHot(n *node) {
	index, values := n.arg(0), n.arg(2)
	depthTensor := n.tensor(1)
	if depthTensor.Size() != 1 || !depthTensor.Elem.IsNumber() || len(values.row()) != 1 || values.row()[0] != 2 {
		n.fail("inputs of types %s and %s are no depth and values", depthTensor.Type, values)
	}
	depth := int(min(max(depthTensor.Float(0), 0), graph.MaxElements))
	rank := index.rank() + 1
	axis := n.fullAxis(int(n.smallInt("axis", -1)), rank)
	if index.batched {
		if axis == 0 {
			n.unsupported("an axis before the batch of %s", index)
		}
		axis--
	}
	index = n.cast(graph.I64, index)
	negative := n.compare(graph.Lt, index, n.scalar(index, 0))
	index = n.emit(&graph.Where{}, negative, n.binary(graph.Add, index, n.scalar(index, float64(depth))), index)
	dims := slices.Insert(slices.Clone(index.row()), axis, 1)
	axisDims := slices.Repeat([]int{1}, len(dims))
	axisDims[axis] = depth
	hit := n.compare(graph.Eq, n.reshape(index, dims...), n.reshape(n.iota(depth), axisDims...))
	off, on := n.reshape(n.take(values, 0, []int{0})), n.reshape(n.take(values, 0, []int{1}))
	n.set(0, n.emit(&graph.Where{}, hit, on, off))
}

// window is HannWindow and its like: sums of cosines.
func window(n *node) {
	coefficients := map[string][3]float64{"HannWindow": {0.5, 0.5}, "HammingWindow": {25.0 / 46, 21.0 / 46}, "BlackmanWindow": {0.42, 0.5, 0.08}}[n.p.OpType]
	length := n.ints(0)
	e := graph.F32
	if n.hasAttr("output_datatype") {
		e = n.elemAttr("output_datatype")
	}
	if len(length) != 1 || length[0] < 0 || length[0] > maxRowElements {
		n.fail("%v is no length", length)
	}
	period := length[0]
	if !n.flag("periodic", true) {
		period--
	}
	t := graph.NewTensor(e, length[0])
	for i := range length[0] {
		angle := 2 * math.Pi * float64(i) / float64(max(period, 1))
		t.SetFloat(i, coefficients[0]-coefficients[1]*math.Cos(angle)+coefficients[2]*math.Cos(2*angle))
	}
	n.set(0, n.constantOf(t))
}
