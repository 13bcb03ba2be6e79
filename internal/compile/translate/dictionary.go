package translate

import (
	"fmt"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// dictRef names a dictionary of the run: that of a scanned table's column.
type dictRef struct {
	table, column int
	count         int64
}

func sameDict(a, b *dictRef) bool {
	return a != nil && b != nil && a.table == b.table && a.column == b.column
}

// dict is the address of a dictionary.
func (f *fn) dict(d *dictRef) *staged.Node {
	all := f.b.Fixed(f.table(d.table), "dicts", staged.Dict.Type().Ptr())
	return f.b.IndexAddr(all, staged.Int(staged.TU64, int64(d.column)))
}

// widenCode gives codes the width that all layouts share.
func (f *fn) widenCode(n *staged.Node, t *staged.Type) *staged.Node {
	if n.Type == t {
		return n
	}
	return f.b.Cvt(t, f.b.Cvt(staged.TI32, n))
}

// codesDecide reports whether two values of one dictionary are equal if and only if their codes are: not where padding of
// any length does not count.
func codesDecide(v Value) bool {
	return v.Rep == RCode && (v.Type.Kind != sqltype.Char || v.Type.HasMod())
}

// tabulated is a predicate over a dictionary and the state field of its table of truth values.
type tabulated struct {
	of    logical.Expr
	dict  *dictRef
	field string
}

// overDictionary computes a predicate over a single dictionary-coded column once for each string and looks rows up.
func (f *fn) overDictionary(r *row, e logical.Expr) (Value, bool) {
	if f.prep == nil || logical.MayRaise(e) {
		return Value{}, false // the dictionary has strings of rows that a guard keeps from e, and of no row at all
	}
	ref, ok := f.t.onlyColumn(e)
	if !ok {
		return Value{}, false
	}
	v, known := r.cols[ref.Col.ID]
	if !known || v.Rep != RCode {
		return Value{}, false
	}
	ptr := f.b.Fixed(f.state, f.truthTable(e, ref, v.Dict), staged.TU8.Ptr())
	limit := f.b.Cast(staged.TU32, f.b.Fixed(f.dict(v.Dict), "count", staged.TU64))
	return boolean(f.b.Lut(staged.TMask, ptr, limit, v.N), v.Valid), true
}

// truthTable is the field of a predicate's table: equal predicates share one.
func (f *fn) truthTable(e logical.Expr, ref *logical.Ref, d *dictRef) string {
	for _, t := range f.tables {
		if sameDict(t.dict, d) && logical.Equal(t.of, e) {
			return t.field
		}
	}
	field := f.dictionaryTable(e, ref, d)
	f.tables = append(f.tables, tabulated{e, d, field})
	return field
}

// onlyColumn finds the one column of an expression of text over constants that is NULL where, and only where, the column is.
func (t *translator) onlyColumn(e logical.Expr) (ref *logical.Ref, ok bool) {
	switch e := e.(type) {
	case *logical.Ref:
		return e, e.Col.Type.Kind.IsString()
	case *logical.Call:
		if e.Func.Volatile() || e.Func >= logical.IsNull && e.Func <= logical.IsNotDistinct || e.Func >= logical.Coalesce && e.Func <= logical.Least {
			return nil, false
		}
		for _, a := range e.Args {
			if d, constant := t.constantOf(a); constant && !d.Null {
				continue
			}
			x, fine := t.onlyColumn(a)
			if !fine || ref != nil && x.Col.ID != ref.Col.ID {
				return nil, false
			}
			ref = x
		}
		return ref, ref != nil
	case *logical.InList:
		for _, x := range e.List {
			if d, _ := t.constantOf(x); d.Null {
				return nil, false
			}
		}
		return t.onlyColumn(e.Arg)
	case *logical.Cast:
		if e.Arg.Type().Kind.IsString() && e.Typ.Kind.IsString() {
			return t.onlyColumn(e.Arg)
		}
	}
	return nil, false
}

// dictionaryTable adds to prepare() the loop that fills a table of truth values, a byte a string; it returns the table's
// state field.
func (f *fn) dictionaryTable(e logical.Expr, ref *logical.Ref, d *dictRef) string {
	g := f.prep
	b := g.b
	field := fmt.Sprintf("table_%d", len(f.t.state.Fields))
	dict := g.dict(d)
	count := b.Fixed(dict, "count", staged.TU64)
	bytes := b.Pure(staged.TU64, "fl_max_u64", b.Add(count, staged.Int(staged.TU64, blockRows)), staged.Int(staged.TU64, 256))
	table := b.Cast(staged.TU8.Ptr(), b.Call(staged.TVoid.Ptr(), "fl_alloc", g.w, bytes))
	b.For("at", staged.Int(staged.TU64, 0), count, staged.Int(staged.TU64, blockRows), func(at *staged.Node) {
		n := b.Cast(staged.TU32, b.Pure(staged.TU64, "fl_min_u64", b.Sub(count, at), staged.Int(staged.TU64, blockRows)))
		blk := b.NewBlock(n)
		text := b.Run(blk, "flk_dict_entries", staged.Site{}, dict, at)[0]
		r := &row{blk: blk, sel: blk.Head, cols: map[logical.ColID]Value{ref.Col.ID: {Rep: RStr, Type: ref.Col.Type, N: text, Keep: true}}}
		b.Call(staged.TVoid, "flk_mask_bytes", b.IndexAddr(table, at), b.Array(b.And(blk.Head, g.mask(g.eval(r, e), r))), blk.N)
		b.Call(staged.TVoid, "fl_temp_reset", g.w)
	})
	f.t.stateField(field, staged.TU8.Ptr())
	b.Put(g.state, field, table)
	return field
}

// charTrimmed is a char(n) value as it is compared: without trailing spaces.
func (f *fn) charTrimmed(r *row, v Value) Value {
	if v.Null || v.Type.Kind != sqltype.Char || v.Rep != RStr {
		return v
	}
	v = f.lanes(r, v)
	v.N = f.runAt(r, "flk_trim_char", f.rows(r, v), 0, v.N)
	return v
}
