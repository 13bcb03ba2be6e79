package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// quantizeLinear is saturate(round(x / scale) + zero point), with one scale, one an entry of an axis, or one a block of it.
func quantizeLinear(n *node) {
	n.ignore("precision") // below f32 is not used
	x := n.arg(0)
	scale := n.alongAxis(x, n.arg(1))
	to := graph.U8
	if n.has(2) {
		to = n.arg(2).elem()
	} else if n.intAttr("output_dtype", 0) != 0 {
		to = n.elemAttr("output_dtype")
	}
	n.used["output_dtype"] = true
	y := n.binary(graph.Div, n.cast(graph.F32, x), n.cast(graph.F32, scale))
	if to.IsInt() {
		y = n.unary(graph.Round, y)
	}
	if n.has(2) {
		y = n.binary(graph.Add, y, n.cast(graph.F32, n.alongAxis(x, n.arg(2))))
	}
	if to.IsFloat() {
		n.set(0, n.castMini(to, y))
		return
	}
	n.ignore("saturate")
	n.set(0, n.saturate(y, to))
}

// saturate brings floats into the range of an integer type of at most 16 bits.
func (n *node) saturate(x value, to graph.Elem) value {
	if !to.IsInt() || to.Bits() > 16 {
		n.unsupported("quantising to %s", to)
	}
	low, high := -float64(int(1)<<(to.Bits()-1)), float64(int(1)<<(to.Bits()-1)-1)
	if to.IsUnsigned() {
		low, high = 0, float64(int(1)<<to.Bits()-1)
	}
	x = n.binary(graph.Min, n.binary(graph.Max, x, n.scalar(x, low)), n.scalar(x, high))
	return n.cast(to, n.cast(graph.I32, x))
}

// alongAxis gives a scale or zero point of x its place: a scalar, a vector along an axis, or blocks of it.
func (n *node) alongAxis(x, s value) value {
	axis := int(n.smallInt("axis", 1))
	block := int(n.smallInt("block_size", 0))
	if sizeOf(s.row()) == 1 && s.rank() <= 1 {
		return n.reshape(s)
	}
	k := n.axis(x, axis)
	if block > 0 {
		if len(s.row()) != len(x.row()) || block > 1<<20 {
			n.fail("blocks of %d of %s by %s", block, x, s)
		}
		return n.pick(s, x.row(), func(at []int) []int {
			from := slices.Clone(at)
			from[k] = at[k] / block
			if from[k] >= s.row()[k] {
				n.fail("blocks of %d of %s by %s", block, x, s)
			}
			return from
		})
	}
	if s.rank() != 1 || s.batched || s.row()[0] != x.row()[k] {
		n.fail("%s does not fit axis %d of %s", s, k, x)
	}
	dims := slices.Repeat([]int{1}, len(x.row()))
	dims[k] = s.row()[0]
	return n.reshape(s, dims...)
}

// dequantizeLinear is (x - zero point)·scale.
func dequantizeLinear(n *node) {
	x, scale := n.arg(0), n.arg(1)
	e := scale.elem()
	if n.intAttr("output_dtype", 0) != 0 {
		e = n.elemAttr("output_dtype")
	}
	n.used["output_dtype"] = true
	y := n.cast(graph.F32, x)
	if n.has(2) {
		y = n.binary(graph.Sub, y, n.cast(graph.F32, n.alongAxis(x, n.arg(2))))
	}
	y = n.binary(graph.Mul, y, n.cast(graph.F32, n.alongAxis(x, scale)))
	n.set(0, n.cast(e, y))
}

// dynamicQuantizeLinear quantises to u8 by the range of the tensor, zero included.
func dynamicQuantizeLinear(n *node) {
	x := n.arg(0)
	if x.batched || x.elem() != graph.F32 {
		n.unsupported("the range of %s", x)
	}
	flat := n.reshape(x, sizeOf(x.row()))
	zero := n.scalar(x, 0)
	low := n.binary(graph.Min, n.emit(&graph.Reduce{Fn: graph.ReduceMin}, flat), zero)
	high := n.binary(graph.Max, n.emit(&graph.Reduce{Fn: graph.ReduceMax}, flat), zero)
	scale := n.binary(graph.Div, n.binary(graph.Sub, high, low), n.scalar(x, 255))
	point := n.saturate(n.unary(graph.Round, n.binary(graph.Div, n.unary(graph.Neg, low), scale)), graph.U8)
	y := n.binary(graph.Add, n.unary(graph.Round, n.binary(graph.Div, x, scale)), n.cast(graph.F32, point))
	n.set(0, n.saturate(y, graph.U8))
	n.set(1, scale)
	n.set(2, point)
}

// qLinearMatMul multiplies quantised matrices and quantises the product.
func qLinearMatMul(n *node) {
	part := func(i int, rows bool) (value, value) {
		scale := n.cast(graph.F32, n.arg(i+1))
		if rows && scale.rank() == 1 && !scale.batched && scale.row()[0] != 1 {
			scale = n.reshape(scale, scale.row()[0], 1)
		}
		if sizeOf(scale.row()) == 1 {
			scale = n.reshape(scale)
		}
		return n.lessZeroPoint(i, i+2, rows), scale
	}
	a, sa := part(0, true)
	b, sb := part(3, false)
	y := n.cast(graph.F32, n.sizeOf(a, b))
	factor := n.binary(graph.Div, n.binary(graph.Mul, sa, sb), n.reshape(n.cast(graph.F32, n.arg(6))))
	y = n.unary(graph.Round, n.binary(graph.Mul, y, factor))
	zero := n.arg(7)
	n.set(0, n.saturate(n.binary(graph.Add, y, n.reshape(n.cast(graph.F32, zero))), zero.elem()))
}
