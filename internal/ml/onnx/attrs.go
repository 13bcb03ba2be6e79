package onnx

import (
	"unicode/utf8"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
)

// attr finds an attribute of the given kind; nil if it is absent.
func (n *node) attr(name string, kind onnxpb.AttributeProto_AttributeType) *onnxpb.AttributeProto {
	n.used[name] = true
	for _, a := range n.attrs {
		if a.Name == name {
			if a.Type != kind {
				n.fail("attribute %s is of kind %s, not %s", quote(name), a.Type, kind)
			}
			return a
		}
	}
	return nil
}

// hasAttr reports whether an attribute is present.
func (n *node) hasAttr(name string) bool {
	for _, a := range n.attrs {
		if a.Name == name {
			return true
		}
	}
	return false
}

// ignore accepts attributes that change nothing in the value computed.
func (n *node) ignore(names ...string) {
	for _, name := range names {
		n.used[name] = true
	}
}

func (n *node) intAttr(name string, otherwise int64) int64 {
	if a := n.attr(name, onnxpb.AttributeProto_INT); a != nil {
		return a.I
	}
	return otherwise
}

// flag is an integer attribute that is 0 or 1.
func (n *node) flag(name string, otherwise bool) bool {
	if !n.hasAttr(name) {
		n.used[name] = true
		return otherwise
	}
	switch n.intAttr(name, 0) {
	case 0:
		return false
	case 1:
		return true
	}
	n.fail("attribute %s must be 0 or 1", quote(name))
	return false
}

// floatAttr widens the f32 of the file.
func (n *node) floatAttr(name string, otherwise float32) float64 {
	if a := n.attr(name, onnxpb.AttributeProto_FLOAT); a != nil {
		return float64(a.F)
	}
	return float64(otherwise)
}

func (n *node) stringAttr(name, otherwise string) string {
	if a := n.attr(name, onnxpb.AttributeProto_STRING); a != nil {
		if !utf8.Valid(a.S) {
			n.fail("attribute %s is not valid UTF-8", quote(name))
		}
		return string(a.S)
	}
	return otherwise
}

func (n *node) floatsAttr(name string) []float32 {
	return n.attr(name, onnxpb.AttributeProto_FLOATS).GetFloats()
}

func (n *node) intsAttr(name string) []int64 {
	return n.attr(name, onnxpb.AttributeProto_INTS).GetInts()
}

func (n *node) stringsAttr(name string) []string {
	var out []string
	for _, s := range n.attr(name, onnxpb.AttributeProto_STRINGS).GetStrings() {
		if !utf8.Valid(s) {
			n.fail("attribute %s is not valid UTF-8", quote(name))
		}
		out = append(out, string(s))
	}
	return out
}

// tensorAttr is nil if the attribute is absent.
func (n *node) tensorAttr(name string) *graph.Tensor {
	a := n.attr(name, onnxpb.AttributeProto_TENSOR)
	if a == nil {
		return nil
	}
	t, err := n.imp.tensor(a.T)
	if err != nil {
		n.check(at(err, "attribute %s", quote(name)))
	}
	return t
}

// smallInts is a list of axes, lengths or bounds.
func (n *node) smallInts(name string) []int {
	var out []int
	for _, v := range n.intsAttr(name) {
		out = append(out, clamp(v))
	}
	return out
}
