package translate

import (
	"fmt"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// hashTable is the runtime's table of groups or build rows (crt/src/support.h).
var hashTable = staged.External("fl_ht")

// parcels are rows of morsels by partition of their hash (crt/src/parcels.h).
var (
	parcels = staged.External("fl_parcels")
	parcel  = staged.External("fl_parcel")
)

// hashOf combines the hashes of key values; a NULL has a hash of its own.
func (f *fn) hashOf(r *row, keys []Value) *staged.Node {
	var all *staged.Node
	for _, k := range keys {
		if k.Null {
			continue
		}
		v := f.charTrimmed(r, f.keyForm(r, k))
		h := f.hashLanes(r, v)
		if v.Valid != nil {
			h = f.run(r, "flk_hash_where", h, v.Valid)
		}
		if all == nil {
			all = h
			continue
		}
		all = f.run(r, "flk_hashmix", all, h)
	}
	if all == nil {
		all = f.run(r, "flk_hash_i32", f.spread(r, staged.Int(staged.TI32, 1)))
	}
	return all.Named("hash")
}

func (f *fn) hashLanes(r *row, v Value) *staged.Node {
	if isArray(v) {
		return f.runAt(r, "flk_hash_array", f.rows(r, v), 0, v.N, kindCode(v.Type))
	}
	name := "flk_hash_" + v.N.Type.Suffix()
	if v.Rep == RNum {
		name = "flk_hash_num"
	}
	return f.runAt(r, name, f.rows(r, v), 0, v.N)
}

// keyForm is a value as rows are told apart or ordered by it: lanes, text plain, arrays packed.
func (f *fn) keyForm(r *row, v Value) Value {
	if isArray(v) {
		v = f.packed(r, v)
	}
	if v.Rep == RRecord {
		fail(sqlstate.Unsupported("telling apart or ordering values of type %s", v.Type))
	}
	return f.lanes(r, f.plainText(r, v))
}

// equal compares two scalars of a value's shape as Postgres's = does.
func (f *fn) equal(shape Value, x, y *staged.Node) *staged.Node {
	switch shape.Rep {
	case RF32, RF64:
		return f.b.Call(staged.TI32, "fl_equal_f64", f.b.Cast(staged.TF64, x), f.b.Cast(staged.TF64, y))
	case RPacked, RVector:
		return f.b.Call(staged.TI32, "fl_equal_array", x, y, kindCode(shape.Type))
	case RStr, RNum, RDec128, RInterval:
		return f.b.Call(staged.TI32, "fl_equal_"+orderedAs(shape), x, y)
	}
	return f.b.Cmp("eq", x, y)
}

// keyReader reads a field of a key from the side that a stored row is compared with.
type keyReader func(field string) *staged.Node

// matches tells whether a stored row has the given keys. get reads the other side's fields by name.
func (f *fn) matches(row *staged.Node, cols []storedColumn, get keyReader) *staged.Node {
	b := f.b
	all := staged.Int(staged.TI32, 1)
	for i := range cols {
		c := &cols[i]
		if c.shape.Null {
			continue
		}
		values := func() *staged.Node { return f.equal(c.shape, b.Get(row, c.field), get(c.field)) }
		var same *staged.Node
		switch {
		case c.shape.Valid == nil:
			same = values()
		case c.shape.N.Type.InRegister():
			mine, other := b.Get(row, c.field+"_valid"), get(c.field+"_valid")
			same = b.Scalar("land", staged.TI32, b.Cmp("eq", mine, other), b.Scalar("lor", staged.TI32, b.Scalar("not", staged.TI32, mine), values()))
		default: // a NULL has no value that a call could look at
			mine, other := b.Get(row, c.field+"_valid"), get(c.field+"_valid")
			same = b.Var("same", b.Cmp("eq", mine, other))
			b.If(b.Scalar("land", staged.TI32, mine, other), func() { b.Set(same, values()) }, nil)
		}
		all = b.Scalar("land", staged.TI32, all, same)
	}
	return all
}

// probe looks a hash and its keys up in a table: found gets the group that has them, absent the empty slot where it would be.
func (a *aggregate) probe(f *fn, table, hash *staged.Node, get keyReader, found func(group *staged.Node), absent func(pos *staged.Node)) {
	b := f.b
	t := a.store.row.Type().Ptr()
	pos := b.Var("pos", b.Scalar("and", staged.TU64, hash, b.Field(table, "mask", staged.TU64)))
	b.Loop(0, func() {
		group := b.Cast(t, b.Index(b.Field(table, "slots", staged.TVoid.Ptr().Ptr()), pos)).Named("at")
		b.If(b.Scalar("not", staged.TI32, group), func() {
			absent(pos)
			b.Emit(&staged.Break{})
		}, nil)
		b.If(b.Cmp("eq", b.Get(group, "hash"), hash), func() {
			b.If(f.matches(group, a.store.cols[:len(a.keys)], get), func() {
				found(group)
				b.Emit(&staged.Break{})
			}, nil)
		}, nil)
		b.Set(pos, b.Scalar("and", staged.TU64, b.Add(pos, staged.Int(staged.TU64, 1)), b.Field(table, "mask", staged.TU64)))
	})
}

// groupOf leaves in a variable the group of row i, which may be a new one.
func (a *aggregate) groupOf(f *fn, table, hash, i *staged.Node) *staged.Node {
	b := f.b
	t := a.store.row.Type().Ptr()
	group := b.Var("group", staged.Null(t))
	get := func(field string) *staged.Node { return a.keyOfRow(f, field, i) }
	a.probe(f, table, hash, get, func(found *staged.Node) { b.Set(group, found) }, func(pos *staged.Node) {
		b.Set(group, b.Cast(t, b.Call(staged.TVoid.Ptr(), "fl_ht_add", f.w, table, pos, hash, staged.Sizeof(a.store.row.Type()))))
		for k := range a.keys {
			f.put(group, a.store.cols[k].field, a.keys[k], i)
		}
		for _, st := range a.aggs {
			st.init(b, group)
		}
	})
	return group
}

// consumeHash finds each row's group in the worker's table and adds the row to it. At the end of a morsel the groups of a table
// that has become large become a parcel.
func (a *aggregate) consumeHash(l *line, f *fn, r *row, args []Value) {
	b := f.b
	a.tables = l.t.stateField(fmt.Sprintf("n%d_tables", a.n.ID), hashTable.Type().Ptr().Ptr())
	a.parcels = l.t.stateField(fmt.Sprintf("n%d_parcels", a.n.ID), parcels.Type().Ptr())
	for i := range a.keys {
		a.keys[i] = f.lanes(r, a.keys[i])
	}
	args = f.rowForm(r, args)
	hash := f.hashOf(r, a.keys)
	table := a.table(f)
	b.Call(staged.TVoid, "fl_groups_ahead", table, staged.Sizeof(a.store.row.Type()), b.Array(hash), b.Array(r.sel), r.blk.N)
	b.Rows(r.sel, func(i *staged.Node) {
		group := a.groupOf(f, table, b.At(hash, i), i)
		b.Put(group, groupRows, b.Add(b.Get(group, groupRows), staged.Int(staged.TI64, 1)))
		for k, st := range a.aggs {
			st.one(f, group, args[k], i)
		}
	})
}

// keyOfRow reads the field of a key as row i has it.
func (a *aggregate) keyOfRow(f *fn, field string, i *staged.Node) *staged.Node {
	for k := range a.keys {
		switch field {
		case a.store.cols[k].field:
			return f.b.At(a.keys[k].N, i)
		case a.store.cols[k].field + "_valid":
			return f.b.At(a.keys[k].Valid, i)
		}
	}
	panic("translate: no key " + field)
}

// table is the worker's own.
func (a *aggregate) table(f *fn) *staged.Node {
	tables := f.b.Fixed(f.state, a.tables, hashTable.Type().Ptr().Ptr())
	return f.b.FixedAt(tables, f.b.Cast(staged.TU64, f.b.Fixed(f.w, "id", staged.TU32))).Named("table")
}

// endHash ends a morsel.
func (a *aggregate) endHash(f *fn) {
	f.b.Call(staged.TVoid, "fl_groups_end", f.w, f.b.Fixed(f.state, a.parcels, parcels.Type().Ptr()), a.table(f), f.morsel)
}

// closeHash builds prepare() (a table a worker), finish() (all groups are in parcels), and the completion that merges parcels.
func (a *aggregate) closeHash(l *line) {
	p := l.prepare
	b := p.b
	workers := b.Cast(staged.TU64, b.Field(p.query(), "nworkers", staged.TU32))
	tt := hashTable.Type().Ptr()
	tables := b.Cast(tt.Ptr(), b.Call(staged.TVoid.Ptr(), "fl_alloc", p.w, b.Mul(workers, staged.Int(staged.TU64, 8))))
	b.Put(p.state, a.tables, tables)
	b.For("i", staged.Int(staged.TU64, 0), workers, staged.Int(staged.TU64, 1), func(i *staged.Node) {
		b.PutAt(tables, i, b.Call(tt, "fl_ht_new", p.w))
	})
	b.Put(p.state, a.parcels, b.Call(parcels.Type().Ptr(), "fl_parcels_new", p.w))

	f := l.finish
	f.b.Call(staged.TVoid, "fl_groups_close", f.w, f.b.Get(f.state, a.parcels), f.b.Get(f.state, a.tables))

	s := l.completion(fmt.Sprintf("%s_merge", l.name))
	s.morsels.b.Emit(&staged.Return{Value: s.morsels.b.Field(s.morsels.b.Get(s.morsels.state, a.parcels), "tasks", staged.TU64)})
	a.mergeParcels(s.work)
	f = s.finish
	b = f.b
	list := b.Get(f.state, a.parcels)
	rows := b.Call(staged.TVoid.Ptr().Ptr(), "fl_groups_rows", f.w, list)
	b.Put(f.state, a.store.rows, b.Cast(a.store.row.Type().Ptr().Ptr(), rows))
	b.Put(f.state, a.store.count, b.Field(list, "groups", staged.TU64))
}

// mergeParcels builds the work of a task: one table for its partitions, into which every parcel's rows go in order. The first row of
// a group stays where it is and takes up the later ones.
func (a *aggregate) mergeParcels(f *fn) {
	b := f.b
	zero, one := staged.Int(staged.TU64, 0), staged.Int(staged.TU64, 1)
	rowPtr, parcelPtr := a.store.row.Type().Ptr(), parcel.Type().Ptr()
	list := b.Get(f.state, a.parcels)
	from := b.Call(staged.TU64, "fl_parcels_from", list, f.morsel)
	to := b.Call(staged.TU64, "fl_parcels_to", list, f.morsel)
	order := b.Field(list, "order", parcelPtr.Ptr())
	table := b.Call(hashTable.Type().Ptr(), "fl_ht_new", f.w)
	b.For("r", zero, b.Field(list, "nparcels", staged.TU64), one, func(r *staged.Node) {
		f.stopped()
		part := b.Index(order, r)
		rows := b.Cast(rowPtr.Ptr(), b.Field(part, "rows", staged.TVoid.Ptr().Ptr()))
		start := b.Call(staged.TU32.Ptr(), "fl_parcel_start", part)
		end := b.Cast(staged.TU64, b.Index(start, to))
		b.For("k", b.Cast(staged.TU64, b.Index(start, from)), end, one, func(k *staged.Node) {
			b.Call(staged.TVoid, "fl_parcel_ahead", b.Cast(staged.TVoid.Ptr().Ptr(), rows), k, end)
			a.mergeRow(f, table, b.Index(rows, k))
		})
	})
	b.Call(staged.TVoid, "fl_groups_merged", list, f.morsel, table)
}

// mergeRow adds a row of a parcel to its group, or makes it the group.
func (a *aggregate) mergeRow(f *fn, table, row *staged.Node) {
	b := f.b
	get := func(field string) *staged.Node { return b.Get(row, field) }
	a.probe(f, table, b.Get(row, "hash"), get, func(group *staged.Node) {
		b.Put(group, groupRows, b.Add(b.Get(group, groupRows), b.Get(row, groupRows)))
		for _, st := range a.aggs {
			st.merge(f, group, row)
		}
	}, func(pos *staged.Node) { b.Call(staged.TVoid, "fl_ht_put", f.w, table, pos, row) })
}
