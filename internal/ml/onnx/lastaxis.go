package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// softmax works along one axis. Before operator set 13, it flattened all dimensions from the axis on into one.
func softmax(n *node) {
	x := n.element(0)
	op := &graph.Softmax{Log: n.p.OpType == "LogSoftmax"}
	if n.version() >= 13 {
		moved, back := n.toLast(x, n.axis(x, int(n.smallInt("axis", -1))))
		y := back(n.emit(op, moved))
		y.layout = x.layout
		n.set(0, y)
		return
	}
	k := n.tail(x, int(n.smallInt("axis", 1)))
	dims := x.row()
	flat := n.reshape(x, append(slices.Clip(dims[:k]), sizeOf(dims[k:]))...)
	y := n.reshape(n.emit(op, flat), dims...)
	y.layout = x.layout
	n.set(0, y)
}

func argExtreme(n *node) {
	x := n.element(0)
	k := n.axis(x, int(n.smallInt("axis", 0)))
	op := &graph.ArgExtreme{Min: n.p.OpType == "ArgMin", Last: n.flag("select_last_index", false)}
	keep := n.flag("keepdims", true)
	moved, _ := n.toLast(x, k)
	y := n.afterReduce(n.emit(op, moved), x.row(), []int{k}, keep)
	y.layout = x.layout
	if !keep && k < x.at {
		y.at--
	}
	n.set(0, y)
}

// afterReduce puts dimensions of 1 where axes of dims were removed, if they are to be kept.
func (n *node) afterReduce(y value, dims, axes []int, keep bool) value {
	if !keep {
		return y
	}
	kept := append([]int(nil), dims...)
	for _, a := range axes {
		kept[a] = 1
	}
	return n.reshape(y, kept...)
}

// smallInt is an integer attribute that fits an int32, such as an axis.
func (n *node) smallInt(name string, otherwise int64) int64 {
	v := n.intAttr(name, otherwise)
	if v > 1<<31 || v < -1<<31 {
		n.fail("attribute %s is out of range", quote(name))
	}
	return v
}

func sizeOf(dims []int) int {
	p := 1
	for _, d := range dims {
		p *= d
	}
	return p
}
