package onnx

import (
	"strings"

	"github.com/flernd/flernd/internal/ml/graph"
)

// squashOf are ONNX's names of activations, lower case, and whether they take an alpha and a beta, with what these are by default.
var squashOf = map[string]struct {
	graph.Squash
	alpha, beta bool
}{
	"sigmoid": {Squash: graph.Squash{Fn: graph.SquashSigmoid}}, "tanh": {Squash: graph.Squash{Fn: graph.SquashTanh}},
	"relu": {Squash: graph.Squash{Fn: graph.SquashRelu}}, "softsign": {Squash: graph.Squash{Fn: graph.SquashSoftsign}},
	"softplus":        {Squash: graph.Squash{Fn: graph.SquashSoftplus}},
	"affine":          {graph.Squash{Fn: graph.SquashAffine, Alpha: 1}, true, true},
	"leakyrelu":       {graph.Squash{Fn: graph.SquashLeakyRelu, Alpha: float64(float32(0.01))}, true, false},
	"thresholdedrelu": {graph.Squash{Fn: graph.SquashThresholdedRelu, Alpha: 1}, true, false},
	"scaledtanh":      {graph.Squash{Fn: graph.SquashScaledTanh, Alpha: 1, Beta: 1}, true, true},
	"hardsigmoid":     {graph.Squash{Fn: graph.SquashHardSigmoid, Alpha: float64(float32(0.2)), Beta: 0.5}, true, true},
	"elu":             {graph.Squash{Fn: graph.SquashElu, Alpha: 1}, true, false},
}

// cells are the operators' cells, and the activations that they have by default.
var cells = map[string]struct {
	cell        graph.Cell
	activations []string
}{
	"RNN": {graph.RNN, []string{"Tanh"}}, "GRU": {graph.GRU, []string{"Sigmoid", "Tanh"}},
	"LSTM": {graph.LSTM, []string{"Sigmoid", "Tanh", "Tanh"}},
}

// recurrent is an RNN, GRU or LSTM over X [steps, N, in], or with layout 1 [N, steps, in], whose weights are constant.
func recurrent(n *node) {
	kind := cells[n.p.OpType]
	op := &graph.Recurrent{Cell: kind.cell, Clip: n.floatAttr("clip", 0)}
	if op.Clip < 0 {
		n.fail("attribute clip is negative")
	}
	switch op.Cell {
	case graph.GRU:
		op.ResetAfter = n.flag("linear_before_reset", false)
	case graph.LSTM:
		op.Coupled = n.flag("input_forget", false)
	}
	n.directions(op, kind.activations)
	l := sequences{n: n, op: op, batchFirst: n.flag("layout", false)}
	l.run()
}

// directions reads weights and activations.
func (n *node) directions(op *graph.Recurrent, activations []string) {
	var backward []bool
	switch d := n.stringAttr("direction", "forward"); strings.ToLower(d) {
	case "forward":
		backward = []bool{false}
	case "reverse":
		backward = []bool{true}
	case "bidirectional":
		backward = []bool{false, true}
	default:
		n.fail("attribute direction has the unknown value %s", quote(d))
	}
	squashes := n.squashes(activations, len(backward))
	w, r := n.learned(1), n.learned(2)
	gates := op.Cell.Gates()
	if r.Rank() != 3 || r.Dims[2] == 0 || r.Dims[1] != gates*r.Dims[2] || r.Dims[0] != len(backward) {
		n.fail("%s of type %s is no weights of states in %d directions", n.argName(2), r.Type, len(backward))
	}
	hidden := r.Dims[2]
	if size := n.smallInt("hidden_size", int64(hidden)); int(size) != hidden {
		n.fail("attribute hidden_size is %d, the weights have %d", size, hidden)
	}
	if w.Rank() != 3 || w.Dims[0] != len(backward) || w.Dims[1] != gates*hidden || w.Elem != r.Elem || !w.Elem.IsFloat() {
		n.fail("%s of type %s does not fit weights %s", n.argName(1), w.Type, r.Type)
	}
	var bias, peephole *graph.Tensor
	if n.has(3) {
		bias = n.weightsOfState(3, w.Elem, len(backward), 2*gates*hidden)
	}
	if bias == nil {
		bias = graph.NewTensor(w.Elem, len(backward), 2*gates*hidden)
	}
	if op.Cell == graph.LSTM && n.has(7) {
		peephole = n.weightsOfState(7, w.Elem, len(backward), 3*hidden)
	}
	n.spend(3 * (w.Size() + r.Size()))
	for k, back := range backward {
		d := graph.Direction{Backward: back, W: matrixOf(w, k, 0, gates*hidden), R: matrixOf(r, k, 0, gates*hidden)}
		if op.Cell == graph.GRU {
			d.R, d.N = matrixOf(r, k, 0, 2*hidden), matrixOf(r, k, 2*hidden, hidden)
		}
		n.biases(op, &d, bias, k, gates*hidden)
		if peephole != nil {
			d.P = graph.NewTensor(w.Elem, 3, hidden)
			for i := range 3 * hidden {
				d.P.CopyElem(i, peephole, k*3*hidden+i)
			}
		}
		list := [3]*graph.Squash{&d.F, &d.G, &d.K}
		for i := range activations {
			*list[i] = squashes[k*len(activations)+i]
		}
		op.Directions = append(op.Directions, d)
	}
}

// weightsOfState is constant input i, which must have the given type.
func (n *node) weightsOfState(i int, e graph.Elem, dims ...int) *graph.Tensor {
	t := n.learned(i)
	if want := graph.Of(e, dims...); !t.Type.Equal(want) {
		n.fail("%s of type %s must be %s", n.argName(i), t.Type, want)
	}
	return t
}

// matrixOf is `count` rows from `from` on of matrix k of t [matrices, rows, columns], transposed.
func matrixOf(t *graph.Tensor, k, from, count int) *graph.Tensor {
	rows, columns := t.Dims[1], t.Dims[2]
	out := graph.NewTensor(t.Elem, columns, count)
	for i := range columns {
		for j := range count {
			out.CopyElem(i*count+j, t, (k*rows+from+j)*columns+i)
		}
	}
	return out
}

// biases adds the biases of inputs and states, but for the last gate's of a GRU whose reset gate comes after the product.
func (n *node) biases(op *graph.Recurrent, d *graph.Direction, bias *graph.Tensor, k, sums int) {
	d.B = graph.NewTensor(bias.Elem, sums)
	joined := sums
	if op.ResetAfter {
		hidden := sums / 3
		joined = 2 * hidden
		d.NB = graph.NewTensor(bias.Elem, hidden)
		for i := range hidden {
			d.NB.CopyElem(i, bias, (2*k+1)*sums+joined+i)
		}
	}
	for i := range sums {
		b := bias.Float(2*k*sums + i)
		if i < joined {
			b += bias.Float((2*k+1)*sums + i)
		}
		d.B.SetFloat(i, b)
	}
}

// squashes reads the activations of all directions; alphas and betas are listed for those that take them.
func (n *node) squashes(otherwise []string, directions int) []graph.Squash {
	names := n.stringsAttr("activations")
	alphas, betas := n.floatsAttr("activation_alpha"), n.floatsAttr("activation_beta")
	if len(names) == 0 {
		for range directions {
			names = append(names, otherwise...)
		}
	}
	if len(names) != directions*len(otherwise) {
		n.fail("attribute activations has %d names, not %d", len(names), directions*len(otherwise))
	}
	var out []graph.Squash
	for _, name := range names {
		a, ok := squashOf[strings.ToLower(name)]
		if !ok {
			n.fail("attribute activations has the unknown name %s", quote(name))
		}
		take := func(takes bool, list *[]float32, to *float64) {
			if takes && len(*list) > 0 {
				*to, *list = float64((*list)[0]), (*list)[1:]
			}
		}
		take(a.alpha, &alphas, &a.Alpha)
		take(a.beta, &betas, &a.Beta)
		out = append(out, a.Squash)
	}
	return out
}

// sequences brings the tensors of a recurrent layer to the graph's order of axes and back: a row of a model with a batch is one
// sequence; one without a batch has them all, in front.
type sequences struct {
	n          *node
	op         *graph.Recurrent
	batchFirst bool
	whole      bool // there is no batch
}

func (l *sequences) run() {
	n, op := l.n, l.op
	x := n.anywhere(0)
	if x.rank() != 3 {
		n.fail("%s of type %s is no batch of sequences", n.argName(0), x)
	}
	l.whole = !x.batched
	x = l.inward(x, 1)
	steps := x.row()[len(x.row())-2]
	args := []value{x}
	add := func(there *bool, arg value, ok bool) {
		if ok {
			*there = true
			args = append(args, arg)
		}
	}
	if n.has(5) {
		s, ok := l.state(5, x)
		add(&op.First, s, ok)
	}
	if op.Cell == graph.LSTM && n.has(6) {
		s, ok := l.state(6, x)
		add(&op.FirstC, s, ok)
	}
	if n.has(4) {
		s, ok := l.lens(x, steps)
		add(&op.Lens, s, ok)
	}
	op.States = n.asked(1) && (op.Lens || steps == 0) || op.Cell == graph.LSTM && n.asked(2)
	y := n.emit(op, args...)
	n.set(0, l.part(y, 0, steps, true))
	switch {
	case op.States:
		n.set(1, l.part(y, steps, 1, false))
	case n.asked(1):
		n.set(1, l.last(y, steps))
	}
	if op.Cell == graph.LSTM && op.States {
		n.set(2, l.part(y, steps+1, 1, false))
	}
	// Other outputs are not set: nobody reads them.
	n.outs = max(n.outs, 2)
	if op.Cell == graph.LSTM {
		n.outs = 3
	}
}

// inward gives a tensor with the batch at axis `at` of the ONNX order (0 with layout 1) the graph's: its rows, or without a batch the batch in front.
func (l *sequences) inward(x value, at int) value {
	if l.batchFirst {
		at = 0
	}
	if x.batched {
		if x.at != at {
			l.n.unsupported("sequences %s with the batch at axis %d", x, x.at)
		}
		return value{v: x.v, batched: true}
	}
	if at == 0 {
		return x
	}
	return l.n.transpose(x, []int{1, 0, 2})
}

// outward undoes inward for a result of whose row has rank axes.
func (l *sequences) outward(y value, at int) value {
	if l.batchFirst {
		at = 0
	}
	if !l.whole {
		y.at = at
		return y
	}
	order := make([]int, len(y.row()))
	for i := range order {
		switch {
		case i < at:
			order[i] = i + 1
		case i > at:
			order[i] = i
		}
	}
	return l.n.transpose(y, order)
}

// state is input i, a state before the first step, as an argument of the layer; ok is false for zeros, which it has anyway.
func (l *sequences) state(i int, x value) (s value, ok bool) {
	n := l.n
	if s = n.anywhere(i); s.rank() != 3 {
		n.fail("%s of type %s is no state", n.argName(i), s)
	}
	if t := s.constant(); t != nil && allZero(t) {
		return s, false
	}
	if s.batched == x.batched {
		return l.inward(s, 1), true
	}
	batch := 1
	if l.batchFirst {
		batch = 0
	}
	if !x.batched || s.row()[batch] != 1 {
		n.unsupported("%s of type %s beside sequences %s", n.argName(i), s, x)
	}
	return n.reshape(s, len(l.op.Directions), l.op.Hidden()), true
}

func allZero(t *graph.Tensor) bool {
	for i := range t.Size() {
		if t.Float(i) != 0 {
			return false
		}
	}
	return true
}

// lens is the sequences' lengths; ok is false where all are the number of steps.
func (l *sequences) lens(x value, steps int) (s value, ok bool) {
	n := l.n
	if s = n.arg(4); s.rank() != 1 || !s.elem().IsInt() {
		n.fail("%s of type %s is no list of lengths", n.argName(4), s)
	}
	if t := s.constant(); t != nil {
		for i := range t.Size() {
			if v := t.Int(i); v < 0 || v > int64(steps) {
				n.fail("%s has a length of %d for %d steps", n.argName(4), v, steps)
			} else if v != int64(steps) {
				ok = true
			}
		}
		if !ok {
			return s, false
		}
	}
	s = n.cast(graph.I32, s)
	if s.batched == x.batched {
		return s, true
	}
	if !x.batched || s.row()[0] != 1 {
		n.unsupported("%s of type %s beside sequences %s", n.argName(4), s, x)
	}
	return n.reshape(s), true
}

// part is the results of `count` steps from `from` on; those of a single state have no axis of steps.
func (l *sequences) part(y value, from, count int, steps bool) value {
	dims := []int{len(l.op.Directions), l.op.Hidden()}
	each := sizeOf(dims)
	at := 1
	if steps {
		dims, at = append([]int{count}, dims...), 2
	}
	last := len(y.row()) - 1
	y = l.n.take(y, last, l.n.steps(from*each, (from+count)*each, 1, y.row()[last]))
	return l.shaped(y, dims, at)
}

// last is the state after each direction's last step, where all sequences have all steps.
func (l *sequences) last(y value, steps int) value {
	hidden, dirs := l.op.Hidden(), len(l.op.Directions)
	var list []int
	for k, d := range l.op.Directions {
		t := steps - 1
		if d.Backward {
			t = 0
		}
		for i := range hidden {
			list = append(list, (t*dirs+k)*hidden+i)
		}
	}
	return l.shaped(l.n.take(y, len(y.row())-1, list), []int{dirs, hidden}, 1)
}

// shaped gives each sequence's elements in y the axes dims, and the batch its place.
func (l *sequences) shaped(y value, dims []int, at int) value {
	if l.whole {
		dims = append([]int{y.row()[0]}, dims...)
	}
	return l.outward(l.n.reshape(y, dims...), at)
}
