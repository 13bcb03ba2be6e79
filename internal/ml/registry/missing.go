package registry

import (
	"math"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// MissingText is what a NULL becomes where a text that is no category is a missing value: a noncharacter of Unicode.
const MissingText = "\uffff"

// markMissing marks the arguments for which NaN, or a text that is no category, is a missing value: all that are floats, or those
// for which the graph asks whether they are NaN. Imputers and ensembles of trees do (all ensembles, if all), of a feature as it came
// or after arithmetic that leaves NaN what it is, or of a category's code.
func markMissing(g *graph.Graph, args []Argument, all bool) {
	asked := askedMissing(g, all)
	for i := range args {
		a := &args[i]
		a.MissingAsNaN = all && g.Inputs[a.Input].Type.Elem.IsFloat()
		of, end := asked[g.Inputs[a.Input].ID], a.Element+max(int(a.Type.Len), 1)
		if !a.MissingAsNaN && end <= len(of) {
			a.MissingAsNaN = !slices.Contains(of[a.Element:end], false)
		}
	}
}

// decidesMissing tells a node that sends NaN another way than the comparison with a NaN would.
func decidesMissing(n graph.TreeNode) bool { return n.MissingYes != (n.Test == graph.TestNe) }

// elements has, by a value's number, for which of its elements something holds; nil if for none.
type elements [][]bool

// askedMissing tells of which elements the graph asks whether they are NaN, from the values that ask back to the inputs.
func askedMissing(g *graph.Graph, all bool) elements {
	asked := make(elements, len(g.Values))
	for _, v := range slices.Backward(g.Values) {
		switch op := v.Op.(type) {
		case *graph.Unary:
			if op.Fn == graph.IsNaN {
				asked.add(v.Args[0], nil)
			}
		case *graph.TreeEnsemble:
			if all || slices.ContainsFunc(op.Nodes, decidesMissing) {
				asked.add(v.Args[0], nil)
			}
		default:
			if asked[v.ID] != nil {
				asked.back(v)
			}
		}
	}
	return asked
}

// add adds those of v's elements that which has, all if it is nil.
func (e elements) add(v *graph.Value, which []bool) {
	if e[v.ID] == nil {
		e[v.ID] = make([]bool, v.Type.Size())
	}
	for i := range e[v.ID] {
		e[v.ID][i] = e[v.ID][i] || which == nil || which[i]
	}
}

// back adds to v's arguments the elements that are v's own, or NaN where v's are.
func (e elements) back(v *graph.Value) {
	of := e[v.ID]
	switch op := v.Op.(type) {
	case *graph.Reshape, *graph.Cast:
		e.add(v.Args[0], of)
	case *graph.Pick:
		picked := make([]bool, v.Args[0].Type.Size())
		for i, at := range op.Index {
			picked[at] = picked[at] || of[i]
		}
		e.add(v.Args[0], picked)
	case *graph.Concat:
		for _, a := range v.Args {
			e.add(a, of[:a.Type.Size()])
			of = of[a.Type.Size():]
		}
	case *graph.Map:
		if op.Default.Elem.IsFloat() && math.IsNaN(op.Default.Float(0)) && !slices.Contains(op.Keys.Str, MissingText) {
			e.add(v.Args[0], of)
		}
	case *graph.Binary:
		if v.Type.Elem.IsFloat() && v.Args[1].Constant() != nil && v.Args[0].Type.Size() == v.Type.Size() {
			e.add(v.Args[0], of)
		}
	}
}
