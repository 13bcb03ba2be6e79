package onnx

import (
	"math"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// taps are what one position of a resized axis is made of: positions of the axis and their weights; with extrapolate the
// position lies outside.
type taps struct {
	at          []int
	weight      []float64
	extrapolate bool
}

// resizing is a Resize's attributes.
type resizing struct {
	mode, coordinates, nearest string
	cubicA                     float64
	antialias, excludeOutside  bool
}

// resize interpolates axes, one after another; sizes, scales and crops are constants.
func resize(n *node) {
	x := n.arg(0)
	r := resizing{mode: n.stringAttr("mode", "nearest"), coordinates: n.stringAttr("coordinate_transformation_mode", "half_pixel"),
		nearest: n.stringAttr("nearest_mode", "round_prefer_floor"), cubicA: n.floatAttr("cubic_coeff_a", -0.75),
		antialias: n.flag("antialias", false), excludeOutside: n.flag("exclude_outside", false)}
	policy, outside := n.stringAttr("keep_aspect_ratio_policy", "stretch"), n.floatAttr("extrapolation_value", 0)
	axes := n.smallInts("axes")
	if !n.hasAttr("axes") {
		axes = sequence(x.rank())
	}
	var crop []float64
	if n.has(1) && r.coordinates == "tf_crop_and_resize" {
		crop = n.numbers(1)
	}
	scales, sizes := make([]float64, len(axes)), make([]int, len(axes))
	length := func(a int) int { return n.fixedLength(x, a) }
	switch {
	case n.has(3):
		given := n.resizedTo(x, axes)
		if len(given) != len(axes) {
			n.fail("%d sizes for %d axes", len(given), len(axes))
		}
		common := 0.0
		for i, a := range axes {
			sizes[i] = given[i]
			scales[i] = float64(given[i]) / float64(max(length(a), 1))
			if i == 0 || policy == "not_larger" && scales[i] < common || policy == "not_smaller" && scales[i] > common {
				common = scales[i]
			}
		}
		for i, a := range axes {
			if policy != "stretch" {
				scales[i] = common
				sizes[i] = int(math.Floor(common*float64(length(a)) + 0.5))
			}
		}
	case n.has(2):
		given := n.numbers(2)
		if len(given) != len(axes) {
			n.fail("%d scales for %d axes", len(given), len(axes))
		}
		for i, a := range axes {
			scales[i], sizes[i] = given[i], int(math.Floor(min(float64(length(a))*given[i], graph.MaxElements)))
		}
	default:
		n.fail("neither scales nor sizes are given")
	}
	if crop != nil && len(crop) != 2*len(axes) {
		n.fail("%d bounds for %d axes", len(crop), len(axes))
	}
	n.set(0, n.resized(x, axes, scales, sizes, crop, r, outside))
}

// resizedTo is the lengths that axes shall have; the batch's may be given as its size.
func (n *node) resizedTo(x value, axes []int) []int {
	list := n.dimsArg(3)
	out := make([]int, len(list))
	for i, d := range list {
		if d.batch && (i >= len(axes) || x.fullDims()[n.fullAxis(axes[i], x.rank())] != d) {
			n.unsupported("a %s that depends on the size of the batch", n.argName(3))
		}
		out[i] = d.n
	}
	return out
}

// upsample is Resize as operator sets before 10 had it.
func upsample(n *node) {
	x := n.arg(0)
	r := resizing{mode: n.stringAttr("mode", "nearest"), coordinates: "asymmetric", nearest: "floor"}
	var scales []float64
	if n.hasAttr("scales") {
		for _, f := range n.floatsAttr("scales") {
			scales = append(scales, float64(f))
		}
	} else {
		scales = n.numbers(1)
	}
	if len(scales) != x.rank() {
		n.fail("%d scales for %s", len(scales), x)
	}
	sizes := make([]int, len(scales))
	for i := range sizes {
		sizes[i] = int(math.Floor(min(float64(n.fixedLength(x, i))*scales[i], graph.MaxElements)))
	}
	n.set(0, n.resized(x, sequence(x.rank()), scales, sizes, nil, r, 0))
}

// numbers is input i, constant floats.
func (n *node) numbers(i int) []float64 {
	t := n.tensor(i)
	if !t.Elem.IsFloat() || t.Rank() > 1 {
		n.fail("%s of type %s is no list of floats", n.argName(i), t.Type)
	}
	out := make([]float64, t.Size())
	for k := range out {
		out[k] = t.Float(k)
	}
	return out
}

// fixedLength is the length of an axis, 1 of the batch, which must keep it.
func (n *node) fixedLength(x value, axis int) int {
	d := x.fullDims()[n.fullAxis(axis, x.rank())]
	return d.n
}

func (n *node) resized(x value, axes []int, scales []float64, sizes []int, crop []float64, r resizing, outside float64) value {
	whole := graph.NewTensor(graph.Bool)
	extrapolated := n.constantOf(whole)
	e := x.elem()
	y := x
	if r.mode != "nearest" && e != graph.F64 {
		y = n.cast(graph.F32, x)
	}
	any := false
	for i, a := range axes {
		if k := n.fullAxis(a, x.rank()); scales[i] == 1 && sizes[i] == n.fixedLength(x, a) && crop == nil || x.batched && k == x.at {
			if scales[i] != 1 {
				n.unsupported("resizing the batch of %s", x)
			}
			continue
		}
		k := n.axis(x, a)
		if math.IsNaN(scales[i]) || scales[i] <= 0 || sizes[i] < 1 || sizes[i] > maxRowElements || y.row()[k] == 0 {
			n.fail("axis %d of %s is resized to %d", a, x, sizes[i])
		}
		bounds := [2]float64{0, 1}
		if crop != nil {
			bounds = [2]float64{crop[i], crop[i+len(axes)]}
		}
		list := r.axis(y.row()[k], sizes[i], scales[i], bounds)
		y = n.interpolated(y, k, list)
		mask := graph.NewTensor(graph.Bool, append([]int{len(list)}, slices.Repeat([]int{1}, len(y.row())-k-1)...)...)
		for p, t := range list {
			mask.Bool[p], any = t.extrapolate, any || t.extrapolate
		}
		extrapolated = n.binary(graph.Or, extrapolated, n.constantOf(mask))
	}
	if any {
		y = n.emit(&graph.Where{}, extrapolated, n.scalar(y, outside), y)
	}
	if e.IsInt() && y.elem().IsFloat() {
		y = n.unary(graph.Round, y)
	}
	return n.cast(e, y)
}

// interpolated replaces an axis by weighted sums of its entries.
func (n *node) interpolated(x value, axis int, list []taps) value {
	most := 0
	for _, t := range list {
		most = max(most, len(t.at))
	}
	dims := slices.Repeat([]int{1}, len(x.row())-axis)
	dims[0] = len(list)
	var y value
	for k := range most {
		at, weight := make([]int, len(list)), make([]float64, len(list))
		for p, t := range list {
			if k < len(t.at) {
				at[p], weight[p] = t.at[k], t.weight[k]
			} else {
				at[p] = t.at[0]
			}
		}
		part := n.take(x, axis, at)
		if most > 1 {
			part = n.binary(graph.Mul, part, n.constantOf(graph.FloatsOf(x.elem(), weight, dims...)))
		}
		if k == 0 {
			y = part
		} else {
			y = n.binary(graph.Add, y, part)
		}
	}
	return y
}

// axis lists the taps of a resized axis' positions.
func (r resizing) axis(in, out int, scale float64, crop [2]float64) []taps {
	list := make([]taps, out)
	for i := range list {
		x := r.origin(float64(i), float64(in), float64(out), scale, crop)
		t := &list[i]
		t.extrapolate = r.coordinates == "tf_crop_and_resize" && (x < 0 || x > float64(in-1))
		if r.mode == "nearest" {
			t.at, t.weight = []int{min(max(r.round(x), 0), in-1)}, []float64{1}
			continue
		}
		r.weigh(t, x, in, min(scale, 1))
	}
	return list
}

// origin is the place of a result's position in the axis.
func (r resizing) origin(i, in, out, scale float64, crop [2]float64) float64 {
	switch r.coordinates {
	case "align_corners":
		if out == 1 {
			return 0
		}
		return i * (in - 1) / (out - 1)
	case "asymmetric":
		return i / scale
	case "pytorch_half_pixel":
		if out == 1 {
			return -0.5
		}
	case "half_pixel_symmetric":
		adjustment := out / (scale * in)
		return in/2*(1-adjustment) + (i+0.5)/scale - 0.5
	case "tf_half_pixel_for_nn":
		return (i + 0.5) / scale
	case "tf_crop_and_resize":
		if out == 1 {
			return (crop[1] - crop[0]) * (in - 1) / 2
		}
		return crop[0]*(in-1) + i*(crop[1]-crop[0])*(in-1)/(out-1)
	}
	return (i+0.5)/scale - 0.5
}

func (r resizing) round(x float64) int {
	switch r.nearest {
	case "floor":
		return int(math.Floor(x))
	case "ceil":
		return int(math.Ceil(x))
	case "round_prefer_ceil":
		return int(math.Floor(x + 0.5))
	}
	return int(math.Ceil(x - 0.5))
}

// weigh fills the taps around x; with antialias the kernel is as much wider as the axis shrinks.
func (r resizing) weigh(t *taps, x float64, in int, scale float64) {
	reach := 1.0
	if r.mode == "cubic" {
		reach = 2
	}
	if !r.antialias {
		scale = 1
	}
	sum := 0.0
	for k := int(math.Floor(x-reach/scale)) + 1; float64(k) < x+reach/scale; k++ {
		w := r.kernel((float64(k) - x) * scale)
		if inside := k >= 0 && k < in; !inside && r.excludeOutside {
			continue
		}
		sum += w
		t.at, t.weight = append(t.at, min(max(k, 0), in-1)), append(t.weight, w)
	}
	if len(t.at) == 0 || sum == 0 {
		t.at, t.weight = []int{min(max(int(math.Round(x)), 0), in-1)}, []float64{1}
		return
	}
	for k := range t.weight {
		t.weight[k] /= sum
	}
}

// kernel is the weight of an element at a distance.
func (r resizing) kernel(d float64) float64 {
	d = math.Abs(d)
	if r.mode != "cubic" {
		return max(0, 1-d)
	}
	a := r.cubicA
	switch {
	case d <= 1:
		return ((a+2)*d-(a+3))*d*d + 1
	case d < 2:
		return ((a*d-5*a)*d+8*a)*d - 4*a
	}
	return 0
}
