package onnx

import (
	"github.com/flernd/flernd/internal/ml/graph"
)

// linearRegressor is one linear function a target.
func linearRegressor(n *node) {
	x := n.features(n.arg(0))
	targets := int(n.smallInt("targets", 1))
	y := n.linear(x, targets)
	if targets > 1 {
		n.set(0, n.transform(y))
		return
	}
	switch post := n.stringAttr("post_transform", "NONE"); post {
	case "NONE", "LOGISTIC", "SOFTMAX": // the reference implementation transforms no single target
	default:
		n.unsupported("post_transform %s", quote(post))
	}
	n.set(0, y)
}

// features casts the argument to the f32 in which this domain's operators compute.
func (n *node) features(x value) value {
	if !x.batched || len(x.row()) != 1 || !x.elem().IsNumber() {
		n.unsupported("%s of type %s", n.argName(0), x)
	}
	return n.cast(graph.F32, x)
}

// linear multiplies with the attributes coefficients [rows,features] and adds intercepts [rows].
func (n *node) linear(x value, rows int) value {
	intercepts := n.floatsAttr("intercepts")
	if len(intercepts) == 0 {
		intercepts = make([]float32, max(0, min(rows, len(n.floatsAttr("coefficients")))))
	}
	return n.linearRows(x, rows, intercepts)
}

func (n *node) linearRows(x value, rows int, intercepts []float32) value {
	coefficients := n.floatsAttr("coefficients")
	width := x.row()[0]
	if rows < 1 || rows > len(coefficients) || len(coefficients) != rows*width {
		n.fail("%d coefficients do not fit %d functions of %d features", len(coefficients), rows, width)
	}
	if len(intercepts) != rows {
		n.fail("%d intercepts do not fit %d functions", len(intercepts), rows)
	}
	w := graph.NewTensor(graph.F32, width, rows)
	for r := range rows {
		for i := range width {
			w.F32[i*rows+r] = coefficients[r*width+i]
		}
	}
	return n.emit(&graph.Dense{W: w, B: graph.F32Of(intercepts...)}, x)
}

// transform applies post_transform to scores of several classes or targets.
func (n *node) transform(y value) value {
	switch post := n.stringAttr("post_transform", "NONE"); post {
	case "NONE":
		return y
	case "LOGISTIC":
		return n.unary(graph.Sigmoid, y)
	case "SOFTMAX":
		return n.emit(&graph.Softmax{}, y)
	default:
		n.unsupported("post_transform %s", quote(post))
	}
	return y
}

// linearClassifier gives the label of the best score, and all scores after post_transform.
func linearClassifier(n *node) {
	x := n.features(n.arg(0))
	n.ignore("multi_class") // has no effect in the standard's own implementation
	labels := n.classLabels("classlabels_ints")
	rows := len(n.floatsAttr("intercepts"))
	if rows == 0 {
		rows = len(n.floatsAttr("coefficients")) / max(1, x.row()[0])
	}
	raw := n.linear(x, rows)
	switch {
	case rows == labels.Size() && rows > 1:
		n.set(0, n.emit(&graph.Lookup{Table: labels}, n.emit(&graph.ArgExtreme{}, raw)))
		n.set(1, n.transform(raw))
	case rows == 1 && labels.Size() == 2:
		n.binaryClassifier(raw, labels)
	default:
		n.fail("%d labels do not fit %d linear functions", labels.Size(), rows)
	}
}

// binaryClassifier has one score s: positive for the second label. The scores are 1-s and s, of the transformed s.
func (n *node) binaryClassifier(raw value, labels *graph.Tensor) {
	positive := n.compare(graph.Gt, n.reshape(raw), n.scalar(raw, 0))
	n.set(0, n.emit(&graph.Lookup{Table: labels}, n.cast(graph.I64, positive)))
	s := raw
	switch post := n.stringAttr("post_transform", "NONE"); post {
	case "NONE", "SOFTMAX":
	case "LOGISTIC":
		s = n.unary(graph.Sigmoid, raw)
	default:
		n.unsupported("post_transform %s", quote(post))
	}
	n.set(1, n.join([]value{n.binary(graph.Sub, n.scalar(s, 1), s), s}, 0))
}

// classLabels is the table of class labels, integers or strings.
func (n *node) classLabels(intsName string) *graph.Tensor {
	ints, names := n.intsAttr(intsName), n.stringsAttr("classlabels_strings")
	switch {
	case len(ints) > 0 && len(names) == 0:
		return graph.I64Of(ints...)
	case len(names) > 0 && len(ints) == 0:
		return graph.StringsOf(names...)
	}
	n.fail("it must have class labels of either integers or strings")
	return nil
}
