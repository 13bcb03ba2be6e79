package lightgbm

import (
	"bytes"
	"math"
	"strings"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// tree is one tree as the file has it: lists with an element an inner node, or a leaf. Of a child, c ≥ 0 is an inner node, and
// c < 0 is leaf ^c.
type tree struct {
	leaves            int
	feature, decision []int32
	left, right       []int32
	threshold         []float64
	value             []float64 // of leaves
	boundaries        []int32   // of the words of each set of categories
	words             []uint32
	sets              [][]uint64
	linear            bool
}

// Bits of decision_type.
const (
	byCategory   = 1
	defaultLeft  = 2
	missingShift = 2
	missingMask  = 3
	missingNone  = 0 // NaN is 0
	missingZero  = 1 // NaN and 0 are missing
	missingNaN   = 2
)

// zeroThreshold is up to where LightGBM takes a number for 0.
const zeroThreshold = float64(float32(1e-35))

func (f *reader) readTrees() error {
	t := &tree{}
	for {
		line, ok := f.next()
		switch {
		case !ok:
			return invalid("the file ends before the end of the trees")
		case string(line) == endOfTrees:
			return f.checkTrees()
		case len(line) == 0:
			continue
		case !bytes.HasPrefix(line, []byte("Tree=")):
			return invalid("%s is not the tree that is expected", quote(string(line)))
		}
		if err := f.readTree(t); err != nil {
			return at(err, "tree %d", f.trees)
		}
		f.trees++
	}
}

// at puts the place before an error's message and keeps everything else of it.
func at(err error, format string, args ...any) error {
	e := *sqlstate.Of(err)
	e.Message = sqlstate.New(e.Code, format, args...).Message + ": " + e.Message
	return &e
}

func (f *reader) checkTrees() error {
	if f.trees%f.perRound != 0 {
		return invalid("%d trees are no whole number of iterations of %d", f.trees, f.perRound)
	}
	if sizes, ok := f.header["tree_sizes"]; ok && len(strings.Fields(sizes)) != f.trees {
		return invalid("%d trees, but %d tree_sizes", f.trees, len(strings.Fields(sizes)))
	}
	return nil
}

// readTree reads lines up to an empty one.
func (f *reader) readTree(t *tree) error {
	*t = tree{feature: t.feature[:0], decision: t.decision[:0], left: t.left[:0], right: t.right[:0], threshold: t.threshold[:0],
		value: t.value[:0], boundaries: t.boundaries[:0], words: t.words[:0], sets: t.sets[:0]}
	for {
		line, ok := f.next()
		if !ok {
			return invalid("the file ends in the middle of it")
		}
		if len(line) == 0 {
			break
		}
		key, value, found := bytes.Cut(line, []byte{'='})
		if !found {
			return invalid("%s is not the key=value that is expected", quote(string(line)))
		}
		if err := t.read(string(key), value); err != nil {
			return at(err, "%s", key)
		}
	}
	return f.add(t)
}

func (t *tree) read(key string, value []byte) (err error) {
	switch key {
	case "num_leaves":
		var n []int32
		if n, err = parse(value, n, parseInt); err == nil && (len(n) != 1 || n[0] < 1) {
			return invalid("%s is no number of leaves", quote(string(value)))
		}
		if err == nil {
			t.leaves = int(n[0])
		}
	case "split_feature":
		t.feature, err = parse(value, t.feature, parseInt)
	case "threshold":
		t.threshold, err = parse(value, t.threshold, parseFloat)
	case "decision_type":
		t.decision, err = parse(value, t.decision, parseInt)
	case "left_child":
		t.left, err = parse(value, t.left, parseInt)
	case "right_child":
		t.right, err = parse(value, t.right, parseInt)
	case "leaf_value":
		t.value, err = parse(value, t.value, parseFloat)
	case "cat_boundaries":
		t.boundaries, err = parse(value, t.boundaries, parseInt)
	case "cat_threshold":
		t.words, err = parse(value, t.words, parseBits)
	case "is_linear":
		t.linear = string(value) != "0"
	}
	return err
}

// add appends the tree to the forest.
func (f *reader) add(t *tree) error {
	inner := t.leaves - 1
	switch {
	case t.linear:
		return sqlstate.Unsupported("linear functions in leaves (linear_tree)")
	case t.leaves == 0 || len(t.value) != t.leaves:
		return invalid("%d values of leaves, num_leaves=%d", len(t.value), t.leaves)
	case len(t.feature) != inner || len(t.threshold) != inner || len(t.left) != inner || len(t.right) != inner || len(t.decision) != inner:
		return invalid("its lists do not have %d elements: %d split_feature, %d threshold, %d decision_type, %d left_child, %d right_child",
			inner, len(t.feature), len(t.threshold), len(t.decision), len(t.left), len(t.right))
	}
	if err := t.makeSets(); err != nil {
		return err
	}
	target := int32(f.trees % f.perRound)
	root := min(inner-1, 0) // a tree of one leaf has no inner node
	look := func(i int) (graph.TreeNode, bool, error) {
		if i >= inner {
			f.forest.Values = append(f.forest.Values, graph.LeafValue{Target: target, Weight: t.value[i-inner]})
			return graph.TreeNode{}, true, nil
		}
		n, err := f.node(t, i)
		return n, false, err
	}
	return f.forest.Add(inner+t.leaves, look, t.place(int32(root)))
}

// place numbers children through: inner nodes, then leaves.
func (t *tree) place(c int32) int {
	if c < 0 {
		return t.leaves - 1 + int(^c)
	}
	if int(c) >= t.leaves-1 {
		return -1 // there is no such inner node
	}
	return int(c)
}

// makeSets makes the sets of categories of words of 32 bits.
func (t *tree) makeSets() error {
	for i := range max(0, len(t.boundaries)-1) {
		from, to := t.boundaries[i], t.boundaries[i+1]
		if from < 0 || from > to || int(to) > len(t.words) {
			return invalid("set %d of categories has the words %d to %d of %d", i, from, to, len(t.words))
		}
		set := make([]uint64, (to-from+1)/2)
		for k, w := range t.words[from:to] {
			set[k/2] |= uint64(w) << (32 * (k % 2))
		}
		t.sets = append(t.sets, set)
	}
	return nil
}

// node is inner node i.
func (f *reader) node(t *tree, i int) (graph.TreeNode, error) {
	n := graph.TreeNode{Feature: t.feature[i], Test: graph.TestLe, Threshold: t.threshold[i],
		Yes: int32(t.place(t.left[i])), No: int32(t.place(t.right[i]))}
	if n.Feature < 0 || int(n.Feature) >= f.features {
		return n, invalid("node %d tests feature %d of %d", i, n.Feature, f.features)
	}
	if math.IsNaN(n.Threshold) {
		return n, invalid("node %d compares with NaN", i)
	}
	kind := t.decision[i]
	if kind&byCategory != 0 {
		set := int(n.Threshold)
		if n.Threshold != float64(set) || set < 0 || set >= len(t.sets) {
			return n, invalid("node %d has the set of categories %v of %d", i, n.Threshold, len(t.sets))
		}
		n.Test, n.Set, n.Threshold = graph.TestIn, t.sets[set], 0
		return n, nil
	}
	switch kind >> missingShift & missingMask {
	case missingNone:
		n.MissingYes = 0 <= n.Threshold
	case missingZero:
		n.Feature = f.zeroMissing(n.Feature)
		n.MissingYes = kind&defaultLeft != 0
	case missingNaN:
		n.MissingYes = kind&defaultLeft != 0
	default:
		return n, invalid("node %d has the decision_type %d", i, kind)
	}
	return n, nil
}

// zeroMissing is the copy of a feature in which 0 is a missing value.
func (f *reader) zeroMissing(feature int32) int32 {
	at, ok := f.zeroAt[feature]
	if !ok {
		if f.zeroAt == nil {
			f.zeroAt = map[int32]int32{}
		}
		at = int32(f.features + len(f.zeroFrom))
		f.zeroAt[feature] = at
		f.zeroFrom = append(f.zeroFrom, feature)
	}
	return at
}

// ensemble applies the trees to features x.
func (f *reader) ensemble(b *graph.Builder, x *graph.Value) *graph.Value {
	if len(f.zeroFrom) > 0 {
		picked := b.Add(&graph.Pick{Index: f.zeroFrom, Dims: []int{len(f.zeroFrom)}}, x)
		isZero := b.Add(&graph.Compare{Fn: graph.Le}, b.Unary(graph.Abs, picked), b.Like(x, zeroThreshold))
		x = b.Add(&graph.Concat{}, x, b.Add(&graph.Where{}, isZero, b.Like(x, math.NaN()), picked))
	}
	o := &f.forest.TreeEnsemble
	o.Features, o.Targets, o.Base, o.Out = f.features+len(f.zeroFrom), f.perRound, make([]float64, f.perRound), graph.F64
	return b.Add(o, x)
}
