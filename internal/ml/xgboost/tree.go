package xgboost

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// minBudget is document.budget for an empty file.
const minBudget = 1 << 20

// maxCategory is the greatest code of a category; greater ones are not exact in f32.
const maxCategory = 1<<24 - 1

// tree is one tree as the file has it: arrays with an element a node, of which the root is 0 and a leaf has no children.
type tree struct {
	left, right, defaultLeft, feature, kind []int64
	// condition is a threshold, or the value of a leaf.
	condition, baseWeights, leafWeights []float32
	// Categories of node catNodes[i] are the catSizes[i] from catSegments[i] on.
	categories, catNodes, catSegments, catSizes []int64
	leafSize                                    int
	sets                                        map[int][]uint64
}

func (d *document) trees() error {
	t := &tree{}
	s := d.s
	read := map[string]func() error{
		"left_children": listInto(s, &t.left, s.integer), "right_children": listInto(s, &t.right, s.integer),
		"default_left": listInto(s, &t.defaultLeft, s.integer), "split_indices": listInto(s, &t.feature, s.integer),
		"split_type": listInto(s, &t.kind, s.integer), "split_conditions": listInto(s, &t.condition, s.float),
		"base_weights": listInto(s, &t.baseWeights, s.float), "leaf_weights": listInto(s, &t.leafWeights, s.float),
		"categories": listInto(s, &t.categories, s.integer), "categories_nodes": listInto(s, &t.catNodes, s.integer),
		"categories_segments": listInto(s, &t.catSegments, s.integer), "categories_sizes": listInto(s, &t.catSizes, s.integer),
		"tree_param": func() error {
			return members(s, map[string]func() error{"size_leaf_vector": d.count(&t.leafSize, maxTargets)})
		},
	}
	return s.array(func() error {
		t.clear()
		if err := members(s, read); err != nil {
			return err
		}
		if err := d.addTree(t); err != nil {
			e := sqlstate.Of(err)
			return s.fail(e.Code, "tree %d: %s", len(d.first)-1, e.Message)
		}
		return nil
	})
}

// clear empties the lists and keeps their memory.
func (t *tree) clear() {
	for _, list := range []*[]int64{&t.left, &t.right, &t.defaultLeft, &t.feature, &t.kind, &t.categories, &t.catNodes, &t.catSegments, &t.catSizes} {
		*list = (*list)[:0]
	}
	t.condition, t.baseWeights, t.leafWeights = t.condition[:0], t.baseWeights[:0], t.leafWeights[:0]
	t.leafSize = 0
	t.sets = nil
}

func (d *document) addTree(t *tree) error {
	f := d.forest
	d.first = append(d.first, int32(len(f.Leaves)-1))
	n := len(t.left)
	if len(t.right) != n || len(t.defaultLeft) != n || len(t.feature) != n || len(t.condition) != n || len(t.kind) != n && len(t.kind) != 0 {
		return unfit("its lists have different lengths: %d left_children, %d right_children, %d default_left, %d split_indices, %d split_conditions",
			n, len(t.right), len(t.defaultLeft), len(t.feature), len(t.condition))
	}
	if err := d.readSets(t); err != nil {
		return err
	}
	look := func(i int) (graph.TreeNode, bool, error) {
		if t.left[i] == -1 {
			return graph.TreeNode{}, true, d.addLeaf(t, i)
		}
		node, err := t.node(i)
		return node, false, err
	}
	return f.Add(n, look, 0)
}

// readSets makes the sets of nodes that split by category.
func (d *document) readSets(t *tree) error {
	if len(t.catSegments) != len(t.catNodes) || len(t.catSizes) != len(t.catNodes) {
		return unfit("%d categories_nodes with %d categories_segments and %d categories_sizes", len(t.catNodes), len(t.catSegments), len(t.catSizes))
	}
	all := int64(len(t.categories))
	for i, node := range t.catNodes {
		from, size := t.catSegments[i], t.catSizes[i]
		if from < 0 || size < 0 || from > all || size > all-from {
			return unfit("node %d has the categories %d to %d of %d", node, from, from+size, all)
		}
		members := t.categories[from : from+size]
		var set []uint64
		if size > 0 {
			most := slices.Max(members)
			if slices.Min(members) < 0 || most > maxCategory {
				return unfit("node %d has a category that is not between 0 and %d", node, maxCategory)
			}
			words := int(most/64) + 1
			if d.budget -= words; d.budget < 0 {
				return sqlstate.New(sqlstate.ProgramLimitExceeded, "the sets of categories are too large for the file's size")
			}
			set = make([]uint64, words)
		}
		for _, c := range members {
			set[c/64] |= 1 << (c % 64)
		}
		if t.sets == nil {
			t.sets = map[int][]uint64{}
		}
		t.sets[int(node)] = set
	}
	return nil
}

// node is inner node i. A feature goes left if it is less than the threshold, and if its category is not among the node's:
// what goes right then is the yes.
func (t *tree) node(i int) (graph.TreeNode, error) {
	left, right := t.left[i], t.right[i]
	if left != int64(int32(left)) || right != int64(int32(right)) || t.feature[i] < 0 || t.feature[i] >= maxFeatures {
		return graph.TreeNode{}, unfit("node %d has the children %d and %d and the feature %d", i, left, right, t.feature[i])
	}
	missingLeft := t.defaultLeft[i] != 0
	n := graph.TreeNode{Feature: int32(t.feature[i])}
	if len(t.kind) == 0 || t.kind[i] == 0 {
		n.Test, n.Threshold, n.MissingYes = graph.TestLt, float64(t.condition[i]), missingLeft
		n.Yes, n.No = int32(left), int32(right)
		if n.Threshold != n.Threshold {
			return n, unfit("node %d compares with NaN", i)
		}
		return n, nil
	}
	set, ok := t.sets[i]
	if !ok || t.kind[i] != 1 {
		return n, unfit("node %d is a split of type %d with no categories", i, t.kind[i])
	}
	n.Test, n.Set, n.MissingYes = graph.TestIn, set, !missingLeft
	n.Yes, n.No = int32(right), int32(left)
	return n, nil
}

// addLeaf appends the values of leaf i: one, whose target is the tree's, or one for each target. In trees with several the
// right child of a leaf is its number; before XGBoost 3.1, nodes had all the values.
func (d *document) addLeaf(t *tree, i int) error {
	f := d.forest
	if t.leafSize <= 1 {
		f.Values = append(f.Values, graph.LeafValue{Weight: float64(t.condition[i])})
		return nil
	}
	list, at := t.baseWeights, int64(i)
	if len(t.leafWeights) > 0 {
		list, at = t.leafWeights, t.right[i]
	}
	if at < 0 || at >= int64(len(list)/t.leafSize) {
		return unfit("leaf %d has no values", i)
	}
	for k, w := range list[int(at)*t.leafSize:][:t.leafSize] {
		f.Values = append(f.Values, graph.LeafValue{Target: int32(k), Weight: float64(w)})
	}
	return nil
}

// ensemble applies the trees to features x.
func (d *document) ensemble(b *graph.Builder, x *graph.Value, base []float64) *graph.Value {
	if b.Err != nil {
		return nil
	}
	if b.Err = d.finishTrees(); b.Err != nil {
		return nil
	}
	f := d.forest
	x = d.categorical(b, x)
	if b.Err != nil {
		return nil
	}
	f.Features, f.Targets, f.Base, f.Out = x.Type.Size(), len(base), base, graph.F32
	return b.Add(&f.TreeEnsemble, x)
}

// finishTrees gives the leaves of each tree the tree's target, and its weight if trees were dropped.
func (d *document) finishTrees() error {
	trees := len(d.first)
	if len(d.treeInfo) != trees {
		return unfit("%d trees with a tree_info of %d", trees, len(d.treeInfo))
	}
	if d.booster == "dart" && len(d.drop) != trees {
		return unfit("%d trees with a weight_drop of %d", trees, len(d.drop))
	}
	for i := range d.forest.Nodes {
		if n := d.forest.Nodes[i].Feature; int(n) >= d.numFeature {
			return unfit("a tree tests feature %d of %d", n, d.numFeature)
		}
	}
	for i := range d.first {
		if err := d.finishTree(i); err != nil {
			return err
		}
	}
	return nil
}

func (d *document) finishTree(i int) error {
	f := d.forest
	from, to := d.first[i], int32(len(f.Leaves)-1)
	if i+1 < len(d.first) {
		to = d.first[i+1]
	}
	target := d.treeInfo[i]
	if target < 0 || target >= int64(d.targets()) {
		return unfit("tree %d is for target %d of %d", i, target, d.targets())
	}
	values := f.Values[f.Leaves[from]:f.Leaves[to]]
	for k := range values {
		v := &values[k]
		if v.Target += int32(target); int(v.Target) >= d.targets() {
			return unfit("tree %d has a value for target %d of %d", i, v.Target, d.targets())
		}
		if d.booster == "dart" {
			v.Weight = float64(float32(v.Weight) * d.drop[i])
		}
	}
	return nil
}

// categorical appends the features that trees test by category, rounded down: a negative one is in no set, though TestIn
// would take what is just below 0 for 0. The tests look at these.
func (d *document) categorical(b *graph.Builder, x *graph.Value) *graph.Value {
	nodes := d.forest.Nodes
	place := map[int32]int32{}
	var features []int32
	for i := range nodes {
		n := &nodes[i]
		if n.Test != graph.TestIn {
			continue
		}
		at, ok := place[n.Feature]
		if !ok {
			at = int32(d.numFeature + len(features))
			place[n.Feature] = at
			features = append(features, n.Feature)
		}
		n.Feature = at
	}
	if len(features) == 0 {
		return x
	}
	picked := b.Add(&graph.Pick{Index: features, Dims: []int{len(features)}}, x)
	return b.Add(&graph.Concat{}, x, b.Unary(graph.Floor, picked))
}
