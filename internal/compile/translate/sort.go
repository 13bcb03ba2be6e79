package translate

import (
	"fmt"
	"math"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
)

// sorter is the sink of ORDER BY, top-k and of LIMIT below other operators. Rows are kept with their sort keys, each worker
// its own; two completions sort them. Rows that compare equal stay in the order they came in.
type sorter struct {
	n             physical.Node
	input         physical.Node
	keys          []physical.SortKey
	limit, offset logical.Expr
	store         *rowStore
	keyCols       []storedColumn
	buffers       string // state field: fl_rows, one a worker
	sorted        string // state field: fl_sort
	compare       *staged.Func
}

// rowBuffer is the runtime's growing list of rows (crt/src/support.h).
var rowBuffer = staged.External("fl_rows")

// sorting is the runtime's sorting by many workers (crt/src/parcels.h).
var sorting = staged.External("fl_sort")

func (s *sorter) open(l *line) {
	s.store = l.t.newRowStore(s.n, "row")
	s.store.reused = s.limit != nil
}
func (s *sorter) begin(l *line, f *fn) {}

// end ends the pipeline after the morsel that brings the last row a LIMIT without an order asks for.
func (s *sorter) end(l *line, f *fn) {
	keep := s.keep(l.t)
	if len(s.keys) > 0 || keep < 0 {
		return
	}
	l.flags["FL_IN_TURN"] = true
	kept := l.t.stateField(fmt.Sprintf("n%d_kept", s.n.Base().ID), staged.TU64)
	f.b.Call(staged.TVoid, "fl_rows_enough", f.w, s.buffer(f), f.b.FieldAddr(f.state, kept, staged.TU64), f.b.Cast(staged.TU64, f.bigintParam(keep)))
}

// keep is how many rows LIMIT and OFFSET need, -1 for all: at most 2⁶⁴ - 2, as an unsigned number.
func (s *sorter) keep(t *translator) int64 {
	if s.limit == nil {
		return -1
	}
	skip, keep := t.limits(s.limit, s.offset)
	if keep >= 0 {
		keep += skip
	}
	return keep
}

// buffer is where the worker keeps its rows.
func (s *sorter) buffer(f *fn) *staged.Node {
	buffers := f.b.Fixed(f.state, s.buffers, rowBuffer.Type().Ptr())
	return f.b.IndexAddr(buffers, f.b.Cast(staged.TU64, f.b.Fixed(f.w, "id", staged.TU32))).Named("buffer")
}

func (s *sorter) consume(l *line, f *fn, r *row) {
	b := f.b
	st := s.store
	st.row.Add("order", staged.TU64)
	keys := make([]Value, len(s.keys))
	for i, k := range s.keys {
		keys[i] = f.keyForm(r, f.bound(r, k.Expr))
		c := storedColumn{field: fmt.Sprintf("k%d", i), shape: keys[i]}
		st.declare(c.field, keys[i])
		s.keyCols = append(s.keyCols, c)
	}
	cols := s.input.Columns()
	vals := make([]Value, len(cols))
	for i, c := range cols {
		v := column(r, c)
		vals[i] = f.lanes(r, v)
		st.add(c, vals[i])
	}
	s.buffers = l.t.stateField(fmt.Sprintf("n%d_buffers", s.n.Base().ID), rowBuffer.Type().Ptr())
	s.compare = s.comparator(l)
	mine := s.buffer(f)
	rowType := st.row.Type()
	sel := r.sel
	if s.limit != nil && len(keys) > 0 {
		sel = s.promising(f, r, mine, keys[0])
	}
	b.Rows(sel, func(i *staged.Node) {
		p := b.Cast(rowType.Ptr(), b.Call(staged.TVoid.Ptr(), "fl_rows_add", f.w, mine, staged.Sizeof(rowType)))
		b.Put(p, "order", b.Call(staged.TU64, "fl_row_order", f.morsel, mine))
		for k := range keys {
			f.put(p, s.keyCols[k].field, keys[k], i)
		}
		for k := range vals {
			f.put(p, st.cols[k].field, vals[k], i)
		}
	})
	if s.limit != nil {
		b.Call(staged.TVoid, "fl_rows_keep", f.w, mine, b.Cast(staged.TU64, f.bigintParam(s.keep(l.t))), staged.FuncAddr(s.compare))
	}
}

// promising are the rows of a block but for those that the first key puts behind enough others.
func (s *sorter) promising(f *fn, r *row, mine *staged.Node, key Value) *staged.Node {
	b := f.b
	lo, hi, ok := extremes(key)
	if !ok {
		return r.sel
	}
	worse, none := map[bool]string{true: "gt", false: "ogt"}[key.N.Type.IsInt()], hi
	if s.keys[0].Desc {
		worse, none = map[bool]string{true: "lt", false: "olt"}[key.N.Type.IsInt()], lo
	}
	bound := b.Var("bound", none)
	last := b.Cast(s.store.row.Type().Ptr(), b.Field(mine, "last", staged.TVoid.Ptr()))
	take := func() { b.Set(bound, b.Get(last, s.keyCols[0].field)) }
	b.If(last, func() {
		if key.Valid == nil {
			take()
		} else {
			b.If(b.Get(last, s.keyCols[0].field+"_valid"), take, nil)
		}
	}, nil)
	now := b.Index(b.Address(bound), staged.Int(staged.TU64, 0))
	return b.AndNot(r.sel, b.And(b.Prim(worse, key.N.Type, key.N, now), key.Valid))
}

// extremes are numbers of a key's lanes that none is below or above; ok is false for keys without vectors.
func extremes(key Value) (lo, hi *staged.Node, ok bool) {
	switch key.Rep {
	case RInt, RDec:
		if key.N.Type == staged.TI32 {
			return staged.Int(staged.TI32, math.MinInt32), staged.Int(staged.TI32, math.MaxInt32), true
		}
		return staged.Int(staged.TI64, math.MinInt64), staged.Int(staged.TI64, math.MaxInt64), true
	case RF32, RF64:
		return staged.Float(key.N.Type, math.Inf(-1)), staged.Float(key.N.Type, math.Inf(1)), true
	}
	return nil, nil, false
}

func (s *sorter) close(l *line) {
	p := l.prepare
	b := p.b
	workers := b.Cast(staged.TU64, b.Field(p.query(), "nworkers", staged.TU32))
	buffers := b.Call(staged.TVoid.Ptr(), "fl_alloc", p.w, b.Mul(workers, staged.Sizeof(rowBuffer.Type())))
	b.Put(p.state, s.buffers, b.Cast(rowBuffer.Type().Ptr(), buffers))

	s.sorted = l.t.stateField(fmt.Sprintf("n%d_sort", s.n.Base().ID), sorting.Type().Ptr())
	f := l.finish
	b = f.b
	workers = b.Cast(staged.TU64, b.Field(f.query(), "nworkers", staged.TU32))
	b.Put(f.state, s.sorted, b.Call(sorting.Type().Ptr(), "fl_sort_new", f.w, b.Get(f.state, s.buffers), workers, staged.FuncAddr(s.compare)))

	chunks := s.completion(l, "sort", "chunks", "fl_sort_chunk")
	chunks.finish.b.Call(staged.TVoid, "fl_sort_split", chunks.finish.w, chunks.finish.b.Get(chunks.finish.state, s.sorted))
	f = s.completion(l, "merge", "ranges", "fl_sort_range").finish
	b = f.b
	skip, limit := l.t.limits(s.limit, s.offset)
	sorted := b.Get(f.state, s.sorted)
	rows := b.Call(staged.TVoid.Ptr().Ptr(), "fl_sort_rows", sorted, f.bigintParam(skip), f.bigintParam(limit))
	b.Put(f.state, s.store.rows, b.Cast(s.store.row.Type().Ptr().Ptr(), rows))
	b.Put(f.state, s.store.count, b.Field(sorted, "left", staged.TU64))
}

// completion adds one whose morsels are counted in a field of the sorting.
func (s *sorter) completion(l *line, name, count, work string) *completion {
	st := l.completion(l.name + "_" + name)
	m, w := st.morsels, st.work
	m.b.Emit(&staged.Return{Value: m.b.Field(m.b.Get(m.state, s.sorted), count, staged.TU64)})
	w.b.Call(staged.TVoid, work, w.w, w.b.Get(w.state, s.sorted), w.morsel)
	return st
}

// comparator builds the function that orders two rows: by the keys, then by the order they came in.
func (s *sorter) comparator(l *line) *staged.Func {
	b := staged.NewFunc(fmt.Sprintf("n%d_compare", s.n.Base().ID), staged.TI32)
	f := &fn{t: l.t, b: b}
	rowPtr := s.store.row.Type().Ptr()
	x, y := b.Param("x_", staged.TVoid.Ptr()), b.Param("y_", staged.TVoid.Ptr())
	x, y = b.Cast(rowPtr, x).Named("x"), b.Cast(rowPtr, y).Named("y")
	for i, k := range s.keys {
		c := &s.keyCols[i]
		if c.shape.Null {
			continue
		}
		s.compareKey(f, c, k, x, y)
	}
	b.Emit(&staged.Return{Value: b.Call(staged.TI32, "fl_compare_u64", b.Get(x, "order"), b.Get(y, "order"))})
	l.t.prog.C.Funcs = append(l.t.prog.C.Funcs, b.Func)
	return b.Func
}

func (s *sorter) compareKey(f *fn, c *storedColumn, k physical.SortKey, x, y *staged.Node) {
	b := f.b
	sign := int64(1)
	if k.Desc {
		sign = -1
	}
	values := func() {
		d := f.order(c.shape, b.Get(x, c.field), b.Get(y, c.field))
		b.If(d, func() { b.Emit(&staged.Return{Value: b.Mul(d, staged.Int(staged.TI32, sign))}) }, nil)
	}
	if c.shape.Valid == nil {
		values()
		return
	}
	vx, vy := b.Get(x, c.field+"_valid"), b.Get(y, c.field+"_valid")
	first := int64(1) // what x being NULL alone means
	if k.NullsFirst {
		first = -1
	}
	b.If(b.Cmp("ne", vx, vy), func() {
		d := b.Sub(b.Scalar("mul", staged.TI32, vy, staged.Int(staged.TI32, 1)), vx)
		b.Emit(&staged.Return{Value: b.Mul(d, staged.Int(staged.TI32, first))})
	}, nil)
	b.If(vx, values, nil)
}

// order compares two scalars: negative, zero or positive.
func (f *fn) order(shape Value, x, y *staged.Node) *staged.Node {
	b := f.b
	switch shape.Rep {
	case RF32, RF64:
		return b.Call(staged.TI32, "fl_compare_f64", b.Cast(staged.TF64, x), b.Cast(staged.TF64, y))
	case RPacked, RVector:
		return b.Call(staged.TI32, "fl_compare_array", x, y, kindCode(shape.Type))
	case RStr, RNum, RDec128, RInterval:
		return b.Call(staged.TI32, "fl_compare_"+orderedAs(shape), x, y)
	}
	return b.Call(staged.TI32, "fl_compare_i64", b.Cast(staged.TI64, x), b.Cast(staged.TI64, y))
}
