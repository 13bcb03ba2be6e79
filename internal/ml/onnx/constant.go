package onnx

import (
	"github.com/flernd/flernd/internal/ml/graph"
)

// constant has one attribute, of many kinds.
func constant(n *node) {
	var t *graph.Tensor
	switch {
	case n.hasAttr("value"):
		t = n.tensorAttr("value")
	case n.hasAttr("value_float"):
		t = graph.F32Of(float32(n.floatAttr("value_float", 0))).Reshaped()
	case n.hasAttr("value_floats"):
		t = graph.F32Of(n.floatsAttr("value_floats")...)
	case n.hasAttr("value_int"):
		t = graph.I64Of(n.intAttr("value_int", 0)).Reshaped()
	case n.hasAttr("value_ints"):
		t = graph.I64Of(n.intsAttr("value_ints")...)
	case n.hasAttr("value_string"):
		t = graph.StringsOf(n.stringAttr("value_string", "")).Reshaped()
	case n.hasAttr("value_strings"):
		t = graph.StringsOf(n.stringsAttr("value_strings")...)
	case n.hasAttr("sparse_value"):
		n.unsupported("a sparse constant")
	default:
		n.fail("it has no value")
	}
	n.set(0, n.constantOf(t))
}

// constantOfShape fills a shape, which may start with the batch, with one element.
func constantOfShape(n *node) {
	fill := n.tensorAttr("value")
	if fill == nil {
		fill = graph.NewTensor(graph.F32, 1)
	}
	if fill.Size() != 1 {
		n.fail("attribute value of type %s is no single element", fill.Type)
	}
	n.set(0, n.expandTo(n.constantOf(fill.Reshaped()), n.dimsArg(0)))
}

// shape gives the dimensions of a tensor, the batch's size among them.
func shape(n *node) {
	x := n.shaped(0)
	dims := x.fullDims()
	start, end := n.smallInt("start", 0), n.smallInt("end", int64(len(dims)))
	bound := func(v int64) int {
		if v < 0 {
			v += int64(len(dims))
		}
		return int(min(max(v, 0), int64(len(dims))))
	}
	from, to := bound(start), bound(end)
	n.set(0, n.symbolic(dims[from:max(from, to)], false))
}

func cast(n *node) {
	to, err := elemOf(int32(n.smallInt("to", 0)))
	if err != nil {
		n.check(at(err, "attribute to"))
	}
	n.castTo(to)
}

func castLike(n *node) {
	n.castTo(n.any(1).elem())
}

func (n *node) castTo(to graph.Elem) {
	x := n.any(0)
	if x.v == nil {
		if !to.IsInt() {
			n.unsupported("the size of the batch as %s", to)
		}
		n.set(0, x)
		return
	}
	if x.elem() != to && (x.elem() == graph.String || to == graph.String) {
		n.unsupported("a cast of %s to %s", x.elem(), to)
	}
	n.set(0, n.castMini(to, x))
}

func identity(n *node) { n.set(0, n.whatever(0)) }

// dropout drops nothing outside of training, nor where the ratio is 0. The second output says what is kept: all.
func dropout(n *node) {
	n.ignore("seed", "ratio")
	if n.has(2) {
		t := n.tensor(2)
		if t.Elem != graph.Bool || t.Size() != 1 {
			n.fail("training_mode of type %s", t.Type)
		}
		if t.Bool[0] && !n.dropsNothing() {
			n.unsupported("training_mode, in which elements are dropped at random,")
		}
	}
	x := n.element(0)
	n.set(0, x)
	if len(n.p.Output) > 1 {
		some := n.cast(graph.Bool, x)
		n.set(1, n.binary(graph.Or, some, n.unary(graph.Not, some)))
	}
}

func (n *node) dropsNothing() bool {
	if !n.has(1) {
		return false
	}
	t := n.tensor(1)
	return t.Elem.IsFloat() && t.Size() == 1 && t.Float(0) == 0
}
