package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// cumulative is CumSum and CumProd: running sums or products along an axis.
func cumulative(n *node) {
	fn, start := graph.Add, 0.0
	if n.p.OpType == "CumProd" {
		fn, start = graph.Mul, 1
	}
	x := n.arg(0)
	t := n.tensor(1)
	if t.Size() != 1 || !t.Elem.IsInt() {
		n.fail("%s of type %s is no axis", n.argName(1), t.Type)
	}
	axis := n.axis(x, clamp(t.Int(0)))
	exclusive, reverse := n.flag("exclusive", false), n.flag("reverse", false)
	length := x.row()[axis]
	if length == 0 {
		n.set(0, x)
		return
	}
	entries := make([]value, length)
	one := slices.Clone(x.row())
	one[axis] = 1
	acc := n.repeat(n.scalar(x, start), one)
	acc.batched = x.batched
	for i := range length {
		if reverse {
			i = length - 1 - i
		}
		entry := n.take(x, axis, []int{i})
		if entries[i] = acc; i == 0 && !reverse || i == length-1 && reverse {
			acc = entry
		} else {
			acc = n.binary(fn, acc, entry)
		}
		if !exclusive {
			entries[i] = acc
		}
	}
	n.set(0, n.join(entries, axis))
}

// hardmax is 1 at the first greatest element of an axis, else 0. Before operator set 13, it flattened all dimensions from the
// axis on into one.
func hardmax(n *node) {
	x := n.arg(0)
	moved, back := x, func(y value) value { return n.reshape(y, x.row()...) }
	if n.version() >= 13 {
		moved, back = n.toLast(x, n.axis(x, int(n.smallInt("axis", -1))))
	} else {
		k := n.axis(x, int(n.smallInt("axis", 1)))
		moved = n.reshape(x, append(slices.Clip(x.row()[:k]), sizeOf(x.row()[k:]))...)
	}
	dims := moved.row()
	length := dims[len(dims)-1]
	index := n.emit(&graph.ArgExtreme{}, moved)
	index = n.reshape(index, append(slices.Clone(index.row()), 1)...)
	n.set(0, back(n.cast(x.elem(), n.compare(graph.Eq, index, n.iota(length)))))
}

// iota is the vector 0, 1 … length-1.
func (n *node) iota(length int) value {
	n.spend(length)
	t := graph.NewTensor(graph.I64, length)
	for i := range length {
		t.I64[i] = int64(i)
	}
	return n.constantOf(t)
}

// sequence is 0, 1 … length-1.
func sequence(length int) []int {
	out := make([]int, length)
	for i := range out {
		out[i] = i
	}
	return out
}
