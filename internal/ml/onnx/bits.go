package onnx

import (
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
)

func bitwise(n *node) {
	x := n.align(n.arg(0), n.arg(1))
	n.set(0, n.binary(binaryFns[n.p.OpType], x[0], x[1]))
}

func bitwiseNot(n *node) {
	x := n.arg(0)
	n.set(0, n.binary(graph.BitXor, x, n.scalar(x, -1)))
}

func bitShift(n *node) {
	x := n.align(n.arg(0), n.arg(1))
	switch direction := n.stringAttr("direction", ""); direction {
	case "LEFT":
		n.set(0, n.binary(graph.ShiftLeft, x[0], x[1]))
	case "RIGHT":
		n.set(0, n.binary(graph.ShiftRight, x[0], x[1]))
	default:
		n.fail("attribute direction is %s, not LEFT or RIGHT", quote(direction))
	}
}

// bitCast is a Cast between integers of one width, which wraps.
func bitCast(n *node) {
	x, to := n.arg(0), n.elemAttr("to")
	from := x.elem()
	bits := func(e graph.Elem) int {
		if e == graph.Bool {
			return 8
		}
		return e.Bits()
	}
	switch {
	case from == to:
		n.set(0, x)
	case (from.IsInt() || from == graph.Bool) && to.IsInt():
		if bits(from) != bits(to) {
			n.fail("the bits of %s as %s", from, to)
		}
		n.set(0, n.cast(to, x))
	case from.Held() == from && to.Held() == to && from.IsNumber() && to.IsNumber():
		n.set(0, n.emit(&graph.BitCast{To: to}, x))
	default:
		n.unsupported("the bits of %s as %s", from, to)
	}
}

// isInf compares with the infinities that count.
func isInf(n *node) {
	x := n.arg(0)
	nan := n.unary(graph.IsNaN, x)
	y := n.binary(graph.And, nan, n.unary(graph.Not, nan)) // false
	if n.flag("detect_negative", true) {
		y = n.binary(graph.Or, y, n.compare(graph.Eq, x, n.scalar(x, math.Inf(-1))))
	}
	if n.flag("detect_positive", true) {
		y = n.binary(graph.Or, y, n.compare(graph.Eq, x, n.scalar(x, math.Inf(1))))
	}
	n.set(0, y)
}
