package registry

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// half is the key of a constant of bf16 that would be `of` otherwise.
type half struct{ of any }

// NetworkBF16 is a chain of layers of f32, packed for flk_network_bf16.
func (v *Version) NetworkBF16(layers []Layer) *Constant {
	return v.constant(half{networkName(layers)}, func() []byte {
		return packNetwork(layers, func(b []byte, weights, bias *graph.Tensor) []byte {
			return packBF16(b, weights, bias, layerColumns, layerColumns)
		})
	})
}

// MatrixBF16 is a matrix of f32, packed for products of bf16 in memory: flk_conv_bf16.
func (v *Version) MatrixBF16(weights, bias *graph.Tensor) *Constant {
	return v.constant(half{matrix{weights, bias}}, func() []byte { return packBF16(nil, weights, bias, panelColumns, vectorColumns) })
}

// ConvolutionBF16 is a convolution of f32, which is not depthwise, packed for flk_conv_bf16.
func (v *Version) ConvolutionBF16(o *graph.Conv) *Constant {
	return v.constant(half{o}, func() (b []byte) {
		for _, m := range groups(o) {
			b = packBF16(b, evenRows(m.weights, o.W.Dims[1]), m.bias, panelColumns, vectorColumns)
		}
		return b
	})
}

// evenRows is a matrix with a row of zeros behind each `per` rows if these are an odd number, so that no two of bf16 are of two places.
func evenRows(m *graph.Tensor, per int) *graph.Tensor {
	if per%2 == 0 {
		return m
	}
	rows, columns := m.Dims[0], m.Dims[1]
	even := graph.NewTensor(m.Elem, rows/per*(per+1), columns)
	for i := range rows / per {
		copy(even.F32[i*(per+1)*columns:], m.F32[i*per*columns:(i+1)*per*columns])
	}
	return even
}

// packBF16 appends a matrix in panels: of each panel's columns the biases in f32, then, for each two rows, their two numbers of bf16.
// What pads a panel to a multiple of unit is zero.
func packBF16(b []byte, weights, bias *graph.Tensor, panel, unit int) []byte {
	le := binary.LittleEndian
	rows, columns := weights.Dims[0], weights.Dims[1]
	b = slices.Grow(b, (rows/2+2)*(columns+unit)*4)
	for from := 0; from < columns; from += panel {
		to := min(from+panel, columns)
		padding := (unit - (to-from)%unit) % unit * 4
		if bias != nil {
			b = appendFloats(b, bias, from, to)
		} else {
			b = appendZeros(b, (to-from)*4)
		}
		b = appendZeros(b, padding)
		for row := 0; row < rows; row += 2 {
			first, second := weights.F32[row*columns:], []float32(nil)
			if row+1 < rows {
				second = weights.F32[(row+1)*columns:]
			}
			for c := from; c < to; c++ {
				word := uint32(bf16(first[c]))
				if second != nil {
					word |= uint32(bf16(second[c])) << 16
				}
				b = le.AppendUint32(b, word)
			}
			b = appendZeros(b, padding)
		}
	}
	return b
}

// bf16 is a number rounded to the nearest of bf16, ties to even, as the processor's instruction does it: what is less than the least
// normal number is zero.
func bf16(x float32) uint16 {
	bits := math.Float32bits(x)
	switch {
	case x != x:
		return uint16(bits>>16) | 0x40
	case bits&0x7f800000 == 0:
		return uint16(bits>>16) & 0x8000
	}
	return uint16((bits + 0x7fff + bits>>16&1) >> 16)
}
