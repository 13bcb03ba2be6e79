package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// spatial applies f to input 0, channels and one to three axes behind them, of a row; where the batch is an axis of the row,
// to each of its entries.
func (n *node) spatial(f func(x value) value) {
	x := n.arg(0)
	if x.rank() < 3 || x.rank() > 5 || !x.elem().IsFloat() {
		n.unsupported("an argument of type %s", x)
	}
	if x.batched {
		n.set(0, f(x))
		return
	}
	dims := x.row()
	size := product(dims[1:])
	n.spend(product(dims))
	var parts []value
	for i := range dims[0] {
		index := make([]int32, size)
		for k := range index {
			index[k] = int32(i*size + k)
		}
		parts = append(parts, f(n.emit(&graph.Pick{Index: index, Dims: dims[1:]}, x)))
	}
	if len(parts) == 0 {
		n.fail("%s is empty", x)
	}
	n.set(0, n.reshape(n.emit(&graph.Concat{}, parts...), append([]int{len(parts)}, parts[0].row()...)...))
}

// window reads the attributes of a convolution or pool with the given kernel.
func (n *node) window(x value, kernel []int) graph.Window {
	in := x.v.Type.Dims[1:]
	list := func(name string, length, otherwise int) []int {
		v := n.smallInts(name)
		if v == nil {
			v = slices.Repeat([]int{otherwise}, length)
		}
		if len(v) != length {
			n.fail("attribute %s has %d numbers, not %d", name, len(v), length)
		}
		return v
	}
	if len(kernel) != len(in) {
		n.fail("a window of %d axes over %s", len(kernel), x)
	}
	pads := list("pads", 2*len(in), 0)
	w := graph.Window{Strides: list("strides", len(in), 1), Dilations: list("dilations", len(in), 1),
		Begin: pads[:len(in)], End: pads[len(in):]}
	how := n.stringAttr("auto_pad", "NOTSET")
	switch how {
	case "NOTSET":
	case "VALID":
		w.Begin, w.End = make([]int, len(in)), make([]int, len(in))
	case "SAME_UPPER", "SAME_LOWER":
		w.Begin, w.End = make([]int, len(in)), make([]int, len(in))
		for i, size := range in {
			k, s, d := kernel[i], w.Strides[i], w.Dilations[i]
			if k < 1 || s < 1 || d < 1 || max(k, s, d) > graph.MaxElements {
				n.fail("a window of %d elements, stride %d, dilation %d", k, s, d)
			}
			all := max(0, ((size+s-1)/s-1)*s+d*(k-1)+1-size)
			w.Begin[i], w.End[i] = all/2, all-all/2
			if how == "SAME_LOWER" {
				w.Begin[i], w.End[i] = w.End[i], w.Begin[i]
			}
		}
	default:
		n.fail("attribute auto_pad is %s", quote(how))
	}
	return w
}

// conv is a convolution with constant weights.
func conv(n *node) {
	weights := n.tensor(1)
	if weights.Rank() < 3 || weights.Dims[0] == 0 {
		n.fail("weights of type %s", weights.Type)
	}
	kernel := weights.Dims[2:]
	if given := n.smallInts("kernel_shape"); given != nil && !slices.Equal(given, kernel) {
		n.fail("attribute kernel_shape is %v, but the weights are %s", given, weights.Type)
	}
	bias := graph.NewTensor(weights.Elem, weights.Dims[0])
	if n.has(2) {
		bias = n.tensor(2)
	}
	group := int(n.smallInt("group", 1))
	n.spatial(func(x value) value {
		return n.emit(&graph.Conv{W: weights, B: bias, Group: group, Window: n.window(x, kernel)}, x)
	})
}

// pool is MaxPool or AveragePool.
func pool(n *node) {
	kernel := n.smallInts("kernel_shape")
	if kernel == nil {
		n.fail("attribute kernel_shape is missing")
	}
	op := graph.Pool{Mean: n.p.OpType == "AveragePool", Kernel: kernel}
	ceil := n.flag("ceil_mode", false)
	if op.Mean {
		op.CountPads = n.flag("count_include_pad", false)
	} else {
		n.ignore("storage_order") // of the indices
	}
	if len(n.p.Output) > 1 && n.p.Output[1] != "" {
		n.unsupported("output Indices")
	}
	n.spatial(func(x value) value {
		o := op
		o.Window = n.window(x, kernel)
		o.Ceil = ceil
		return n.emit(&o, x)
	})
}

// globalPool is the greatest element, or the mean, of each channel.
func globalPool(n *node) {
	fn := graph.ReduceMean
	if n.p.OpType == "GlobalMaxPool" {
		fn = graph.ReduceMax
	}
	n.spatial(func(x value) value {
		dims := x.v.Type.Dims
		y := n.emit(&graph.Reduce{Fn: fn}, n.reshape(x, dims[0], product(dims[1:])))
		return n.reshape(y, append([]int{dims[0]}, slices.Repeat([]int{1}, len(dims)-1)...)...)
	})
}
