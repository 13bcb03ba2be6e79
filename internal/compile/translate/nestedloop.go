package translate

import (
	"fmt"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
)

// each joins a block with the few rows of a join without keys: it is handed on once for each of them, whose columns are the same
// in all its rows. So columns are not copied, and what comes of the block's alone is computed once: cgen places that before the loop.
func (l *line) each(f *fn, n *physical.HashJoin, r *row, next func(*fn, *row)) {
	b := f.b
	s := l.t.ops[n].(*build)
	if n.Few > 1 && r.sel != r.blk.Head {
		r = f.dense(r, n.Probe.Columns(), n.ID)
	}
	rowPtr := s.store.row.Type().Ptr()
	dir := b.Fixed(f.state, s.dir, directory.Type().Ptr())
	first := b.FixedAt(b.Fixed(dir, "heads", staged.TVoid.Ptr().Ptr()), staged.Int(staged.TU64, 0))
	// What the turns have in common is computed before the loop, and may raise: only if there is a turn.
	b.If(b.Cmp("ne", first, staged.Null(staged.TVoid.Ptr())), func() {
		chain := b.Var("chain", b.Cast(rowPtr, first))
		b.Loop(0, func() {
			f.stopped()
			b.If(b.Scalar("not", staged.TI32, chain), func() { b.Emit(&staged.Break{}) }, nil)
			mark := b.Call(staged.TVoid.Ptr(), "fl_temp_mark", f.w)
			one := b.Var("one", chain)
			b.Set(chain, b.Cast(rowPtr, b.Get(one, "next")))
			cols := map[logical.ColID]Value{}
			for i := range s.store.cols {
				c := &s.store.cols[i]
				v := f.uniform(r, one, c.field, c.shape)
				if v.N != nil {
					v.N.Named(hint(n.ID, c.col.Name))
				}
				cols[c.col.ID] = v
			}
			out := r.extend(cols)
			out.sel = f.conjuncts(out, n.Residual)
			next(f, out)
			b.Call(staged.TVoid, "fl_temp_release", f.w, mark)
		})
	}, nil)
}

// uniform is a field of one row of a store as a value of all rows of a block.
func (f *fn) uniform(r *row, ptr *staged.Node, field string, shape Value) Value {
	b := f.b
	v := shape
	v.Keep = true
	if v.Null {
		return v
	}
	if v.Valid != nil {
		v.Valid = f.constMask(b.Get(ptr, field+"_valid"), r.blk)
	}
	if v.Rep == RArray || v.Rep == RRecord {
		v.Elems = make([]Value, len(shape.Elems))
		for i, e := range shape.Elems {
			v.Elems[i] = f.uniform(r, ptr, fmt.Sprintf("%s_%d", field, i), e)
		}
		return v
	}
	rng := shape.N.Range
	v.N = b.Get(ptr, field)
	v.N.Range = rng
	switch v.Rep {
	case RBool, RInt, RF32, RF64, RStr: // as literals are
		return v
	}
	return f.lanes(r, v)
}

// dense is a block of the selected rows alone.
func (f *fn) dense(r *row, columns []logical.Column, node int) *row {
	b := f.b
	picked := b.Run(r.blk, "flk_indices_of", staged.Site{Rows: r.sel})
	rows := b.Array(picked[0])
	blk := b.NewBlock(b.Index(b.Array(picked[1]), staged.Int(staged.TU64, 0)).Named("rows"))
	out := &row{blk: blk, sel: blk.Head, cols: map[logical.ColID]Value{}}
	for _, c := range columns {
		out.cols[c.ID] = f.gatherRows(r, column(r, c), blk, rows, hint(node, c.Name))
	}
	return out
}
