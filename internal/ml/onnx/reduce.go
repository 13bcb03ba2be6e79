package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// reduce aggregates axes, which are an attribute in older operator sets and an input in newer ones.
func reduce(n *node) {
	if x := n.any(0); x.v == nil {
		n.set(0, n.reduceSizes(x))
		return
	}
	x := n.anywhere(0)
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
	axes := n.axes(x, list)
	if len(axes) == 0 {
		n.set(0, x)
		return
	}
	y := n.afterReduce(n.reduceAxes(x, axes), x.row(), axes, keep)
	y.at = x.at
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

// aggregate applies the node's aggregate to the last axis.
func (n *node) aggregate(x value) value {
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
	case "ReduceMax":
		return over(graph.ReduceMax, x)
	case "ReduceMin":
		return over(graph.ReduceMin, x)
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
	// ReduceLogSumExp, kept from overflowing by the greatest element.
	top := over(graph.ReduceMax, x)
	wide := n.reshape(top, append(slices.Clone(top.row()), 1)...)
	sum := over(graph.ReduceSum, n.unary(graph.Exp, n.binary(graph.Sub, x, wide)))
	return n.binary(graph.Add, n.unary(graph.Log, sum), top)
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
