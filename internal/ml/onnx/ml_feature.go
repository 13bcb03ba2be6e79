package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// featureVectorizer lines up its inputs as f32.
func featureVectorizer(n *node) {
	n.ignore("inputdimensions") // implied by the inputs' types
	args := n.args()
	for i, x := range args {
		if !x.batched || len(x.row()) > 1 || !x.elem().IsNumber() {
			n.unsupported("%s of type %s", n.argName(i), x)
		}
		args[i] = n.reshape(n.cast(graph.F32, x), sizeOf(x.row()))
	}
	n.set(0, n.join(args, 0))
}

// arrayFeatureExtractor takes columns of the last axis at constant indices, or entries of a constant at computed ones. The
// latter gives a shape like [1,N], whose batch is not in front.
func arrayFeatureExtractor(n *node) {
	x, index := n.arg(0), n.arg(1)
	if index.constant() == nil && x.constant() != nil && len(x.row()) > 0 {
		n.set(0, n.extract(x, index))
		return
	}
	if index.constant() == nil && !x.batched && !index.batched && len(x.row()) > 0 {
		last := len(x.row()) - 1
		n.set(0, n.lookup(x, n.reshape(index, sizeOf(index.row())), last))
		return
	}
	if index.constant() == nil || index.batched || !index.elem().IsInt() || len(x.row()) == 0 {
		n.unsupported("elements of %s at indices %s", x, index)
	}
	last := len(x.row()) - 1
	n.set(0, n.take(x, last, n.indices(index, x.row()[last], make([]int, index.v.Type.Size()))))
}

// extract takes, of a constant table, the entries of the last axis at a row's indices. The last dimension is all rows' indices.
func (n *node) extract(x, index value) value {
	count := sizeOf(index.row())
	outer := x.row()[:len(x.row())-1]
	y := n.lookup(x, n.reshape(index, count), len(outer))
	if len(outer) == 0 {
		outer = []int{1}
	}
	var l layout
	dims := slices.Clone(outer)
	if l.at = len(outer); count != 1 {
		l.folded, l.outer = count, 1
		dims = append(dims, count)
	}
	y = n.reshape(y, dims...)
	y.layout = l
	return y
}

// zipMap makes a dictionary of labels and scores for each row. In SQL that is the array of the scores, in the order of the
// labels.
func zipMap(n *node) {
	x := n.arg(0)
	labels := n.classLabels("classlabels_int64s")
	if !x.batched || !slices.Equal(x.row(), labels.Dims) {
		n.fail("%d labels do not fit %s", labels.Size(), x)
	}
	n.set(0, x)
}
