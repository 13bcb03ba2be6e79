package translate

import (
	"fmt"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
)

// build is the sink of a join's build side: the rows of each morsel are kept with their hash, by partition; a completion links each
// partition's rows into chains of one directory.
type build struct {
	n       *physical.HashJoin
	store   *rowStore
	keyCols []storedColumn
	buffers string
	dir     string // state field: fl_join
}

// directory is the runtime's directory of chains (crt/src/support.h).
var directory = staged.External("fl_join")

func (s *build) open(l *line) {
	s.store = l.t.newRowStore(s.n, "build")
	l.t.ops[s.n] = s
}
func (s *build) begin(l *line, f *fn) {}
func (s *build) end(l *line, f *fn) {
	f.b.Call(staged.TVoid, "fl_join_end", f.w, f.b.Fixed(f.state, s.dir, directory.Type().Ptr()), s.buffer(f), f.morsel)
}

// buffer is where the worker keeps the rows of the morsel.
func (s *build) buffer(f *fn) *staged.Node {
	buffers := f.b.Fixed(f.state, s.buffers, rowBuffer.Type().Ptr())
	return f.b.IndexAddr(buffers, f.b.Cast(staged.TU64, f.b.Fixed(f.w, "id", staged.TU32))).Named("buffer")
}

func (s *build) consume(l *line, f *fn, r *row) {
	b, st := f.b, s.store
	id := s.n.ID
	st.row.Add("next", staged.TVoid.Ptr())
	st.row.Add("hash", staged.TU64)
	keys := f.joinKeys(r, s.n.BuildKeys, s.n.ProbeKeys)
	sel := f.withKeys(r, keys)
	for i, k := range keys {
		k.Valid = nil
		c := storedColumn{field: fmt.Sprintf("k%d", i), shape: k}
		st.declare(c.field, k)
		s.keyCols = append(s.keyCols, c)
	}
	cols := s.n.Build.Columns()
	vals := make([]Value, len(cols))
	for i, c := range cols {
		vals[i] = f.lanes(r, column(r, c))
		st.add(c, vals[i])
	}
	s.buffers = l.t.stateField(fmt.Sprintf("n%d_buffers", id), rowBuffer.Type().Ptr())
	s.dir = l.t.stateField(fmt.Sprintf("n%d_join", id), directory.Type().Ptr())
	hash := f.joinHash(r.with(sel), keys)
	mine := s.buffer(f)
	rowType := st.row.Type()
	b.Rows(sel, func(i *staged.Node) {
		p := b.Cast(rowType.Ptr(), b.Call(staged.TVoid.Ptr(), "fl_rows_add", f.w, mine, staged.Sizeof(rowType)))
		b.Put(p, "hash", b.At(hash, i))
		for k := range keys {
			f.put(p, s.keyCols[k].field, withoutValid(keys[k]), i)
		}
		for k := range vals {
			f.put(p, st.cols[k].field, vals[k], i)
		}
	})
}

// withKeys are the selected rows whose keys are all there: NULL is equal to nothing.
func (f *fn) withKeys(r *row, keys []Value) *staged.Node {
	sel := r.sel
	for _, k := range keys {
		if k.Null {
			return f.b.None(r.blk)
		}
		sel = f.b.And(sel, k.Valid)
	}
	return sel
}

// joinHash is the hash of a side's keys. Without keys all rows are of one chain, the first.
func (f *fn) joinHash(r *row, keys []Value) *staged.Node {
	if len(keys) == 0 {
		return staged.Int(staged.TU64, 0)
	}
	return f.hashOf(r, keys)
}

func withoutValid(v Value) Value {
	v.Valid = nil
	return v
}

// joinKeys evaluates a side's keys in the form both sides share: text plain, arrays packed, whole numbers in 64 bits, decimals likewise
// where both sides' types say that the scales agree, else in variable form.
func (f *fn) joinKeys(r *row, exprs, others []logical.Expr) []Value {
	keys := make([]Value, len(exprs))
	for i, e := range exprs {
		v := f.keyForm(r, f.bound(r, e))
		switch {
		case v.Null:
		case v.Rep == RInt:
			v.N = f.b.Cvt(staged.TI64, v.N)
		case v.Rep == RDec, v.Rep == RDec128:
			if v.Rep == RDec && v.Scale == sameScale(e, others[i]) {
				v.N = f.b.Cvt(staged.TI64, v.N)
				break
			}
			v = f.toNum(r, v)
		case v.Rep == RBool:
			v = Value{Rep: RInt, Type: v.Type, N: f.b.Prim("mk", staged.TI64, v.N), Valid: v.Valid}
		}
		keys[i] = v
	}
	return keys
}

// sameScale is the scale that two numeric types of at most 18 digits have in common, -1 if none.
func sameScale(a, b logical.Expr) int {
	pa, sa, okA := a.Type().PrecisionScale()
	pb, sb, okB := b.Type().PrecisionScale()
	if !okA || !okB || pa > 18 || pb > 18 || sa != sb {
		return -1
	}
	return sa
}

func (s *build) close(l *line) {
	p := l.prepare
	b := p.b
	workers := b.Cast(staged.TU64, b.Field(p.query(), "nworkers", staged.TU32))
	buffers := b.Call(staged.TVoid.Ptr(), "fl_alloc", p.w, b.Mul(workers, staged.Sizeof(rowBuffer.Type())))
	b.Put(p.state, s.buffers, b.Cast(rowBuffer.Type().Ptr(), buffers))
	b.Put(p.state, s.dir, b.Call(directory.Type().Ptr(), "fl_join_new", p.w))
	f := l.finish
	f.b.Call(staged.TVoid, "fl_join_close", f.w, f.b.Get(f.state, s.dir))

	link := l.completion(fmt.Sprintf("%s_link", l.name))
	m := link.morsels
	m.b.Emit(&staged.Return{Value: m.b.Call(staged.TU64, "fl_join_tasks", m.b.Get(m.state, s.dir))})
	link.work.b.Call(staged.TVoid, "fl_join_link", link.work.w, link.work.b.Get(link.work.state, s.dir), link.work.morsel)
}

// probe finds the matching build rows of a block. Matches are gathered into new blocks, so that what follows works on full
// ones however many rows match.
func (l *line) probe(f *fn, n *physical.HashJoin, r *row, next func(*fn, *row)) {
	if n.Few > 0 {
		l.each(f, n, r, next)
		return
	}
	b := f.b
	s := l.t.ops[n].(*build)
	keys := f.joinKeys(r, n.ProbeKeys, n.BuildKeys)
	sel := f.withKeys(r, keys)
	hash := f.joinHash(r.with(sel), keys)
	rowPtr := s.store.row.Type().Ptr()
	dir := b.Fixed(f.state, s.dir, directory.Type().Ptr())
	heads := b.Fixed(dir, "heads", staged.TVoid.Ptr().Ptr())
	shift := b.Fixed(dir, "shift", staged.TU64)

	// All pairs of a probe row are found before the next row's, so that the position in the chain is the only state.
	picked := b.Run(r.blk, "flk_indices_of", staged.Site{Rows: sel})
	rows := b.Array(picked[0])
	count := b.Index(b.Array(picked[1]), staged.Int(staged.TU64, 0))
	if len(keys) > 0 {
		b.Call(staged.TVoid, "fl_join_ahead", dir, b.Array(hash), rows, count)
	}
	at := b.Var("probe_at", staged.Int(staged.TU32, 0))
	chain := b.Var("chain", staged.Null(rowPtr))
	pairRow := b.Array(b.Scratch(r.blk, staged.TU16, "pair_row"))
	pairBuild := b.Array(b.Scratch(r.blk, rowPtr, "pair_build"))
	current := b.Var("current", staged.Int(staged.TU32, 0))
	mark := b.Call(staged.TVoid.Ptr(), "fl_temp_mark", f.w)
	b.Loop(0, func() {
		f.stopped()
		b.Call(staged.TVoid, "fl_temp_release", f.w, mark)
		found := b.Var("found", staged.Int(staged.TU32, 0))
		b.Loop(0, func() {
			b.If(b.Cmp("ge", found, staged.Int(staged.TU32, blockRows)), func() { b.Emit(&staged.Break{}) }, nil)
			b.If(b.Scalar("not", staged.TI32, chain), func() {
				b.If(b.Cmp("ge", at, count), func() { b.Emit(&staged.Break{}) }, nil)
				b.Set(current, b.Cast(staged.TU32, b.Index(rows, at)))
				b.Set(at, b.Add(at, staged.Int(staged.TU32, 1)))
				b.Set(chain, b.Cast(rowPtr, b.Index(heads, b.Scalar("shr", staged.TU64, b.At(hash, current), shift))))
				b.Emit(&staged.Continue{})
			}, nil)
			b.If(b.Cmp("eq", b.Get(chain, "hash"), b.At(hash, current)), func() {
				same := staged.Int(staged.TI32, 1)
				for i := range keys {
					if keys[i].Null || s.keyCols[i].shape.Null {
						continue // there are no such rows
					}
					same = b.Scalar("land", staged.TI32, same, f.equal(keys[i], b.Get(chain, s.keyCols[i].field), b.At(keys[i].N, current)))
				}
				b.If(same, func() {
					b.PutAt(pairRow, found, b.Cast(staged.TU16, current))
					b.PutAt(pairBuild, found, chain)
					b.Set(found, b.Add(found, staged.Int(staged.TU32, 1)))
				}, nil)
			}, nil)
			b.Set(chain, b.Cast(rowPtr, b.Get(chain, "next")))
		})
		b.If(b.Scalar("not", staged.TI32, found), func() { b.Emit(&staged.Break{}) }, nil)
		n32 := b.Index(b.Address(found), staged.Int(staged.TU64, 0)).Named("pairs")
		blk := b.NewBlock(n32)
		out := &row{blk: blk, sel: blk.Head, cols: map[logical.ColID]Value{}}
		for id, v := range s.store.read(f, blk, n.ID, func(i *staged.Node) *staged.Node { return b.Index(pairBuild, i) }) {
			out.cols[id] = v
		}
		for _, c := range n.Probe.Columns() {
			out.cols[c.ID] = f.gatherRows(r, column(r, c), blk, pairRow, hint(n.ID, c.Name))
		}
		out.sel = f.conjuncts(out, n.Residual)
		next(f, out)
	})
}

// gatherRows picks rows of another block: row i of blk is row index[i] of the value's.
func (f *fn) gatherRows(r *row, v Value, blk *staged.Block, index *staged.Node, name string) Value {
	b := f.b
	if v.Null {
		return v
	}
	pick := func(n *staged.Node) *staged.Node {
		if n == nil || !n.Lanes {
			return n
		}
		kernel := fmt.Sprintf("flk_gather_%d", n.Type.Size())
		if n.Type == staged.TMask {
			kernel = "flk_gather_m"
		}
		out := b.Scratch(blk, n.Type, name)
		out.Range = n.Range
		b.Call(staged.TVoid, kernel, b.Array(out), b.Array(n), index, blk.N)
		return out
	}
	out := v
	out.Valid = pick(v.Valid)
	if v.Rep == RBool {
		v.N = f.mask(v, r)
	}
	out.N = pick(v.N)
	if len(v.Elems) > 0 {
		out.Elems = make([]Value, len(v.Elems))
		for i, e := range v.Elems {
			out.Elems[i] = f.gatherRows(r, e, blk, index, name)
		}
	}
	return out
}
