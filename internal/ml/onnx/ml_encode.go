package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// labelEncoder maps keys to values. The operator set's version 1 maps strings to their position or back; 2 has attributes
// by type; 4 has tensors too.
func labelEncoder(n *node) {
	x := n.element(0)
	var op *graph.Map
	if n.version() < 2 {
		op = n.classEncoder(x)
	} else {
		keys, _ := n.encoderList("keys", x.elem())
		values, suffix := n.encoderList("values", graph.Invalid)
		if n.version() < 4 {
			keys, values = withoutNaN(keys, values)
		}
		op = graph.NewMap(keys, values, n.encoderDefault(values.Elem, suffix))
	}
	n.set(0, n.emit(op, x))
}

// withoutNaN drops keys that are NaN: before operator set 4, NaN equals nothing.
func withoutNaN(keys, values *graph.Tensor) (k, v *graph.Tensor) {
	var keep []int32
	for i := range min(keys.Size(), values.Size()) {
		if x := keys.Float(i); x == x {
			keep = append(keep, int32(i))
		}
	}
	if keys.Size() != values.Size() || len(keep) == keys.Size() {
		return keys, values
	}
	return keys.Picked(keep, len(keep)), values.Picked(keep, len(keep))
}

// encoderList finds the list of keys or values, whose attribute's name ends with its type.
func (n *node) encoderList(what string, want graph.Elem) (t *graph.Tensor, suffix string) {
	switch {
	case n.hasAttr(what + "_strings"):
		t, suffix = graph.StringsOf(n.stringsAttr(what+"_strings")...), "string"
	case n.hasAttr(what + "_int64s"):
		t, suffix = graph.I64Of(n.intsAttr(what+"_int64s")...), "int64"
	case n.hasAttr(what + "_floats"):
		t, suffix = graph.F32Of(n.floatsAttr(what+"_floats")...), "float"
	case n.hasAttr(what + "_tensor"):
		t = n.tensorAttr(what + "_tensor")
		t, suffix = t.Reshaped(t.Size()), "tensor"
	default:
		n.fail("it has no %s", what)
	}
	if want != graph.Invalid && t.Elem != want {
		n.fail("%s of type %s do not fit an argument of %s", what, t.Type, want)
	}
	return t, suffix
}

// encoderDefault is the value for keys that are not in the list.
func (n *node) encoderDefault(e graph.Elem, suffix string) *graph.Tensor {
	n.ignore("default_string", "default_int64", "default_float")
	switch suffix {
	case "string":
		return graph.StringsOf(n.stringAttr("default_string", "_Unused")).Reshaped()
	case "int64":
		return graph.I64Of(n.intAttr("default_int64", -1)).Reshaped()
	case "float":
		return graph.Scalar(graph.F32, n.floatAttr("default_float", 0))
	}
	if t := n.tensorAttr("default_tensor"); t != nil {
		if t.Size() != 1 || t.Elem != e {
			n.fail("attribute default_tensor of type %s is no single %s", t.Type, e)
		}
		return t.Reshaped()
	}
	switch e {
	case graph.String:
		return graph.StringsOf("_Unused").Reshaped()
	case graph.I64, graph.I32:
		return graph.Scalar(e, -1)
	}
	return graph.NewTensor(e)
}

// categoryMapper maps strings to numbers, or back, by two lists.
func categoryMapper(n *node) {
	x := n.element(0)
	names := graph.StringsOf(n.stringsAttr("cats_strings")...)
	numbers := graph.I64Of(n.intsAttr("cats_int64s")...)
	name := graph.StringsOf(n.stringAttr("default_string", "_Unused")).Reshaped()
	number := graph.I64Of(n.intAttr("default_int64", -1)).Reshaped()
	if x.elem() == graph.String {
		n.set(0, n.emit(graph.NewMap(names, numbers, number), x))
	} else {
		n.set(0, n.emit(graph.NewMap(numbers, names, name), x))
	}
}

// classEncoder is version 1: a string becomes its position in classes_strings, or a position its string.
func (n *node) classEncoder(x value) *graph.Map {
	classes := graph.StringsOf(n.stringsAttr("classes_strings")...)
	positions := graph.NewTensor(graph.I64, classes.Size())
	for i := range positions.I64 {
		positions.I64[i] = int64(i)
	}
	name := graph.StringsOf(n.stringAttr("default_string", "_Unused")).Reshaped()
	number := graph.I64Of(n.intAttr("default_int64", -1)).Reshaped()
	if x.elem() == graph.String {
		return graph.NewMap(classes, positions, number)
	}
	return graph.NewMap(positions, classes, name)
}

// oneHotEncoder appends an axis with a 1 where the element is that category. With zeros=0 an element that is none is an error.
func oneHotEncoder(n *node) {
	x := n.arg(0)
	strict := !n.flag("zeros", true)
	ints, names := n.intsAttr("cats_int64s"), n.stringsAttr("cats_strings")
	var cats *graph.Tensor
	switch {
	case len(ints) > 0 && len(names) == 0 && x.elem() != graph.String:
		cats = graph.I64Of(ints...)
		x = n.cast(graph.I64, x)
	case len(names) > 0 && len(ints) == 0 && x.elem() == graph.String:
		cats = graph.StringsOf(names...)
	default:
		n.fail("its categories do not fit an argument of type %s", x)
	}
	dims := append(slices.Clone(x.row()), cats.Size())
	if cats.Elem == graph.String || strict { // texts are searched once, not compared with each category
		x = n.positions(x, cats)
		if strict {
			known := n.compare(graph.Ge, x, n.scalar(x, 0))
			x = n.emit(&graph.Require{Message: "a value is none of the categories of the model's encoder"}, x, known)
		}
		cats = positionsOf(cats)
	}
	var column []int // a scalar where there is one element: it compares with the vector of categories
	if sizeOf(x.row()) != 1 {
		column = append(slices.Clone(x.row()), 1)
	}
	wide := n.reshape(x, column...)
	hot := n.cast(graph.F32, n.compare(graph.Eq, wide, n.constantOf(cats)))
	n.set(0, n.reshape(hot, dims...))
}

// positions is where elements stand in a list; -1 for those that do not.
func (n *node) positions(x value, list *graph.Tensor) value {
	return n.emit(graph.NewMap(list, positionsOf(list), graph.Scalar(graph.I32, -1)), x)
}

// positionsOf numbers a list's entries.
func positionsOf(list *graph.Tensor) *graph.Tensor {
	t := graph.NewTensor(graph.I32, list.Size())
	for i := range t.I32 {
		t.I32[i] = int32(i)
	}
	return t
}
