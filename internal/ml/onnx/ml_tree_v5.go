package onnx

import (
	"math"

	"github.com/flernd/flernd/internal/ml/forest"
	"github.com/flernd/flernd/internal/ml/graph"
)

// memberMode is the mode of nodes that test membership of a set.
const memberMode = 6

// transformNames and combineNames are what TreeEnsemble numbers. (ONNX Runtime takes 1 for LOGISTIC and 2 for SOFTMAX, against the
// standard.)
var (
	transformNames = []string{"NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT"}
	combineNames   = []string{"AVERAGE", "SUM", "MIN", "MAX"}
)

// treeEnsemble is the operator of version 5, whose inner nodes and leaves have lists of their own.
func treeEnsemble(n *node) {
	n.ignore("nodes_hitrates")
	targets := n.targets("n_targets")
	combine := combines[combineNames[n.choice("aggregate_function", 1, len(combineNames))]]
	post := transformNames[n.choice("post_transform", 0, len(transformNames))]
	f := forest.New()
	m := &members{n: n}
	n.addTrees(f, m, targets)
	x := m.encode(n.treeFeatures(f), f)
	f.Features, f.Targets, f.Combine, f.Base, f.Out = x.row()[0], targets, combine, make([]float64, targets), n.arg(0).elem()
	if !f.Out.IsFloat() {
		f.Out = graph.F32
	}
	n.set(0, n.treeTransform(post, n.emit(&f.TreeEnsemble, x)))
}

// choice is an attribute that numbers one of so many.
func (n *node) choice(name string, otherwise int64, count int) int {
	v := n.intAttr(name, otherwise)
	if v < 0 || v >= int64(count) {
		n.fail("attribute %s has the unknown value %d", name, v)
	}
	return int(v)
}

// listAttr is a tensor attribute of one axis, as floats; nil if it is absent.
func (n *node) listAttr(name string) []float64 {
	t := n.tensorAttr(name)
	if t == nil {
		return nil
	}
	if t.Rank() != 1 || !t.Elem.IsNumber() {
		n.fail("attribute %s has type %s", name, t.Type)
	}
	return floats(t)
}

func (n *node) addTrees(f *forest.Forest, m *members, targets int) {
	feature, yes, no := n.intsAttr("nodes_featureids"), n.intsAttr("nodes_truenodeids"), n.intsAttr("nodes_falsenodeids")
	yesLeaf, noLeaf := n.intsAttr("nodes_trueleafs"), n.intsAttr("nodes_falseleafs")
	missing, modes, splits := n.intsAttr("nodes_missing_value_tracks_true"), n.listAttr("nodes_modes"), n.listAttr("nodes_splits")
	weights, target := n.listAttr("leaf_weights"), n.intsAttr("leaf_targetids")
	nodes := len(feature)
	n.sameLength("nodes_featureids", nodes, map[string]int{"nodes_truenodeids": len(yes), "nodes_falsenodeids": len(no),
		"nodes_trueleafs": len(yesLeaf), "nodes_falseleafs": len(noLeaf), "nodes_modes": len(modes), "nodes_splits": len(splits)})
	if len(missing) > 0 {
		n.sameLength("nodes_featureids", nodes, map[string]int{"nodes_missing_value_tracks_true": len(missing)})
	}
	n.sameLength("leaf_targetids", len(target), map[string]int{"leaf_weights": len(weights)})
	m.read(modes, n.listAttr("membership_values"))
	// A leaf stands behind the nodes; a child that does not exist, at -1.
	child := func(id, isLeaf int64) int32 {
		switch {
		case isLeaf != 0 && id >= 0 && id < int64(len(weights)):
			return int32(nodes + int(id))
		case isLeaf == 0 && id >= 0 && id < int64(nodes):
			return int32(id)
		}
		return -1
	}
	leaf := func(i int) {
		if target[i] < 0 || target[i] >= int64(targets) {
			n.fail("leaf %d is for target %d of %d", i, target[i], targets)
		}
		f.Values = append(f.Values, graph.LeafValue{Target: int32(target[i]), Weight: weights[i]})
	}
	look := func(i int) (graph.TreeNode, bool, error) {
		if i >= nodes {
			leaf(i - nodes)
			return graph.TreeNode{}, true, nil
		}
		if y := child(yes[i], yesLeaf[i]); int(y) >= nodes && y == child(no[i], noLeaf[i]) { // so a tree of one leaf is written
			leaf(int(y) - nodes)
			return graph.TreeNode{}, true, nil
		}
		var b graph.TreeNode
		missingYes := len(missing) > 0 && missing[i] != 0
		if modes[i] == memberMode {
			b = m.branch(i, feature[i], missingYes)
		} else if mode := int(modes[i]); mode < 0 || mode >= len(branchTests) {
			n.fail("node %d has mode %v", i, modes[i])
		} else {
			b = n.branch(branchTests[mode], feature[i], splits[i], missingYes)
		}
		b.Yes, b.No = child(yes[i], yesLeaf[i]), child(no[i], noLeaf[i])
		return b, false, nil
	}
	n.check(f.Add(nodes+len(weights), look, n.smallInts("tree_roots")...))
}

// members are the sets of nodes that test membership. A test is made of the number that the feature's value has among all
// members of such sets: of -1 it has none, and NaN stays NaN.
type members struct {
	n *node
	// set is the members by node; number has those of all sets.
	set    map[int][]float64
	number map[float64]int
	// copies is the place of a feature's copy behind the features; features has those that are copied.
	copies   map[int32]int32
	features []int32
}

// read cuts the list of members at its NaNs.
func (m *members) read(modes, values []float64) {
	m.set, m.number = map[int][]float64{}, map[float64]int{}
	for i, mode := range modes {
		if mode != memberMode {
			continue
		}
		if len(values) == 0 {
			m.n.fail("node %d has no set in membership_values", i)
		}
		k := 0
		for ; k < len(values) && !math.IsNaN(values[k]); k++ {
			if _, known := m.number[values[k]]; !known {
				m.number[values[k]] = len(m.number)
			}
		}
		m.set[i], values = values[:k], values[min(k+1, len(values)):]
	}
	if len(values) > 0 {
		m.n.fail("membership_values has more sets than there are nodes for them")
	}
}

// branch is a node that tests a copy of its feature; encode moves it there.
func (m *members) branch(i int, feature int64, missing bool) graph.TreeNode {
	b := m.n.branch(graph.TestIn, feature, 0, missing)
	most := 0
	for _, v := range m.set[i] {
		most = max(most, m.number[v]+1)
	}
	m.n.spend(most / 64)
	b.Set = make([]uint64, (most+63)/64)
	for _, v := range m.set[i] {
		b.Set[m.number[v]/64] |= 1 << (m.number[v] % 64)
	}
	return b
}

// encode appends numbered copies of the features whose membership is tested, and turns the tests to them.
func (m *members) encode(x value, f *forest.Forest) value {
	m.copies = map[int32]int32{}
	width := x.row()[0]
	for i := range f.Nodes {
		b := &f.Nodes[i]
		if b.Test != graph.TestIn {
			continue
		}
		if int(b.Feature) >= width {
			m.n.fail("a node tests feature %d of %d", b.Feature, width)
		}
		at, ok := m.copies[b.Feature]
		if !ok {
			at = int32(width + len(m.features))
			m.copies[b.Feature] = at
			m.features = append(m.features, b.Feature)
		}
		b.Feature = at
	}
	if len(m.features) == 0 {
		return x
	}
	if len(m.number) > 1<<24 {
		m.n.unsupported("%d members of sets", len(m.number))
	}
	keys, numbers := graph.NewTensor(x.elem(), len(m.number)+1), graph.NewTensor(x.elem(), len(m.number)+1)
	for v, k := range m.number {
		keys.SetFloat(k, v)
		numbers.SetFloat(k, float64(k))
		if keys.Float(k) != v {
			m.n.unsupported("the member %v of a set, which is no %s,", v, x.elem())
		}
	}
	keys.SetFloat(len(m.number), math.NaN())
	numbers.SetFloat(len(m.number), math.NaN())
	picked := m.n.emit(&graph.Pick{Index: m.features, Dims: []int{len(m.features)}}, x)
	return m.n.join([]value{x, m.n.emit(graph.NewMap(keys, numbers, graph.Scalar(x.elem(), -1)), picked)}, 0)
}
