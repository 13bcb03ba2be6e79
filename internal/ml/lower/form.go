package lower

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/registry"
)

// form tells how a value is computed.
type form uint8

// The forms. Lanes before and after the arrays are two, so that what lies between two arrays is one too: the arrays of a band
// of rows are computed in one go.
const (
	early form = iota // a lane value an element, from no array
	array             // an array a row
	late              // a lane value an element, from arrays
)

// laneElements is the most elements that a model computes a row if it is to be worked off in lanes alone. Each is a node of the
// program, or an array of a block's rows in memory.
const laneElements = 4096

// forms gives each value's form: all are lanes for small models of operators that lanes know. What is inside of networks has no
// lanes.
func forms(g *graph.Graph, inside map[*graph.Value]bool, opt Options) []form {
	out := make([]form, len(g.Values))
	if !opt.Arrays && inLanes(g, inside) {
		return out
	}
	arrays := map[*graph.Value]bool{} // what an operator takes that works on arrays
	for _, v := range g.Values {
		takes := arrayOp(v)
		for _, a := range v.Args {
			arrays[a] = arrays[a] || takes
		}
	}
	known := make([]bool, len(g.Values)) // what is the same for all rows, as is little of a normalised graph
	for _, v := range g.Values {
		f := early
		in, input := v.Op.(*graph.Input)
		if input && opt.Packed[in.Index].Lanes != nil && (arrays[v] || v.Type.Size() > laneElements) && v.Type.Elem != graph.String {
			out[v.ID] = array
			continue
		}
		_, control := v.Op.(graph.Control)
		known[v.ID] = !input && !control
		for _, a := range v.Args {
			f = max(f, out[a.ID])
			known[v.ID] = known[v.ID] && known[a.ID]
		}
		switch v.Op.(type) {
		case *graph.Reshape, *graph.Result: // nothing moves
			out[v.ID] = f
			continue
		}
		switch {
		case input || known[v.ID]: // where it is used
		case f < late && arrayOp(v):
			f = array
		case f == array:
			f = late
		}
		out[v.ID] = f
	}
	return out
}

// inLanes reports whether lanes are the better form for all of a graph.
func inLanes(g *graph.Graph, inside map[*graph.Value]bool) bool {
	n := 0
	for _, v := range g.Values {
		switch op := v.Op.(type) {
		case *graph.MatMul, *graph.Attention, *graph.Conv, *graph.Pool, *graph.Recurrent, *graph.Vectorize:
			return false
		case *graph.Gather:
			if t := v.Args[0].Constant(); t == nil || t.Size() > laneElements {
				return false
			}
			n += v.Type.Size()
		case *graph.Loop:
			return false
		case *graph.If:
			for _, body := range op.Bodies() {
				if !inLanes(body, nil) {
					return false
				}
				n += computed(body)
			}
		case *graph.Input:
			if v.Type.Size() > registry.MostScalars && v.Type.Elem != graph.String {
				return false
			}
		case *graph.Pick, *graph.Concat, *graph.JoinLast, *graph.Result:
			if v.Type.Size() > laneElements {
				return false
			}
		case *graph.Constant, *graph.Reshape:
		default:
			if !inside[v] {
				n += v.Type.Size()
			}
		}
	}
	return n <= laneElements
}

// computed is how many elements a graph has in all.
func computed(g *graph.Graph) int {
	n := 0
	for _, v := range g.Values {
		n += v.Type.Size()
	}
	return n
}

// arrayOp reports whether the operator has an array form: those over texts, but for Vectorize, and the ensembles
// of trees have none.
func arrayOp(v *graph.Value) bool {
	if v.Type.Elem == graph.String || v.Type.Size() == 0 {
		return false
	}
	if _, ok := v.Op.(*graph.Vectorize); ok {
		return true
	}
	for _, a := range v.Args {
		if a.Type.Elem == graph.String || a.Type.Size() == 0 {
			return false
		}
	}
	if elementwise(v) {
		return true
	}
	switch o := v.Op.(type) {
	case *graph.Dense:
		return true
	case *graph.Conv:
		return o.ChannelsLast
	case *graph.Pool:
		return o.ChannelsLast
	}
	if graph.Computes(v.Op) && v.Args[0].Type.Elem == graph.U64 {
		return false // kernels have signed numbers
	}
	if op, ok := v.Op.(graph.Control); ok {
		return !slices.ContainsFunc(op.Bodies(), func(body *graph.Graph) bool { return laneOnly(body) != nil })
	}
	return arrayOps[opName(v.Op)] != nil
}
