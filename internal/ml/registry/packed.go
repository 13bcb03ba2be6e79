package registry

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// The panels of a packed matrix: so many columns, the last one's padded to a multiple of a vector's (crt/src/gemm.h).
const (
	panelColumns  = 48
	vectorColumns = 16
)

type matrix struct{ weights, bias *graph.Tensor }

// Matrix is a matrix [in,out] with a bias [out] (nil for zeros), packed for products of matrices in memory: flk_conv, of which a
// dense layer is the window of one element, and fl_gemm.
func (v *Version) Matrix(weights, bias *graph.Tensor) *Constant {
	return v.constant(matrix{weights, bias}, func() []byte { return pack(nil, weights, bias, panelColumns, vectorColumns) })
}

// pack appends a matrix in panels: of each panel's columns first the biases, then row by row. What pads a panel to a multiple
// of unit is zero.
func pack(b []byte, weights, bias *graph.Tensor, panel, unit int) []byte {
	rows, columns := weights.Dims[0], weights.Dims[1]
	width := 8
	if weights.Elem.Held() == graph.F32 {
		width = 4
	}
	b = slices.Grow(b, (rows+1)*(columns+unit)*width)
	for from := 0; from < columns; from += panel {
		to := min(from+panel, columns)
		padding := (unit - (to-from)%unit) % unit * width
		for row := -1; row < rows; row++ {
			switch {
			case row >= 0:
				b = appendFloats(b, weights, row*columns+from, row*columns+to)
			case bias != nil:
				b = appendFloats(b, bias, from, to)
			default:
				b = appendZeros(b, (to-from)*width)
			}
			b = appendZeros(b, padding)
		}
	}
	return b
}

func appendZeros(b []byte, n int) []byte { return append(b, make([]byte, n)...) }

// Convolution is a convolution's weights and bias. Of each group it has a packed matrix of the window's elements, and in each of
// these the channels, by the result's channels; of a depthwise one the biases, then a row for each element of the window, padded
// to whole vectors.
func (v *Version) Convolution(o *graph.Conv) *Constant {
	return v.constant(o, func() []byte { return packWindows(o) })
}

func packWindows(o *graph.Conv) (b []byte) {
	if o.Depthwise() {
		return pack(nil, windowRows(o.W, 0, o.Group), o.B, o.Group, vectorColumns)
	}
	for _, m := range groups(o) {
		b = pack(b, m.weights, m.bias, panelColumns, vectorColumns)
	}
	return b
}

// groups is a convolution's matrices, one a group.
func groups(o *graph.Conv) []matrix {
	out := o.W.Dims[0] / o.Group
	list := make([]matrix, o.Group)
	for g := range list {
		bias := graph.NewTensor(o.B.Elem, out)
		for j := range out {
			bias.CopyElem(j, o.B, g*out+j)
		}
		list[g] = matrix{windowRows(o.W, g*out, out), bias}
	}
	return list
}

// windowRows is the weights [out, in, window…] of some of the result's channels as a matrix: a row for each element of the window
// and channel of the argument.
func windowRows(w *graph.Tensor, first, out int) *graph.Tensor {
	in, window := w.Dims[1], w.Size()/max(1, w.Dims[0]*w.Dims[1])
	m := graph.NewTensor(w.Elem, window*in, out)
	if w.Elem.Held() == graph.F32 {
		turn(m.F32, w.F32[first*in*window:], in, window, out)
	} else {
		turn(m.F64, w.F64[first*in*window:], in, window, out)
	}
	return m
}

// turn makes [window, in, out] of [out, in, window]: some channels of the result at a time, for what they are made of stays near.
func turn[T float32 | float64](to, from []T, in, window, out int) {
	const abreast = 16
	for j := 0; j < out; j += abreast {
		for k := range in * window { // c·window + e
			row := to[(k%window*in+k/window)*out:]
			for i := j; i < min(j+abreast, out); i++ {
				row[i] = from[i*in*window+k]
			}
		}
	}
}
