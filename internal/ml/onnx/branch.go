package onnx

import (
	"github.com/flernd/flernd/internal/ml/graph"
)

// ifElse is the branch that a constant condition chooses.
func ifElse(n *node) {
	then, otherwise := n.graphAttr("then_branch"), n.graphAttr("else_branch")
	cond := n.any(0)
	if cond.v == nil || cond.elem() != graph.Bool || cond.v.Type.Size() != 1 {
		n.fail("%s of type %s is no single bool", n.argName(0), cond)
	}
	t := cond.constant()
	if t == nil {
		n.want(0, cond)
	}
	branch := otherwise
	if t.Bool[0] {
		branch = then
	}
	for i, x := range n.inline(branch) {
		n.set(i, x)
	}
}
