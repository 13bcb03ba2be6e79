package interp

import (
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
)

// walk calls f for each element of a window, in ascending order: with its number, its flat position in a channel, -1 if it is
// padding, and whether it is inside of the argument or its declared padding. at is the flat position of the result's element.
func walk(w *graph.Window, kernel, in, out []int, at int, f func(k, pos int, counted bool)) {
	start := make([]int, len(in))
	for i := len(in) - 1; i >= 0; i-- {
		start[i] = at%out[i]*w.Strides[i] - w.Begin[i]
		at /= out[i]
	}
	size := 1
	for _, k := range kernel {
		size *= k
	}
	for k := range size {
		rest, pos, stride, counted := k, 0, 1, true
		for i := len(in) - 1; i >= 0; i-- {
			x := start[i] + rest%kernel[i]*w.Dilations[i]
			rest /= kernel[i]
			if x < 0 || x >= in[i] {
				pos = -1
			} else if pos >= 0 {
				pos += x * stride
			}
			counted = counted && x < in[i]+w.End[i]
			stride *= in[i]
		}
		f(k, pos, counted)
	}
}

// elements are those of channels over spatial axes.
type elements struct {
	channels int
	spatial  []int
	last     bool
}

func elementsOf(w *graph.Window, dims []int) elements {
	channels, spatial := w.Split(dims)
	return elements{channels, spatial, w.ChannelsLast}
}

// at is the flat position of a channel's element.
func (e elements) at(channel, pos int) int {
	if e.last {
		return pos*e.channels + channel
	}
	return channel*sizeOf(e.spatial) + pos
}

func conv(op *graph.Conv, out, x *graph.Tensor, opt Options) {
	if out.Elem.Held() == graph.F32 {
		step := mulAdd[float32]
		if opt.FMA {
			step = fma32
		}
		convOf(op, out, x, out.F32, x.F32, op.W.F32, op.B.F32, step)
		return
	}
	step := mulAdd[float64]
	if opt.FMA {
		step = math.FMA
	}
	convOf(op, out, x, out.F64, x.F64, op.W.F64, op.B.F64, step)
}

func convOf[T float](op *graph.Conv, out, x *graph.Tensor, o, in, w, b []T, step func(a, b, c T) T) {
	from, to := elementsOf(&op.Window, x.Dims), elementsOf(&op.Window, out.Dims)
	channels, window := op.W.Dims[1], sizeOf(op.W.Dims[2:])
	for j := range to.channels {
		first := j / (to.channels / op.Group) * channels
		for p := range sizeOf(to.spatial) {
			acc := b[j]
			walk(&op.Window, op.W.Dims[2:], from.spatial, to.spatial, p, func(k, pos int, _ bool) {
				for c := range channels {
					var v T
					if pos >= 0 {
						v = in[from.at(first+c, pos)]
					}
					acc = step(v, w[(j*channels+c)*window+k], acc)
				}
			})
			o[to.at(j, p)] = acc
		}
	}
}

func pool(op *graph.Pool, out, x *graph.Tensor) {
	if out.Elem.Held() == graph.F32 {
		poolOf(op, out, x, out.F32, x.F32)
	} else {
		poolOf(op, out, x, out.F64, x.F64)
	}
}

func poolOf[T float](op *graph.Pool, out, x *graph.Tensor, o, in []T) {
	from, to := elementsOf(&op.Window, x.Dims), elementsOf(&op.Window, out.Dims)
	positions := sizeOf(to.spatial)
	for i := range o {
		c, p := i/positions, i%positions
		var acc T
		inside, counted := 0, 0
		walk(&op.Window, op.Kernel, from.spatial, to.spatial, p, func(_, pos int, counts bool) {
			if counts {
				counted++
			}
			if pos < 0 {
				return
			}
			v := in[from.at(c, pos)]
			switch inside++; {
			case op.Mean:
				acc += v
			case inside == 1:
				acc = v
			default:
				acc = maxOf(acc, v)
			}
		})
		if op.Mean {
			if op.CountPads {
				inside = counted
			}
			acc /= T(inside)
		}
		o[to.at(c, p)] = acc
	}
}

func sizeOf(dims []int) int { return graph.Of(graph.F32, dims...).Size() }
