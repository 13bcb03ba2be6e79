package onnx

import (
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
)

func leakyRelu(n *node) {
	n.set(0, n.emit(&graph.Unary{Fn: graph.LeakyRelu, Alpha: n.floatAttr("alpha", 0.01)}, n.element(0)))
}

func elu(n *node) {
	n.set(0, n.emit(&graph.Unary{Fn: graph.Elu, Alpha: n.floatAttr("alpha", 1)}, n.element(0)))
}

// selu is gamma·elu(x, alpha).
func selu(n *node) {
	alpha := n.floatAttr("alpha", 1.67326319217681884765625)
	gamma := n.floatAttr("gamma", 1.05070102214813232421875)
	x := n.emit(&graph.Unary{Fn: graph.Elu, Alpha: alpha}, n.element(0))
	n.set(0, n.binary(graph.Mul, x, n.scalar(x, gamma)))
}

// celu is max(x, 0) + min(alpha·(exp(x/alpha)-1), 0), which is alpha·elu(x/alpha, 1).
func celu(n *node) {
	x := n.element(0)
	alpha := n.scalar(x, n.floatAttr("alpha", 1))
	y := n.emit(&graph.Unary{Fn: graph.Elu, Alpha: 1}, n.binary(graph.Div, x, alpha))
	n.set(0, n.binary(graph.Mul, y, alpha))
}

// prelu is x < 0 ? slope·x : x.
func prelu(n *node) {
	args := n.align(n.element(0), n.element(1))
	x, slope := args[0], args[1]
	negative := n.compare(graph.Lt, x, n.scalar(x, 0))
	n.set(0, n.emit(&graph.Where{}, negative, n.binary(graph.Mul, x, slope), x))
}

// thresholdedRelu is x > alpha ? x : 0.
func thresholdedRelu(n *node) {
	x := n.element(0)
	over := n.compare(graph.Gt, x, n.scalar(x, n.floatAttr("alpha", 1)))
	n.set(0, n.emit(&graph.Where{}, over, x, n.scalar(x, 0)))
}

// softsign is x / (1 + |x|).
func softsign(n *node) {
	x := n.element(0)
	n.set(0, n.binary(graph.Div, x, n.binary(graph.Add, n.unary(graph.Abs, x), n.scalar(x, 1))))
}

func hardSigmoid(n *node) {
	n.set(0, n.hardSigmoidOf(n.element(0), n.floatAttr("alpha", 0.2), n.floatAttr("beta", 0.5)))
}

// hardSigmoidOf is max(0, min(1, alpha·x + beta)).
func (n *node) hardSigmoidOf(x value, alpha, beta float64) value {
	y := n.binary(graph.Add, n.binary(graph.Mul, x, n.scalar(x, alpha)), n.scalar(x, beta))
	return n.binary(graph.Max, n.binary(graph.Min, y, n.scalar(x, 1)), n.scalar(x, 0))
}

func hardSwish(n *node) {
	x := n.element(0)
	n.set(0, n.binary(graph.Mul, x, n.hardSigmoidOf(x, 1.0/6, 0.5)))
}

// gelu is x/2·(1 + erf(x/√2)), or with tanh its approximation.
func gelu(n *node) {
	x := n.element(0)
	var inner value
	switch kind := n.stringAttr("approximate", "none"); kind {
	case "none":
		inner = n.unary(graph.Erf, n.binary(graph.Mul, x, n.scalar(x, math.Sqrt2/2)))
	case "tanh":
		cube := n.binary(graph.Mul, n.binary(graph.Mul, x, x), x)
		poly := n.binary(graph.Add, x, n.binary(graph.Mul, cube, n.scalar(x, 0.044715)))
		inner = n.unary(graph.Tanh, n.binary(graph.Mul, poly, n.scalar(x, math.Sqrt(2/math.Pi))))
	default:
		n.fail("attribute approximate has the unknown value %s", quote(kind))
	}
	half := n.binary(graph.Mul, x, n.scalar(x, 0.5))
	n.set(0, n.binary(graph.Mul, half, n.binary(graph.Add, inner, n.scalar(x, 1))))
}

// mish is x·tanh(softplus(x)).
func mish(n *node) {
	x := n.element(0)
	n.set(0, n.binary(graph.Mul, x, n.unary(graph.Tanh, n.unary(graph.Softplus, x))))
}

// swish is x·sigmoid(alpha·x).
func swish(n *node) {
	x := n.element(0)
	inner := x
	if alpha := n.floatAttr("alpha", 1); alpha != 1 {
		inner = n.binary(graph.Mul, x, n.scalar(x, alpha))
	}
	n.set(0, n.binary(graph.Mul, x, n.unary(graph.Sigmoid, inner)))
}

// shrink is x + bias below -lambd, x - bias above lambd, else 0.
func shrink(n *node) {
	x := n.element(0)
	bias, lambda := n.floatAttr("bias", 0), n.floatAttr("lambd", 0.5)
	below := n.compare(graph.Lt, x, n.scalar(x, -lambda))
	above := n.compare(graph.Gt, x, n.scalar(x, lambda))
	y := n.emit(&graph.Where{}, above, n.binary(graph.Sub, x, n.scalar(x, bias)), n.scalar(x, 0))
	n.set(0, n.emit(&graph.Where{}, below, n.binary(graph.Add, x, n.scalar(x, bias)), y))
}
