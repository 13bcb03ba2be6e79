package onnx

import (
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
)

// treeTransform applies post_transform to the targets' values. ONNX Runtime transforms a single one by PROBIT only.
func (n *node) treeTransform(post string, y value) value {
	single := y.row()[0] == 1
	switch post {
	case "NONE":
		return y
	case "LOGISTIC":
		if single {
			return y
		}
		return n.unary(graph.Sigmoid, y)
	case "SOFTMAX":
		if single {
			return y
		}
		return n.emit(&graph.Softmax{}, y)
	case "SOFTMAX_ZERO":
		if single {
			return y
		}
		return n.softmaxZero(y)
	case "PROBIT":
		return n.probit(y)
	}
	n.fail("post_transform has the unknown value %s", quote(post))
	return y
}

// softmaxZero is softmax, but for scores of almost 0, whose share stays in proportion to the score.
func (n *node) softmaxZero(y value) value {
	most := n.reshape(n.emit(&graph.Reduce{Fn: graph.ReduceMax}, y), 1)
	nonzero := n.compare(graph.Gt, n.unary(graph.Abs, y), n.scalar(y, 1e-7))
	scaled := n.binary(graph.Mul, y, n.unary(graph.Exp, n.unary(graph.Neg, most)))
	part := n.emit(&graph.Where{}, nonzero, n.unary(graph.Exp, n.binary(graph.Sub, y, most)), scaled)
	return n.binary(graph.Div, part, n.reshape(n.emit(&graph.Reduce{Fn: graph.ReduceSum}, part), 1))
}

// probit is √2·erf⁻¹(2y-1), by Winitzki's approximation of erf⁻¹, as in ONNX Runtime, but computed in f64: it subtracts what is
// nearly equal. It is NaN outside of 0 to 1.
func (n *node) probit(scores value) value {
	const a = 0.147
	y := n.cast(graph.F64, scores)
	x := n.binary(graph.Sub, n.binary(graph.Mul, y, n.scalar(y, 2)), n.scalar(y, 1))
	one := n.scalar(y, 1)
	log := n.unary(graph.Log, n.binary(graph.Mul, n.binary(graph.Sub, one, x), n.binary(graph.Add, x, one)))
	half := n.binary(graph.Add, n.binary(graph.Mul, log, n.scalar(y, 0.5)), n.scalar(y, 2/(math.Pi*a)))
	under := n.binary(graph.Sub, n.binary(graph.Mul, half, half), n.binary(graph.Mul, log, n.scalar(y, 1/a)))
	size := n.unary(graph.Sqrt, n.binary(graph.Sub, n.unary(graph.Sqrt, under), half))
	negative := n.compare(graph.Lt, x, n.scalar(y, 0))
	signed := n.emit(&graph.Where{}, negative, n.unary(graph.Neg, size), size)
	return n.cast(scores.elem(), n.binary(graph.Mul, signed, n.scalar(y, math.Sqrt2)))
}
