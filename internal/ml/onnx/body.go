package onnx

import (
	"fmt"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
)

// body is a subgraph as it becomes a graph of its own, that of a loop or of a branch. What its nodes use from around it is
// handed to it: constants are put in, for all else it has an input.
type body struct {
	imp  *importer
	g    *graph.Graph
	seen map[*graph.Value]*graph.Value
	// args are the values around it that its last inputs are.
	args []*graph.Value
}

// bodyOf imports a subgraph as a graph. inputs makes its inputs' values, finish declares its outputs.
func (n *node) bodyOf(g *onnxpb.GraphProto, inputs func(b *body) []value, finish func(b *body, outs []value)) *body {
	imp, outer := n.imp, n.imp.g
	b := &body{imp: imp, g: graph.New(outer.Name), seen: map[*graph.Value]*graph.Value{}}
	imp.g = b.g
	defer func() { imp.g = outer }()
	s := newScope(imp.scope)
	s.body = b
	outs := n.inlineIn(s, g, inputs(b))
	for i, x := range outs {
		if x.kind != tensorKind || x.v == nil || x.folded != 0 {
			n.unsupported("%s as output %s of a subgraph that is not evaluated when the model is registered", x, quote(g.Output[i].Name))
		}
	}
	finish(b, outs)
	return b
}

// input adds an input, which in the beginning is the value of around the body; nil for none.
func (b *body) input(t graph.Type, of *graph.Value) *graph.Value {
	v, err := b.g.Input(fmt.Sprintf("in%d", len(b.g.Inputs)), t)
	if err != nil {
		panic(failure{err})
	}
	if of != nil {
		b.imp.origins[v] = of
	}
	return v
}

// capture gives the body a value from around it.
func (b *body) capture(x value) value {
	for i, e := range x.seq {
		if i == 0 {
			x.seq = make([]value, len(x.seq))
		}
		x.seq[i] = b.capture(e)
	}
	if x.v == nil {
		return x
	}
	v := b.seen[x.v]
	if t := x.v.Constant(); v == nil && t != nil {
		var err error
		if v, err = b.g.Constant(t); err != nil {
			panic(failure{err})
		}
	} else if v == nil {
		v = b.input(x.v.Type, x.v)
		b.args = append(b.args, x.v)
	}
	b.seen[x.v] = v
	x.v = v
	return x
}

// output adds the outputs of the body's graph.
func (b *body) output(list ...value) {
	for _, x := range list {
		b.g.Output(fmt.Sprintf("out%d", len(b.g.Outputs)), x.v)
	}
}

// control adds a control operator and takes its results apart; like tells the layouts of the results.
func (n *node) control(op graph.Control, args []*graph.Value, like []value) []value {
	v, err := n.imp.g.Add(op, args...)
	n.check(err)
	out := make([]value, len(like))
	for i, t := range op.Results() {
		n.check(checkRow(t))
		out[i] = like[i]
		out[i].v, err = n.imp.g.Add(&graph.Result{Index: i, Of: t}, v)
		n.check(err)
	}
	return out
}

// attempt runs f and gives the error that ended it.
func (n *node) attempt(f func()) (err error) {
	imp := *n.imp
	defer func() {
		if r := recover(); r != nil {
			failed, ok := r.(failure)
			if !ok {
				panic(r)
			}
			err = failed.err
			n.imp.scope, n.imp.frame, n.imp.nested, n.imp.g = imp.scope, imp.frame, imp.nested, imp.g
		}
	}()
	f()
	return nil
}
