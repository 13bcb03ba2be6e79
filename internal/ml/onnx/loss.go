package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// negativeLogLikelihood is the loss of log probabilities [N,C,…] for targets [N,…].
func negativeLogLikelihood(n *node) { n.set(0, n.likelihoodLoss(n.arg(0), n.arg(1))) }

// softmaxCrossEntropy is that loss for scores; it has the log probabilities too.
func softmaxCrossEntropy(n *node) {
	x := n.arg(0)
	if x.batched || x.rank() < 2 {
		n.unsupported("a loss over %s", x)
	}
	moved, back := n.toLast(x, 1)
	logs := back(n.emit(&graph.Softmax{Log: true}, moved))
	n.set(0, n.likelihoodLoss(logs, n.arg(1)))
	n.set(1, logs)
}

// likelihoodLoss is -weight[target]·logs[target], of each target, their sum, or their mean by weight.
func (n *node) likelihoodLoss(logs, target value) value {
	if logs.batched || logs.rank() < 2 || target.rank() != logs.rank()-1 || !target.elem().IsInt() || !logs.elem().IsFloat() {
		n.unsupported("a loss of %s for %s", logs, target)
	}
	classes := logs.row()[1]
	dims := slices.Insert(slices.Clone(target.row()), 1, 1)
	axis := slices.Repeat([]int{1}, len(dims))
	axis[1] = classes
	target = n.cast(graph.I64, target)
	hit := n.compare(graph.Eq, n.reshape(target, dims...), n.reshape(n.iota(classes), axis...))
	ignores := n.hasAttr("ignore_index")
	if ignored := n.intAttr("ignore_index", 0); ignores {
		same := n.compare(graph.Eq, n.reshape(target, dims...), n.constantOf(i64Tensor([]int64{ignored}).Reshaped()))
		hit = n.binary(graph.And, hit, n.unary(graph.Not, same))
	}
	zero := n.scalar(logs, 0)
	overClasses := func(x value) value {
		moved, _ := n.toLast(n.emit(&graph.Where{}, hit, x, zero), 1)
		return n.sumLast(moved)
	}
	weight := n.scalar(logs, 1)
	if n.has(2) {
		weight = n.reshape(n.arg(2), axis...)
	}
	loss := n.unary(graph.Neg, overClasses(n.binary(graph.Mul, logs, weight)))
	all := func(x value) value { return n.sumLast(n.reshape(x, sizeOf(x.row()))) }
	switch reduction := n.stringAttr("reduction", "mean"); reduction {
	case "none":
		return loss
	case "sum":
		return all(loss)
	case "mean":
		return n.binary(graph.Div, all(loss), all(overClasses(weight)))
	default:
		n.fail("attribute reduction has the unknown value %s", quote(reduction))
	}
	return value{}
}
