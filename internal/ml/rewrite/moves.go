package rewrite

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// moves joins neighbouring Reshapes and Picks, and drops those that move nothing. It looks at the new argument, so that one
// pass joins a whole chain.
func moves(p *pass, v *graph.Value) *graph.Value {
	if pick := match[graph.Pick](v); pick != nil {
		return pickMoves(p, v, pick)
	}
	if match[graph.Reshape](v) == nil {
		return nil
	}
	x := p.image[v.Args[0].ID]
	if x.Type.Equal(v.Type) {
		return x
	}
	if match[graph.Reshape](x) != nil {
		if x = x.Args[0]; x.Type.Equal(v.Type) {
			return x
		}
		return p.add(v.Op, x)
	}
	if inner := match[graph.Pick](x); inner != nil {
		return p.add(&graph.Pick{Index: inner.Index, Dims: v.Type.Dims}, x.Args[0])
	}
	return nil
}

func pickMoves(p *pass, v *graph.Value, pick *graph.Pick) *graph.Value {
	x := p.image[v.Args[0].ID]
	if identityIndex(pick.Index, x.Type.Size()) {
		return p.add(&graph.Reshape{Dims: pick.Dims}, x)
	}
	if match[graph.Reshape](x) != nil {
		return p.add(v.Op, x.Args[0])
	}
	if inner := match[graph.Pick](x); inner != nil {
		index := make([]int32, len(pick.Index))
		for i, j := range pick.Index {
			index[i] = inner.Index[j]
		}
		return p.add(&graph.Pick{Index: index, Dims: pick.Dims}, x.Args[0])
	}
	if match[graph.Concat](x) != nil {
		return pickOfConcat(p, pick, x)
	}
	return nil
}

// pickOfConcat takes elements from the one part of a Concat, x in the new graph, that they all come from.
func pickOfConcat(p *pass, pick *graph.Pick, x *graph.Value) *graph.Value {
	if len(pick.Index) == 0 {
		return nil
	}
	low, high := int(slices.Min(pick.Index)), int(slices.Max(pick.Index))
	start := 0
	for _, a := range x.Args {
		end := start + a.Type.Size()
		if low >= start && high < end {
			index := make([]int32, len(pick.Index))
			for i, j := range pick.Index {
				index[i] = j - int32(start)
			}
			return p.add(&graph.Pick{Index: index, Dims: pick.Dims}, a)
		}
		start = end
	}
	return nil
}

func identityIndex(index []int32, size int) bool {
	for i, j := range index {
		if int(j) != i {
			return false
		}
	}
	return len(index) == size
}
