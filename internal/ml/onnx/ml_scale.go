package onnx

import (
	"math"

	"github.com/flernd/flernd/internal/ml/graph"
)

// scaler is (x - offset)·scale, with one number each for all features or one a feature.
func scaler(n *node) {
	x := n.features(n.arg(0))
	y := n.binary(graph.Sub, x, n.perFeature(x, "offset"))
	n.set(0, n.binary(graph.Mul, y, n.perFeature(x, "scale")))
}

func (n *node) perFeature(x value, attr string) value {
	v := n.floatsAttr(attr)
	if len(v) != 1 && len(v) != x.row()[0] {
		n.fail("attribute %s has %d numbers for %d features", attr, len(v), x.row()[0])
	}
	return n.constantOf(graph.F32Of(v...))
}

func normalizer(n *node) {
	x := n.features(n.arg(0))
	norms := map[string]graph.Norm{"MAX": graph.Highest, "L1": graph.L1, "L2": graph.L2}
	name := n.stringAttr("norm", "MAX")
	norm, ok := norms[name]
	if !ok {
		n.fail("attribute norm has the unknown value %s", quote(name))
	}
	n.set(0, n.emit(&graph.Normalize{Norm: norm}, x))
}

// imputer replaces one value, mostly NaN, by a number a feature.
func imputer(n *node) {
	x := n.arg(0)
	if !x.batched || len(x.row()) != 1 {
		n.unsupported("%s of type %s", n.argName(0), x)
	}
	if x.elem().IsInt() {
		missing := n.scalarInt(x, n.intAttr("replaced_value_int64", 0))
		n.replace(x, n.compare(graph.Eq, x, missing), n.intImputed(x))
		return
	}
	with := n.perFeature(n.features(x), "imputed_value_floats")
	with = n.cast(x.elem(), with)
	replaced := n.floatAttr("replaced_value_float", 0)
	if math.IsNaN(replaced) {
		n.replace(x, n.unary(graph.IsNaN, x), with)
		return
	}
	n.replace(x, n.compare(graph.Eq, x, n.scalar(x, replaced)), with)
}

func (n *node) replace(x, missing, with value) {
	n.set(0, n.emit(&graph.Where{}, missing, with, x))
}

func (n *node) scalarInt(x value, v int64) value {
	return n.cast(x.elem(), n.constantOf(graph.I64Of(v).Reshaped()))
}

func (n *node) intImputed(x value) value {
	v := n.intsAttr("imputed_value_int64s")
	if len(v) != 1 && len(v) != x.row()[0] {
		n.fail("attribute imputed_value_int64s has %d numbers for %d features", len(v), x.row()[0])
	}
	return n.cast(x.elem(), n.constantOf(graph.I64Of(v...)))
}

// binarizer is x > threshold ? 1 : 0.
func binarizer(n *node) {
	x := n.arg(0)
	if !x.elem().IsFloat() {
		n.unsupported("%s of type %s", n.argName(0), x)
	}
	over := n.compare(graph.Gt, x, n.scalar(x, n.floatAttr("threshold", 0)))
	n.set(0, n.cast(x.elem(), over))
}
