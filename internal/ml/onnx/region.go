package onnx

import (
	"fmt"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
)

// region is a subgraph that becomes a graph of its own, the body of a loop or a branch. What its nodes use from around it is
// handed to it: constants are put in, for all else it has an input.
type region struct {
	imp  *importer
	g    *graph.Graph
	seen map[*graph.Value]*graph.Value
	// args are the values around it that its last inputs are.
	args []*graph.Value
}

// region imports a subgraph as a graph. inputs makes its inputs' values, finish declares its outputs.
func (n *node) region(g *onnxpb.GraphProto, inputs func(r *region) []value, finish func(r *region, outs []value)) *region {
	imp, outer := n.imp, n.imp.g
	r := &region{imp: imp, g: graph.New(outer.Name), seen: map[*graph.Value]*graph.Value{}}
	imp.g = r.g
	defer func() { imp.g = outer }()
	s := newScope(imp.scope)
	s.region = r
	outs := n.subgraph(s, g, inputs(r))
	for i, x := range outs {
		if x.kind != tensorKind || x.v == nil || x.folded != 0 {
			n.unsupported("%s as output %s of a subgraph that is not evaluated when the model is registered", x, quote(g.Output[i].Name))
		}
	}
	finish(r, outs)
	return r
}

// input adds an input, which in the beginning is the value of around the region; nil for none.
func (r *region) input(t graph.Type, of *graph.Value) *graph.Value {
	v, err := r.g.Input(fmt.Sprintf("in%d", len(r.g.Inputs)), t)
	if err != nil {
		panic(failure{err})
	}
	if of != nil {
		r.imp.origins[v] = of
	}
	return v
}

// capture gives the region a value from around it.
func (r *region) capture(x value) value {
	for i, e := range x.seq {
		if i == 0 {
			x.seq = make([]value, len(x.seq))
		}
		x.seq[i] = r.capture(e)
	}
	if x.v == nil {
		return x
	}
	v := r.seen[x.v]
	if t := x.v.Constant(); v == nil && t != nil {
		var err error
		if v, err = r.g.Constant(t); err != nil {
			panic(failure{err})
		}
	} else if v == nil {
		v = r.input(x.v.Type, x.v)
		r.args = append(r.args, x.v)
	}
	r.seen[x.v] = v
	x.v = v
	return x
}

// output adds the outputs of the region's graph.
func (r *region) output(list ...value) {
	for _, x := range list {
		r.g.Output(fmt.Sprintf("out%d", len(r.g.Outputs)), x.v)
	}
}

// control adds a control operator and takes its results apart; like tells the layouts of the results.
func (n *node) control(op graph.Control, args []*graph.Value, like []value) []value {
	v, err := n.imp.g.Add(op, args...)
	n.check(err)
	out := make([]value, len(like))
	for i, t := range op.Parts() {
		n.check(checkRow(t))
		out[i] = like[i]
		out[i].v, err = n.imp.g.Add(&graph.Part{Index: i, Of: t}, v)
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
