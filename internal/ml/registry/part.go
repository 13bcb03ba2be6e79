package registry

import (
	"fmt"

	"github.com/flernd/flernd/internal/ml/graph"
)

// Part is a version as far as some of its outputs need it.
type Part struct {
	Graph *graph.Graph
	Reads [][]bool // of each input, which elements these outputs depend on
	FLOPs int64    // for a row
}

// mostParts bounds the parts that are kept.
const mostParts = 32

// Part is what computes the outputs that are used. It is found once, for planning should not take longer the larger tensors are.
func (v *Version) Part(used []bool) *Part {
	v.parts.mu.Lock()
	defer v.parts.mu.Unlock()
	name := fmt.Sprint(used)
	if p := v.parts.known[name]; p != nil {
		return p
	}
	g := v.Graph.Computing(used)
	p := &Part{g, v.Graph.Reads(used), graph.CostOf(g.Values).FLOPs}
	if v.parts.known == nil || len(v.parts.known) >= mostParts {
		v.parts.known = map[string]*Part{}
	}
	v.parts.known[name] = p
	return p
}
