package onnx

import (
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
)

// castMini is a cast with the attributes that only casts to floats of 8 bits look at: what becomes of numbers that are too large,
// and how those between two powers of two are rounded.
func (n *node) castMini(to graph.Elem, x value) value {
	saturates, mode := n.flag("saturate", true), n.stringAttr("round_mode", "up")
	switch {
	case !to.IsMini() || to == graph.F4E2M1 || x.elem() == to:
		return n.cast(to, x)
	case to == graph.F8E8M0:
		return n.castPower(n.cast(graph.F32, x), mode, saturates)
	case saturates:
		return n.cast(to, x)
	}
	x = n.cast(graph.F32, x)
	beyond := math.NaN()
	if to == graph.F8E5M2 {
		beyond = math.Inf(1)
	}
	limit := n.scalar(x, graph.MiniBeyond(to))
	y := n.emit(&graph.Where{}, n.compare(graph.Ge, x, limit), n.constantOf(graph.Scalar(to, beyond)), n.cast(to, x))
	return n.emit(&graph.Where{}, n.compare(graph.Le, x, n.unary(graph.Neg, limit)), n.constantOf(graph.Scalar(to, -beyond)), y)
}

// castPower casts f32 to powers of two, which has no sign and no 0.
func (n *node) castPower(x value, mode string, saturates bool) value {
	to := graph.F8E8M0
	up := n.cast(graph.F32, n.cast(to, x))
	// 2^-127 is what the next lower one would be raised to.
	down := n.emit(&graph.Where{}, n.compare(graph.Gt, up, x), n.binary(graph.Mul, up, n.scalar(x, 0.5)), up)
	y := up
	switch mode {
	case "up":
	case "down":
		y = down
	case "nearest":
		nearer := n.compare(graph.Lt, n.binary(graph.Sub, x, down), n.binary(graph.Sub, up, x))
		y = n.emit(&graph.Where{}, nearer, down, up)
	default:
		n.fail("attribute round_mode has the unknown value %s", quote(mode))
	}
	if !saturates {
		inside := n.binary(graph.And, n.compare(graph.Ge, x, n.scalar(x, math.Ldexp(1, -127))), n.compare(graph.Le, x, n.scalar(x, math.Ldexp(1, 127))))
		y = n.emit(&graph.Where{}, inside, y, n.scalar(x, math.NaN()))
	}
	return n.cast(to, y)
}
