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

// overDictionary computes a predicate over a single dictionary-coded column once for each string and looks rows up. It
// applies where the predicate has no other column, cannot be NULL for a string, and rows outnumber strings.
func (f *fn) overDictionary(r *row, e logical.Expr) (Value, bool) {
	if f.prep == nil {
		return Value{}, false
	}
	ref, ok := onlyColumn(e)
	if !ok {
		return Value{}, false
	}
	v, known := r.cols[ref.Col.ID]
	if !known || v.Rep != RCode {
		return Value{}, false
	}
	key := fmt.Sprintf("%d.%d %s", v.Dict.table, v.Dict.column, shapeKey(e))
	table := f.dicts[key]
	if table == "" {
		var fine bool
		if table, fine = f.dictionaryTable(e, ref, v.Dict); !fine {
			return Value{}, false
		}
		if f.dicts == nil {
			f.dicts = map[string]string{}
		}
		f.dicts[key] = table
	}
	ptr := f.b.Fixed(f.state, table, staged.TU8.Ptr())
	limit := f.b.Cast(staged.TU32, f.b.Fixed(f.dict(v.Dict), "count", staged.TU64))
	return boolean(f.b.Lut(staged.TMask, ptr, limit, v.N), v.Valid), true
}

// onlyColumn finds the one column of an expression of text functions over constants.
func onlyColumn(e logical.Expr) (ref *logical.Ref, ok bool) {
	switch e := e.(type) {
	case *logical.Ref:
		return e, e.Col.Type.Kind.IsString()
	case *logical.Call:
		if e.Func.Volatile() || e.Func >= logical.IsNull && e.Func <= logical.IsNotDistinct {
			return nil, false
		}
		for _, a := range e.Args {
			switch a.(type) {
			case *logical.Const, *logical.Param:
				continue
			}
			x, fine := onlyColumn(a)
			if !fine || ref != nil && x.Col.ID != ref.Col.ID {
				return nil, false
			}
			ref = x
		}
		return ref, ref != nil
	case *logical.InList:
		return onlyColumn(e.Arg)
	case *logical.Cast:
		if e.Arg.Type().Kind.IsString() && e.Typ.Kind.IsString() {
			return onlyColumn(e.Arg)
		}
	}
	return nil, false
}

// shapeKey tells whether two predicates are the same object, or equal: tables are shared by address of the expression.
func shapeKey(e logical.Expr) string { return fmt.Sprintf("%p", e) }

// dictionaryTable adds to prepare() the loop that fills a table of truth values, a byte a string; it returns the table's
// state field.
func (f *fn) dictionaryTable(e logical.Expr, ref *logical.Ref, d *dictRef) (string, bool) {
	g := f.prep
	b := g.b
	field := fmt.Sprintf("table_%d", len(f.t.state.Fields))
	fine := true
	dict := g.dict(d)
	count := b.Fixed(dict, "count", staged.TU64)
	bytes := b.Pure(staged.TU64, "fl_max_u64", b.Add(count, staged.Int(staged.TU64, blockRows)), staged.Int(staged.TU64, 256))
	table := b.Cast(staged.TU8.Ptr(), b.Call(staged.TVoid.Ptr(), "fl_alloc", g.w, bytes))
	b.For("at", staged.Int(staged.TU64, 0), count, staged.Int(staged.TU64, blockRows), func(at *staged.Node) {
		n := b.Cast(staged.TU32, b.Pure(staged.TU64, "fl_min_u64", b.Sub(count, at), staged.Int(staged.TU64, blockRows)))
		blk := b.NewBlock(n)
		text := b.Kernel(blk, &staged.Kernel{Func: "flk_dict_entries", Outs: []*staged.Type{staged.TStr},
			Args: []staged.Arg{staged.Out(0), staged.A(dict), staged.A(at), staged.N}})[0]
		r := &row{blk: blk, sel: blk.Head, cols: map[logical.ColID]Value{ref.Col.ID: {Rep: RStr, Type: ref.Col.Type, N: text, Keep: true}}}
		v := g.eval(r, e)
		if v.Null || v.Valid != nil {
			fine = false
			return
		}
		b.Call(staged.TVoid, "flk_mask_bytes", b.IndexAddr(table, at), b.Array(b.And(blk.Head, g.mask(v, r))), blk.N)
		b.Call(staged.TVoid, "fl_temp_reset", g.w)
	})
	if !fine {
		return "", false
	}
	f.t.stateField(field, staged.TU8.Ptr())
	b.Put(g.state, field, table)
	return field, true
}

// charTrimmed is a char(n) value as it is compared: without trailing spaces.
func (f *fn) charTrimmed(r *row, v Value) Value {
	if v.Null || v.Type.Kind != sqltype.Char || v.Rep != RStr {
		return v
	}
	v = f.lanes(r, v)
	v.N = f.kernel1(r, "flk_trim_char", staged.TStr, staged.Out(0), staged.A(v.N), staged.A(f.rows(r, v)), staged.N)
	return v
}
