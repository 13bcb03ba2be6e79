package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// grid samples a tensor [batch, channels, spatial…] at computed places.
type grid struct {
	n    *node
	x    value // [batch·channels·spatial], flat
	dims []int // of the tensor
	// base is the flat place of each batch's and channel's first element, [batch, channels, 1…].
	base    value
	padding string
	corners bool // coordinates -1 and 1 are the centres of the first and the last element, not their outer edges
}

func (n *node) gridOf(x value, out int) *grid {
	g := &grid{n: n, dims: x.row()}
	g.x = n.reshape(x, sizeOf(g.dims))
	planes := g.dims[0] * g.dims[1]
	n.spend(planes)
	base := graph.NewTensor(graph.I64, append([]int{g.dims[0], g.dims[1]}, slices.Repeat([]int{1}, out)...)...)
	for i := range planes {
		base.I64[i] = int64(i * sizeOf(g.dims[2:]))
	}
	g.base = n.constantOf(base)
	return g
}

// place is an element of each spatial axis: its number, as integers inside of the axis, and where it really lies inside.
type place struct {
	at     []value
	inside value // nil in v if all do
}

// entry is the number of an element of axis a at a whole number x, and what says that it is there.
func (g *grid) entry(a int, x value) (at, inside value) {
	n, length := g.n, g.dims[2+a]
	last := n.scalar(x, float64(length-1))
	if g.padding == "reflection" {
		x = g.reflected(a, x)
	} else if g.padding == "zeros" {
		inside = n.binary(graph.And, n.compare(graph.Ge, x, n.scalar(x, 0)), n.compare(graph.Le, x, last))
	}
	// As floats first: a number that no integer holds becomes the least one.
	at = n.cast(graph.I64, n.binary(graph.Max, n.binary(graph.Min, x, last), n.scalar(x, 0)))
	bound := func(fn graph.BinaryFn, v int) { at = n.binary(fn, at, n.scalar(at, float64(v))) }
	bound(graph.Max, 0) // NaN
	bound(graph.Min, length-1)
	return at, inside
}

// edges are the coordinates that reflect.
func (g *grid) edges(a int) (low, high float64) {
	low, high = -0.5, float64(g.dims[2+a])-0.5
	if g.corners {
		low, high = 0, high-0.5
	}
	return low, high
}

// reflected brings a coordinate of axis a between the axis' edges.
func (g *grid) reflected(a int, x value) value {
	n := g.n
	low, high := g.edges(a)
	if high <= low {
		return n.binary(graph.Mul, x, n.scalar(x, 0))
	}
	from := n.binary(graph.Sub, x, n.scalar(x, low))
	turn := n.scalar(x, 2*(high-low))
	turns := n.unary(graph.Floor, n.binary(graph.Div, from, turn))
	from = n.binary(graph.Sub, from, n.binary(graph.Mul, turns, turn))
	back := n.binary(graph.Sub, turn, from)
	return n.binary(graph.Add, n.binary(graph.Min, from, back), n.scalar(x, low))
}

// value is the tensor's elements at a place, for all channels; zero outside.
func (g *grid) value(p place) value {
	n := g.n
	flat, stride := g.base, 1
	for a := len(p.at) - 1; a >= 0; a-- {
		at := p.at[a]
		if stride != 1 {
			at = n.binary(graph.Mul, at, n.scalar(at, float64(stride)))
		}
		flat = n.binary(graph.Add, flat, at)
		stride *= g.dims[2+a]
	}
	v := n.emit(&graph.Gather{}, g.x, flat)
	if p.inside.v != nil {
		v = n.emit(&graph.Where{}, p.inside, v, n.zero(v))
	}
	return v
}

// tap is an element of an axis and its weight, which is nil in v for 1.
type tap struct{ at, inside, weight value }

// sum is the weighted sum over the taps of all axes.
func (g *grid) sum(axes [][]tap) (total value) {
	n := g.n
	var walk func(chosen []tap)
	walk = func(chosen []tap) {
		if len(chosen) < len(axes) {
			for _, t := range axes[len(chosen)] {
				walk(append(chosen, t))
			}
			return
		}
		var p place
		var weight value
		for _, t := range chosen {
			p.at = append(p.at, t.at)
			p.inside = n.both(p.inside, t.inside, graph.And)
			weight = n.both(weight, t.weight, graph.Mul)
		}
		v := g.value(p)
		if weight.v != nil {
			v = n.binary(graph.Mul, v, n.cast(v.elem(), weight))
		}
		total = n.both(total, v, graph.Add)
	}
	walk(nil)
	return total
}

// both combines two values, of which either may not be there.
func (n *node) both(a, b value, fn graph.BinaryFn) value {
	switch {
	case a.v == nil:
		return b
	case b.v == nil:
		return a
	}
	return n.binary(fn, a, b)
}

// linearTaps are the elements beside a coordinate of axis a.
func (g *grid) linearTaps(a int, x value) []tap {
	n := g.n
	low := n.unary(graph.Floor, x)
	above := n.binary(graph.Sub, x, low)
	one := n.scalar(x, 1)
	first, second := tap{weight: n.binary(graph.Sub, one, above)}, tap{weight: above}
	first.at, first.inside = g.entry(a, low)
	second.at, second.inside = g.entry(a, n.binary(graph.Add, low, one))
	return []tap{first, second}
}

// cubicTaps are two elements on each side, with the weights of a cubic convolution.
func (g *grid) cubicTaps(a int, x value) (taps []tap) {
	const sharp = -0.75
	n := g.n
	low := n.unary(graph.Floor, x)
	d := n.binary(graph.Sub, x, low)
	c := func(v float64) value { return n.scalar(x, v) }
	horner := func(t value, coefficients ...float64) value {
		y := c(coefficients[0])
		for _, k := range coefficients[1:] {
			y = n.binary(graph.Add, n.binary(graph.Mul, y, t), c(k))
		}
		return y
	}
	near := func(t value) value { return horner(t, sharp+2, -(sharp + 3), 0, 1) }
	far := func(t value) value { return horner(t, sharp, -5*sharp, 8*sharp, -4*sharp) }
	away := func(v float64) value { return n.binary(graph.Sub, c(v), d) }
	for i, weight := range []value{far(n.binary(graph.Add, d, c(1))), near(d), near(away(1)), far(away(2))} {
		t := tap{weight: weight}
		t.at, t.inside = g.entry(a, n.binary(graph.Add, low, c(float64(i-1))))
		taps = append(taps, t)
	}
	return taps
}

// gridSample takes elements of [batch, channels, spatial…] at the places that a grid [batch, out…, axes] names, from -1 to 1
// along each axis, the last axis first.
func gridSample(n *node) {
	x, at := n.arg(0), n.arg(1)
	mode := n.stringAttr("mode", map[bool]string{true: "linear", false: "bilinear"}[n.version() >= 20])
	padding, corners := n.stringAttr("padding_mode", "zeros"), n.flag("align_corners", false)
	if !slices.Contains([]string{"zeros", "border", "reflection"}, padding) {
		n.fail("attribute padding_mode has the unknown value %s", quote(padding))
	}
	axes := x.rank() - 2
	if axes < 1 || axes > 3 || at.rank() != axes+2 || x.batched != at.batched || !at.elem().IsFloat() || at.row()[len(at.row())-1] != axes {
		n.unsupported("%s sampled at %s", x, at)
	}
	if x.batched { // one sample a row
		x, at = n.reshape(x, append([]int{1}, x.row()...)...), n.reshape(at, append([]int{1}, at.row()...)...)
	}
	if x.row()[0] != at.row()[0] || sizeOf(x.row()) == 0 {
		n.fail("%s sampled at %s", x, at)
	}
	at = n.cast(at.elem().Held(), at)
	g := n.gridOf(x, axes)
	g.padding, g.corners = padding, corners
	taps := make([][]tap, axes)
	for a := range taps {
		taps[a] = g.taps(a, mode, g.coordinate(a, at))
	}
	y := g.sum(taps)
	if x.batched {
		y = n.reshape(y, y.row()[1:]...)
	}
	n.set(0, y)
}

// coordinate is where the grid lies along axis a, in elements, [batch, 1, out…].
func (g *grid) coordinate(a int, at value) value {
	n, dims := g.n, at.row()
	last, length := len(dims)-1, float64(g.dims[2+a])
	x := n.take(at, last, []int{last - 2 - a})
	x = n.reshape(x, slices.Insert(slices.Clone(dims[:last]), 1, 1)...)
	x = n.binary(graph.Add, x, n.scalar(x, 1))
	if g.corners {
		return n.binary(graph.Mul, x, n.scalar(x, (length-1)/2))
	}
	x = n.binary(graph.Sub, n.binary(graph.Mul, x, n.scalar(x, length)), n.scalar(x, 1))
	return n.binary(graph.Mul, x, n.scalar(x, 0.5))
}

// taps are the elements that a coordinate of axis a is made of.
func (g *grid) taps(a int, mode string, x value) []tap {
	n := g.n
	if mode == "nearest" {
		x = n.unary(graph.Round, x)
	}
	if low, high := g.edges(a); g.padding == "reflection" {
		out := n.binary(graph.Or, n.compare(graph.Lt, x, n.scalar(x, low)), n.compare(graph.Gt, x, n.scalar(x, high)))
		x = n.emit(&graph.Where{}, out, g.reflected(a, x), x)
	}
	switch mode {
	case "nearest":
		var t tap
		t.at, t.inside = g.entry(a, x)
		return []tap{t}
	case "linear", "bilinear":
		return g.linearTaps(a, x)
	case "cubic", "bicubic":
		return g.cubicTaps(a, x)
	}
	n.fail("attribute mode has the unknown value %s", quote(mode))
	return nil
}

// affineGrid gives the places of a grid that a matrix of each sample moves.
func affineGrid(n *node) {
	theta, size := n.arg(0), n.ints(1)
	axes := len(size) - 2
	corners := n.flag("align_corners", false)
	if axes < 2 || axes > 3 || theta.batched || theta.rank() != 3 || !slices.Equal(theta.row()[1:], []int{axes, axes + 1}) || theta.row()[0] != size[0] {
		n.unsupported("a grid of %v by %s", size, theta)
	}
	n.check(graph.CheckDims(size))
	spatial := size[2:]
	n.spend(sizeOf(spatial) * (axes + 1))
	points := graph.NewTensor(theta.elem(), sizeOf(spatial), axes+1)
	coordinates(spatial, func(i int, at []int) {
		for a, c := range at {
			length := float64(spatial[a])
			p := (2*float64(c)+1)/length - 1
			if corners {
				p = 2*float64(c)/max(length-1, 1) - 1
			}
			points.SetFloat(i*(axes+1)+axes-1-a, p)
		}
		points.SetFloat(i*(axes+1)+axes, 1)
	})
	y := n.matMul(n.constantOf(points), n.transpose(theta, []int{0, 2, 1}))
	n.set(0, n.reshape(y, append(append([]int{size[0]}, spatial...), axes)...))
}
