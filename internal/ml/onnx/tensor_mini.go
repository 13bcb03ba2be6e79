package onnx

import "github.com/flernd/flernd/internal/ml/graph"

// miniWidth is the bits that an element takes in a file, for types of which several may share a byte and for floats of a byte;
// 0 for others.
func miniWidth(e graph.Elem) int {
	switch e {
	case graph.I2, graph.U2:
		return 2
	case graph.I4, graph.U4, graph.F4E2M1:
		return 4
	}
	if e.IsMini() {
		return 8
	}
	return 0
}

// miniData fills t from bytes, of which each has as many elements as fit, the first in its low bits.
func miniData(t *graph.Tensor, bits, have int, at func(int) byte) error {
	share := 8 / bits
	if want := (t.Size() + share - 1) / share; have != want {
		return invalid("%d bytes of data do not fill %s", have, t.Type)
	}
	*t = *graph.NewTensor(t.Elem, t.Dims...)
	for i := range t.Size() {
		b := at(i/share) >> (i % share * bits) & byte(1<<bits-1)
		if t.Elem.IsInt() {
			t.SetInt(i, int64(b))
		} else {
			t.F32[i] = graph.MiniBits(t.Elem, b)
		}
	}
	return nil
}
