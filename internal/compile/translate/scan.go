package translate

import (
	"math"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// scan reads a table's segments. Conditions of the form column-within-bounds are checked on the encoded values, without
// decoding; segments whose statistics exclude them are skipped.
type scan struct {
	n       *physical.Scan
	index   int // of the program's tables
	cols    []scanColumn
	layouts [][]segment.Layout
	bounds  []bound
	rest    []logical.Expr
}

// scanColumn is what all layouts of a column have in common: the form in which the rest of the pipeline sees it.
type scanColumn struct {
	col      logical.Column
	ordinal  int
	rep      Rep
	lane     *staged.Type
	scale    int
	rng      staged.Range
	nullable bool
	dict     *dictRef
}

func (s *scan) open(l *line) {
	t := l.t
	s.index = len(t.prog.Tables)
	s.layouts = [][]segment.Layout{}
	tab := Table{Snapshot: s.n.Snapshot, Ordinals: s.n.Ordinals}
	for _, seg := range s.n.Snapshot.Segments {
		tab.Layout = append(tab.Layout, s.layoutOf(seg.Cols))
	}
	if len(s.layouts) == 0 { // no rows: the program is the same as for a tail
		var plain []segment.Column
		for _, c := range s.n.Table.Columns {
			plain = append(plain, segment.Column{Layout: table.WideLayout(c)})
		}
		s.layoutOf(plain)
	}
	t.prog.Tables = append(t.prog.Tables, tab)
	for i, c := range s.n.Cols {
		s.cols = append(s.cols, s.describe(c, i))
	}
	filter := make([]logical.Expr, len(s.n.Filter))
	for i, c := range s.n.Filter {
		filter[i] = t.bind(c)
	}
	s.bounds, s.rest = s.splitFilter(filter)
	t.prog.Tables[s.index].bounds = s.bounds
	m := t.newFn(l.name+"_morsels", staged.TU64, false)
	m.b.Emit(&staged.Return{Value: m.b.Cast(staged.TU64, m.b.Field(m.table(s.index), "nmorsels", staged.TU32))})
	l.morsels = m
}

// layoutOf numbers the distinct layouts of the scanned columns.
func (s *scan) layoutOf(cols []segment.Column) uint32 {
	ls := make([]segment.Layout, len(s.n.Ordinals))
	for i, o := range s.n.Ordinals {
		ls[i] = cols[o].Layout
	}
	for k, have := range s.layouts {
		same := true
		for i := range ls {
			same = same && ls[i] == have[i]
		}
		if same {
			return uint32(k)
		}
	}
	s.layouts = append(s.layouts, ls)
	return uint32(len(s.layouts) - 1)
}

// table is the address of one of the run's tables.
func (f *fn) table(i int) *staged.Node {
	tables := f.b.Fixed(f.query(), "tables", staged.Table.Type().Ptr())
	return f.b.IndexAddr(tables, staged.Int(staged.TU64, int64(i)))
}

// describe finds the common form of a column's layouts.
func (s *scan) describe(c logical.Column, i int) scanColumn {
	d := scanColumn{col: c, ordinal: s.n.Ordinals[i]}
	coded := len(s.layouts) > 0
	for _, ls := range s.layouts {
		d.nullable = d.nullable || ls[i].Nullable
		coded = coded && ls[i].Encoding == segment.Dictionary
	}
	switch k := c.Type.Kind; k {
	case sqltype.Bool:
		d.rep = RBool
		d.lane = staged.TMask
	case sqltype.Int2, sqltype.Int4, sqltype.Int8, sqltype.Date, sqltype.Timestamp:
		d.rep = RInt
		s.bound(&d, intBounds(k))
	case sqltype.Float4:
		d.rep, d.lane = RF32, staged.TF32
	case sqltype.Float8:
		d.rep, d.lane = RF64, staged.TF64
	case sqltype.Interval:
		d.rep, d.lane = RInterval, staged.TInterval
	case sqltype.Numeric:
		p, scale, ok := c.Type.PrecisionScale()
		switch {
		case !ok || p > 38 || scale < 0:
			d.rep, d.lane = RNum, staged.TStr
		case p > 18:
			d.rep, d.lane, d.scale = RDec128, staged.TI128, scale
		default:
			d.rep, d.scale = RDec, scale
			s.bound(&d, precisionRange(p))
		}
	case sqltype.Text, sqltype.Varchar, sqltype.Char:
		d.rep, d.lane = RStr, staged.TStr
		if coded {
			d.rep, d.lane = RCode, s.codeLane(i)
			d.dict = &dictRef{table: s.index, column: i, count: s.n.Snapshot.Dicts[d.ordinal].Count}
		}
	case sqltype.Array:
		d.rep, d.lane = RPacked, staged.TStr
	case sqltype.Vector:
		d.rep, d.lane = RVector, staged.TStr
	default:
		fail(sqlstate.Unsupported("a column of type %s in a scan", c.Type))
	}
	return d
}

// bound gives a column of whole numbers the range that its type and the table's statistics allow, rounded so that the
// program outlives small changes of the table, and the lane that holds it.
func (s *scan) bound(d *scanColumn, full staged.Range) {
	d.rng, d.lane = full, staged.TI64
	if stats := s.n.Snapshot.Stats; d.ordinal < len(stats) && stats[d.ordinal].HasBounds {
		if r := staged.RangeOf(stats[d.ordinal].MinInt, stats[d.ordinal].MaxInt).RoundUp(); r.Within(full) {
			d.rng = r
		}
	}
	if d.rng.Fits32() {
		d.lane = staged.TI32
	}
}

// codeLane holds the codes of column i in all layouts: those of several meet in one width.
func (s *scan) codeLane(i int) *staged.Type {
	if len(s.layouts) > 1 {
		return staged.TU32
	}
	return codeType(s.layouts[0][i].Width)
}

func codeType(width uint8) *staged.Type {
	switch width {
	case 1:
		return staged.TU8
	case 2:
		return staged.TU16
	}
	return staged.TU32
}

func (s *scan) produce(l *line, f *fn, consume func(*fn, *row)) {
	b := f.b
	tab := f.table(s.index)
	seg := b.Pure(staged.Segment.Type().Ptr(), "fl_segment_of", tab, f.morsel).Named("segment")
	cols := b.Fixed(seg, "cols", staged.ColData.Type().Ptr())
	s.skip(f, cols)
	first := b.Cast(staged.TU64, b.Fixed(seg, "first_morsel", staged.TU32))
	from := b.Mul(b.Sub(f.morsel, first), f.morselRows()).Named("from")
	to := b.Pure(staged.TU64, "fl_min_u64", b.Add(from, f.rowsOfMorsel(l)), b.Fixed(seg, "rows", staged.TU64)).Named("to")
	b.For("at", from, to, staged.Int(staged.TU64, blockRows), func(at *staged.Node) {
		f.nextBlock()
		n := b.Cast(staged.TU32, b.Pure(staged.TU64, "fl_min_u64", b.Sub(to, at), staged.Int(staged.TU64, blockRows))).Named("n")
		blk := b.NewBlock(n)
		if len(s.layouts) == 1 {
			consume(f, s.filtered(f, s.stage(f, blk, cols, at, 0)))
			return
		}
		consume(f, s.filtered(f, s.shared(f, blk, seg, cols, at)))
	})
}

const blockRows = staged.BlockRows

// morselRows is how many rows a morsel of a source has, its last one aside.
func (f *fn) morselRows() *staged.Node {
	return f.b.Fixed(f.query(), "morsel", staged.TU64).Named("morsel_rows")
}

// rowsOfMorsel is how many of them it gives. Under a LIMIT the executor may ask for fewer, to
// find the row that raises an error.
func (f *fn) rowsOfMorsel(l *line) *staged.Node {
	rows := f.morselRows()
	if r, ok := l.sink.(*result); ok && r.limit != nil {
		rows = f.b.Pure(staged.TU64, "fl_min_u64", f.b.Fixed(f.w, "most", staged.TU64).Named("most"), rows).Named("rows")
	}
	return rows
}

// filtered applies the conditions that are no bounds.
func (s *scan) filtered(f *fn, r *row) *row { return r.with(f.conjuncts(r, s.rest)) }

// stage reads the block in one layout: decoded columns, and the selection after the bounds.
func (s *scan) stage(f *fn, blk *staged.Block, cols, at *staged.Node, layout int) *row {
	r := &row{blk: blk, sel: blk.Head, cols: map[logical.ColID]Value{}}
	var loads []encodedColumn
	for i := range s.cols {
		e := s.load(f, blk, cols, at, i, s.layouts[layout][i])
		loads = append(loads, e)
		r.cols[s.cols[i].col.ID] = s.decode(f, e)
	}
	for i := range s.bounds {
		r.sel = f.b.And(r.sel, s.within(f, &s.bounds[i], loads[s.bounds[i].column]))
	}
	return r
}

// shared runs the stage of the segment's layout into lane arrays that the rest of the pipeline reads.
func (s *scan) shared(f *fn, blk *staged.Block, seg, cols, at *staged.Node) *row {
	b := f.b
	out := &row{blk: blk, cols: map[logical.ColID]Value{}}
	if out.sel = blk.Head; len(s.bounds) > 0 {
		out.sel = b.Scratch(blk, staged.TMask, "selected")
	}
	for i := range s.cols {
		c := &s.cols[i]
		v := Value{Rep: c.rep, Type: c.col.Type, Scale: c.scale, Dict: c.dict, Keep: true}
		v.N = b.Scratch(blk, c.lane, hint(s.n.ID, c.col.Name))
		v.N.Range = c.rng
		if c.lane.Kind == staged.U32 {
			v.N.Range = staged.Full(staged.TU32)
		}
		if c.nullable {
			v.Valid = b.Scratch(blk, staged.TMask, hint(s.n.ID, c.col.Name)+"_valid")
		}
		out.cols[c.col.ID] = v
	}
	layout := b.Fixed(seg, "layout", staged.TU32)
	for k := range s.layouts {
		b.If(b.Cmp("eq", layout, staged.Int(staged.TU32, int64(k))), func() {
			r := s.stage(f, blk, cols, at, k)
			for i := range s.cols {
				c := &s.cols[i]
				from, to := r.cols[c.col.ID], out.cols[c.col.ID]
				b.StoreLanes(b.Array(to.N), from.N)
				if c.nullable {
					valid := from.Valid
					if valid == nil {
						valid = blk.Head
					}
					b.StoreLanes(b.Array(to.Valid), valid)
				}
			}
			if len(s.bounds) > 0 {
				b.StoreLanes(b.Array(out.sel), r.sel)
			}
		}, nil)
	}
	return out
}

// encodedColumn is a column of a block as it lies in the segment.
type encodedColumn struct {
	c      *scanColumn
	layout segment.Layout
	meta   *staged.Node // its fl_column
	raw    *staged.Node // lanes, nil for Bytes and Fixed
	at     *staged.Node
	blk    *staged.Block
	valid  *staged.Node
}

func (s *scan) load(f *fn, blk *staged.Block, cols, at *staged.Node, i int, layout segment.Layout) encodedColumn {
	b := f.b
	c := &s.cols[i]
	e := encodedColumn{c: c, layout: layout, at: at, blk: blk}
	e.meta = b.IndexAddr(cols, staged.Int(staged.TU64, int64(i)))
	if layout.Nullable {
		bits := b.Fixed(e.meta, "valid", staged.TU8.Ptr())
		p := b.IndexAddr(bits, b.Scalar("shr", staged.TU64, at, staged.Int(staged.TU64, 3)))
		e.valid = b.LoadMask(blk, b.Cast(staged.TU64.Ptr(), p)).Named(hint(s.n.ID, c.col.Name) + "_valid")
	}
	lane := rawType(layout)
	if lane == nil {
		return e
	}
	data := b.Cast(lane.Ptr(), b.Fixed(e.meta, "data", staged.TVoid.Ptr())).Named(hint(s.n.ID, c.col.Name) + "_data")
	e.raw = b.Load(blk, b.IndexAddr(data, at)).Named(hint(s.n.ID, c.col.Name) + "_raw")
	return e
}

// rawType is the type of a layout's values in memory, nil for Bytes and Fixed.
func rawType(l segment.Layout) *staged.Type {
	switch l.Encoding {
	case segment.Scaled:
		switch l.Width {
		case 1:
			return staged.TU8
		case 2:
			return staged.TU16
		case 4:
			return staged.TU32
		}
		return staged.TI64
	case segment.Float:
		if l.Width == 4 {
			return staged.TF32
		}
		return staged.TF64
	case segment.Dictionary:
		return codeType(l.Width)
	case segment.Wide:
		return staged.TI128
	}
	return nil
}

// decode gives a column its common form.
func (s *scan) decode(f *fn, e encodedColumn) Value {
	b, c := f.b, e.c
	v := Value{Rep: c.rep, Type: c.col.Type, Scale: c.scale, Valid: e.valid, Dict: c.dict, Keep: true}
	name := hint(s.n.ID, c.col.Name)
	switch c.rep {
	case RBool:
		v.N = b.Prim("ne", e.raw.Type, e.raw, staged.Int(e.raw.Type, 0))
	case RInt, RDec:
		v.N = s.decodeScaled(f, e)
	case RF32, RF64, RDec128:
		v.N = e.raw
	case RInterval:
		v.N = b.Load(e.blk, b.Cast(staged.TInterval.Ptr(), e.raw.Args[0]))
	case RCode:
		v.N = f.widenCode(e.raw, c.lane)
	case RStr, RNum, RPacked, RVector:
		if e.layout.Encoding == segment.Fixed {
			v.N = b.Run(e.blk, "flk_vector_at", staged.Site{}, b.Cast(staged.TU8.Ptr(), b.Fixed(e.meta, "data", staged.TVoid.Ptr())), e.at,
				staged.Int(staged.TU64, e.layout.Stride()))[0]
			break
		}
		if e.layout.Encoding == segment.Dictionary {
			d := &dictRef{table: s.index, column: columnIndex(s, c)}
			return Value{Rep: RStr, Type: v.Type, Valid: v.Valid, Keep: true, N: f.decodeText(Value{N: e.raw, Dict: d}).Named(name)}
		}
		bytes := b.Cast(staged.TU8.Ptr(), b.Fixed(e.meta, "data", staged.TVoid.Ptr()))
		v.N = b.Run(e.blk, "flk_bytes_str", staged.Site{}, b.Fixed(e.meta, "offsets", staged.TI32.Ptr()), bytes, e.at)[0]
	}
	v.N.Named(name)
	return v
}

func columnIndex(s *scan, c *scanColumn) int {
	for i := range s.cols {
		if &s.cols[i] == c {
			return i
		}
	}
	return -1
}

// decodeScaled undoes base and divisor: value = x·divisor + base.
func (s *scan) decodeScaled(f *fn, e encodedColumn) *staged.Node {
	b, c := f.b, e.c
	n := b.Cvt(c.lane, e.raw)
	if e.layout.Width < 8 {
		n.Range = staged.Full(e.raw.Type)
		if !e.layout.HasBase {
			if r := (staged.Range{Lo: 0, Hi: math.Floor(c.rng.Hi / float64(max(e.layout.Divisor, 1)))}); r.Hi >= 0 && r.Hi < n.Range.Hi {
				n.Range = r
			}
		}
	} else {
		n.Range = c.rng
	}
	if e.layout.Divisor > 1 {
		n = b.Prim("mul", c.lane, n, staged.Int(c.lane, e.layout.Divisor))
	}
	if e.layout.HasBase {
		n = b.Prim("add", c.lane, n, b.Cast(c.lane, b.Fixed(e.meta, "base", staged.TI64)))
	}
	if c.rng.Within(staged.Full(c.lane)) {
		n.Range = c.rng
	}
	return n
}
