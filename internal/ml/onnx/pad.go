package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// pad adds elements before and after axes, or cuts them off where a number is negative.
func pad(n *node) {
	x := n.element(0)
	mode := n.stringAttr("mode", "constant")
	pads, given := n.listArg(1, "pads")
	if !given {
		n.fail("the numbers of elements are missing")
	}
	axes := sequence(x.rank())
	if n.has(3) {
		axes = n.ints(3)
	}
	if len(pads) != 2*len(axes) {
		n.fail("%d numbers for %d axes", len(pads), len(axes))
	}
	fill := n.zero(x)
	switch {
	case n.has(2):
		fill = n.reshape(n.arg(2))
	case n.hasAttr("value"):
		fill = n.scalar(x, n.floatAttr("value", 0))
	}
	before, after := make([]int, len(x.row())), make([]int, len(x.row()))
	for i, a := range axes {
		low, high := pads[i], pads[i+len(axes)]
		if k := n.fullAxis(a, x.rank()); x.batched && k == x.at && low == 0 && high == 0 {
			continue
		}
		k := n.axis(x, a)
		before[k], after[k] = low, high
	}
	if !slices.Contains([]string{"constant", "reflect", "edge", "wrap"}, mode) {
		n.fail("attribute mode has the unknown value %s", quote(mode))
	}
	y := n.padded(x, before, after, mode, fill)
	y.layout = x.layout
	n.set(0, y)
}

// padded adds elements: fill, or those that the mode takes of the axis.
func (n *node) padded(x value, before, after []int, mode string, fill value) value {
	src := x.row()
	dims := make([]int, len(src))
	for i, d := range src {
		if dims[i] = d + before[i] + after[i]; dims[i] < 0 || dims[i] > graph.MaxElements {
			n.fail("axis %d of %d elements is padded by %d and %d", i, d, before[i], after[i])
		}
		if mode != "constant" && d == 0 && dims[i] > 0 {
			n.fail("axis %d has no elements to repeat", i)
		}
	}
	if slices.Equal(dims, src) && slices.Max(append([]int{0}, before...)) == 0 && slices.Min(append([]int{0}, before...)) == 0 {
		return x
	}
	size := sizeOf(src)
	return n.pickOr(x, dims, fill, func(at []int) int {
		flat := 0
		for i, c := range at {
			if c -= before[i]; c < 0 || c >= src[i] {
				if mode == "constant" {
					return size
				}
				c = mirrored(mode, c, src[i])
			}
			flat = flat*src[i] + c
		}
		return flat
	})
}

// mirrored brings a position outside of an axis into it.
func mirrored(mode string, c, length int) int {
	modulo := func(c, m int) int { return (c%m + m) % m }
	switch mode {
	case "edge":
		return min(max(c, 0), length-1)
	case "wrap":
		return modulo(c, length)
	}
	if length == 1 {
		return 0
	}
	c = modulo(c, 2*length-2)
	return min(c, 2*length-2-c)
}

// pickOr is pick by flat positions, of which that behind the last one is fill, a scalar.
func (n *node) pickOr(x value, dims []int, fill value, from func(at []int) int) value {
	n.check(graph.CheckDims(dims))
	n.check(checkRow(graph.Of(x.elem(), dims...)))
	size := sizeOf(x.row())
	used := false
	joined := func() value {
		if fill.elem() != x.elem() {
			n.fail("%s is filled with %s", x, fill)
		}
		y := n.emit(&graph.Concat{}, x, fill)
		y.batched = x.batched
		return y
	}
	n.spend(sizeOf(dims))
	index := make([]int32, sizeOf(dims))
	at := make([]int, len(dims))
	for i := range index {
		p := from(at)
		index[i] = int32(p)
		used = used || p == size
		for k := len(at) - 1; k >= 0; k-- {
			if at[k]++; at[k] < dims[k] {
				break
			}
			at[k] = 0
		}
	}
	if used {
		x = joined()
	}
	return n.emit(&graph.Pick{Index: index, Dims: dims}, x)
}

// centerCropPad cuts or fills axes on both sides alike.
func centerCropPad(n *node) {
	x, shape := n.arg(0), n.ints(1)
	axes := n.smallInts("axes")
	if !n.hasAttr("axes") {
		axes = sequence(x.rank())
	}
	if len(axes) != len(shape) {
		n.fail("%d sizes for %d axes", len(shape), len(axes))
	}
	before, after := make([]int, len(x.row())), make([]int, len(x.row()))
	for i, a := range axes {
		k := n.axis(x, a)
		extra := shape[i] - x.row()[k]
		before[k] = extra / 2
		if extra < 0 && extra%2 != 0 { // a cut takes one less in front
			before[k] = -(-extra / 2)
		}
		after[k] = extra - before[k]
	}
	n.set(0, n.padded(x, before, after, "constant", n.zero(x)))
}
