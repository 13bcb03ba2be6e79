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
		args[i] = n.reshape(n.cast(graph.F32, x), product(x.row()))
	}
	n.set(0, n.join(args, 0))
}

// arrayFeatureExtractor takes columns of the last axis at constant indices, or labels of a constant at computed ones. The
// latter gives a shape [1,N], the only one whose batch is not in front.
func arrayFeatureExtractor(n *node) {
	x, index := n.arg(0), n.arg(1)
	if index.constant() == nil && x.constant() != nil && !x.batched {
		table := n.reshape(x, x.v.Type.Size())
		y := n.lookup(table, n.reshape(index, index.row()...), 0)
		if product(index.row()) != 1 {
			n.unsupported("indices of type %s", index)
		}
		y = n.reshape(y, 1)
		y.at = 1
		n.set(0, y)
		return
	}
	if index.constant() == nil || index.batched || !index.elem().IsInt() || len(x.row()) == 0 {
		n.unsupported("elements of %s at indices %s", x, index)
	}
	last := len(x.row()) - 1
	n.set(0, n.take(x, last, n.indices(index, x.row()[last], make([]int, index.v.Type.Size()))))
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
