package registry

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// markMissing marks the arguments for which NaN is a missing value: all that are floats, or those for which the graph asks
// whether they are NaN. Imputers and ensembles of trees do, of a feature as it came or after arithmetic that leaves NaN what
// it is.
func markMissing(g *graph.Graph, args []Argument, all bool) {
	origins := make([][]origin, len(g.Values))
	asked := map[origin]bool{}
	for _, v := range g.Values {
		origins[v.ID] = originsOf(v, origins)
		switch op := v.Op.(type) {
		case *graph.Unary:
			if op.Fn == graph.IsNaN {
				mark(asked, origins[v.Args[0].ID])
			}
		case *graph.TreeEnsemble:
			if slices.ContainsFunc(op.Nodes, decidesMissing) {
				mark(asked, origins[v.Args[0].ID])
			}
		}
	}
	for i := range args {
		a := &args[i]
		a.MissingAsNaN = all && g.Inputs[a.Input].Type.Elem.IsFloat()
		for k := a.Element; !a.MissingAsNaN && asked[origin{a.Input, k}]; k++ {
			a.MissingAsNaN = k+1 == a.Element+max(int(a.Type.Len), 1)
		}
	}
}

// decidesMissing tells a node that sends NaN another way than the comparison with a NaN would.
func decidesMissing(n graph.TreeNode) bool { return n.MissingYes != (n.Test == graph.TestNe) }

// origin is an element of an input, or nothing where input is less than 0.
type origin struct{ input, element int }

func mark(asked map[origin]bool, places []origin) {
	for _, o := range places {
		asked[o] = true
	}
}

// originsOf tells from which input each of v's elements comes; nil if from none.
func originsOf(v *graph.Value, origins [][]origin) []origin {
	var from []origin
	switch op := v.Op.(type) {
	case *graph.Input:
		for i := range v.Type.Size() {
			from = append(from, origin{op.Index, i})
		}
	case *graph.Reshape, *graph.Cast:
		from = origins[v.Args[0].ID]
	case *graph.Pick:
		if of := origins[v.Args[0].ID]; of != nil {
			for _, i := range op.Index {
				from = append(from, of[i])
			}
		}
	case *graph.Concat:
		from = concatenated(v, origins)
	case *graph.Binary:
		if v.Type.Elem.IsFloat() && v.Args[1].Constant() != nil && v.Args[0].Type.Size() == v.Type.Size() {
			from = origins[v.Args[0].ID]
		}
	}
	return from
}

func concatenated(v *graph.Value, origins [][]origin) []origin {
	var from []origin
	known := false
	for _, a := range v.Args {
		of := origins[a.ID]
		known = known || of != nil
		if of == nil {
			of = slices.Repeat([]origin{{-1, 0}}, a.Type.Size())
		}
		from = append(from, of...)
	}
	if !known {
		return nil
	}
	return from
}
