package interp

import (
	"slices"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
)

// TestWindows: convolutions and pools at borders, with values that ONNX Runtime gives.
func TestWindows(t *testing.T) {
	line := graph.F32Of(1, 2, 3, 4, 5, 6).Reshaped(1, 6)
	two := graph.F32Of(1, 2, 3, 4, 5, 6, 7, 8, 9).Reshaped(1, 3, 3)
	one := func(n int) []int { return slices.Repeat([]int{1}, n) }
	plain := func(n int) graph.Window {
		return graph.Window{Strides: one(n), Dilations: one(n), Begin: make([]int, n), End: make([]int, n)}
	}
	wide := plain(1)
	wide.Strides, wide.Dilations, wide.Begin, wide.End = []int{2}, []int{2}, []int{2}, []int{1}
	pad := plain(2)
	pad.Begin, pad.End = one(2), one(2)
	ceil := plain(1)
	ceil.Strides, ceil.Begin, ceil.Ceil = []int{3}, []int{1}, true
	for i, c := range []struct {
		op   graph.Op
		x    *graph.Tensor
		want []float32
	}{
		{&graph.Conv{W: graph.F32Of(1, 10, 100).Reshaped(1, 1, 3), B: graph.F32Of(0.5), Group: 1, Window: wide}, line,
			[]float32{310.5, 531.5, 53.5}},
		{&graph.Conv{W: graph.F32Of(1, 2, 3, 4, 5, 6, 7, 8, 9).Reshaped(1, 1, 3, 3), B: graph.F32Of(0), Group: 1, Window: pad}, two,
			[]float32{94, 154, 106, 186, 285, 186, 106, 154, 94}},
		{&graph.Conv{W: graph.F32Of(1, 2, 3).Reshaped(3, 1, 1), B: graph.F32Of(0, 0, 1), Group: 3, Window: plain(1)},
			graph.F32Of(1, 2, 3, 4, 5, 6).Reshaped(3, 2), []float32{1, 2, 6, 8, 16, 19}},
		{&graph.Pool{Kernel: []int{3, 3}, Window: pad}, two, []float32{5, 6, 6, 8, 9, 9, 8, 9, 9}},
		{&graph.Pool{Kernel: []int{3}, Window: ceil}, line, []float32{2, 5, 6}},
		{&graph.Pool{Kernel: []int{3}, Window: ceil, Mean: true}, line, []float32{1.5, 4, 6}},
		{&graph.Pool{Kernel: []int{3}, Window: ceil, Mean: true, CountPads: true}, line, []float32{1, 4, 6}},
	} {
		if got := eval(t, c.op, c.x).F32; !slices.Equal(got, c.want) {
			t.Errorf("case %d: %s gives %v, want %v", i, c.op.Name(), got, c.want)
		}
	}
	far := plain(1)
	far.Begin = []int{3}
	bad := &graph.Pool{Kernel: []int{3}, Window: far}
	if _, err := bad.Infer([]graph.Type{line.Type}); err == nil {
		t.Error("a window over padding alone is accepted")
	}
}

func TestMatMulAndGather(t *testing.T) {
	a := graph.F32Of(1, 2, 3, 4, 5, 6, 7, 8).Reshaped(2, 2, 2)
	b := graph.F32Of(1, 0, 2, 3).Reshaped(1, 2, 2)
	if got := eval(t, &graph.MatMul{}, a, b).F32; !slices.Equal(got, []float32{5, 6, 11, 12, 17, 18, 23, 24}) {
		t.Errorf("matmul gives %v", got)
	}
	if got := eval(t, &graph.MatMul{}, b, a).F32; !slices.Equal(got, []float32{1, 2, 11, 16, 5, 6, 31, 36}) {
		t.Errorf("matmul gives %v", got)
	}
	if got := eval(t, &graph.Gather{Axis: 1}, a, graph.I64Of(1, -2, 1)).F32; !slices.Equal(got, []float32{3, 4, 1, 2, 3, 4, 7, 8, 5, 6, 7, 8}) {
		t.Errorf("gather gives %v", got)
	}
	if _, err := Eval(&graph.Gather{}, graph.Of(graph.F32, 1, 2, 2), []*graph.Tensor{a, graph.I64Of(2)}, Options{}); err == nil {
		t.Error("an index outside of the axis is accepted")
	}
}
