package registry

import (
	"encoding/binary"
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
)

// NetworkBF16 is a chain of layers of f32, packed for flk_network_bf16.
func (v *Version) NetworkBF16(layers []Layer) *Constant {
	return v.constant("bf16 "+networkName(layers), func() []byte { return packNetwork(layers, packBF16) })
}

// packBF16 appends a matrix in panels: of each panel's columns the biases in f32, then, for each two rows, their two numbers of bf16.
func packBF16(b []byte, weights, bias *graph.Tensor) []byte {
	rows, columns := weights.Dims[0], weights.Dims[1]
	at := func(row, c int) uint16 {
		if row >= rows || c >= columns {
			return 0
		}
		return bf16(weights.F32[row*columns+c])
	}
	for from := 0; from < columns; from += layerColumns {
		for c := from; c < from+layerColumns; c++ {
			x := float32(0)
			if bias != nil && c < columns {
				x = bias.F32[c]
			}
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
		}
		for row := 0; row < rows; row += 2 {
			for c := from; c < from+layerColumns; c++ {
				b = binary.LittleEndian.AppendUint16(b, at(row, c))
				b = binary.LittleEndian.AppendUint16(b, at(row+1, c))
			}
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
