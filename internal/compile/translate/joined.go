package translate

import (
	"slices"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/lower"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/ml/trees"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
)

// joinTrees finds the calls of an operator with the same arguments whose models have one tree ensemble each that can be evaluated together.
func (f *fn) joinTrees(calls []physical.PredictCall) map[*graph.TreeEnsemble]*lower.Joined {
	if len(calls) < 2 {
		return nil
	}
	var sets []*joining
	for _, c := range calls {
		if c.Choice != nil {
			continue
		}
		version := f.versionOf(c.Model)
		o, features := ensembleOf(version.Part(readOutputs(&c)).Graph)
		if o == nil {
			continue
		}
		own := version.Joins(o)
		if own == nil {
			continue
		}
		joins := func(s *joining) bool {
			if s.features != features || s.trees[0].Features != o.Features || s.trees[0].Out != o.Out || len(s.trees) == registry.MostJoined ||
				slices.Contains(s.trees, o) || !slices.EqualFunc(s.args, c.Args, logical.Equal) {
				return false
			}
			all := s.all.With(own)
			if all != nil {
				s.all, s.trees = all, append(s.trees, o)
			}
			return all != nil
		}
		if !slices.ContainsFunc(sets, joins) {
			sets = append(sets, &joining{version, []*graph.TreeEnsemble{o}, c.Args, features, own})
		}
	}
	by := map[*graph.TreeEnsemble]*lower.Joined{}
	for _, s := range sets {
		if len(s.trees) < 2 {
			continue
		}
		j := &lower.Joined{Trees: s.trees, Data: func(e graph.Elem) *staged.Node {
			c := s.first.Joined(s.trees, e)
			if c == nil {
				return nil
			}
			return f.b.Cast(staged.TU8.Ptr(), f.constantBlob(Blob{Constant: c}))
		}}
		for _, o := range s.trees {
			by[o] = j
		}
	}
	return by
}

// joining is ensembles that have been found to go together.
type joining struct {
	first    *registry.Version
	trees    []*graph.TreeEnsemble
	args     []logical.Expr
	features graph.Elem
	all      *trees.Joining
}

// ensembleOf is the only tree ensemble of a graph, and what its features are.
func ensembleOf(g *graph.Graph) (o *graph.TreeEnsemble, features graph.Elem) {
	for _, v := range g.Values {
		if t, ok := v.Op.(*graph.TreeEnsemble); ok {
			if o != nil {
				return nil, features
			}
			o, features = t, v.Args[0].Type.Elem
		}
	}
	return o, features
}
