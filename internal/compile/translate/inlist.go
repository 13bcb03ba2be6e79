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
	there := &logical.InList{Arg: e.Arg}
	for _, x := range e.List {
		if d := f.t.datum(x, "IN"); !d.Null {
			there.List = append(there.List, x)
		}
	}
	out := f.contained(r, there)
	if out.Null {
		return out
	}
	if len(there.List) < len(e.List) {
		out.Valid = f.b.And(f.mask(out, r), out.Valid)
	}
	if e.Not {
		out.N = f.b.Not(f.mask(out, r))
	}
	return out
}

// contained builds arg IN (constants, none of them NULL). The argument is evaluated once.
func (f *fn) contained(r *row, e *logical.InList) Value {
	if v, ok := f.overDictionary(r, e); ok {
		return v
	}
	v := f.eval(r, e.Arg)
	if v.Null || len(e.List) == 0 {
		return null(sqltype.Of(sqltype.Bool))
	}
	if out, ok := f.searched(r, v, e.List); ok {
		return out
	}
	return f.anyEqual(r, v, e.List)
}

// anyEqual is the disjunction of comparisons.
func (f *fn) anyEqual(r *row, v Value, list []logical.Expr) Value {
	var out Value
	for i, x := range list {
		same := f.compare(r, logical.Eq, v, f.eval(r, x))
		if i == 0 {
			out = same
		} else {
			out = f.combine(r, logical.Or, out, same)
		}
	}
	return out
}

// searched looks a list up that is laid out as data; ok is false for short lists and for types without an order in memory.
func (f *fn) searched(r *row, v Value, elements []logical.Expr) (Value, bool) {
	if len(elements) <= shortList || v.Type.Kind == sqltype.Char {
		return Value{}, false
	}
	list := make([]sqltype.Datum, len(elements))
	for i, x := range elements {
		list[i] = f.t.datum(x, "IN")
	}
	v = f.lanes(r, f.plainText(r, v))
	var n *staged.Node
	switch v.Rep {
	case RInt, RDec:
		data := f.blob(f.t.addBlob(intTable(physicalInts(list, v))))
		n = f.runAt(r, "flk_in_i64", f.rows(r, v), 0, f.b.Cvt(staged.TI64, v.N), data)
	case RStr:
		data := f.blob(f.t.addBlob(sortedTexts(list)))
		n = f.runAt(r, "flk_in_str", f.rows(r, v), 0, v.N, data)
	default:
		return Value{}, false
	}
	return boolean(n, v.Valid), true
}

// physicalInts is a list in the column's physical domain, sorted. What no value of the column's scale can equal is left out.
func physicalInts(list []sqltype.Datum, v Value) []int64 {
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
	return slices.Compact(all)
}

// intTable lays sorted numbers out for flk_in_i64: as a bitmap where that takes no more room than the numbers.
func intTable(all []int64) []byte {
	le := binary.LittleEndian
	if len(all) > 0 {
		least := uint64(all[0])
		if last := uint64(all[len(all)-1]) - least; last < 64*uint64(len(all)) {
			bits := make([]uint64, last/64+1)
			for _, x := range all {
				at := uint64(x) - least
				bits[at/64] |= 1 << (at % 64)
			}
			raw := le.AppendUint64(le.AppendUint64(nil, last+1), least)
			for _, w := range bits {
				raw = le.AppendUint64(raw, w)
			}
			return raw
		}
	}
	raw := le.AppendUint64(make([]byte, 8), uint64(len(all)))
	for _, x := range all {
		raw = le.AppendUint64(raw, uint64(x))
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
