package translate

import (
	"fmt"

	"github.com/flernd/flernd/internal/compile/cgen"
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
)

// rowStore is rows kept between two pipelines: structs of the program, and the columns that lie in them. When the first
// pipeline has finished, state holds the addresses of the rows in order, and their number.
type rowStore struct {
	row   *staged.Struct
	rows  string // state field: struct row **
	count string // state field: u64
	cols  []storedColumn
	// reused tells that rows are dropped and their memory used again: text in it has buffers of its own.
	reused bool
}

// storedColumn is a column's place in the rows; Fields of the struct are named after it.
type storedColumn struct {
	col   logical.Column
	field string
	shape Value // representation, scale, range, dictionary; N's type is the field's
	// value computes the column from the fields it needs, instead of reading one (aggregates); nil otherwise.
	value func(f *fn, g *gatherer) Value
	needs []need
}

// need is a field that a computed column reads; TMask for a truth value. What is not stored as it is read has a reader.
type need struct {
	name string
	typ  *staged.Type
	read func(f *fn, row *staged.Node) *staged.Node
}

// newRowStore starts a store whose struct is named after the operator.
func (t *translator) newRowStore(n physical.Node, kind string) *rowStore {
	id := n.Base().ID
	s := &rowStore{row: t.newStruct(fmt.Sprintf("n%d_%s", id, kind))}
	s.rows = t.stateField(fmt.Sprintf("n%d_rows", id), s.row.Type().Ptr().Ptr())
	s.count = t.stateField(fmt.Sprintf("n%d_count", id), staged.TU64)
	t.ops[n] = s
	return s
}

// add makes room for a value of the given shape.
func (s *rowStore) add(col logical.Column, v Value) {
	c := storedColumn{col: col, field: fmt.Sprintf("c%d_%s", len(s.cols), cgen.Identifier(col.Name)), shape: v}
	s.declare(c.field, v)
	s.cols = append(s.cols, c)
}

func (s *rowStore) declare(field string, v Value) {
	switch {
	case v.Null:
	case v.Rep == RArray || v.Rep == RRecord:
		for i, e := range v.Elems {
			s.declare(fmt.Sprintf("%s_%d", field, i), e)
		}
	case v.Rep == RBool:
		s.row.Add(field, staged.TI32)
	default:
		s.row.Add(field, v.N.Type)
		if s.reused && v.N.Type == staged.TStr && !v.Keep {
			s.row.Add(field+bufferOf, buffer.Type())
		}
	}
	if v.Valid != nil && !v.Null {
		s.row.Add(field+"_valid", staged.TI32)
	}
}

// buffer is the runtime's room for a text that others will replace (crt/src/support.h); the field is called after the text's.
var buffer = staged.External("fl_buffer")

const bufferOf = "_buffer"

// kept is a copy of a text for a field of the row or group at ptr.
func (f *fn) kept(ptr *staged.Node, field string, text *staged.Node) *staged.Node {
	if ptr.Type.To.Struct.Field(field+bufferOf) == nil {
		return f.b.Call(staged.TStr, "fl_str_keep", f.w, text)
	}
	return f.b.Call(staged.TStr, "fl_str_keep_in", f.w, f.b.FieldAddr(ptr, field+bufferOf, buffer.Type()), text)
}

// bytesBehind reports whether a value's lanes point to bytes.
func bytesBehind(v Value) bool {
	return v.Rep == RStr || v.Rep == RNum || v.Rep == RPacked || v.Rep == RVector
}

// put stores row i's value.
func (f *fn) put(ptr *staged.Node, field string, v Value, i *staged.Node) {
	b := f.b
	if v.Null {
		return
	}
	if v.Valid != nil {
		b.Put(ptr, field+"_valid", b.At(v.Valid, i))
	}
	switch {
	case v.Rep == RArray || v.Rep == RRecord:
		for k, e := range v.Elems {
			f.put(ptr, fmt.Sprintf("%s_%d", field, k), e, i)
		}
	case bytesBehind(v) && !v.Keep:
		text := b.At(v.N, i)
		kept := func() { b.Put(ptr, field, f.kept(ptr, field, text)) }
		if v.Valid == nil {
			kept()
			return
		}
		b.If(b.At(v.Valid, i), kept, nil)
	default:
		b.Put(ptr, field, b.At(v.N, i))
	}
}

// gatherer reads rows of a store into the lanes of a block: fields are collected first, then filled by one loop over the
// rows.
type gatherer struct {
	f      *fn
	blk    *staged.Block
	wanted []gathered
	byName map[string]*staged.Node
}

type gathered struct {
	need
	lane *staged.Node
}

func (f *fn) newGatherer(blk *staged.Block) *gatherer {
	return &gatherer{f: f, blk: blk, byName: map[string]*staged.Node{}}
}

// lane is the lane array that a field of type t will be read into; masks are read from i32 fields.
func (g *gatherer) lane(field string, t *staged.Type, name string) *staged.Node {
	return g.need(need{name: field, typ: t}, name)
}

func (g *gatherer) need(x need, name string) *staged.Node {
	if n := g.byName[x.name]; n != nil {
		return n
	}
	n := g.f.b.Scratch(g.blk, x.typ, name)
	g.byName[x.name] = n
	g.wanted = append(g.wanted, gathered{x, n})
	return n
}

// column is a stored column's value in the block.
func (g *gatherer) column(c *storedColumn, node int) Value {
	if c.value != nil {
		return c.value(g.f, g)
	}
	return g.shaped(c.field, c.shape, hint(node, c.col.Name))
}

func (g *gatherer) shaped(field string, shape Value, name string) Value {
	v := shape
	v.Keep = true
	if v.Null {
		return v
	}
	switch {
	case v.Rep == RArray || v.Rep == RRecord:
		v.Elems = make([]Value, len(shape.Elems))
		for i, e := range shape.Elems {
			v.Elems[i] = g.shaped(fmt.Sprintf("%s_%d", field, i), e, name)
		}
	case v.Rep == RBool:
		v.N = g.lane(field, staged.TMask, name)
	default:
		rng := shape.N.Range
		v.N = g.lane(field, shape.N.Type, name)
		v.N.Range = rng
	}
	if v.Valid != nil {
		v.Valid = g.lane(field+"_valid", staged.TMask, name+"_valid")
	}
	return v
}

// fill emits the loop that reads the fields: pointer gives the address of the i-th row of the block.
func (g *gatherer) fill(pointer func(i *staged.Node) *staged.Node) {
	b := g.f.b
	if len(g.wanted) == 0 {
		return
	}
	var arrays []*staged.Node
	for _, w := range g.wanted {
		arrays = append(arrays, b.Array(w.lane))
	}
	b.For("i", staged.Int(staged.TU32, 0), g.blk.N, staged.Int(staged.TU32, 1), func(i *staged.Node) {
		p := pointer(i)
		for k, w := range g.wanted {
			switch {
			case w.read != nil:
				b.PutAt(arrays[k], i, w.read(g.f, p))
			case w.typ == staged.TMask:
				b.Call(staged.TVoid, "fl_setbit", arrays[k], i, b.Get(p, w.name))
			default:
				b.PutAt(arrays[k], i, b.Get(p, w.name))
			}
		}
	})
}

// storedRows is the source that reads a store.
type storedRows struct {
	n     physical.Node
	store *rowStore
}

func (s *storedRows) open(l *line) {
	m := l.t.newFn(l.name+"_morsels", staged.TU64, false)
	m.b.Emit(&staged.Return{Value: m.b.Call(staged.TU64, "fl_morsels_of", m.query(), m.b.Get(m.state, s.store.count))})
	l.morsels = m
}

func (s *storedRows) produce(l *line, f *fn, consume func(*fn, *row)) {
	b := f.b
	count := b.Fixed(f.state, s.store.count, staged.TU64)
	rows := b.Fixed(f.state, s.store.rows, s.store.row.Type().Ptr().Ptr())
	from := b.Mul(f.morsel, f.morselRows())
	to := b.Pure(staged.TU64, "fl_min_u64", b.Add(from, f.rowsOfMorsel(l)), count)
	b.For("at", from, to, staged.Int(staged.TU64, blockRows), func(at *staged.Node) {
		f.nextBlock()
		n := b.Cast(staged.TU32, b.Pure(staged.TU64, "fl_min_u64", b.Sub(to, at), staged.Int(staged.TU64, blockRows))).Named("n")
		blk := b.NewBlock(n)
		base := b.IndexAddr(rows, at)
		cols := s.store.read(f, blk, s.n.Base().ID, func(i *staged.Node) *staged.Node { return b.Index(base, i) })
		consume(f, &row{blk: blk, sel: blk.Head, cols: cols})
	})
}

// read brings the store's columns of a block of rows into lanes; pointer gives the address of the block's i-th row.
func (s *rowStore) read(f *fn, blk *staged.Block, node int, pointer func(i *staged.Node) *staged.Node) map[logical.ColID]Value {
	g := f.newGatherer(blk)
	for i := range s.cols {
		c := &s.cols[i]
		if c.value == nil {
			g.column(c, node)
		}
		for _, need := range c.needs {
			g.need(need, hint(node, need.name))
		}
	}
	g.fill(pointer)
	cols := map[logical.ColID]Value{}
	for i := range s.cols {
		cols[s.cols[i].col.ID] = g.column(&s.cols[i], node)
	}
	return cols
}
