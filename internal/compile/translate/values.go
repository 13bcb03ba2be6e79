package translate

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// values yields literal rows. A list of constants is data: it is laid out as columns in blobs and read as a table would be,
// so that INSERTs of any length share a program. Rows with other expressions are built one by one.
type values struct {
	n     *physical.Values
	cols  []valueColumn
	count int
}

func (s *values) open(l *line) {
	if s.constant(l.t) {
		for i := range s.n.Cols {
			s.cols = append(s.cols, l.t.valueColumn(s.n, i))
		}
		s.count = l.t.params.int64(int64(len(s.n.Rows)))
		m := l.t.newFn(l.name+"_morsels", staged.TU64, false)
		m.b.Emit(&staged.Return{Value: m.b.Call(staged.TU64, "fl_morsels_of", m.query(), m.b.Cast(staged.TU64, m.slot(staged.TI64, s.count)))})
		l.morsels = m
	}
}

// constant reports whether the rows can be laid out as columns.
func (s *values) constant(t *translator) bool {
	if len(s.n.Cols) == 0 || len(s.n.Rows) < 2 {
		return false
	}
	for i := range s.n.Cols {
		if !layable(s.n.Cols[i].Type) {
			return false
		}
		for _, r := range s.n.Rows {
			if _, ok := t.bind(r[i]).(*logical.Const); !ok {
				return false
			}
		}
	}
	return true
}

func layable(t sqltype.Type) bool {
	return t.Kind != sqltype.Record && (t.Kind != sqltype.Array || sqltype.StorableElement(t.Elem))
}

func (s *values) produce(l *line, f *fn, consume func(*fn, *row)) {
	if s.cols != nil {
		s.produceColumns(l, f, consume)
		return
	}
	b := f.b
	blk := b.NewBlock(staged.Int(staged.TU32, int64(len(s.n.Rows))))
	r := &row{blk: blk, sel: blk.Head, cols: map[logical.ColID]Value{}}
	if len(s.n.Rows) == 0 {
		for _, c := range s.n.Cols {
			r.cols[c.ID] = null(c.Type)
		}
		consume(f, r)
		return
	}
	if len(s.n.Rows) == 1 {
		for i, c := range s.n.Cols {
			r.cols[c.ID] = f.bound(r, s.n.Rows[0][i])
		}
		consume(f, r)
		return
	}
	s.produceRows(f, r, consume)
}

// produceRows builds a few rows of arbitrary expressions: each row's are evaluated under a mask of that row alone.
func (s *values) produceRows(f *fn, r *row, consume func(*fn, *row)) {
	b := f.b
	number := f.run(r, "flk_series_i32", staged.Int(staged.TI64, 0), staged.Int(staged.TI64, 1), staged.Int(staged.TU64, 0))
	for i, c := range s.n.Cols {
		acc := null(c.Type)
		for k, exprs := range s.n.Rows {
			m := b.And(r.sel, b.Prim("eq", staged.TI32, number, staged.Int(staged.TI32, int64(k))))
			acc = f.selectValue(r, m, f.bound(r.with(m), exprs[i]), acc, c.Type)
		}
		r.cols[c.ID] = acc
	}
	consume(f, r)
}

func (s *values) produceColumns(l *line, f *fn, consume func(*fn, *row)) {
	b := f.b
	count := b.Cast(staged.TU64, f.slot(staged.TI64, s.count))
	from := b.Mul(f.morsel, f.morselRows()).Named("from")
	to := b.Pure(staged.TU64, "fl_min_u64", b.Add(from, f.rowsOfMorsel(l)), count).Named("to")
	b.For("at", from, to, staged.Int(staged.TU64, blockRows), func(at *staged.Node) {
		f.nextBlock()
		n := b.Cast(staged.TU32, b.Pure(staged.TU64, "fl_min_u64", b.Sub(to, at), staged.Int(staged.TU64, blockRows))).Named("n")
		blk := b.NewBlock(n)
		r := &row{blk: blk, sel: blk.Head, cols: map[logical.ColID]Value{}}
		for i := range s.cols {
			r.cols[s.n.Cols[i].ID] = s.cols[i].load(f, blk, at)
		}
		consume(f, r)
	})
}
