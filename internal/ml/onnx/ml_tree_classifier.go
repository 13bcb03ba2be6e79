package onnx

import (
	"github.com/flernd/flernd/internal/ml/forest"
	"github.com/flernd/flernd/internal/ml/graph"
)

// treeClassifier gives the label and the scores of the classes. What the standard leaves open is done as ONNX Runtime does it.
func treeClassifier(n *node) {
	labels := n.classLabels("classlabels_int64s")
	classes := labels.Size()
	if classes < 2 || classes > maxTargets {
		n.unsupported("%d class labels", classes)
	}
	t := n.treeLists("class")
	f := t.forest(classes)
	base := n.numbersAttr("base_values")
	post := n.stringAttr("post_transform", "NONE")
	used := scoredClasses(f, classes)
	switch {
	case classes > 2:
		n.manyClasses(f, labels, base, post, used)
	case used[1] == never:
		n.oneScore(f, labels, base, post)
	default:
		n.twoScores(f, labels, base, post, used)
	}
}

// scored tells whether rows have a score for a class: a leaf need not have weights of all.
type scored uint8

const (
	never scored = iota
	sometimes
	always // in some tree, each leaf has a weight for the class
)

func scoredClasses(f *forest.Forest, classes int) []scored {
	out := make([]scored, classes)
	leaf := 0
	for tree := range f.Roots {
		end := len(f.Leaves) - 1
		if tree+1 < len(f.Roots) {
			end = firstLeaf(f, tree+1)
		}
		counts := make(map[int32]int)
		for _, v := range f.Values[f.Leaves[leaf]:f.Leaves[end]] {
			counts[v.Target]++
		}
		for class, count := range counts {
			out[class] = max(out[class], sometimes)
			if count == end-leaf {
				out[class] = always
			}
		}
		leaf = end
	}
	return out
}

// firstLeaf is the leaf of a tree that comes first: leaves are numbered in the order in which its yes-most branches end.
func firstLeaf(f *forest.Forest, tree int) int {
	c := f.Roots[tree]
	for c >= 0 {
		c = f.Nodes[c].Yes
	}
	return int(^c)
}

// manyClasses: the label is that of the greatest of the scores that the row has, base values included.
func (n *node) manyClasses(f *forest.Forest, labels *graph.Tensor, base []float64, post string, used []scored) {
	classes := labels.Size()
	hasBase := len(base) > 0
	if hasBase && len(base) != classes {
		n.fail("%d base_values for %d classes", len(base), classes)
	}
	if !hasBase {
		base = make([]float64, classes)
	}
	var candidates []int32
	for class, u := range used {
		if u == sometimes && !hasBase && hasNegative(f) {
			n.unsupported("class %d, of which only some leaves have weights, with negative ones,", class)
		}
		if u != never || hasBase {
			candidates = append(candidates, int32(class))
		}
	}
	if len(candidates) == 0 {
		n.fail("no class has a weight")
	}
	y := n.ensemble(f, graph.TreeSum, base, graph.F32)
	eligible, names := y, labels
	if len(candidates) < classes {
		eligible = n.emit(&graph.Pick{Index: candidates, Dims: []int{len(candidates)}}, y)
		names = labels.Picked(candidates, len(candidates))
	}
	n.set(0, n.emit(&graph.Lookup{Table: names}, n.emit(&graph.ArgExtreme{}, eligible)))
	n.set(1, n.treeTransform(post, y))
}

func hasNegative(f *forest.Forest) bool {
	for _, v := range f.Values {
		if v.Weight < 0 {
			return true
		}
	}
	return false
}

// oneScore is two classes of which only the first has weights: their sum s stands for the second. It is a probability if no
// weight is negative, else it is positive for the second class.
func (n *node) oneScore(f *forest.Forest, labels *graph.Tensor, base []float64, post string) {
	switch len(base) {
	case 0:
		base = []float64{0}
	case 1:
	default:
		n.unsupported("%d base_values for the one class that has weights", len(base))
	}
	threshold := 0.5
	if hasNegative(f) {
		threshold = 0
	}
	s := n.ensemble(f, graph.TreeSum, base, graph.F32)
	n.binaryLabel(s, threshold, labels)
	other := n.unary(graph.Neg, s)
	switch {
	case post == "LOGISTIC":
		n.set(1, n.unary(graph.Sigmoid, n.join([]value{other, s}, 0)))
		return
	case post == "PROBIT":
		n.unsupported("post_transform %s of two classes with one score", quote(post))
	case threshold > 0:
		other = n.binary(graph.Sub, n.scalar(s, 1), s)
	}
	n.set(1, n.join([]value{other, s}, 0))
}

// binaryLabel is the second label where the score, an f32[1], is above the threshold.
func (n *node) binaryLabel(score value, threshold float64, labels *graph.Tensor) {
	second := n.compare(graph.Gt, n.reshape(score), n.scalar(score, threshold))
	n.set(0, n.emit(&graph.Lookup{Table: labels}, n.cast(graph.I64, second)))
}

// twoScores is two classes of which the second has weights, or both. The second is chosen where its score is positive, or
// above a half if it alone has weights, none of them negative. (For labels that are integers, ONNX Runtime answers 0 and 1
// whatever they are, if both have weights.)
func (n *node) twoScores(f *forest.Forest, labels *graph.Tensor, base []float64, post string, used []scored) {
	alone := used[0] == never
	switch {
	case used[1] != always:
		n.unsupported("two classes with leaves that have weights of the first only")
	case len(base) > 1:
		n.unsupported("%d base_values for two classes that have weights", len(base))
	}
	bases := make([]float64, 2)
	if len(base) == 1 && !alone { // a base value of the second alone is not looked at
		bases[0] = base[0]
	}
	threshold := 0.0
	if alone && !hasNegative(f) {
		threshold = 0.5
	}
	y := n.ensemble(f, graph.TreeSum, bases, graph.F32)
	n.binaryLabel(n.emit(&graph.Pick{Index: []int32{1}, Dims: []int{1}}, y), threshold, labels)
	n.set(1, n.treeTransform(post, y))
}
