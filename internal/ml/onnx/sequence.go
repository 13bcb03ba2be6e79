package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
)

// Sequences and optionals exist while a model is imported only: how long a sequence is, where something is put into it or taken
// from it, and whether an optional has a value is known then.

// sequence is input i, which must be a sequence.
func (n *node) sequence(i int) []value {
	x := n.whatever(i)
	if x.kind != sequenceKind {
		n.fail("%s of type %s is no sequence", n.argName(i), x)
	}
	return x.seq
}

func sequenceOf(elements []value) value { return value{kind: sequenceKind, seq: elements} }

// place is input i as a place in a sequence, from 0 to most; otherwise is meant if it is missing.
func (n *node) place(i, length, most, otherwise int) int {
	if !n.has(i) {
		return otherwise
	}
	list := n.ints(i)
	if len(list) != 1 {
		n.fail("%s is no single number", n.argName(i))
	}
	at := list[0]
	if at < 0 {
		at += length
	}
	if at < 0 || at > most {
		n.fail("position %d is outside of a sequence of %d values", list[0], length)
	}
	return at
}

func sequenceEmpty(n *node) {
	n.ignore("dtype")
	n.set(0, sequenceOf(nil))
}

func sequenceConstruct(n *node) {
	list := make([]value, max(1, len(n.p.Input)))
	for i := range list {
		list[i] = n.any(i)
	}
	n.set(0, sequenceOf(list))
}

func sequenceAt(n *node) {
	list := n.sequence(0)
	if !n.has(1) {
		n.fail("input 1 is missing")
	}
	n.set(0, list[n.place(1, len(list), len(list)-1, 0)])
}

func sequenceInsert(n *node) {
	list := n.sequence(0)
	n.spend(16 * len(list))
	n.set(0, sequenceOf(slices.Insert(slices.Clone(list), n.place(2, len(list), len(list), len(list)), n.any(1))))
}

func sequenceErase(n *node) {
	list := n.sequence(0)
	at := n.place(1, len(list), len(list)-1, len(list)-1)
	if at < 0 {
		n.fail("there is nothing to erase from an empty sequence")
	}
	n.spend(16 * len(list))
	n.set(0, sequenceOf(slices.Delete(slices.Clone(list), at, at+1)))
}

func sequenceLength(n *node) {
	n.set(0, n.constantOf(graph.Scalar(graph.I64, float64(len(n.sequence(0))))))
}

// splitToSequence cuts an axis into pieces: of given lengths, of one length, or of single entries, which then may lose the axis.
func splitToSequence(n *node) {
	x := n.anywhere(0)
	axis := n.axis(x, int(n.smallInt("axis", 0)))
	keep := n.flag("keepdims", true)
	length := x.row()[axis]
	var sizes []int
	if !n.has(1) {
		sizes = slices.Repeat([]int{1}, length)
	} else if t := n.tensor(1); t.Rank() == 0 {
		each := n.ints(1)[0]
		if each < 1 {
			n.fail("pieces of length %d", each)
		}
		for at := 0; at < length; at += each {
			sizes = append(sizes, min(each, length-at))
		}
	} else {
		sizes = n.ints(1)
	}
	var list []value
	at := 0
	for _, size := range sizes {
		if size < 0 || at+size > length {
			n.fail("the pieces do not add up to %d", length)
		}
		piece := n.take(x, axis, n.steps(at, at+size, 1, length))
		piece.layout = x.layout
		if !keep && !n.has(1) {
			piece = n.without(piece, axis)
		}
		list = append(list, piece)
		at += size
	}
	if at != length {
		n.fail("the pieces add up to %d, not %d", at, length)
	}
	n.set(0, sequenceOf(list))
}

// without drops an axis of length 1 of the rows.
func (n *node) without(x value, axis int) value {
	y := n.reshape(x, slices.Delete(slices.Clone(x.row()), axis, axis+1)...)
	y.layout = x.layout
	if axis < x.at {
		y.at--
	}
	return y
}

// with adds an axis of length 1 to a tensor; the axis is one of the result's, the batch included.
func (n *node) with(x value, axis int) value {
	k, at := n.fullAxis(axis, x.rank()+1), x.at
	if x.batched && k > x.at {
		k--
	} else if x.batched {
		at++
	}
	y := n.reshape(x, slices.Insert(slices.Clone(x.row()), k, 1)...)
	y.layout = x.layout
	y.at = at
	return y
}

func concatFromSequence(n *node) {
	if !n.hasAttr("axis") {
		n.fail("attribute axis is missing")
	}
	axis := int(n.smallInt("axis", 0))
	list := slices.Clone(n.sequence(0))
	if len(list) == 0 {
		n.fail("the sequence is empty")
	}
	if n.flag("new_axis", false) {
		for i, x := range list {
			if x.v == nil || x.folded != 0 {
				n.unsupported("joining %s", x)
			}
			list[i] = n.with(x, axis)
		}
	}
	n.set(0, n.concatenated(list, axis))
}

// sequenceMap evaluates its body for each element of the first sequence, with those of the others at the same place.
func sequenceMap(n *node) {
	body := n.graphAttr("body")
	length := len(n.sequence(0))
	results := make([][]value, len(body.Output))
	for i := range length {
		var inputs []value
		for k := range n.p.Input {
			x := n.whatever(k)
			if x.kind == sequenceKind {
				if len(x.seq) != length {
					n.fail("%s has %d values, the first sequence %d", n.argName(k), len(x.seq), length)
				}
				x = x.seq[i]
			}
			inputs = append(inputs, x)
		}
		for k, x := range n.inline(body, inputs...) {
			results[k] = append(results[k], x)
		}
	}
	for k, list := range results {
		n.set(k, sequenceOf(list))
	}
}

// optional is its input, or nothing.
func optional(n *node) {
	n.attr("type", onnxpb.AttributeProto_TYPE_PROTO)
	if !n.has(0) {
		n.set(0, value{kind: absentKind})
		return
	}
	n.set(0, n.whatever(0))
}

func optionalHasElement(n *node) {
	t := graph.NewTensor(graph.Bool)
	t.Bool[0] = n.has(0)
	n.set(0, n.constantOf(t))
}

func optionalGetElement(n *node) {
	x := n.whatever(0)
	if x.kind == absentKind {
		n.fail("%s has no value", n.argName(0))
	}
	n.set(0, x)
}
