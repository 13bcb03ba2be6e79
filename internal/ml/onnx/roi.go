package onnx

import (
	"math"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// roiAlign pools rectangles of images, which rows bring, into a fixed number of bins each: the mean of points
// between elements of the image.
func roiAlign(n *node) {
	x, rois, image := n.arg(0), n.arg(1), n.arg(2)
	if x.batched || rois.batched || image.batched || x.rank() != 4 || rois.rank() != 2 || rois.row()[1] != 4 || image.rank() != 1 ||
		image.row()[0] != rois.row()[0] || !x.elem().IsFloat() || rois.elem() != x.elem() || sizeOf(x.row()) == 0 {
		n.unsupported("rectangles %s at %s of %s", rois, image, x)
	}
	p := &roiPool{n: n, x: x, rois: n.cast(x.elem().Held(), rois), height: int(n.smallInt("output_height", 1)), width: int(n.smallInt("output_width", 1)),
		ratio: int(n.smallInt("sampling_ratio", 0)), scale: n.floatAttr("spatial_scale", 1), count: rois.row()[0]}
	mode := "output_half_pixel"
	if n.version() >= 16 {
		mode = n.stringAttr("coordinate_transformation_mode", "half_pixel")
	}
	if mode != "half_pixel" && mode != "output_half_pixel" {
		n.fail("attribute coordinate_transformation_mode has the unknown value %s", quote(mode))
	}
	p.half = mode == "half_pixel"
	if p.height < 1 || p.width < 1 || p.ratio < 0 || p.height > maxRowElements || p.width > maxRowElements || p.ratio > 1<<10 {
		n.fail("%d x %d bins of %d points", p.height, p.width, p.ratio)
	}
	if pool := n.stringAttr("mode", "avg"); pool != "avg" { // the greatest of what, implementations do not agree on
		n.unsupported("mode %s", quote(pool))
	}
	n.set(0, p.pooled(n.cast(graph.I64, image)))
}

type roiPool struct {
	n                           *node
	x, rois                     value
	height, width, ratio, count int
	scale                       float64
	half                        bool
}

// side is a rectangle's first coordinate and its length along an axis (0: down), [rectangles].
func (p *roiPool) side(axis int) (start, length value) {
	n := p.n
	edge := func(k int) value {
		e := n.reshape(n.take(p.rois, 1, []int{k}), p.count)
		e = n.times(e, p.scale)
		if p.half {
			e = n.binary(graph.Sub, e, n.scalar(e, 0.5))
		}
		return e
	}
	start = edge(1 - axis)
	length = n.binary(graph.Sub, edge(3-axis), start)
	if !p.half { // a rectangle has at least one element
		length = n.binary(graph.Max, length, n.scalar(length, 1))
	}
	return start, length
}

// points is how many points a bin of each rectangle has along an axis.
func (p *roiPool) points(length value, bins int) []int {
	out := slices.Repeat([]int{p.ratio}, p.count)
	if p.ratio > 0 {
		return out
	}
	t := length.constant()
	if t == nil {
		p.n.want(1, p.rois)
	}
	for i := range out {
		v := math.Ceil(t.Float(i) / float64(bins))
		if !(v <= 1<<10) {
			p.n.unsupported("bins of %v points", v)
		}
		out[i] = max(0, int(v))
	}
	return out
}

// pooled is [rectangles, channels, height, width].
func (p *roiPool) pooled(image value) value {
	n := p.n
	dims := p.x.row()
	top, high := p.side(0)
	left, wide := p.side(1)
	down, across := p.points(high, p.height), p.points(wide, p.width)
	var out []value
	for r := range p.count {
		one := func(v value) value { return n.reshape(n.take(v, 0, []int{r}), 1) }
		y := p.coordinates(one(top), one(high), p.height, down[r])
		x := p.coordinates(one(left), one(wide), p.width, across[r])
		source := n.emit(&graph.Gather{}, n.reshape(p.x, dims[0], dims[1], dims[2]*dims[3]), one(image))
		out = append(out, p.bins(n.reshape(source, dims[1], dims[2], dims[3]), y, x, down[r], across[r]))
	}
	if len(out) == 0 {
		return n.constantOf(graph.NewTensor(p.x.elem(), 0, dims[1], p.height, p.width))
	}
	return n.join(out, 0)
}

// coordinates are those of all points along an axis, [bins·points].
func (p *roiPool) coordinates(start, length value, bins, points int) value {
	n := p.n
	n.check(graph.CheckDims([]int{bins, points}))
	n.spend(bins * points)
	at := graph.NewTensor(start.elem(), bins*points)
	for i := range bins * points {
		at.SetFloat(i, (float64(i/points)+(float64(i%points)+0.5)/float64(points))/float64(bins))
	}
	return n.binary(graph.Add, start, n.binary(graph.Mul, length, n.constantOf(at)))
}

// weights has, for each point of an axis of so many elements, what each element contributes, [points, elements]: matrices, so that
// both axes are products.
func (p *roiPool) weights(at value, length int) value {
	n := p.n
	points := at.row()[0]
	inside := n.binary(graph.And, n.compare(graph.Ge, at, n.scalar(at, -1)), n.compare(graph.Le, at, n.scalar(at, float64(length))))
	at = n.binary(graph.Min, n.binary(graph.Max, at, n.scalar(at, 0)), n.scalar(at, float64(length-1)))
	number := n.cast(at.elem(), n.iota(length))
	apart := n.unary(graph.Abs, n.binary(graph.Sub, n.reshape(at, points, 1), number))
	w := n.binary(graph.Max, n.binary(graph.Sub, n.scalar(at, 1), apart), n.scalar(at, 0))
	return n.emit(&graph.Where{}, n.reshape(inside, points, 1), w, n.scalar(w, 0))
}

// bins pools the points of one rectangle of an image [channels, height, width].
func (p *roiPool) bins(image, y, x value, down, across int) value {
	n := p.n
	channels := image.row()[0]
	if down == 0 || across == 0 {
		return n.constantOf(graph.NewTensor(p.x.elem(), 1, channels, p.height, p.width))
	}
	wy, wx := p.weights(y, image.row()[1]), p.weights(x, image.row()[2])
	wide := n.cast(wy.elem(), image)
	sampled := n.matMul(wy, n.matMul(wide, n.transpose(wx, []int{1, 0}))) // [channels, height·down, width·across]
	sampled = n.reshape(sampled, channels, p.height, down, p.width, across)
	sampled = n.reshape(n.transpose(sampled, []int{0, 1, 3, 2, 4}), 1, channels, p.height, p.width, down*across)
	mean := n.binary(graph.Div, n.sumLast(sampled), n.scalar(sampled, float64(down*across)))
	return n.cast(p.x.elem(), mean)
}
