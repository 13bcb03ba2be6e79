package registry

import (
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/trees"
)

// MostJoined is how many ensembles one kernel evaluates together.
const MostJoined = 8

// mostJoins bounds the sets of other versions' ensembles that a version remembers, which it keeps in memory.
const mostJoins = 16

// joined is a set of ensembles over features of an element type.
type joined struct {
	trees    [MostJoined]*graph.TreeEnsemble
	features graph.Elem
}

// Joins is trees.Joins of an ensemble of the version, found out once.
func (v *Version) Joins(o *graph.TreeEnsemble) *trees.Joining {
	v.constants.mu.Lock()
	defer v.constants.mu.Unlock()
	j, ok := v.constants.joins[o]
	if !ok {
		if v.constants.joins == nil {
			v.constants.joins = map[*graph.TreeEnsemble]*trees.Joining{}
		}
		j = trees.Joins(o.Narrow(), graph.F32)
		v.constants.joins[o] = j
	}
	return j
}

// Joined is ensembles of several versions, the first of which is this one's, as one for the kernels; nil if the version has been joined with
// too many others.
func (v *Version) Joined(os []*graph.TreeEnsemble, features graph.Elem) *Constant {
	name := joined{features: features}
	copy(name.trees[:], os)
	v.constants.mu.Lock()
	_, known := v.constants.known[name]
	if !known {
		if v.constants.joined++; v.constants.joined > mostJoins {
			v.constants.mu.Unlock()
			return nil
		}
	}
	v.constants.mu.Unlock()
	return v.constant(name, func() []byte {
		o := graph.JoinTrees(os)
		if features == graph.F32 {
			o = o.Narrow()
		}
		return trees.Pack(o, features)
	})
}
