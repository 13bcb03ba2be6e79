package graph

import (
	"fmt"
	"slices"
)

// Window is how a Conv or a Pool walks over the spatial axes, those beside the channels: one to three of them, with one number
// each in every list.
type Window struct {
	Strides, Dilations []int
	// Begin and End are the elements of padding before and after an axis.
	Begin, End []int
	// ChannelsLast tells that the channels stand behind the spatial axes, not before them.
	ChannelsLast bool
	// Ceil lets a last window begin within the axis or the padding before it and reach past the padding after it.
	Ceil bool
}

func (w *Window) text() string {
	s := fmt.Sprintf("strides=%s dilations=%s pads=%s%s", dimsString(w.Strides), dimsString(w.Dilations), dimsString(w.Begin),
		dimsString(w.End))
	if w.Ceil {
		s += " ceil"
	}
	if w.ChannelsLast {
		s += " channels_last"
	}
	return s
}

// Split gives the channels and the spatial axes of an argument or a result.
func (w *Window) Split(dims []int) (channels int, spatial []int) {
	if w.ChannelsLast {
		return dims[len(dims)-1], dims[:len(dims)-1]
	}
	return dims[0], dims[1:]
}

// Join gives the axes of so many channels over spatial axes.
func (w *Window) Join(channels int, spatial []int) []int {
	if w.ChannelsLast {
		return append(slices.Clone(spatial), channels)
	}
	return append([]int{channels}, spatial...)
}

// infer gives the spatial axes of the result: in are the argument's, kernel the window's. An argument with its padding is a tensor
// like any other, so that no place in it, and no room for it, overflows.
func (w *Window) infer(channels int, in, kernel []int) ([]int, error) {
	n := len(in)
	if n < 1 || n > 3 {
		return nil, invalid("an argument of %d axes behind the channels (1 to 3 are possible)", n)
	}
	if channels == 0 {
		return nil, invalid("an argument without channels")
	}
	for _, list := range [][]int{kernel, w.Strides, w.Dilations, w.Begin, w.End} {
		if len(list) != n {
			return nil, invalid("a window of %d axes over %d", len(list), n)
		}
	}
	out, padded := make([]int, n), make([]int, n)
	for i, size := range in {
		k, s, d := kernel[i], w.Strides[i], w.Dilations[i]
		if k < 1 || s < 1 || d < 1 || w.Begin[i] < 0 || w.End[i] < 0 || max(k, s, d, w.Begin[i], w.End[i]) > MaxElements {
			return nil, invalid("a window of %d elements, stride %d, dilation %d, padding %d and %d", k, s, d, w.Begin[i], w.End[i])
		}
		padded[i] = size + w.Begin[i] + w.End[i]
		room := padded[i] - (d*(k-1) + 1)
		if room < 0 || size == 0 {
			return nil, invalid("a window of %d elements, dilation %d, is larger than axis %s", k, d, dimsString(in))
		}
		out[i] = room/s + 1
		if w.Ceil && room%s != 0 && (room/s+1)*s < size+w.Begin[i] {
			out[i]++
		}
	}
	return out, firstError(CheckDims(w.Join(channels, padded)), CheckDims(out))
}

// insideAlong reports whether each of so many windows along an axis has an element inside it, and not only padding.
func (w *Window) insideAlong(axis, size, kernel, windows int) bool {
	s, d, begin := w.Strides[axis], w.Dilations[axis], w.Begin[axis]
	if d*(kernel-1) < begin || (windows-1)*s-begin >= size {
		return false
	}
	if d <= size { // no step is over the whole axis
		return true
	}
	for i := range min(windows, d) { // places in the axis repeat after so many
		start := i*s - begin
		if start >= 0 {
			break
		}
		if (start%d+d)%d >= size {
			return false
		}
	}
	return true
}
