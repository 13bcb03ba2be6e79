package graph

import "testing"

// TestWindows: images have channels, no window of a pool is over padding alone, and no argument with its padding is larger than a tensor may be.
func TestWindows(t *testing.T) {
	for _, c := range []struct {
		size, kernel, stride, dilation, begin, end int
		ok                                         bool
	}{
		{size: 4, kernel: 3, stride: 1, dilation: 1, begin: 1, end: 1, ok: true},
		{size: 2, kernel: 2, stride: 2, dilation: 3, begin: 3, end: 3},           // the second begins at -1: -1 and 2
		{size: 3, kernel: 2, stride: 2, dilation: 3, begin: 3, end: 3, ok: true}, // which is inside here
		{size: 2, kernel: 2, stride: 3, dilation: 3, begin: 3, end: 3, ok: true}, // and steps over it here
		{size: 1, kernel: 2, stride: 1, dilation: 1<<24 - 1, begin: 1<<24 - 1},
		{size: 1, kernel: 2, stride: 1, dilation: 1<<28 - 1, begin: 1 << 28, end: 1 << 28},
		{size: 2, kernel: 2, stride: 1, dilation: 1<<27 + 1, begin: 0, end: 1 << 27},
		{size: 1, kernel: 1, stride: 1, dilation: 1, begin: 1},
	} {
		w := Window{Strides: []int{c.stride}, Dilations: []int{c.dilation}, Begin: []int{c.begin}, End: []int{c.end}}
		pool := &Pool{Kernel: []int{c.kernel}, Window: w}
		if _, err := pool.Infer([]Type{Of(F32, 32, c.size)}); (err == nil) != c.ok {
			t.Errorf("%+v: %v", c, err)
		}
	}
	one := Window{Strides: []int{1}, Dilations: []int{1}, Begin: []int{0}, End: []int{0}}
	if _, err := (&Pool{Kernel: []int{1}, Window: one}).Infer([]Type{Of(F32, 0, 4)}); err == nil {
		t.Error("a pool without channels")
	}
	if _, err := (&Conv{W: NewTensor(F32, 0, 16, 1), B: NewTensor(F32, 0), Group: 1, Window: one}).Infer([]Type{Of(F32, 16, 4)}); err == nil {
		t.Error("a convolution that makes no channels")
	}
	wide := Window{Strides: []int{1, 1}, Dilations: []int{1<<24 - 1, 1<<24 - 1}, Begin: []int{1<<24 - 1, 1<<24 - 1}, End: []int{0, 0}}
	conv := &Conv{W: NewTensor(F32, 1, 16, 2, 2), B: NewTensor(F32, 1), Group: 1, Window: wide}
	if _, err := conv.Infer([]Type{Of(F32, 16, 1, 1)}); err == nil {
		t.Error("a convolution over 2^48 places of padding")
	}
}
