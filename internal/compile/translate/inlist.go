package translate

import (
	"encoding/binary"
	"math/big"
	"slices"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// shortList is the most elements of an IN list that are compared one by one. A longer list is data, sorted and searched: its
// length does not shape the program.
const shortList = 4

// inList builds arg IN (constants). NULL in the list makes a miss unknown.
func (f *fn) inList(r *row, e *logical.InList) Value {
	var out Value
	if v, ok := f.searched(r, e); ok {
		out = v
	} else {
		out = f.anyEqual(r, e)
	}
	if e.Not && !out.Null {
		out.N = f.b.Not(f.mask(out, r))
	}
	return out
}

// anyEqual is the disjunction of comparisons.
func (f *fn) anyEqual(r *row, e *logical.InList) Value {
	var out Value
	for i, x := range e.List {
		v := f.call(r, &logical.Call{Func: logical.Eq, Args: []logical.Expr{e.Arg, x}, Typ: sqltype.Of(sqltype.Bool)})
		if i == 0 {
			out = v
		} else {
			out = f.combine(r, logical.Or, out, v)
		}
	}
	return out
}

// searched looks a list up that is laid out as data; ok is false for short lists and for types without an order in memory.
func (f *fn) searched(r *row, e *logical.InList) (Value, bool) {
	if len(e.List) <= shortList {
		return Value{}, false
	}
	nulls := false
	var list []sqltype.Datum
	for _, x := range e.List {
		d, _ := f.t.datum(x)
		if d.Null {
			nulls = true
			continue
		}
		list = append(list, d)
	}
	v := f.eval(r, e.Arg)
	if v.Null || v.Type.Kind == sqltype.Char {
		return Value{}, false
	}
	v = f.lanes(r, f.plainText(r, v))
	var n *staged.Node
	switch v.Rep {
	case RInt, RDec:
		data := f.blob(f.t.addBlob(sortedInts(list, v)))
		n = f.kernel1(r, "flk_in_i64", staged.TMask, staged.Out(0), staged.A(f.b.Cvt(staged.TI64, v.N)), staged.A(data), staged.N)
	case RStr:
		data := f.blob(f.t.addBlob(sortedTexts(list)))
		n = f.kernel1(r, "flk_in_str", staged.TMask, staged.Out(0), staged.A(v.N), staged.A(data), staged.A(f.rows(r, v)), staged.N)
	default:
		return Value{}, false
	}
	out := boolean(n, v.Valid)
	if nulls {
		out.Valid = f.b.And(n, v.Valid)
	}
	return out, true
}

// sortedInts lays a list out in the column's physical domain: a u64 count and so many i64. What no value of the column's
// scale can equal is left out.
func sortedInts(list []sqltype.Datum, v Value) []byte {
	var all []int64
	for _, d := range list {
		if d.N == nil {
			all = append(all, d.I)
			continue
		}
		if d.N.Special != sqltype.Finite {
			continue
		}
		u, shift := d.N.Unscaled, v.Scale-int(d.N.Scale)
		if shift >= 0 {
			u = new(big.Int).Mul(u, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(shift)), nil))
		} else {
			q, m := new(big.Int).QuoRem(u, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(-shift)), nil), new(big.Int))
			if m.Sign() != 0 {
				continue
			}
			u = q
		}
		if u.IsInt64() {
			all = append(all, u.Int64())
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	raw := binary.LittleEndian.AppendUint64(nil, uint64(len(all)))
	for _, x := range all {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(x))
	}
	return raw
}

// sortedTexts lays strings out in byte order: a u32 count, one more u32 offsets, the bytes.
func sortedTexts(list []sqltype.Datum) []byte {
	var all []string
	for _, d := range list {
		all = append(all, d.S)
	}
	slices.Sort(all)
	return textTable(slices.Compact(all))
}
