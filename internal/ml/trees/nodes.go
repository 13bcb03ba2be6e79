package trees

import (
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
)

// node is a test as the kernels make it. A test that holds leads to next[1]. Orders have one form, x < cut.
type node struct {
	kind    uint32
	feature uint32
	missing bool // holds for NaN
	cut     float64
	set     uint32 // of isIn: its number
	next    [2]int32
}

// The kinds of tests (enum fl_trees_test).
const (
	isLess = iota
	isEqual
	isIn
)

// set is where a set's words are among all words, and how many (struct fl_trees_set).
type set struct{ At, Count uint32 }

// nodes are an ensemble's nodes, in its order.
type nodes struct {
	elem  graph.Elem
	all   []node
	cuts  []float64 // the nodes' own
	sets  []set
	words []uint64
}

func nodesOf(o *graph.TreeEnsemble, features graph.Elem) *nodes {
	n := &nodes{elem: features, all: make([]node, len(o.Nodes)), cuts: make([]float64, len(o.Nodes))}
	for i := range o.Nodes {
		n.all[i] = n.node(&o.Nodes[i])
		n.cuts[i] = n.all[i].cut
	}
	return n
}

func (n *nodes) node(t *graph.TreeNode) node {
	x := node{feature: uint32(t.Feature), missing: t.MissingYes, cut: t.Threshold, next: [2]int32{t.No, t.Yes}}
	switch t.Test {
	case graph.TestLe, graph.TestGt:
		x.cut = n.above(t.Threshold)
		if math.IsInf(t.Threshold, 1) { // every number is ≤ ∞, none < -∞
			x.cut = math.Inf(-1)
			x.turn()
		}
	case graph.TestEq, graph.TestNe:
		x.kind = isEqual
	case graph.TestIn:
		x.kind, x.set, x.cut = isIn, uint32(len(n.sets)), 0
		n.sets = append(n.sets, set{uint32(len(n.words)), uint32(len(t.Set))})
		n.words = append(n.words, t.Set...)
	}
	if t.Test == graph.TestGe || t.Test == graph.TestGt || t.Test == graph.TestNe {
		x.turn()
	}
	if x.cut == 0 {
		x.cut = 0 // -0 is equal
	}
	return x
}

// turn makes the test its opposite, which leads the same ways.
func (x *node) turn() {
	x.missing = !x.missing
	x.next[0], x.next[1] = x.next[1], x.next[0]
}

// above is the least value of the features' type that is greater than t.
func (n *nodes) above(t float64) float64 {
	if n.elem == graph.F32 {
		return float64(math.Nextafter32(float32(t), float32(math.Inf(1))))
	}
	return math.Nextafter(t, math.Inf(1))
}

// test is the word that tells feature, kind and missing.
func (x *node) test() uint32 {
	word := x.feature | x.kind<<24
	if x.missing {
		word |= 1 << 31
	}
	return word
}

type node32 struct {
	Cut  uint32 // the bits of the number, or the number of the set
	Test uint32
	Next [2]int32
}

type node64 struct {
	Cut     uint64
	Test, _ uint32
	Next    [2]int32
}

// put appends the nodes as structs fl_trees_f32 or fl_trees_f64.
func (n *nodes) put(b *blob) uint64 {
	if n.elem == graph.F32 {
		out := make([]node32, len(n.all))
		for i := range n.all {
			x := &n.all[i]
			out[i] = node32{math.Float32bits(float32(x.cut)), x.test(), x.next}
			if x.kind == isIn {
				out[i].Cut = x.set
			}
		}
		return put(b, out)
	}
	out := make([]node64, len(n.all))
	for i := range n.all {
		x := &n.all[i]
		out[i] = node64{Cut: math.Float64bits(x.cut), Test: x.test(), Next: x.next}
		if x.kind == isIn {
			out[i].Cut = uint64(x.set)
		}
	}
	return put(b, out)
}

// plain is 1 if all tests are x < cut.
func (n *nodes) plain() uint32 {
	for i := range n.all {
		if n.all[i].kind != isLess {
			return 0
		}
	}
	return 1
}
