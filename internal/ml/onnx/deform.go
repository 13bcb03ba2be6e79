package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// deformConv is a convolution whose windows take elements beside their places, as far as rows say, and weigh them with a mask.
func deformConv(n *node) {
	x, w, offset := n.arg(0), n.arg(1), n.arg(2)
	if x.batched || w.batched || offset.batched || x.rank() != 4 || w.rank() != 4 || offset.rank() != 4 || sizeOf(x.row()) == 0 {
		n.unsupported("a convolution of %s by %s at %s", x, w, offset)
	}
	s := n.spatialOf(x, w.row()[2:])
	group, offsets := int(n.smallInt("group", 1)), int(n.smallInt("offset_group", 1))
	dims, kernel := x.row(), w.row()[2:]
	taps, channels := kernel[0]*kernel[1], dims[1]
	if group < 1 || offsets < 1 || channels%group != 0 || channels%offsets != 0 || w.row()[1]*group != channels || w.row()[0]%group != 0 {
		n.fail("%d groups of %s by %s", group, x, w)
	}
	out := make([]int, 2)
	for a := range out {
		out[a] = (dims[2+a]+s.Begin[a]+s.End[a]-s.Dilations[a]*(kernel[a]-1)-1)/s.Strides[a] + 1
	}
	if !slices.Equal(offset.row(), []int{dims[0], offsets * taps * 2, out[0], out[1]}) {
		n.fail("offsets of type %s for %d x %d places", offset, out[0], out[1])
	}
	var mask value
	if n.has(4) {
		if mask = n.arg(4); mask.batched || !slices.Equal(mask.row(), []int{dims[0], offsets * taps, out[0], out[1]}) {
			n.fail("a mask of type %s for offsets of type %s", mask, offset)
		}
	}
	g := n.gridOf(x, 2)
	g.padding = "zeros"
	// perChannel takes the entries of a group of offsets, every so many, for each channel.
	perChannel := func(v value, every, first int) value {
		list := make([]int, channels)
		for c := range list {
			list[c] = c/(channels/offsets)*every + first
		}
		if offsets == 1 {
			list = list[:1]
		}
		return n.take(v, 1, list)
	}
	var columns []value
	for t := range taps {
		axes := make([][]tap, 2)
		for a, k := range []int{t / kernel[1], t % kernel[1]} {
			at := graph.NewTensor(offset.elem(), out[0], out[1])
			coordinates(out, func(i int, c []int) {
				at.SetFloat(i, float64(c[a]*s.Strides[a]-s.Begin[a]+k*s.Dilations[a]))
			})
			moved := n.binary(graph.Add, perChannel(offset, 2*taps, 2*t+a), n.constantOf(at))
			axes[a] = g.linearTaps(a, moved)
		}
		y := g.sum(axes)
		if mask.v != nil {
			y = n.binary(graph.Mul, y, perChannel(mask, taps, t))
		}
		columns = append(columns, n.reshape(y, dims[0], channels, 1, out[0]*out[1]))
	}
	// [batch, groups, channels·taps, places], times weights [groups, outputs, channels·taps]
	all := n.reshape(n.join(columns, 2), dims[0], group, channels/group*taps, out[0]*out[1])
	weights := n.reshape(w, 1, group, w.row()[0]/group, channels/group*taps)
	y := n.reshape(n.matMul(weights, all), dims[0], w.row()[0], out[0], out[1])
	if n.has(3) {
		y = n.binary(graph.Add, y, n.reshape(n.arg(3), w.row()[0], 1, 1))
	}
	n.set(0, y)
}
