package onnx

import (
	"math"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// maxPool keeps the greatest of each window; its places where they are asked for.
func maxPool(n *node) {
	x := n.arg(0)
	s := n.spatialOf(x, nil)
	order := n.intAttr("storage_order", 0)
	if places := len(n.p.Output) > 1 && n.p.Output[1] != ""; places {
		if x.batched {
			n.unsupported("places in %s", x)
		}
		n.set(1, n.maxPlaces(x, s, order == 1))
	}
	n.set(0, n.eachSample(x, func(x value) value {
		if x.elem().IsFloat() {
			return n.emit(&graph.Pool{Kernel: s.kernel, Window: s.Window}, x)
		}
		return n.reduceWindows(x, s, n.leastOf(x), graph.ReduceMax)
	}))
}

// leastOf is the least value of x's type.
func (n *node) leastOf(x value) value {
	if !x.elem().IsNumber() {
		n.fail("the greatest of %s", x)
	}
	e := x.elem()
	t := graph.NewTensor(e)
	switch {
	case e.IsFloat():
		t.SetFloat(0, math.Inf(-1))
	case !e.IsUnsigned():
		t.SetInt(0, int64(-1)<<(e.Bits()-1))
	}
	return n.constantOf(t)
}

// reduceWindows aggregates the windows of each channel.
func (n *node) reduceWindows(x value, s spatial, fill value, fn graph.ReduceFn) value {
	dims := n.windows(x, s)
	columns := n.columns(x, s, dims, 0, x.row()[0], fill)
	moved, _ := n.toLast(columns, 1)
	return n.reshape(n.emit(&graph.Reduce{Fn: fn}, moved), append([]int{x.row()[0]}, dims...)...)
}

// maxPlaces are the flat positions of the windows' first greatest elements, in row or column order.
func (n *node) maxPlaces(x value, s spatial, columnOrder bool) value {
	sample := x.row()[1:]
	plane := sizeOf(sample[1:])
	i := -1
	return n.eachSample(x, func(x value) value {
		i++
		dims := n.windows(x, s)
		moved, _ := n.toLast(n.columns(x, s, dims, 0, x.row()[0], n.leastOf(x)), 1)
		best := n.emit(&graph.ArgExtreme{}, moved) // [channels, positions]
		places := graph.NewTensor(graph.I64, sample...)
		coordinates(sample, func(at int, c []int) {
			flat, stride := 0, 1
			for k := 1; k < len(c) && columnOrder; k++ {
				flat += c[k] * stride
				stride *= sample[k]
			}
			if !columnOrder {
				flat = at % plane
			}
			places.I64[at] = int64((i*sample[0]+c[0])*plane + flat)
		})
		all, _ := n.toLast(n.columns(n.constantOf(places), s, dims, 0, sample[0], n.zero(best)), 1)
		hit := n.compare(graph.Eq, n.reshape(best, append(slices.Clone(best.row()), 1)...), n.iota(sizeOf(s.kernel)))
		y := n.sumLast(n.emit(&graph.Where{}, hit, all, n.scalar(all, 0)))
		return n.reshape(y, append([]int{sample[0]}, dims...)...)
	})
}

// averagePool is the mean of each window, of its elements inside or with count_include_pad of the padding too.
func averagePool(n *node) {
	x := n.arg(0)
	s := n.spatialOf(x, nil)
	op := &graph.Pool{Mean: true, CountPads: n.flag("count_include_pad", false), Kernel: s.kernel, Window: s.Window}
	n.set(0, n.eachSample(x, func(x value) value { return n.emit(op, x) }))
}

// lpPool is the norm of each window.
func lpPool(n *node) {
	x := n.arg(0)
	s := n.spatialOf(x, nil)
	p := float64(n.intAttr("p", 2))
	n.set(0, n.eachSample(x, func(x value) value {
		powers := n.binary(graph.Pow, n.unary(graph.Abs, x), n.scalar(x, p))
		sum := n.reduceWindows(powers, s, n.zero(x), graph.ReduceSum)
		return n.binary(graph.Pow, sum, n.scalar(x, 1/p))
	}))
}

// globalPool aggregates all spatial axes.
func globalPool(n *node) {
	x := n.arg(0)
	if x.rank() < 2 {
		n.fail("a pool over %s, which has no channels", x)
	}
	k := x.rank() - len(x.row())
	lead := slices.Clone(x.row()[:2-k])
	flat := n.reshape(x, append(lead, sizeOf(x.row()[2-k:]))...)
	var y value
	switch n.p.OpType {
	case "GlobalMaxPool":
		y = n.emit(&graph.Reduce{Fn: graph.ReduceMax}, flat)
	default:
		y = n.emit(&graph.Reduce{Fn: graph.ReduceMean}, flat)
	}
	n.set(0, n.reshape(y, append(lead, slices.Repeat([]int{1}, len(x.row())-len(lead))...)...))
}
