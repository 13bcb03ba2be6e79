package registry

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

type squares struct{ of *graph.Conv }

// Winograd is a convolution of windows of 3 × 3, in f32 and one group: what Convolution gives, then the turned weights, of each of a
// square's 16 elements a packed matrix of the channels by the result's channels, without biases (crt/src/conv_winograd.h).
func (v *Version) Winograd(o *graph.Conv) *Constant {
	return v.constant(squares{o}, func() []byte {
		plain := packWindows(o)
		out, in := o.W.Dims[0], o.W.Dims[1]
		each := (in + 1) * ((out + vectorColumns - 1) / vectorColumns * vectorColumns) * 4
		b := slices.Grow(plain, 16*each)[:len(plain)+16*each]
		clear(b[len(plain):])
		turnWindows(b[len(plain):], o.W, each)
		return b
	})
}

// turnWindows fills packed matrices, so many bytes each, from weights [out, in, 3, 3]. What pads and the biases are zeros already.
func turnWindows(to []byte, w *graph.Tensor, each int) {
	out, in := w.Dims[0], w.Dims[1]
	for first := 0; first < out; first += vectorColumns { // of a vector's columns: what these are made of stays near
		panel := first / panelColumns * panelColumns
		wide := min(panelColumns, (out-panel+vectorColumns-1)/vectorColumns*vectorColumns)
		for c := range in {
			at := (panel*(in+1) + (c+1)*wide - panel) * 4
			for i := first; i < min(first+vectorColumns, out); i++ {
				g := turned((*[9]float32)(w.F32[(i*in+c)*9:]))
				for e, x := range g {
					binary.LittleEndian.PutUint32(to[e*each+at+i*4:], math.Float32bits(x))
				}
			}
		}
	}
}

// turned is GgG', in 64 bits and rounded once.
func turned(g *[9]float32) (to [16]float32) {
	var half [4][3]float64
	for x := range 3 {
		half[0][x], half[1][x], half[2][x], half[3][x] = turnLine(float64(g[x]), float64(g[3+x]), float64(g[6+x]))
	}
	for y, h := range half {
		a, b, c, d := turnLine(h[0], h[1], h[2])
		to[4*y], to[4*y+1], to[4*y+2], to[4*y+3] = float32(a), float32(b), float32(c), float32(d)
	}
	return to
}

// turnLine is G's product with three numbers.
func turnLine(a, b, c float64) (w, x, y, z float64) {
	return a, (a + c + b) / 2, (a + c - b) / 2, c
}
