package lower

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
)

// axis is one of the nested loops over the elements of a band: so many turns (times the band's rows, for the rows' own axis),
// and by how many elements each operand moves on a turn.
type axis struct {
	turns   int
	rows    bool
	strides []int
}

// loop computes an elementwise value, with those that are fused into it, in blocks of flat elements.
func (a *arrays) loop(v *graph.Value) {
	operands := a.plan.operands(v)
	bases := make([]*staged.Node, len(operands))
	for i, x := range operands {
		bases[i] = a.of(x)
	}
	a.nest(a.axes(v.Type.Dims, operands), a.of(v), bases, func(out *staged.Node, at []*staged.Node, inner axis, blk *staged.Block) {
		e := a.over(blk)
		for i, x := range operands {
			e.values[x] = []*staged.Node{e.loaded(x, at[i], inner.strides[i] == 0)}
		}
		a.b.StoreLanes(out, e.stored(e.fused(a.plan, v, v), v.Type.Elem))
	})
}

// narrowed brings elements that a kernel computed back to their narrow type, where they lie.
func (a *arrays) narrowed(v *graph.Value) {
	at := a.of(v)
	a.nest(a.axes(v.Type.Dims, []*graph.Value{v}), at, []*staged.Node{at}, func(out *staged.Node, at []*staged.Node, _ axis, blk *staged.Block) {
		e := a.over(blk)
		a.b.StoreLanes(out, e.narrow(v.Type.Elem, e.loaded(v, at[0], false)))
	})
}

// over is a lowering of elements as the rows of a block.
func (a *arrays) over(blk *staged.Block) *lowering {
	return &lowering{b: a.b, blk: blk, rows: blk.Head, data: a.data, graph: a.graph, now: a.now, values: map[*graph.Value][]*staged.Node{}, most: a.most}
}

// fused builds a value of a loop from its operands.
func (l *lowering) fused(p *plan, root, v *graph.Value) *staged.Node {
	args := make([]*staged.Node, len(v.Args))
	for i, x := range v.Args {
		if p.fused[x] == root && l.values[x] == nil {
			l.values[x] = []*staged.Node{l.fused(p, root, x)}
		}
		args[i] = l.values[x][0]
	}
	l.now = v
	return l.element(v)(args)
}

// loaded is an operand's elements at an address, or the one there for all lanes.
func (l *lowering) loaded(x *graph.Value, at *staged.Node, one bool) *staged.Node {
	var n *staged.Node
	if one {
		n = l.b.Index(at, staged.Int(staged.TU64, 0))
	} else {
		n = l.b.Load(l.blk, at)
	}
	if x.Type.Elem == graph.Bool {
		n = l.spread(n)
		return l.b.Prim("ne", n.Type, n, staged.Int(n.Type, 0))
	}
	return l.num(n, x.Type.Elem)
}

// stored is lanes as they are kept in a buffer.
func (l *lowering) stored(n *staged.Node, e graph.Elem) *staged.Node {
	n = l.spread(n)
	if e == graph.Bool {
		return l.b.Prim("mk", staged.TU8, n)
	}
	return l.num(n, e)
}

// axes are the loops over all elements of a band, outermost first, as few as the operands' broadcasting allows.
func (a *arrays) axes(dims []int, operands []*graph.Value) []axis {
	all := []axis{{turns: 1, rows: true, strides: make([]int, len(operands))}}
	for i, x := range operands {
		all[0].strides[i] = a.stride(x)
	}
	for k, n := range dims {
		if n == 1 {
			continue
		}
		x := axis{turns: n, strides: make([]int, len(operands))}
		for i, o := range operands {
			x.strides[i] = strideOf(o.Type.Dims, k-(len(dims)-o.Type.Rank()))
		}
		all = append(all, x)
	}
	joined := all[:1]
	for _, x := range all[1:] {
		outer := &joined[len(joined)-1]
		if !joins(*outer, x) {
			joined = append(joined, x)
			continue
		}
		outer.turns *= x.turns
		outer.strides = x.strides
	}
	return joined
}

// strideOf is the stride of axis k of a tensor that is broadcast: 0 where it has no such axis, or one of length 1.
func strideOf(dims []int, k int) int {
	if k < 0 || dims[k] == 1 {
		return 0
	}
	stride := 1
	for _, n := range dims[k+1:] {
		stride *= n
	}
	return stride
}

// joins reports whether a turn of the outer axis is as much as all turns of the inner, for every operand.
func joins(outer, inner axis) bool {
	for i, s := range outer.strides {
		if s != inner.strides[i]*inner.turns {
			return false
		}
	}
	return true
}

// nest builds the loops. The innermost goes over blocks of elements that lie one after the other, or are one.
func (a *arrays) nest(axes []axis, out *staged.Node, at []*staged.Node, body func(out *staged.Node, at []*staged.Node, inner axis, blk *staged.Block)) {
	b, x := a.b, axes[0]
	turns := a.int(x.turns)
	if x.rows {
		turns = a.times(x.turns)
	}
	step := 1 // elements of the result that a turn is
	for _, inner := range axes[1:] {
		step *= inner.turns
	}
	move := func(i *staged.Node) (*staged.Node, []*staged.Node) {
		moved := make([]*staged.Node, len(at))
		for k, p := range at {
			if moved[k] = p; x.strides[k] != 0 {
				moved[k] = b.IndexAddr(p, b.Mul(i, a.int(x.strides[k])))
			}
		}
		return b.IndexAddr(out, b.Mul(i, a.int(step))), moved
	}
	if len(axes) > 1 {
		b.For("axis", a.int(0), turns, a.int(1), func(i *staged.Node) {
			out, moved := move(i)
			a.nest(axes[1:], out, moved, body)
		})
		return
	}
	b.For("element", a.int(0), turns, a.int(staged.BlockRows), func(i *staged.Node) {
		out, moved := move(i)
		n := b.Cast(staged.TU32, b.Pure(staged.TU64, "fl_min_u64", b.Sub(turns, i), a.int(staged.BlockRows))).Named("elements")
		body(out, moved, x, b.NewBlock(n))
	})
}
