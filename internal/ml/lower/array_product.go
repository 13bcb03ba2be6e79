package lower

import (
	"math"
	"slices"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
)

// product computes a Dense or a Conv, with what its kernel does to the sums.
func (a *arrays) product(v *graph.Value, r *product) {
	x := r.of.Args[0]
	kernel, packed, rows := "flk_conv_", (*staged.Node)(nil), a.band
	suffix, half := LaneType(v.Type.Elem).Suffix(), a.opt.BF16 && halves(r.of)
	if half {
		suffix = "bf16"
	}
	var d []int64
	switch o := r.of.Op.(type) {
	case *graph.Dense:
		// Every vector along the last axis is a place of its own.
		if rows = a.times(x.Type.Size() / o.W.Dims[0]); half {
			packed = a.data.MatrixBF16(o.W, o.B)
		} else {
			packed = a.data.Matrix(o.W, o.B)
		}
		one := []int{1}
		d = slices.Concat([]int64{int64(o.W.Dims[0]), int64(o.W.Dims[1]), 1},
			window(one, one, one, &graph.Window{Strides: one, Dilations: one, Begin: []int{0}, End: []int{0}}))
	case *graph.Conv:
		channels, in := o.Split(x.Type.Dims)
		_, out := o.Split(r.of.Type.Dims)
		switch {
		case half:
			packed = a.data.ConvolutionBF16(o)
		case o.Depthwise():
			kernel, packed = "flk_conv_depth_", a.data.Convolution(o)
		case winograd(o, out):
			kernel, packed = "flk_conv_winograd_", a.data.Winograd(o)
		default:
			packed = a.data.Convolution(o)
		}
		d = slices.Concat([]int64{int64(channels), int64(o.W.Dims[0]), int64(o.Group)}, window(in, out, o.W.Dims[2:], &o.Window))
	}
	stride := v.Type.Last()
	if s, ok := a.plan.insets[v]; ok {
		stride = s.join.Type.Last()
	}
	add := staged.Null(storedType(v.Type.Elem).Ptr())
	if r.add != nil {
		add = a.of(r.add)
	}
	end := []int64{int64(stride), int64(r.act), int64(math.Float64bits(r.alpha))}
	a.call(kernel+suffix, a.of(v), a.of(x), packed, add, a.data.Integers(d), a.data.Integers(end), rows)
}

// winograd tells convolutions that take fewer products by squares of places (crt/src/conv_winograd.h): of enough channels to pay for
// turning input and result, and of enough places to pay for reading more weights.
func winograd(o *graph.Conv, out []int) bool {
	const channels, squares = 16, 16
	each := func(list []int, n int) bool { return !slices.ContainsFunc(list, func(k int) bool { return k != n }) }
	return o.W.Elem == graph.F32 && o.Group == 1 && len(out) == 2 && each(o.W.Dims[2:], 3) && each(o.Strides, 1) && each(o.Dilations, 1) &&
		min(o.W.Dims[0], o.W.Dims[1]) >= channels && ((out[0]+1)/2)*((out[1]+1)/2) >= squares
}

// window describes a Conv or Pool for the kernels: three spatial axes of input, result, window, stride, dilation and padding
// before and after, those that the operator lacks of length 1 before the others.
func window(in, out, kernel []int, w *graph.Window) []int64 {
	var d []int64
	for _, list := range []struct {
		of    []int
		other int64
	}{{in, 1}, {out, 1}, {kernel, 1}, {w.Strides, 1}, {w.Dilations, 1}, {w.Begin, 0}, {w.End, 0}} {
		for range 3 - len(list.of) {
			d = append(d, list.other)
		}
		for _, n := range list.of {
			d = append(d, int64(n))
		}
	}
	return d
}

// What a Pool takes of a window: enum fl_pool (crt/src/window.h).
const (
	poolMax = iota
	poolMean
	poolMeanPadded
)

func (a *arrays) pool(v *graph.Value) {
	o := v.Op.(*graph.Pool)
	how := int64(poolMax)
	switch {
	case o.Mean && o.CountPads:
		how = poolMeanPadded
	case o.Mean:
		how = poolMean
	}
	channels, in := o.Split(v.Args[0].Type.Dims)
	_, out := o.Split(v.Type.Dims)
	d := slices.Concat([]int64{int64(channels), how, 0}, window(in, out, o.Kernel, &o.Window))
	a.call("flk_pool_"+LaneType(v.Type.Elem).Suffix(), a.of(v), a.of(v.Args[0]), a.data.Integers(d), a.band)
}

// join copies each argument that is not written there anyway to its place behind every vector of the others.
func (a *arrays) join(v *graph.Value) {
	bytes := storedType(v.Type.Elem).Size()
	first := 0
	for _, x := range v.Args {
		n := x.Type.Last()
		if s, ok := a.plan.insets[x]; !ok || s.join != v {
			a.call("flk_arr_part", a.b.IndexAddr(a.bytes(v), a.int(first*bytes)), a.bytes(x), a.int(n*bytes), a.int(v.Type.Last()*bytes),
				a.int(x.Type.Size()/n), a.int(a.stride(x)*bytes), a.band)
		}
		first += n
	}
}
