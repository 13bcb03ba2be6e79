package lower

import (
	"slices"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
)

// Joined is ensembles of several calls over the same features in the same rows: one kernel evaluates them together, which searches each
// feature once among the cuts of all. The calls of a block share it; whose features turn out to be others has its own kernel.
type Joined struct {
	Trees []*graph.TreeEnsemble
	// Data is the address of them as one, nil if there is none.
	Data func(features graph.Elem) *staged.Node

	tried bool
	blk   *staged.Block
	rows  *staged.Node
	xs    []*staged.Node
	sums  []*staged.Node
}

// of are the sums of one of the ensembles, nil if they have to be computed alone.
func (j *Joined) of(l *lowering, o *graph.TreeEnsemble, e graph.Elem, xs []*staged.Node) []*staged.Node {
	k := slices.Index(j.Trees, o)
	if k < 0 {
		return nil
	}
	if !j.tried {
		j.tried, j.blk, j.rows, j.xs = true, l.blk, l.rows, xs
		targets := 0
		for _, t := range j.Trees {
			targets += t.Targets
		}
		if data := j.Data(e); data != nil {
			j.sums = l.treesKernel(targets, e, xs, data)
		}
	}
	if j.sums == nil || l.blk != j.blk || l.rows != j.rows || !slices.Equal(xs, j.xs) {
		return nil
	}
	at := 0
	for _, before := range j.Trees[:k] {
		at += before.Targets
	}
	return j.sums[at : at+o.Targets]
}
