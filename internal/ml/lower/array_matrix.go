package lower

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// dense is one product for the whole tile: every vector along the last axis is a row of it.
func (a *arrays) dense(v *graph.Value) {
	o := v.Op.(*graph.Dense)
	x := v.Args[0]
	in, out := o.W.Dims[0], o.W.Dims[1]
	a.call("flk_arr_dense_"+laneType(v.Type.Elem).Suffix(), a.of(v), a.of(x), a.data.Matrix(o.W, o.B),
		a.times(x.Type.Size()/max(in, 1)), a.int(out), a.int(in))
}

// matMul multiplies matrix by matrix, each with its place in the operands' axes before the last two.
func (a *arrays) matMul(v *graph.Value) {
	x, y := v.Args[0], v.Args[1]
	rank := v.Type.Rank()
	m, n, k := v.Type.Dims[rank-2], v.Type.Dims[rank-1], x.Type.Last()
	outer := v.Type.Dims[:rank-2]
	// Where an operand's matrices lie by number of the result's matrix; the same for every row but for the row's own stride.
	var at []int64
	for i := range graph.Of(v.Type.Elem, outer...).Size() {
		at = append(at, int64(broadcast(outer, x.Type.Dims[:x.Type.Rank()-2], i)*m*k), int64(broadcast(outer, y.Type.Dims[:y.Type.Rank()-2], i)*k*n))
	}
	a.call("flk_arr_matmul_"+laneType(v.Type.Elem).Suffix(), a.of(v), a.of(x), a.of(y), a.data.Integers(at), a.int(len(at)/2),
		a.int(m), a.int(n), a.int(k), a.int(a.stride(x)), a.int(a.stride(y)), a.tile)
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

func (a *arrays) conv(v *graph.Value) {
	o := v.Op.(*graph.Conv)
	x := v.Args[0].Type
	d := slices.Concat([]int64{int64(x.Dims[0]), int64(v.Type.Dims[0]), int64(o.Group)},
		window(x.Dims[1:], v.Type.Dims[1:], o.W.Dims[2:], &o.Window))
	a.call("flk_conv_"+laneType(v.Type.Elem).Suffix(), a.of(v), a.of(v.Args[0]), a.data.Floats(o.W, false), a.data.Floats(o.B, false),
		a.data.Integers(d), a.tile)
}

func (a *arrays) pool(v *graph.Value) {
	o := v.Op.(*graph.Pool)
	x := v.Args[0].Type
	how := int64(0)
	switch {
	case o.Mean && o.CountPads:
		how = 2
	case o.Mean:
		how = 1
	}
	d := slices.Concat([]int64{int64(x.Dims[0]), how, 0}, window(x.Dims[1:], v.Type.Dims[1:], o.Kernel, &o.Window))
	a.call("flk_pool_"+laneType(v.Type.Elem).Suffix(), a.of(v), a.of(v.Args[0]), a.data.Integers(d), a.tile)
}
