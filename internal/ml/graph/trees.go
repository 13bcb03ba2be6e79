package graph

import (
	"fmt"
	"math"
)

// TreeTest is how a node of a tree looks at a feature x. A test that holds leads to the node's Yes.
type TreeTest uint8

// The tests. A NaN passes none of them, Ne included: the node's MissingYes decides where it goes.
const (
	TestLe TreeTest = iota // x ≤ threshold
	TestLt
	TestGe
	TestGt
	TestEq
	TestNe
	TestIn // the integer that x truncates to is in the node's set; one that is negative or past its end is not
)

var testNames = [...]string{TestLe: "le", TestLt: "lt", TestGe: "ge", TestGt: "gt", TestEq: "eq", TestNe: "ne", TestIn: "in"}

func (t TreeTest) String() string { return testNames[t] }

// TreeNode is an inner node. Yes and No are what comes next: c ≥ 0 is Nodes[c], which stands behind this node and has no
// other way to it, and c < 0 is leaf ^c.
type TreeNode struct {
	Feature    int32
	Test       TreeTest
	MissingYes bool
	Threshold  float64  // exact in the argument's element type, never NaN
	Set        []uint64 // TestIn: bit i of the words is set if i is a member
	Yes, No    int32
}

// TreeCombine is how the trees' values of a target become one.
type TreeCombine uint8

// The ways to combine.
const (
	TreeSum TreeCombine = iota
	TreeMean
	TreeMin
	TreeMax
)

var combineNames = [...]string{TreeSum: "sum", TreeMean: "mean", TreeMin: "min", TreeMax: "max"}

func (c TreeCombine) String() string { return combineNames[c] }

// LeafValue adds Weight to a target.
type LeafValue struct {
	Target int32
	Weight float64
}

// TreeEnsemble sends a vector of features (f32 or f64[Features]) down each tree, and combines the values of the leaves it
// reaches, target by target, with the bases: f32 or f64[Targets]. Values are added in the order of the trees, exactly or
// rounded after each: a sum may differ from another implementation's by its rounding.
type TreeEnsemble struct {
	Features, Targets int
	// Roots has one entry a tree: a node, or a leaf as in TreeNode.
	Roots []int32
	Nodes []TreeNode
	// Leaf l has Values[Leaves[l]:Leaves[l+1]], at most one a target.
	Leaves  []int32
	Values  []LeafValue
	Combine TreeCombine
	Base    []float64 // of each target
	Out     Elem
}

func (o *TreeEnsemble) Name() string { return "trees" }

func (o *TreeEnsemble) attrs() string {
	return fmt.Sprintf("%s of %d nodes=%d leaves=%d targets=%d", o.Combine, len(o.Roots), len(o.Nodes), len(o.Leaves)-1, o.Targets)
}

// Infer checks the trees, and gives a vector of the targets.
func (o *TreeEnsemble) Infer(args []Type) (Type, error) {
	if err := arity(args, 1); err != nil {
		return Type{}, err
	}
	if x := args[0]; !x.Elem.IsFloat() || x.Rank() != 1 || x.Dims[0] != o.Features {
		return Type{}, invalid("argument %s is no vector of %d features", x, o.Features)
	}
	if !o.Out.IsFloat() || o.Targets < 1 || len(o.Base) != o.Targets || len(o.Leaves) == 0 {
		return Type{}, invalid("an ensemble of %s with %d targets and %d bases", o.Out, o.Targets, len(o.Base))
	}
	if err := firstError(o.checkTrees(args[0].Elem), o.checkLeaves()); err != nil {
		return Type{}, err
	}
	return Of(o.Out, o.Targets), nil
}

func (o *TreeEnsemble) checkTrees(x Elem) error {
	reached := make([]bool, len(o.Nodes))
	fits := func(c int32, after int) bool {
		if c < 0 {
			return int(^c) < len(o.Leaves)-1
		}
		if int(c) <= after || int(c) >= len(o.Nodes) || reached[c] {
			return false
		}
		reached[c] = true
		return true
	}
	for i, r := range o.Roots {
		if !fits(r, -1) {
			return invalid("tree %d has root %d of %d nodes", i, r, len(o.Nodes))
		}
	}
	for i := range o.Nodes {
		n := &o.Nodes[i]
		if !fits(n.Yes, i) || !fits(n.No, i) {
			return invalid("node %d leads to %d and %d, of %d nodes and %d leaves", i, n.Yes, n.No, len(o.Nodes), len(o.Leaves)-1)
		}
		if n.Feature < 0 || int(n.Feature) >= o.Features {
			return invalid("node %d tests feature %d of %d", i, n.Feature, o.Features)
		}
		if t := n.Threshold; math.IsNaN(t) || x == F32 && float64(float32(t)) != t {
			return invalid("node %d compares an %s with %v", i, x, t)
		}
	}
	return nil
}

func (o *TreeEnsemble) checkLeaves() error {
	if o.Leaves[0] != 0 || int(o.Leaves[len(o.Leaves)-1]) != len(o.Values) {
		return invalid("leaves do not cover their %d values", len(o.Values))
	}
	for l := range len(o.Leaves) - 1 {
		if o.Leaves[l] > o.Leaves[l+1] {
			return invalid("leaf %d has a negative number of values", l)
		}
	}
	for i, v := range o.Values {
		if v.Target < 0 || int(v.Target) >= o.Targets {
			return invalid("value %d of a leaf is for target %d of %d", i, v.Target, o.Targets)
		}
	}
	return nil
}
