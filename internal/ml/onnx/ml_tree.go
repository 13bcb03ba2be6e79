package onnx

import (
	"github.com/flernd/flernd/internal/ml/forest"
	"github.com/flernd/flernd/internal/ml/graph"
)

// branchTests are the modes of inner nodes, by their names, and as TreeEnsemble numbers them. There is one more, of which sets
// are members.
var (
	branchNames = []string{"BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"}
	branchTests = []graph.TreeTest{graph.TestLe, graph.TestLt, graph.TestGe, graph.TestGt, graph.TestEq, graph.TestNe}
)

// treeLists are the attributes of the older operators: lists with an element a node, and with an element a weight of a leaf.
type treeLists struct {
	n                       *node
	tree, id, feature       []int64
	yes, no, missing        []int64
	modes                   []string
	values                  []float64
	weightTree, weightNode  []int64
	target                  []int64
	weights                 []float64
	runs                    map[int64]*treeRun
	order                   []*treeRun
	firstWeight, weightsPut []int32 // the weights of node i are weightsPut[firstWeight[i]:firstWeight[i+1]]
}

// treeRun is the nodes of one tree, which stand together.
type treeRun struct {
	from, to int
	// places finds nodes by their numbers, if these are not 0, 1, 2 …
	places map[int64]int
}

// treeLists reads the attributes; those of weights start with prefix.
func (n *node) treeLists(prefix string) *treeLists {
	n.ignore("nodes_hitrates", "nodes_hitrates_as_tensor")
	t := &treeLists{n: n, tree: n.intsAttr("nodes_treeids"), id: n.intsAttr("nodes_nodeids"), feature: n.intsAttr("nodes_featureids"),
		yes: n.intsAttr("nodes_truenodeids"), no: n.intsAttr("nodes_falsenodeids"),
		missing: n.intsAttr("nodes_missing_value_tracks_true"), modes: n.stringsAttr("nodes_modes"), values: n.numbersAttr("nodes_values"),
		weightTree: n.intsAttr(prefix + "_treeids"), weightNode: n.intsAttr(prefix + "_nodeids"), target: n.intsAttr(prefix + "_ids"),
		weights: n.numbersAttr(prefix + "_weights"), runs: map[int64]*treeRun{}}
	nodes := len(t.tree)
	n.sameLength("nodes_treeids", nodes, map[string]int{"nodes_nodeids": len(t.id), "nodes_featureids": len(t.feature),
		"nodes_truenodeids": len(t.yes), "nodes_falsenodeids": len(t.no), "nodes_modes": len(t.modes), "nodes_values": len(t.values)})
	if len(t.missing) > 0 {
		n.sameLength("nodes_treeids", nodes, map[string]int{"nodes_missing_value_tracks_true": len(t.missing)})
	}
	n.sameLength(prefix+"_ids", len(t.target), map[string]int{prefix + "_treeids": len(t.weightTree), prefix + "_nodeids": len(t.weightNode),
		prefix + "_weights": len(t.weights)})
	t.findRuns()
	t.sortWeights()
	return t
}

func (n *node) sameLength(name string, length int, others map[string]int) {
	for other, l := range others {
		if l != length {
			n.fail("attribute %s has %d elements, %s has %d", other, l, name, length)
		}
	}
}

// numbersAttr is a list of f32, or of what a tensor holds that the name ends for.
func (n *node) numbersAttr(name string) []float64 {
	if t := n.tensorAttr(name + "_as_tensor"); t != nil {
		if !t.Elem.IsFloat() || t.Rank() != 1 {
			n.fail("attribute %s_as_tensor has type %s", name, t.Type)
		}
		n.ignore(name)
		return floats(t)
	}
	list := n.floatsAttr(name)
	out := make([]float64, len(list))
	for i, v := range list {
		out[i] = float64(v)
	}
	return out
}

func floats(t *graph.Tensor) []float64 {
	out := make([]float64, t.Size())
	for i := range out {
		out[i] = t.Float(i)
	}
	return out
}

// findRuns tells the trees apart.
func (t *treeLists) findRuns() {
	for from := 0; from < len(t.tree); {
		r := &treeRun{from: from, to: from}
		dense := true
		for ; r.to < len(t.tree) && t.tree[r.to] == t.tree[from]; r.to++ {
			dense = dense && t.id[r.to] == int64(r.to-from)
		}
		if t.runs[t.tree[from]] != nil {
			t.n.unsupported("tree %d whose nodes do not stand together", t.tree[from])
		}
		if !dense {
			r.places = make(map[int64]int, r.to-from)
			for i := from; i < r.to; i++ {
				if _, twice := r.places[t.id[i]]; twice {
					t.n.fail("tree %d has two nodes %d", t.tree[i], t.id[i])
				}
				r.places[t.id[i]] = i
			}
		}
		t.runs[t.tree[from]] = r
		t.order = append(t.order, r)
		from = r.to
	}
}

// place is where the run's node of this number stands.
func (t *treeLists) place(r *treeRun, id int64) int {
	if r.places != nil {
		if i, ok := r.places[id]; ok {
			return i
		}
	} else if id >= 0 && id < int64(r.to-r.from) {
		return r.from + int(id)
	}
	t.n.fail("tree %d has no node %d", t.tree[r.from], id)
	return 0
}

// sortWeights puts the weights in the order of the nodes.
func (t *treeLists) sortWeights() {
	at := make([]int, len(t.weights))
	t.firstWeight = make([]int32, len(t.tree)+1)
	for i := range at {
		r := t.runs[t.weightTree[i]]
		if r == nil {
			t.n.fail("weight %d is of tree %d, which has no nodes", i, t.weightTree[i])
		}
		at[i] = t.place(r, t.weightNode[i])
		t.firstWeight[at[i]+1]++
	}
	for i := range t.tree {
		t.firstWeight[i+1] += t.firstWeight[i]
	}
	t.weightsPut = make([]int32, len(at))
	next := append([]int32(nil), t.firstWeight...)
	for i, node := range at {
		t.weightsPut[next[node]] = int32(i)
		next[node]++
	}
}

// forest makes the ensemble's trees.
func (t *treeLists) forest(targets int) *forest.Forest {
	f := forest.New()
	tests := map[string]graph.TreeTest{}
	for i, name := range branchNames {
		tests[name] = branchTests[i]
	}
	for _, r := range t.order {
		err := f.Add(r.to-r.from, func(i int) (graph.TreeNode, bool, error) {
			i += r.from
			if t.modes[i] == "LEAF" {
				t.leaf(f, i, targets)
				return graph.TreeNode{}, true, nil
			}
			test, ok := tests[t.modes[i]]
			if !ok {
				t.n.unsupported("nodes_modes %s", quote(t.modes[i]))
			}
			missing := len(t.missing) > 0 && t.missing[i] != 0
			n := t.n.branch(test, t.feature[i], t.values[i], missing)
			n.Yes, n.No = int32(t.place(r, t.yes[i])-r.from), int32(t.place(r, t.no[i])-r.from)
			return n, false, nil
		}, 0)
		if err != nil {
			t.n.check(at(err, "tree %d", t.tree[r.from]))
		}
	}
	return f
}

// leaf appends the weights of node i.
func (t *treeLists) leaf(f *forest.Forest, i, targets int) {
	from := len(f.Values)
	for _, w := range t.weightsPut[t.firstWeight[i]:t.firstWeight[i+1]] {
		target := t.target[w]
		if target < 0 || target >= int64(targets) {
			t.n.fail("weight %d is for target %d of %d", w, target, targets)
		}
		for _, v := range f.Values[from:] {
			if int64(v.Target) == target {
				t.n.unsupported("a leaf with two weights for target %d", target)
			}
		}
		f.Values = append(f.Values, graph.LeafValue{Target: int32(target), Weight: t.weights[w]})
	}
}

// branch is an inner node. A NaN passes a test for inequality, and those that missing values are led to.
func (n *node) branch(test graph.TreeTest, feature int64, value float64, missing bool) graph.TreeNode {
	if feature < 0 || feature >= maxRowElements || value != value {
		n.fail("a node compares feature %d with %v", feature, value)
	}
	return graph.TreeNode{Test: test, Feature: int32(feature), Threshold: value, MissingYes: missing || test == graph.TestNe}
}

// treeFeatures is input 0 in the element type that the nodes compare in: f64 for an f64, and if a threshold is no f32.
func (n *node) treeFeatures(f *forest.Forest) value {
	x := n.arg(0)
	if x.elem() != graph.F64 {
		x = n.features(x)
	}
	if !x.batched || len(x.row()) != 1 {
		n.unsupported("%s of type %s", n.argName(0), x)
	}
	for i := range f.Nodes {
		if v := f.Nodes[i].Threshold; float64(float32(v)) != v {
			return n.cast(graph.F64, x)
		}
	}
	return x
}

// ensemble applies the trees to input 0.
func (n *node) ensemble(f *forest.Forest, combine graph.TreeCombine, base []float64, out graph.Elem) value {
	x := n.treeFeatures(f)
	f.Features, f.Targets, f.Combine, f.Base, f.Out = x.row()[0], len(base), combine, base, out
	return n.emit(&f.TreeEnsemble, x)
}

var combines = map[string]graph.TreeCombine{"SUM": graph.TreeSum, "AVERAGE": graph.TreeMean, "MIN": graph.TreeMin, "MAX": graph.TreeMax}

// maxTargets bounds what a file of few bytes may ask for.
const maxTargets = 1 << 12

func (n *node) targets(name string) int {
	v := n.intAttr(name, 1)
	if v < 1 || v > maxTargets {
		n.fail("attribute %s is %d, not between 1 and %d", name, v, maxTargets)
	}
	return int(v)
}

// treeRegressor is the sum, mean or extreme of the trees' weights for each target.
func treeRegressor(n *node) {
	targets := n.targets("n_targets")
	name := n.stringAttr("aggregate_function", "SUM")
	combine, ok := combines[name]
	if !ok {
		n.fail("aggregate_function has the unknown value %s", quote(name))
	}
	base := n.numbersAttr("base_values")
	if len(base) == 0 {
		base = make([]float64, targets)
	}
	if len(base) != targets {
		n.fail("%d base_values for %d targets", len(base), targets)
	}
	y := n.ensemble(n.treeLists("target").forest(targets), combine, base, graph.F32)
	n.set(0, n.treeTransform(n.stringAttr("post_transform", "NONE"), y))
}
