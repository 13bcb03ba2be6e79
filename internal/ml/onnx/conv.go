package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// spatial is a node's window over the axes behind batch and channels.
type spatial struct {
	kernel []int
	graph.Window
}

// spatialOf reads the attributes of a window over x; kernel is nil where an attribute tells it.
func (n *node) spatialOf(x value, kernel []int) spatial {
	axes := x.rank() - 2
	if axes < 1 || axes > 3 {
		n.unsupported("a window over %s", x)
	}
	list := func(name string, otherwise int) []int {
		v := n.smallInts(name)
		if !n.hasAttr(name) {
			v = slices.Repeat([]int{otherwise}, axes)
		}
		if len(v) != axes {
			n.fail("attribute %s has %d numbers for %d axes", name, len(v), axes)
		}
		return v
	}
	s := spatial{kernel: kernel}
	if kernel == nil {
		if s.kernel = n.smallInts("kernel_shape"); !n.hasAttr("kernel_shape") {
			n.fail("attribute kernel_shape is missing")
		}
	} else if given := n.smallInts("kernel_shape"); n.hasAttr("kernel_shape") && !slices.Equal(given, kernel) {
		n.fail("attribute kernel_shape is %v, the weights have %v", given, kernel)
	}
	if len(s.kernel) != axes {
		n.fail("a window of %d axes over %s", len(s.kernel), x)
	}
	s.Strides, s.Dilations = list("strides", 1), list("dilations", 1)
	for i := range axes {
		if s.kernel[i] < 1 || s.Strides[i] < 1 || s.Dilations[i] < 1 || max(s.kernel[i], s.Strides[i], s.Dilations[i]) > maxRowElements {
			n.fail("a window of %d elements, stride %d, dilation %d", s.kernel[i], s.Strides[i], s.Dilations[i])
		}
	}
	s.Ceil = n.flag("ceil_mode", false)
	n.pads(x, &s)
	return s
}

// pads sets the padding, given or computed so that the result has as many elements as the strides take.
func (n *node) pads(x value, s *spatial) {
	axes := len(s.kernel)
	s.Begin, s.End = make([]int, axes), make([]int, axes)
	in := x.row()[len(x.row())-axes:]
	switch mode := n.stringAttr("auto_pad", "NOTSET"); mode {
	case "NOTSET", "":
		if p := n.smallInts("pads"); n.hasAttr("pads") {
			if len(p) != 2*axes {
				n.fail("attribute pads has %d numbers for %d axes", len(p), axes)
			}
			s.Begin, s.End = p[:axes], p[axes:]
		}
	case "VALID":
		n.ignore("pads")
	case "SAME_UPPER", "SAME_LOWER":
		n.ignore("pads")
		for i, d := range in {
			out := (d + s.Strides[i] - 1) / s.Strides[i]
			total := max(0, (out-1)*s.Strides[i]+s.Dilations[i]*(s.kernel[i]-1)+1-d)
			s.Begin[i], s.End[i] = total/2, total-total/2
			if mode == "SAME_LOWER" {
				s.Begin[i], s.End[i] = s.End[i], s.Begin[i]
			}
		}
	default:
		n.fail("attribute auto_pad has the unknown value %s", quote(mode))
	}
}

// eachSample applies f to rows of [channels, spatial…]: the row itself, or without a batch each entry of the first axis.
func (n *node) eachSample(x value, f func(x value) value) value {
	if x.batched {
		return f(x)
	}
	var out []value
	for i := range x.row()[0] {
		y := f(n.reshape(n.take(x, 0, []int{i}), x.row()[1:]...))
		out = append(out, n.reshape(y, append([]int{1}, y.row()...)...))
	}
	if len(out) == 0 {
		n.unsupported("a window over %s", x)
	}
	return n.join(out, 0)
}

// conv is a convolution with constant weights, or one with computed ones as a product of matrices.
func conv(n *node) {
	x, w := n.arg(0), n.arg(1)
	var bias value
	if n.has(2) {
		bias = n.arg(2)
	}
	n.set(0, n.convolution(x, w, bias))
}

func (n *node) convolution(x, w, bias value) value {
	if w.batched || w.rank() != x.rank() || x.rank() < 3 {
		n.unsupported("a convolution of %s with %s", x, w)
	}
	s := n.spatialOf(x, w.row()[2:])
	group := int(n.smallInt("group", 1))
	out := w.row()[0]
	if bias.v == nil {
		bias = n.constantOf(graph.NewTensor(x.elem(), out))
	}
	if bias.batched || bias.rank() != 1 || bias.row()[0] != out || group < 1 || out%group != 0 {
		n.fail("weights %s and bias %s in %d groups", w, bias, group)
	}
	if wt, bt := w.constant(), bias.constant(); wt != nil && bt != nil && x.elem().IsFloat() {
		op := &graph.Conv{W: wt, B: bt, Group: group, Window: s.Window}
		return n.eachSample(x, func(x value) value { return n.emit(op, x) })
	}
	return n.eachSample(x, func(x value) value { return n.convProduct(x, w, bias, group, s) })
}

// convProduct lays the windows' elements out as a matrix of positions and multiplies it with each group's weights.
func (n *node) convProduct(x, w, bias value, group int, s spatial) value {
	in, perGroup := x.row()[0], w.row()[1]
	if in != perGroup*group {
		n.fail("%d channels for weights %s in %d groups", in, w, group)
	}
	dims := n.windows(x, s)
	positions, window, out := sizeOf(dims), sizeOf(s.kernel), w.row()[0]/group
	var parts []value
	for g := range group {
		columns := n.columns(x, s, dims, g*perGroup, perGroup, n.zero(x)) // [c·k, positions]
		rows := n.reshape(n.take(w, 0, n.steps(g*out, (g+1)*out, 1, w.row()[0])), out, perGroup*window)
		y := n.matMul(rows, n.reshape(columns, perGroup*window, positions))
		parts = append(parts, y)
	}
	y := n.join(parts, 0)
	y = n.binary(graph.Add, y, n.reshape(bias, w.row()[0], 1))
	return n.reshape(y, append([]int{w.row()[0]}, dims...)...)
}

// windows is the shape of the positions of a window over a row [channels, spatial…].
func (n *node) windows(x value, s spatial) []int {
	dims := make([]int, len(s.kernel))
	for i, d := range x.row()[1:] {
		room := d + s.Begin[i] + s.End[i] - (s.Dilations[i]*(s.kernel[i]-1) + 1)
		if room < 0 || s.Begin[i] < 0 || s.End[i] < 0 || d == 0 {
			n.fail("a window of %d elements, padding %d and %d, over %s", s.kernel[i], s.Begin[i], s.End[i], x)
		}
		if dims[i] = room/s.Strides[i] + 1; s.Ceil && room%s.Strides[i] != 0 && dims[i]*s.Strides[i] < d+s.Begin[i] {
			dims[i]++
		}
	}
	return dims
}

// columns gives the elements of each window, [channels, window, positions]; what lies outside is fill.
func (n *node) columns(x value, s spatial, dims []int, first, channels int, fill value) value {
	plane, window, axes := sizeOf(x.row()[1:]), sizeOf(s.kernel), len(dims)
	return n.pickOr(x, []int{channels, window, sizeOf(dims)}, fill, func(at []int) int {
		k, p := at[1], at[2]
		pos, stride := 0, 1
		for i := axes - 1; i >= 0; i-- {
			d := x.row()[1+i]
			c := p%dims[i]*s.Strides[i] - s.Begin[i] + k%s.kernel[i]*s.Dilations[i]
			if k, p = k/s.kernel[i], p/dims[i]; c < 0 || c >= d {
				return sizeOf(x.row())
			}
			pos += c * stride
			stride *= d
		}
		return (first+at[0])*plane + pos
	})
}

// convInteger is a convolution of integers of 8 bits less their zero points.
func convInteger(n *node) {
	n.set(0, n.convolution(n.lessZeroPoint(0, 2, false), n.lessScalar(1, 3), value{}))
}

// lessScalar is input i in 32 bits less the zero point of input k: one, or one an entry of the first axis.
func (n *node) lessScalar(i, k int) value {
	x := n.cast(graph.I32, n.arg(i))
	if !n.has(k) {
		return x
	}
	return n.binary(graph.Sub, x, n.firstAxis(x, n.cast(graph.I32, n.arg(k))))
}

// firstAxis gives a scalar, or a vector along the first axis of x, its place.
func (n *node) firstAxis(x, v value) value {
	if sizeOf(v.row()) == 1 {
		return n.reshape(v)
	}
	dims := slices.Repeat([]int{1}, len(x.row()))
	if len(dims) == 0 {
		n.fail("%s beside %s", v, x)
	}
	dims[0] = sizeOf(v.row())
	return n.reshape(v, dims...)
}

// qLinearConv is a convolution of quantised numbers whose result is quantised.
func qLinearConv(n *node) {
	x, w := n.lessZeroPoint(0, 2, false), n.lessScalar(3, 5)
	y := value{}
	if n.has(8) {
		y = n.arg(8)
	}
	sum := n.cast(graph.F32, n.convolution(x, w, y))
	scale := n.binary(graph.Div, n.binary(graph.Mul, n.reshape(n.arg(1)), n.vectorOrScalar(n.arg(4))), n.reshape(n.arg(6)))
	if scale.rank() == 1 {
		scale = n.perChannel(sum, scale)
	}
	zero := n.arg(7)
	sum = n.unary(graph.Round, n.binary(graph.Mul, sum, scale))
	n.set(0, n.saturate(n.binary(graph.Add, sum, n.cast(graph.F32, n.reshape(zero))), zero.elem()))
}

func (n *node) vectorOrScalar(v value) value {
	if sizeOf(v.row()) == 1 {
		return n.reshape(v)
	}
	return v
}

// convTranspose spreads each element over a window of the result: each result gathers what reaches it.
func convTranspose(n *node) {
	x, w := n.arg(0), n.arg(1)
	if w.batched || w.rank() != x.rank() || x.rank() < 3 {
		n.unsupported("a transposed convolution of %s with %s", x, w)
	}
	shape, auto := n.smallInts("output_shape"), n.stringAttr("auto_pad", "NOTSET")
	s := n.spatialOf(x, w.row()[2:])
	group := int(n.smallInt("group", 1))
	extra := n.smallInts("output_padding")
	axes := len(s.kernel)
	if !n.hasAttr("output_padding") {
		extra = make([]int, axes)
	}
	in := x.row()[len(x.row())-axes:]
	if len(extra) != axes || n.hasAttr("output_shape") && len(shape) != axes || group < 1 || w.row()[0]%group != 0 {
		n.fail("attributes output_padding, output_shape or group do not fit %s", x)
	}
	dims := make([]int, axes)
	for i := range axes {
		full := s.Strides[i]*(in[i]-1) + extra[i] + (s.kernel[i]-1)*s.Dilations[i] + 1
		switch {
		case n.hasAttr("output_shape"):
			dims[i] = shape[i]
		case auto == "SAME_UPPER" || auto == "SAME_LOWER":
			dims[i] = in[i] * s.Strides[i]
		default:
			if dims[i] = full - s.Begin[i] - s.End[i]; dims[i] < 1 {
				n.fail("padding %d and %d of %d elements", s.Begin[i], s.End[i], full)
			}
			continue
		}
		total := max(0, full-dims[i])
		s.Begin[i] = total / 2
		if auto == "SAME_LOWER" {
			s.Begin[i] = total - total/2
		}
	}
	y := n.eachSample(x, func(x value) value { return n.gathered(x, w, group, s, dims) })
	if n.has(2) {
		y = n.binary(graph.Add, y, n.perChannel(y, n.arg(2)))
	}
	n.set(0, y)
}

// gathered is the product of the weights with, for each element of the result, the elements that reach it.
func (n *node) gathered(x, w value, group int, s spatial, dims []int) value {
	in, out, window := x.row()[0]/group, w.row()[1], sizeOf(s.kernel)
	if x.row()[0] != w.row()[0] {
		n.fail("%d channels for weights %s", x.row()[0], w)
	}
	plane := sizeOf(x.row()[1:])
	var parts []value
	for g := range group {
		columns := n.pickOr(x, []int{in, window, sizeOf(dims)}, n.zero(x), func(at []int) int {
			k, p := at[1], at[2]
			pos, stride := 0, 1
			for i := len(dims) - 1; i >= 0; i-- {
				d := x.row()[1+i]
				c := p%dims[i] + s.Begin[i] - k%s.kernel[i]*s.Dilations[i]
				if k, p = k/s.kernel[i], p/dims[i]; c < 0 || c%s.Strides[i] != 0 || c/s.Strides[i] >= d {
					return sizeOf(x.row())
				}
				pos += c / s.Strides[i] * stride
				stride *= d
			}
			return (g*in+at[0])*plane + pos
		})
		wg := n.take(w, 0, n.steps(g*in, (g+1)*in, 1, w.row()[0]))
		wg = n.transpose(n.reshape(wg, in, out, window), []int{1, 0, 2})
		parts = append(parts, n.matMul(n.reshape(wg, out, in*window), n.reshape(columns, in*window, sizeOf(dims))))
	}
	return n.reshape(n.join(parts, 0), append([]int{out * group}, dims...)...)
}
