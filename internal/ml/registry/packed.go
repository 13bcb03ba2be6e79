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

// Matrix is a matrix [in,out] with a bias [out] (nil for zeros), packed for products of matrices in memory: fl_gemm_f32 and
// fl_gemm_f64.
func (v *Version) Matrix(weights, bias *graph.Tensor) *Constant {
	return v.constants.once(matrix{weights, bias}, func() []byte { return pack(nil, weights, bias, panelColumns, vectorColumns) })
}

// pack appends a matrix in panels: of each panel's columns first the biases, then row by row. What pads a panel to a multiple
// of unit is zero.
func pack(b []byte, weights, bias *graph.Tensor, panel, unit int) []byte {
	rows, columns := weights.Dims[0], weights.Dims[1]
	zero := appendFloat(nil, graph.NewTensor(weights.Elem, 1), 0)
	b = slices.Grow(b, (rows+1)*(columns+unit)*len(zero))
	for from := 0; from < columns; from += panel {
		to := min(from+panel, columns)
		padding := (unit - (to-from)%unit) % unit
		for row := -1; row < rows; row++ {
			for c := from; c < to; c++ {
				switch {
				case row >= 0:
					b = appendFloat(b, weights, row*columns+c)
				case bias != nil:
					b = appendFloat(b, bias, c)
				default:
					b = append(b, zero...)
				}
			}
			for range padding {
				b = append(b, zero...)
			}
		}
	}
	return b
}
