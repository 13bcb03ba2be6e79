package onnx

import (
	"math"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// maxWaves bounds the length of a Fourier transform: it is a product with a matrix of so many rows and columns.
const maxWaves = 2048

// dft is the discrete Fourier transform of an axis. The last axis of the argument has one or two elements, the real and the
// imaginary part; that of the result has two.
func dft(n *node) {
	x := n.arg(0)
	rank := x.rank()
	inverse, onesided := n.flag("inverse", false), n.flag("onesided", false)
	axis := -2
	if n.version() < 20 {
		axis = int(n.smallInt("axis", 1))
	} else if n.has(2) {
		list := n.ints(2)
		if len(list) != 1 {
			n.fail("axis %v is no number", list)
		}
		axis = list[0]
	}
	if rank < 2 || !x.elem().IsFloat() || x.row()[len(x.row())-1] > 2 || x.row()[len(x.row())-1] < 1 {
		n.fail("a Fourier transform of %s", x)
	}
	k := n.axis(x, axis)
	if k == len(x.row())-1 {
		n.fail("axis %d of %s has the parts of numbers", axis, x)
	}
	length := x.row()[k]
	if n.has(1) {
		if list := n.ints(1); len(list) == 1 {
			length = list[0]
		}
		if inverse && onesided {
			n.set(0, n.inverseReal(x, k, length))
			return
		}
	} else if inverse && onesided {
		n.set(0, n.inverseReal(x, k, 2*(length-1)))
		return
	}
	n.set(0, n.fourier(x, k, length, inverse, onesided))
}

// parts are the real and the imaginary part of x with axis k in the last place and of the given length; the imaginary part is
// not there for real numbers. back puts the axis into its place and the parts into the last axis.
func (n *node) parts(x value, k, length int) (parts []value, back func(parts []value) value) {
	last := len(x.row()) - 1
	if had := x.row()[k]; had != length {
		after := make([]int, last+1)
		after[k] = length - had
		x = n.padded(x, make([]int, last+1), after, "constant", n.zero(x))
	}
	for i := range x.row()[last] {
		part := n.take(x, last, []int{i})
		part = n.reshape(part, part.row()[:last]...)
		moved, _ := n.toLast(part, k)
		parts = append(parts, moved)
	}
	return parts, func(parts []value) value {
		out := make([]value, len(parts))
		for i, p := range parts {
			// The last axis goes back to place k.
			order := slices.Insert(sequence(last-1), k, last-1)
			p = n.transpose(p, order)
			out[i] = n.reshape(p, append(slices.Clone(p.row()), 1)...)
		}
		return n.join(out, last)
	}
}

// waves multiplies the last axis of x by factor·cos or factor·sin of the angles 2π·i·j/period.
func (n *node) waves(x value, cols, period int, factor func(i int) float64, f func(float64) float64) value {
	rows := x.row()[len(x.row())-1]
	n.spend(rows * cols)
	w := graph.NewTensor(x.elem(), rows, cols)
	for i := range rows {
		for j := range cols {
			// The angle is reduced first, so that it is exact where it is a quarter.
			w.SetFloat(i*cols+j, factor(i)*f(2*math.Pi*float64(i*j%period)/float64(period)))
		}
	}
	return n.dense(x, n.constantOf(w), nil)
}

func (n *node) checkWaves(length int) {
	if length < 1 {
		n.fail("a Fourier transform of %d elements", length)
	}
	if length > maxWaves {
		n.unsupported("a Fourier transform of %d elements (%d are possible)", length, maxWaves)
	}
}

// fourier transforms axis k, cut or filled with zeros to a length.
func (n *node) fourier(x value, k, length int, inverse, onesided bool) value {
	n.checkWaves(length)
	parts, back := n.parts(x, k, length)
	cols, scale, sign := length, 1.0, -1.0
	if onesided {
		cols = length/2 + 1
	}
	if inverse {
		scale, sign = 1/float64(length), 1
	}
	cos := func(x value) value {
		return n.waves(x, cols, length, func(int) float64 { return scale }, math.Cos)
	}
	sin := func(x value, by float64) value {
		return n.waves(x, cols, length, func(int) float64 { return by * scale }, math.Sin)
	}
	re, im := cos(parts[0]), sin(parts[0], sign)
	if len(parts) == 2 {
		re, im = n.binary(graph.Add, re, sin(parts[1], -sign)), n.binary(graph.Add, im, cos(parts[1]))
	}
	return back([]value{re, im})
}

// inverseReal gives the real numbers, so many, whose transform has x as its first half.
func (n *node) inverseReal(x value, k, length int) value {
	n.checkWaves(length)
	parts, back := n.parts(x, k, length/2+1)
	weight := func(sign float64) func(i int) float64 {
		return func(i int) float64 {
			if i == 0 || 2*i == length { // these are there once in the whole transform, the others twice
				return sign / float64(length)
			}
			return 2 * sign / float64(length)
		}
	}
	y := n.waves(parts[0], length, length, weight(1), math.Cos)
	if len(parts) == 2 {
		y = n.binary(graph.Add, y, n.waves(parts[1], length, length, weight(-1), math.Sin))
	}
	return back([]value{y})
}

// stft transforms frames of a signal [batch, length, parts], each multiplied by a window.
func stft(n *node) {
	x := n.arg(0)
	lead := len(x.row()) - 2 // the batch, if it is an axis
	if x.rank() != 3 && x.rank() != 2 || lead < 0 || lead > 1 || !x.elem().IsFloat() {
		n.fail("frames of %s", x)
	}
	if x.rank() == 2 { // real numbers without their axis
		x = n.reshape(x, append(slices.Clone(x.row()), 1)...)
		lead = len(x.row()) - 2
	}
	number := func(i int) int {
		list := n.ints(i)
		if len(list) != 1 || list[0] < 1 {
			n.fail("%s is no length", n.argName(i))
		}
		return list[0]
	}
	hop, length := number(1), 0
	if n.has(3) {
		length = number(3)
	}
	if n.has(2) {
		w := n.arg(2)
		if w.batched || w.rank() != 1 || length != 0 && w.row()[0] != length {
			n.fail("a window of type %s for frames of %d elements", w, length)
		}
		length = w.row()[0]
	}
	if length == 0 {
		n.fail("neither a window nor the frames' length is given")
	}
	dims := x.row()
	if dims[lead] < length {
		n.fail("frames of %d elements of %s", length, x)
	}
	frames := (dims[lead]-length)/hop + 1
	shape := append(slices.Clone(dims[:lead]), frames, length, dims[lead+1])
	y := n.pick(x, shape, func(at []int) []int {
		from := slices.Clone(at[:lead])
		return append(from, at[lead]*hop+at[lead+1], at[lead+2])
	})
	if n.has(2) {
		y = n.binary(graph.Mul, y, n.reshape(n.cast(y.elem(), n.arg(2)), length, 1))
	}
	n.set(0, n.fourier(y, lead+1, length, false, n.flag("onesided", true)))
}

// melWeightMatrix is a constant matrix of triangles that are evenly spaced on the mel scale.
func melWeightMatrix(n *node) {
	number := func(i int) float64 {
		t := n.tensor(i)
		if t.Size() != 1 || !t.Elem.IsNumber() {
			n.fail("%s of type %s is no number", n.argName(i), t.Type)
		}
		return t.Float(0)
	}
	bins, length, rate, low, high := number(0), number(1), number(2), number(3), number(4)
	if !(bins >= 1) || !(length >= 1) || bins > maxRowElements || length > maxRowElements || !(rate > 0) || !(low >= 0) || !(high > low) {
		n.fail("%v bins of %v elements at %v Hz from %v to %v", bins, length, rate, low, high)
	}
	e := graph.F32
	if n.hasAttr("output_datatype") {
		e = n.elemAttr("output_datatype")
	}
	if !e.IsFloat() {
		n.unsupported("weights of type %s", e)
	}
	rows, cols := int(length)/2+1, int(bins)
	n.check(graph.CheckDims([]int{rows, cols}))
	n.spend(rows * cols)
	mel := func(hz float64) float64 { return 2595 * math.Log10(1+hz/700) }
	edges := make([]int, cols+2)
	for i := range edges {
		at := mel(low) + float64(i)*(mel(high)-mel(low))/float64(cols+2)
		edge := math.Floor((length + 1) * (700 * (math.Pow(10, at/2595) - 1)) / rate)
		if !(edge <= maxRowElements) {
			n.fail("%v Hz are far outside of a spectrum of %v elements at %v Hz", high, length, rate)
		}
		edges[i] = int(edge)
	}
	w := graph.NewTensor(e, rows, cols)
	for c := range cols {
		from, peak, to := edges[c], edges[c+1], edges[c+2]
		if from == peak && peak < rows {
			w.SetFloat(peak*cols+c, 1)
		}
		for r := from; r <= min(peak, rows-1) && from != peak; r++ {
			w.SetFloat(r*cols+c, float64(r-from)/float64(peak-from))
		}
		for r := peak; r < min(to, rows); r++ {
			w.SetFloat(r*cols+c, float64(to-r)/float64(to-peak))
		}
	}
	n.set(0, n.constantOf(w))
}
