package mltest

import (
	"math"
	"math/rand"

	"github.com/flernd/flernd/internal/ml/graph"
)

// TreeShape says what random ensembles are like.
type TreeShape struct {
	Trees, Depth      int
	Features, Targets int
	// Cuts is how many thresholds a feature has; 0: each node has its own.
	Cuts int
	// Tests are the kinds of nodes; none: all.
	Tests []graph.TreeTest
	// Missing makes nodes differ in where NaN goes.
	Missing bool
	// Ragged is the probability that a branch ends before the depth.
	Ragged float64
	// Several gives each leaf values of several targets, or none; else tree i has those of target i modulo the targets.
	Several  bool
	Combine  graph.TreeCombine
	Elem     graph.Elem // of features
	Out      graph.Elem
	Constant bool // some roots are leaves
}

// Trees makes a random ensemble. Features are meant to lie around -3 … 3.
func Trees(r *rand.Rand, s TreeShape) *graph.TreeEnsemble {
	o := &graph.TreeEnsemble{Features: s.Features, Targets: s.Targets, Leaves: []int32{0}, Combine: s.Combine, Out: s.Out}
	if len(s.Tests) == 0 {
		s.Tests = []graph.TreeTest{graph.TestLe, graph.TestLt, graph.TestGe, graph.TestGt, graph.TestEq, graph.TestNe, graph.TestIn}
	}
	for range s.Targets {
		o.Base = append(o.Base, r.NormFloat64())
	}
	cuts := make([]float64, s.Features*s.Cuts)
	for i := range cuts {
		cuts[i] = threshold(r, s.Elem)
	}
	tree := 0
	leaf := func() int32 {
		for t := range s.Targets {
			if s.Several && r.Intn(3) > 0 || !s.Several && t == tree%s.Targets {
				o.Values = append(o.Values, graph.LeafValue{Target: int32(t), Weight: float64(float32(r.NormFloat64() / 10))})
			}
		}
		o.Leaves = append(o.Leaves, int32(len(o.Values)))
		return ^int32(len(o.Leaves) - 2)
	}
	var grow func(depth int) int32
	grow = func(depth int) int32 {
		if depth == 0 || r.Float64() < s.Ragged {
			return leaf()
		}
		n := graph.TreeNode{Feature: int32(r.Intn(s.Features)), Test: s.Tests[r.Intn(len(s.Tests))], MissingYes: s.Missing && r.Intn(2) == 0}
		if n.Test == graph.TestIn {
			n.Set = make([]uint64, r.Intn(3))
			for i := range n.Set {
				n.Set[i] = r.Uint64()
			}
		} else if n.Threshold = threshold(r, s.Elem); s.Cuts > 0 {
			n.Threshold = cuts[int(n.Feature)*s.Cuts+r.Intn(s.Cuts)]
		}
		at := len(o.Nodes)
		o.Nodes = append(o.Nodes, n)
		yes := grow(depth - 1)
		no := grow(depth - 1)
		o.Nodes[at].Yes, o.Nodes[at].No = yes, no
		return int32(at)
	}
	for ; tree < s.Trees; tree++ {
		if s.Constant && r.Intn(4) == 0 {
			o.Roots = append(o.Roots, leaf())
			continue
		}
		o.Roots = append(o.Roots, grow(s.Depth))
	}
	return o
}

func threshold(r *rand.Rand, e graph.Elem) float64 {
	v := r.NormFloat64()
	switch r.Intn(12) {
	case 0:
		v = math.Trunc(v * 2)
	case 1:
		v = []float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), 1, -1, math.MaxFloat32, math.SmallestNonzeroFloat32}[r.Intn(8)]
	}
	if e == graph.F32 {
		v = float64(float32(v))
	}
	return v
}

// TreeFeatures makes a row of features: thresholds of the ensemble, numbers around them, and what is special.
func TreeFeatures(r *rand.Rand, o *graph.TreeEnsemble, e graph.Elem) *graph.Tensor {
	x := graph.NewTensor(e, o.Features)
	special := []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), 63, 64, -0.5, -1, 1e10, -1e10, math.SmallestNonzeroFloat32}
	for i := range o.Features {
		v := r.NormFloat64()
		switch r.Intn(6) {
		case 0:
			v = special[r.Intn(len(special))]
		case 1:
			v = float64(r.Intn(140))
		case 2:
			if len(o.Nodes) > 0 {
				v = o.Nodes[r.Intn(len(o.Nodes))].Threshold
			}
		}
		x.SetFloat(i, v)
	}
	return x
}
