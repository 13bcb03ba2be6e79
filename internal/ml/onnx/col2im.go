package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// col2Im adds up the columns of windows [batch, channels·window, places] where the windows lie in an image.
func col2Im(n *node) {
	x, image, block := n.arg(0), n.ints(1), n.ints(2)
	rank := len(image)
	list := func(name string, count, otherwise int) []int {
		v := n.smallInts(name)
		if !n.hasAttr(name) {
			v = slices.Repeat([]int{otherwise}, count)
		}
		if len(v) != count {
			n.fail("attribute %s has %d numbers for %d axes", name, len(v), rank)
		}
		return v
	}
	strides, dilations, pads := list("strides", rank, 1), list("dilations", rank, 1), list("pads", 2*rank, 0)
	lead := len(x.row()) - 2
	if rank < 1 || len(block) != rank || x.rank() != 3 || lead < 0 {
		n.fail("windows %v of an image %v of %s", block, image, x)
	}
	n.check(graph.CheckDims(image))
	n.check(graph.CheckDims(block))
	window, places, count := sizeOf(block), 1, make([]int, rank)
	for a := range rank {
		room := image[a] + pads[a] + pads[rank+a] - dilations[a]*(block[a]-1) - 1
		if strides[a] < 1 || dilations[a] < 1 || room < 0 || pads[a] < 0 || pads[rank+a] < 0 {
			n.fail("windows %v of an image %v", block, image)
		}
		count[a] = room/strides[a] + 1
		places *= count[a]
	}
	rows, columns := x.row()[lead], x.row()[lead+1]
	if window == 0 || rows%window != 0 || columns != places {
		n.fail("windows %v at %d places of an image %v of %s", block, places, image, x)
	}
	channels := rows / window
	dims := append(append(slices.Clone(x.row()[:lead]), channels), image...)
	zero, size := n.zero(x), sizeOf(x.row())
	var y value
	at := make([]int, rank)
	coordinates(block, func(element int, tap []int) {
		tap = slices.Clone(tap)
		part := n.pickOr(x, dims, zero, func(c []int) int {
			place := 0
			for a := range rank {
				at[a] = c[lead+1+a] + pads[a] - tap[a]*dilations[a]
				if at[a] < 0 || at[a]%strides[a] != 0 || at[a]/strides[a] >= count[a] {
					return size
				}
				place = place*count[a] + at[a]/strides[a]
			}
			sample := 0
			if lead == 1 {
				sample = c[0]
			}
			return ((sample*channels+c[lead])*window+element)*places + place
		})
		y = n.both(y, part, graph.Add)
	})
	n.set(0, y)
}
