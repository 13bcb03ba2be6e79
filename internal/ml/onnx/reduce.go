package onnx

import (
	"math"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// reduce aggregates axes, which are an attribute in older operator sets and an input in newer ones.
func reduce(n *node) {
	if x := n.any(0); x.v == nil {
		n.set(0, n.reduceSizes(x))
		return
	}
	x := n.element(0)
	keep := n.flag("keepdims", true)
	noop := n.flag("noop_with_empty_axes", false)
	list, _ := n.listArg(1, "axes")
	if len(list) == 0 {
		if noop {
			n.set(0, x)
			return
		}
		if x.batched {
			n.unsupported("an aggregate over all of %s, the batch included,", x)
		}
		for i := range x.row() {
			list = append(list, i)
		}
	}
	for i, a := range list { // an axis that is named twice counts once
		list[i] = n.fullAxis(a, x.rank())
	}
	axes := n.axes(x, list)
	if len(axes) == 0 {
		n.set(0, x)
		return
	}
	y := n.afterReduce(n.reduceAxes(x, axes), x.row(), axes, keep)
	y.layout = x.layout
	for _, k := range axes {
		if !keep && k < x.at {
			y.at--
		}
	}
	n.set(0, y)
}

// reduceAxes moves the axes to the end, flattens them into one and aggregates that.
func (n *node) reduceAxes(x value, axes []int) value {
	var perm, rest []int
	length := 1
	for i, d := range x.row() {
		if slices.Contains(axes, i) {
			length *= d
		} else {
			perm = append(perm, i)
			rest = append(rest, d)
		}
	}
	moved := n.reshape(n.transpose(x, append(perm, axes...)), append(slices.Clone(rest), length)...)
	return n.aggregate(moved)
}

// emptyAggregates are those of no elements.
var emptyAggregates = map[string]float64{"ReduceProd": 1, "ReduceMax": math.Inf(-1), "ReduceMin": math.Inf(1), "ReduceLogSum": math.Inf(-1),
	"ReduceLogSumExp": math.Inf(-1), "ReduceMean": math.NaN()}

// aggregate applies the node's aggregate to the last axis.
func (n *node) aggregate(x value) value {
	if dims := x.row(); dims[len(dims)-1] == 0 {
		y := n.repeat(n.emptyAggregate(x), dims[:len(dims)-1])
		y.batched = x.batched
		return y
	}
	over := func(fn graph.ReduceFn, x value) value { return n.emit(&graph.Reduce{Fn: fn}, x) }
	square := func(x value) value { return n.binary(graph.Mul, x, x) }
	switch n.p.OpType {
	case "ReduceSum":
		return over(graph.ReduceSum, x)
	case "ReduceMean":
		if x.elem().IsInt() {
			sum := over(graph.ReduceSum, n.cast(graph.I64, x))
			return n.cast(x.elem(), n.binary(graph.Div, sum, n.scalar(sum, float64(x.v.Type.Last()))))
		}
		return over(graph.ReduceMean, x)
	case "ReduceMax", "ReduceMin":
		fn := graph.ReduceMax
		if n.p.OpType == "ReduceMin" {
			fn = graph.ReduceMin
		}
		if x.elem() == graph.Bool {
			return n.cast(graph.Bool, over(fn, n.cast(graph.I32, x)))
		}
		return over(fn, x)
	case "ReduceProd":
		return over(graph.ReduceProd, x)
	case "ReduceL1":
		return over(graph.ReduceSum, n.unary(graph.Abs, x))
	case "ReduceL2":
		return n.unary(graph.Sqrt, over(graph.ReduceSum, square(x)))
	case "ReduceSumSquare":
		return over(graph.ReduceSum, square(x))
	case "ReduceLogSum":
		return n.unary(graph.Log, over(graph.ReduceSum, x))
	}
	// ReduceLogSumExp, kept from overflowing by the greatest element, unless that is infinite.
	top := over(graph.ReduceMax, x)
	if x.elem().IsFloat() {
		infinite := n.compare(graph.Eq, n.unary(graph.Abs, top), n.scalar(top, math.Inf(1)))
		top = n.emit(&graph.Where{}, infinite, n.zero(top), top)
	}
	wide := n.reshape(top, append(slices.Clone(top.row()), 1)...)
	sum := over(graph.ReduceSum, n.unary(graph.Exp, n.binary(graph.Sub, x, wide)))
	return n.binary(graph.Add, n.unary(graph.Log, sum), top)
}

// emptyAggregate is the aggregate of no elements; integers have their least and greatest for infinities, bools false and true.
func (n *node) emptyAggregate(x value) value {
	v, e := emptyAggregates[n.p.OpType], x.elem()
	t := graph.NewTensor(e)
	switch {
	case e == graph.Bool:
		t.Bool[0] = v > 0
	case e.IsFloat():
		t.SetFloat(0, v)
	case math.IsNaN(v):
		n.fail("the mean of no integers")
	case math.IsInf(v, 0):
		least := int64(-1) << (e.Bits() - 1)
		if e.IsUnsigned() {
			least = 0
		}
		if t.SetInt(0, least); v > 0 {
			t.SetInt(0, least-1)
		}
	default:
		t.SetInt(0, int64(v))
	}
	return n.constantOf(t)
}

// reduceSizes is ReduceProd over sizes that depend on the batch.
func (n *node) reduceSizes(x value) value {
	if n.p.OpType != "ReduceProd" {
		n.unsupported("an aggregate of sizes that depend on the batch")
	}
	n.ignore("axes")
	p := fixed(1)
	for _, d := range x.sym {
		var ok bool
		if p, ok = p.times(d); !ok {
			n.unsupported("a power of the size of the batch")
		}
	}
	return n.symbolic([]dim{p}, !n.flag("keepdims", true))
}
