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
		a.MissingAsNaN = a.MissingAsNaN || of.all || end <= len(of.some) && !slices.Contains(of.some[a.Element:end], false)
	}
}

// decidesMissing tells a node that sends NaN another way than the comparison with a NaN would.
func decidesMissing(n graph.TreeNode) bool { return n.MissingYes != (n.Test == graph.TestNe) }

// elements tells of which elements of a value something holds: all, or some; of none if that is nil.
type elements struct {
	all  bool
	some []bool
}

// asking has, by ID, the elements of values that a graph asks of.
type asking []elements

// askedMissing tells of which elements of the inputs the graph asks whether they are NaN. It goes from the values that ask back
// to the inputs, and forgets what it has passed: values may be many and large.
func askedMissing(g *graph.Graph, all bool) asking {
	asked := make(asking, len(g.Values))
	for _, v := range slices.Backward(g.Values) {
		switch op := v.Op.(type) {
		case *graph.Unary:
			if op.Fn == graph.IsNaN {
				asked.add(v.Args[0], elements{all: true})
			}
		case *graph.TreeEnsemble:
			if all || slices.ContainsFunc(op.Nodes, decidesMissing) {
				asked.add(v.Args[0], elements{all: true})
			}
		case *graph.Input:
		default:
			if of := asked[v.ID]; of.all || of.some != nil {
				asked.back(v, of)
			}
			asked[v.ID] = elements{}
		}
	}
	return asked
}

// has tells of one element.
func (e elements) has(i int) bool { return e.all || e.some != nil && e.some[i] }

// add adds elements of v.
func (a asking) add(v *graph.Value, which elements) {
	of := &a[v.ID]
	switch {
	case of.all:
	case which.all:
		*of = which
	case of.some == nil:
		of.some = slices.Clone(which.some)
	default:
		for i, asked := range which.some {
			of.some[i] = of.some[i] || asked
		}
	}
}

// back adds to v's arguments the elements that are those of v, or NaN where they are.
func (a asking) back(v *graph.Value, of elements) {
	switch op := v.Op.(type) {
	case *graph.Reshape, *graph.Cast:
		a.add(v.Args[0], of)
	case *graph.Pick:
		picked := make([]bool, v.Args[0].Type.Size())
		for i, at := range op.Index {
			picked[at] = picked[at] || of.has(i)
		}
		a.add(v.Args[0], elements{some: picked})
	case *graph.Concat:
		from := 0
		for _, x := range v.Args {
			part := elements{all: of.all}
			if !of.all {
				part.some = of.some[from : from+x.Type.Size()]
			}
			a.add(x, part)
			from += x.Type.Size()
		}
	case *graph.Map:
		if op.Default.Elem.IsFloat() && math.IsNaN(op.Default.Float(0)) && !slices.Contains(op.Keys.Str, MissingText) {
			a.add(v.Args[0], of)
		}
	case *graph.Binary:
		if v.Type.Elem.IsFloat() && v.Args[1].Constant() != nil && v.Args[0].Type.Size() == v.Type.Size() {
			a.add(v.Args[0], of)
		}
	}
}
