package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// maxUnpool puts elements back to the places, constant here, that a MaxPool took them from; zeros lie between.
func maxUnpool(n *node) {
	x := n.arg(0)
	kernel := n.smallInts("kernel_shape")
	axes := len(kernel)
	if x.batched || axes < 1 || x.rank() != axes+2 {
		n.unsupported("elements of %s put back", x)
	}
	places := n.tensor(1)
	strides, pads := n.smallInts("strides"), n.smallInts("pads")
	if !n.hasAttr("strides") {
		strides = slices.Repeat([]int{1}, axes)
	}
	if !n.hasAttr("pads") {
		pads = make([]int, 2*axes)
	}
	if len(strides) != axes || len(pads) != 2*axes || places.Elem != graph.I64 || !slices.Equal(places.Dims, x.row()) {
		n.fail("elements of %s put back to %s", x, places.Type)
	}
	inner := slices.Clone(x.row())
	for a := range axes {
		inner[2+a] = (inner[2+a]-1)*strides[a] + kernel[a] - pads[a] - pads[axes+a]
	}
	dims := inner
	if n.has(2) {
		if dims = n.ints(2); len(dims) != len(inner) {
			n.fail("%s has %d numbers for %s", n.argName(2), len(dims), x)
		}
	}
	n.check(graph.CheckDims(inner))
	n.check(graph.CheckDims(dims))
	n.check(checkRow(graph.Of(x.elem(), dims...)))
	// The places are those of the tensor without what output_shape adds.
	targets := make([]int, places.Size())
	for i := range targets {
		rest, at := places.Int(i), make([]int, len(inner))
		if rest < 0 || rest >= int64(sizeOf(inner)) {
			n.fail("place %d is outside of %v", rest, inner)
		}
		for k := len(at) - 1; k >= 0; k-- {
			at[k] = int(rest % int64(inner[k]))
			rest /= int64(inner[k])
		}
		for k, c := range at {
			if c >= dims[k] {
				n.fail("place %d is outside of %v", places.Int(i), dims)
			}
			targets[i] = targets[i]*dims[k] + c
		}
	}
	n.spend(sizeOf(dims))
	empty := n.constantOf(graph.NewTensor(x.elem(), dims...))
	n.set(0, n.scattered(empty, n.reshape(x, sizeOf(x.row())), targets))
}
