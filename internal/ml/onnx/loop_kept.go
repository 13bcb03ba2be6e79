package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// kept makes the loop an operator. What it carries keeps its shape from turn to turn then.
func (l *turns) kept() []value {
	op := &graph.Loop{Trips: -1, Carried: len(l.carried), Scanned: len(l.scanned)}
	var args []*graph.Value
	switch t := l.limit.constant(); {
	case len(l.scanned) > 0:
		op.Trips = l.entries()
	case t != nil:
		op.Trips = clamp(max(t.Int(0), 0))
	case l.limit.v != nil:
		op.Limited = true
		args = append(args, l.limit.v)
	}
	for _, x := range l.carried {
		if x.v == nil || x.folded != 0 || x.kind != tensorKind {
			l.unsupported("%s, carried from turn to turn of a loop that is not evaluated when the model is registered,", x)
		}
	}
	var like []value
	b := l.bodyOf(l.subgraph, l.inputs, func(b *body, outs []value) { like = l.outputs(op, b, outs) })
	op.Body = b.g
	if op.While {
		first := l.more
		if first.v == nil {
			first = l.truth()
		}
		args = append(args, first.v)
	}
	if !op.Known() && len(like) > op.Carried {
		l.unsupported("output %d of a loop whose number of turns is not known when the model is registered", op.Carried)
	}
	if op.Known() && op.Trips < 0 {
		l.fail("the loop has no end")
	}
	for _, x := range l.carried {
		args = append(args, x.v)
	}
	for _, x := range l.scanned {
		args = append(args, l.lined(x).v)
	}
	l.imp.computed += len(b.g.Values)
	out := l.control(op, append(args, b.args...), like)
	for i, how := range l.stacks {
		out[op.Carried+i] = l.placed(out[op.Carried+i], how)
	}
	return out
}

// inputs are those of the body as a graph of its own: the turn's number, what is carried, an entry of each scanned tensor.
func (l *turns) inputs(b *body) (list []value) {
	number := value{v: b.input(graph.Of(graph.I64), nil)}
	if l.counted {
		list = append(list, number, l.truth())
	}
	for _, x := range l.carried {
		x.v = b.input(x.v.Type, x.v)
		list = append(list, x)
	}
	for _, x := range l.scanned {
		dims := slices.Delete(slices.Clone(x.row()), x.axis, x.axis+1)
		e := value{v: b.input(graph.Of(x.elem(), dims...), x.v), batched: x.batched, layout: x.layout}
		if x.axis < e.at {
			e.at--
		}
		list = append(list, e)
	}
	return list
}

// outputs declares those of the body, and tells the layouts of the loop's.
func (l *turns) outputs(op *graph.Loop, b *body, outs []value) []value {
	if l.counted {
		more := outs[0]
		outs = outs[1:]
		if more.elem() != graph.Bool || more.v.Type.Size() != 1 {
			l.fail("a condition of type %s is no single bool", more)
		}
		if more.batched {
			l.ownWay("a loop whose end differs from row to row of a batch")
		}
		again := func(x value) bool { // for certain
			t := x.constant()
			return x.v == nil || t != nil && t.Bool[0]
		}
		if op.While = !again(l.more) || !again(more); op.While {
			b.output(l.reshape(more))
		}
	}
	like := slices.Clone(outs)
	for i, x := range outs {
		if i >= op.Carried {
			if x.batched {
				like[i].at++ // the turns are the first axis
			}
			continue
		}
		if before := l.carried[i]; !x.v.Type.Equal(before.v.Type) || x.batched != before.batched || x.layout != before.layout {
			l.unsupported("a loop that makes %s of %s", x, before)
		}
	}
	b.output(outs...)
	return like
}

// lined is a scanned tensor with the axis of its entries in front, the first that a turn gets first.
func (l *turns) lined(x scanned) value {
	y := x.value
	if x.reverse {
		y = l.take(y, x.axis, l.steps(-1, -1<<40, -1, y.row()[x.axis]))
	}
	perm := []int{x.axis}
	for k := range y.row() {
		if k != x.axis {
			perm = append(perm, k)
		}
	}
	return l.transpose(y, perm)
}

// placed brings the axis of the turns, the first of the rows, where it belongs.
func (l *turns) placed(x value, how stacking) value {
	if how.reverse {
		y := l.take(x, 0, l.steps(-1, -1<<40, -1, x.row()[0]))
		y.layout = x.layout
		x = y
	}
	to, at := l.fullAxis(how.axis, x.rank()), x.at
	if x.batched {
		switch at--; { // of an entry
		case to > at:
			to--
		default:
			at++
		}
	}
	perm := make([]int, 0, len(x.row()))
	for k := 1; k < len(x.row()); k++ {
		perm = append(perm, k)
	}
	y := l.transpose(x, slices.Insert(perm, to, 0))
	y.layout, y.batched = x.layout, x.batched
	y.at = at
	return y
}
