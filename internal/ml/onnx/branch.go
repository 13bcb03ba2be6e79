package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
)

// ifElse is the branch that a constant condition chooses, or an operator that evaluates one of both.
func ifElse(n *node) {
	then, otherwise := n.graphAttr("then_branch"), n.graphAttr("else_branch")
	cond := n.any(0)
	if cond.v == nil || cond.batched {
		n.ownWay("%s, a condition that differs from row to row of a batch,", n.argName(0))
	}
	if cond.elem() != graph.Bool || cond.v.Type.Size() != 1 {
		n.fail("%s of type %s is no single bool", n.argName(0), cond)
	}
	if t := cond.constant(); t != nil {
		branch := otherwise
		if t.Bool[0] {
			branch = then
		}
		for i, x := range n.inline(branch) {
			n.set(i, x)
		}
		return
	}
	var list [2][]value
	var bodies [2]*body
	err := n.attempt(func() {
		for i, g := range []*onnxpb.GraphProto{then, otherwise} {
			bodies[i] = n.bodyOf(g, func(*body) []value { return nil }, func(b *body, outs []value) {
				list[i] = outs
				b.output(outs...)
			})
		}
		n.unify(list)
	})
	if err != nil {
		n.orWant(err, 0, cond)
	}
	args := append([]*graph.Value{n.reshape(cond).v}, slices.Concat(bodies[0].args, bodies[1].args)...)
	op := &graph.If{Then: bodies[0].g, Else: bodies[1].g, ThenArgs: len(bodies[0].args)}
	for i, x := range n.control(op, args, list[0]) {
		n.set(i, x)
	}
}

// unify checks that the outputs of both branches have the same types.
func (n *node) unify(list [2][]value) {
	if len(list[0]) != len(list[1]) {
		n.fail("its branches have %d and %d outputs", len(list[0]), len(list[1]))
	}
	for i, a := range list[0] {
		if b := list[1][i]; !a.v.Type.Equal(b.v.Type) || a.batched != b.batched || a.layout != b.layout {
			n.unsupported("output %d of type %s in one branch and %s in the other", i, a, b)
		}
	}
}
