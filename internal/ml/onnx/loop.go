package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// turns is a Loop or a Scan: a subgraph that is evaluated again and again.
type turns struct {
	*node
	subgraph *onnxpb.GraphProto
	// counted tells a Loop: its body takes the turn's number and the condition, and gives the next condition.
	counted bool
	// limit is the most turns, more whether there is a first; those that are missing are absent.
	limit, more value
	// carried are the values that a turn hands on to the next, as they are in the beginning.
	carried []value
	// scanned are the tensors that a turn takes an entry of.
	scanned []scanned
	// stacks says where an output has the turns' entries.
	stacks []stacking
}

// scanned is a tensor with the axis of its rows whose entries the turns get, the last first if reverse.
type scanned struct {
	value
	axis    int
	reverse bool
}

// stacking is the axis along which a turn's entries are put together, and whether the last turn's comes first.
type stacking struct {
	axis    int
	reverse bool
}

func loop(n *node) {
	l := &turns{node: n, subgraph: n.graphAttr("body"), counted: true, limit: n.optionalArg(0, graph.I64), more: n.optionalArg(1, graph.Bool)}
	for i := 2; i < len(n.p.Input); i++ {
		l.carried = append(l.carried, n.whatever(i))
	}
	if len(l.subgraph.Output) < 1+len(l.carried) {
		n.fail("its subgraph has %d outputs, which do not go with %d values that are carried", len(l.subgraph.Output), len(l.carried))
	}
	l.stacks = make([]stacking, len(l.subgraph.Output)-1-len(l.carried))
	l.run()
}

// optionalArg is input i, a single number or bool, if it is there.
func (n *node) optionalArg(i int, e graph.Elem) value {
	if !n.has(i) {
		return value{kind: absentKind}
	}
	x := n.any(i)
	if x.v == nil || x.batched {
		n.ownWay("%s, which differs from row to row of a batch,", n.argName(i))
	}
	if x.elem() != e || x.v.Type.Size() != 1 {
		n.fail("%s of type %s is no single %s", n.argName(i), x, e)
	}
	return n.reshape(x)
}

// scan gives its body an entry of each scanned tensor a turn. Before operator set 9 rows of a batch are scanned each for itself.
func scan(n *node) {
	if distances(n) {
		return
	}
	l := &turns{node: n, subgraph: n.graphAttr("body"), limit: value{kind: absentKind}, more: value{kind: absentKind}}
	count := int(n.smallInt("num_scan_inputs", 0))
	inputs := n.p.Input
	if n.version() < 9 {
		n.batchScan(l, count)
		return
	}
	carried := len(inputs) - count
	if count < 1 || carried < 0 || len(l.subgraph.Output) < carried {
		n.fail("%d inputs, %d of them scanned, and %d outputs of the subgraph do not go together", len(inputs), count, len(l.subgraph.Output))
	}
	for i := range carried {
		l.carried = append(l.carried, n.any(i))
	}
	directions, axes := n.scanList("scan_input_directions", count), n.scanList("scan_input_axes", count)
	for i := range count {
		x := n.anywhere(carried + i)
		axis := n.axis(x, axes[i])
		l.scanned = append(l.scanned, scanned{x, axis, directions[i] != 0})
	}
	outs := len(l.subgraph.Output) - carried
	directions, axes = n.scanList("scan_output_directions", outs), n.scanList("scan_output_axes", outs)
	for i := range outs {
		l.stacks = append(l.stacks, stacking{axes[i], directions[i] != 0})
	}
	l.run()
}

// scanList is an attribute with a number for each of so many inputs or outputs, 0 if it is absent.
func (n *node) scanList(name string, count int) []int {
	list := n.smallInts(name)
	if len(list) == 0 {
		return make([]int, count)
	}
	if len(list) != count {
		n.fail("attribute %s has %d numbers, not %d", quote(name), len(list), count)
	}
	return list
}

// entries is how many turns the scanned tensors have entries for.
func (l *turns) entries() int {
	length := l.scanned[0].row()[l.scanned[0].axis]
	for _, x := range l.scanned {
		if k := x.row()[x.axis]; k != length {
			l.fail("the scanned inputs have %d and %d entries", length, k)
		}
	}
	return length
}

// entry is what a turn gets of a scanned tensor.
func (n *node) entry(x scanned, turn int) value {
	if x.reverse {
		turn = x.row()[x.axis] - 1 - turn
	}
	part := n.take(x.value, x.axis, []int{turn})
	part.layout = x.layout
	return n.without(part, x.axis)
}

// What a loop becomes: its turns one after another, if they are few operators; an operator that evaluates a graph of its own; or
// its turns, if that is what there cannot be and they are not too many.
const (
	fewUnrolled  = 256
	mostUnrolled = 4096
	// nodesUnrolled is how many nodes the turns may be, also where they come to constants.
	nodesUnrolled = 20_000
)

func (l *turns) run() {
	for i, x := range l.evaluate() {
		l.set(i, x)
	}
}

// evaluate gives the outputs: what was carried, then what the turns' entries are together.
func (l *turns) evaluate() []value {
	var out []value
	err := l.attempt(func() { out = l.unrolled(fewUnrolled) })
	if out != nil {
		return out
	}
	if err != nil && sqlstate.Of(err).Code == sqlstate.InvalidParameterValue {
		l.check(err)
	}
	if err = l.attempt(func() { out = l.kept() }); err == nil {
		return out
	}
	if l.attempt(func() { out = l.unrolled(mostUnrolled) }); out != nil {
		return out
	}
	for i, x := range []value{l.limit, l.more} {
		if x.v != nil && x.constant() == nil {
			l.orWant(err, i, x)
		}
	}
	l.check(err)
	return nil
}

// unrolled puts the turns one after another; nil if they are not known or more than so many operators.
func (l *turns) unrolled(most int) []value {
	out, entries, ok := l.unroll(most)
	if !ok {
		return nil
	}
	for i, list := range entries {
		out = append(out, l.stacked(list, l.stacks[i]))
	}
	return out
}

// batchScan is a Scan of before operator set 9: its inputs have the batch in front, which the body does not see.
func (n *node) batchScan(l *turns, count int) {
	if n.has(0) {
		n.unsupported("%s, lengths of the sequences,", n.argName(0))
	}
	carried := len(n.p.Input) - 1 - count
	outs := len(l.subgraph.Output) - carried
	if count < 1 || carried < 0 || outs < 0 {
		n.fail("%d inputs, %d of them scanned, and %d outputs of the subgraph do not go together", len(n.p.Input), count, len(l.subgraph.Output))
	}
	directions := n.scanList("directions", count)
	l.stacks = make([]stacking, outs)
	args := make([]value, carried+count)
	for i := range args {
		args[i] = n.arg(i + 1)
		if args[i].batched != args[0].batched || args[i].rank() == 0 || !args[i].batched && args[i].row()[0] != args[0].row()[0] {
			n.unsupported("%s beside %s", args[i], args[0])
		}
	}
	if args[0].batched {
		for i := range args {
			args[i].batched = false
		}
		for i, x := range n.scanRow(l, args, directions) {
			if x.v == nil || x.batched {
				n.unsupported("a Scan whose subgraph mixes rows")
			}
			x.batched = true
			n.set(i, x)
		}
		return
	}
	results := make([][]value, carried+outs)
	for b := range args[0].row()[0] {
		row := make([]value, len(args))
		for i, x := range args {
			row[i] = n.without(n.take(x, 0, []int{b}), 0)
		}
		for i, x := range n.scanRow(l, row, directions) {
			results[i] = append(results[i], n.with(x, 0))
		}
	}
	for i, list := range results {
		n.set(i, n.concatenated(list, 0))
	}
}

// scanRow evaluates such a Scan for one row of the batch.
func (n *node) scanRow(l *turns, args []value, directions []int) []value {
	carried := len(args) - len(directions)
	row := *l
	row.carried = args[:carried]
	for i, x := range args[carried:] {
		row.scanned = append(row.scanned, scanned{x, n.axis(x, 0), directions[i] != 0})
	}
	return row.evaluate()
}

// stacked puts the turns' entries together.
func (l *turns) stacked(list []value, how stacking) value {
	if len(list) == 0 {
		l.unsupported("an output of a loop without turns, whose shape is not known,")
	}
	list = slices.Clone(list)
	if how.reverse {
		slices.Reverse(list)
	}
	for i, x := range list {
		if x.v == nil || x.folded != 0 || x.kind != tensorKind {
			l.unsupported("an output of a loop of type %s", x)
		}
		list[i] = l.with(x, how.axis)
	}
	return l.concatenated(list, how.axis)
}

// unroll imports the body once a turn, if it is known when the turns end, and at most so many operators come of it.
func (l *turns) unroll(most int) (carried []value, entries [][]value, ok bool) {
	carried = slices.Clone(l.carried)
	entries = make([][]value, len(l.stacks))
	room, steps := l.imp.computed, l.imp.steps
	more := l.more
	for turn := 0; ; turn++ {
		again, known := l.another(turn, more)
		if !known || l.imp.computed-room > most || l.imp.steps-steps > nodesUnrolled {
			return nil, nil, false
		}
		if !again {
			return carried, entries, true
		}
		var inputs []value
		if l.counted {
			inputs = []value{l.constantOf(graph.Scalar(graph.I64, float64(turn))), l.truth()}
		}
		inputs = append(inputs, carried...)
		for _, x := range l.scanned {
			inputs = append(inputs, l.entry(x, turn))
		}
		outs := l.inline(l.subgraph, inputs...)
		if l.counted {
			more, outs = outs[0], outs[1:]
		}
		carried = outs[:len(carried)]
		for i, x := range outs[len(carried):] {
			entries[i] = append(entries[i], x)
		}
	}
}

// another tells whether there is a turn of the given number, if that is known.
func (l *turns) another(turn int, more value) (again, known bool) {
	if len(l.scanned) > 0 {
		return turn < l.entries(), true
	}
	again = true
	if l.limit.kind != absentKind {
		t := l.limit.constant()
		if t == nil {
			return false, false
		}
		again = int64(turn) < t.Int(0)
	}
	if more.kind != absentKind && again {
		t := more.constant()
		if t == nil {
			return false, false
		}
		if t.Elem != graph.Bool || t.Size() != 1 {
			l.fail("a condition of type %s is no single bool", t.Type)
		}
		again = t.Bool[0]
	}
	return again, true
}

func (n *node) truth() value {
	t := graph.NewTensor(graph.Bool)
	t.Bool[0] = true
	return n.constantOf(t)
}
