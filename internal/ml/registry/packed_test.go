package registry

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
)

// TestMatrix checks where each weight and bias of a packed matrix lies, and that padding is zero.
func TestMatrix(t *testing.T) {
	const in, out = 3, 50
	w, b := graph.NewTensor(graph.F32, in, out), graph.NewTensor(graph.F32, out)
	for i := range w.F32 {
		w.F32[i] = float32(i + 1)
	}
	for i := range b.F32 {
		b.F32[i] = -float32(i + 1)
	}
	v := &Version{}
	raw := v.Matrix(w, b).Bytes()
	if same, other := v.Matrix(w, b), v.Matrix(w, nil); v.Matrix(w, b) != same || other == same {
		t.Error("constants are not told apart by what they are")
	}
	if want := (in + 1) * (48 + 16) * 4; len(raw) != want {
		t.Fatalf("%d bytes, want %d", len(raw), want)
	}
	at := func(i int) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(raw[i*4:])) }
	for c := range 64 {
		panel, wide, column := 0, 48, c
		if c >= 48 {
			panel, wide, column = 48*(in+1), 16, c-48
		}
		for row := -1; row < in; row++ {
			want := float32(0)
			switch {
			case c >= out:
			case row < 0:
				want = b.F32[c]
			default:
				want = w.F32[row*out+c]
			}
			if got := at(panel + (row+1)*wide + column); got != want {
				t.Errorf("row %d, column %d: %v, want %v", row, c, got, want)
			}
		}
	}
}
