package translate

import (
	"fmt"

	"github.com/flernd/flernd/internal/compile/pipeline"
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
)

// aggregate is the sink of grouping. Small domains of keys (dictionary codes, truth values, narrow integers) are grouped
// densely: the group's number is computed, and either each group's rows are reduced under a mask (few groups) or rows are
// scattered to an array (more). Everything else goes to a hash table (aggregate_hash.go).
type aggregate struct {
	n       *physical.HashAggregate
	store   *rowStore
	keys    []Value
	aggs    []*aggState
	dense   *denseKeys
	acc     string // state field: dense groups, slots × groups
	slots   string // state field: number of slots
	tables  string // state field: hash tables, one a worker
	parcels string // state field: what tables held at the ends of morsels
}

const (
	maskedGroups = 16   // most dense groups that are reduced under masks
	denseGroups  = 4096 // most dense groups
)

func newAggregate(t *translator, n *physical.HashAggregate, p *pipeline.Pipeline) *aggregate {
	return &aggregate{n: n, store: t.newRowStore(n, "group")}
}

func (a *aggregate) open(l *line)         {}
func (a *aggregate) begin(l *line, f *fn) {}
func (a *aggregate) end(l *line, f *fn) {
	if a.dense == nil {
		a.endHash(f)
	}
}

func (a *aggregate) consume(l *line, f *fn, r *row) {
	args := make([]Value, len(a.n.Aggs))
	a.keys = make([]Value, len(a.n.Keys))
	for i, k := range a.n.Keys {
		v := f.bound(r, k.Expr)
		if !codesDecide(v) {
			v = f.keyForm(r, v)
		}
		a.keys[i] = f.lanes(r, v)
	}
	a.dense = denseOf(a.keys)
	if a.dense == nil {
		a.store.row.Add("hash", staged.TU64)
	}
	a.store.row.Add(groupRows, staged.TI64)
	for i, k := range a.n.Keys {
		a.store.add(k.Col, a.keys[i])
	}
	for i, x := range a.n.Aggs {
		if x.Agg.Arg != nil {
			args[i] = f.aggregated(r, x.Agg)
		}
		a.addState(i, x, args[i])
	}
	if a.dense == nil {
		a.consumeHash(l, f, r, args)
	} else {
		a.consumeDense(l, f, r, args)
	}
	for i, x := range a.n.Aggs {
		a.store.cols = append(a.store.cols, a.aggs[i].column(x.Col))
	}
}

// aggregated builds an aggregate's argument.
func (f *fn) aggregated(r *row, a *logical.Agg) Value {
	if a.Func == logical.Sum || a.Func == logical.Avg {
		return f.summand(r, f.t.bind(a.Arg))
	}
	v := f.bound(r, a.Arg)
	if isArray(v) {
		v = f.packed(r, v)
	}
	return v
}

// addState gives an aggregate its state; sums and averages of one value share it.
func (a *aggregate) addState(i int, x physical.NamedAgg, v Value) {
	for _, have := range a.aggs {
		if st := have.shared(x.Agg, v); st != nil {
			a.aggs = append(a.aggs, st)
			return
		}
	}
	st := newAggState(a.store, i, a.n.ID, x, v)
	if st.needSeen() {
		a.store.row.Add(st.acc+"_seen", staged.TI32)
	}
	a.aggs = append(a.aggs, st)
}

func (a *aggregate) close(l *line) {
	if a.dense == nil {
		a.closeHash(l)
		return
	}
	a.closeDense(l)
}

// denseKeys numbers groups: group = Σ (key - low)·stride, with one more number a key for NULL.
type denseKeys struct {
	low, stride, card []int64
	groups            int64
}

// denseOf tells whether the keys have few enough values, by their ranges.
func denseOf(keys []Value) *denseKeys {
	d := &denseKeys{groups: 1}
	for _, k := range keys {
		var low, card int64
		switch {
		case k.Null:
			card = 1
		case k.Rep == RBool:
			card = 2
		case codesDecide(k):
			card = 1
			for card < k.Dict.count {
				card *= 2
			}
		case k.Rep == RInt:
			low = int64(k.N.Range.Lo)
			if span := k.N.Range.Hi - k.N.Range.Lo; span >= denseGroups {
				return nil
			}
			card = int64(k.N.Range.Hi) - low + 1
		default:
			return nil
		}
		if k.Valid != nil {
			card++
		}
		d.low, d.stride, d.card = append(d.low, low), append(d.stride, d.groups), append(d.card, card)
		d.groups *= card
		if d.groups > denseGroups {
			return nil
		}
	}
	return d
}

// number computes the rows' group numbers in i32 lanes.
func (d *denseKeys) number(f *fn, r *row, keys []Value) *staged.Node {
	b := f.b
	var sum *staged.Node
	for i, k := range keys {
		if k.Null {
			continue
		}
		var x *staged.Node
		switch {
		case k.Rep == RBool:
			x = b.Prim("mk", staged.TI32, k.N)
		case k.Rep == RCode:
			x = b.Cvt(staged.TI32, k.N)
		default:
			x = b.Prim("sub", k.N.Type, k.N, staged.Int(k.N.Type, d.low[i]))
			x = b.Cvt(staged.TI32, x)
		}
		if k.Valid != nil {
			x = b.Prim("sel", staged.TI32, k.Valid, x, staged.Int(staged.TI32, d.card[i]-1))
		}
		x = b.Prim("mul", staged.TI32, x, staged.Int(staged.TI32, d.stride[i]))
		if sum == nil {
			sum = x
		} else {
			sum = b.Prim("add", staged.TI32, sum, x)
		}
	}
	return sum
}

func (a *aggregate) fields(t *translator) {
	if a.acc == "" {
		a.acc = t.stateField(fmt.Sprintf("n%d_acc", a.n.ID), a.store.row.Type().Ptr())
		a.slots = t.stateField(fmt.Sprintf("n%d_slots", a.n.ID), staged.TU64)
	}
}

// slot is the first group of the worker's own groups.
func (a *aggregate) slot(f *fn) *staged.Node {
	b := f.b
	which := b.Cast(staged.TU64, b.Fixed(f.w, "id", staged.TU32))
	base := b.Fixed(f.state, a.acc, a.store.row.Type().Ptr())
	return b.IndexAddr(base, b.Mul(which, a.stride(b))).Named("groups")
}

// stride is the groups of a slot: with one that nothing belongs to, where groups are reduced several at a time, and as many
// as keep the slots of two workers out of one pair of cache lines.
func (a *aggregate) stride(b *staged.Builder) *staged.Node {
	groups := a.dense.groups
	if a.masked() {
		groups++
	}
	size := staged.Sizeof(a.store.row.Type())
	apart := b.Scalar("div", staged.TU64, staged.Int(staged.TU64, linePair), size)
	return b.Add(apart, staged.Int(staged.TU64, groups+1))
}

// linePair is the bytes that processors fetch, and take from each other, together.
const linePair = 128

// masked reports whether groups are reduced under masks.
func (a *aggregate) masked() bool {
	return len(a.keys) > 0 && a.dense.groups > 1 && a.dense.groups <= maskedGroups
}

func (a *aggregate) consumeDense(l *line, f *fn, r *row, args []Value) {
	b := f.b
	a.fields(l.t)
	groups := a.slot(f)
	switch {
	case len(a.keys) == 0 || a.dense.groups == 1:
		b.Reduce("count", nil, r.sel, staged.Place{Ptr: groups, Field: groupRows})
		for i, st := range a.aggs {
			st.block(f, groups, r.sel, args[i], r)
		}
	case a.masked():
		a.consumeMasked(f, r, groups, args)
	default:
		number := a.dense.number(f, r, a.keys)
		args = f.rowForm(r, args)
		b.Rows(r.sel, func(i *staged.Node) {
			g := b.IndexAddr(groups, b.At(number, i))
			b.Put(g, groupRows, b.Add(b.Get(g, groupRows), staged.Int(staged.TI64, 1)))
			for k, st := range a.aggs {
				st.one(f, g, args[k], i)
			}
		})
	}
}

// rowForm are values as a loop over rows reads them, one element at a time.
func (f *fn) rowForm(r *row, vs []Value) []Value {
	out := make([]Value, len(vs))
	for i, v := range vs {
		out[i] = f.lanes(r, f.plainText(r, v))
	}
	return out
}

// consumeMasked reduces each group's rows under a mask; groups without rows in the block are passed over.
func (a *aggregate) consumeMasked(f *fn, r *row, groups *staged.Node, args []Value) {
	b := f.b
	wide := a.dense.number(f, r, a.keys)
	number := b.Prim("sel", staged.TU8, r.sel, b.Cvt(staged.TU8, wide), staged.Int(staged.TU8, 255)).Named(hint(a.n.ID, "group"))
	present := b.Var("present", staged.Int(staged.TI32, 0))
	one := b.Prim("sel", staged.TI32, r.blk.Head, staged.Int(staged.TI32, 1), staged.Int(staged.TI32, 1))
	b.Reduce("or", b.Prim("shl", staged.TI32, one, wide), r.sel, staged.Place{Var: present})
	for i := range args {
		args[i] = widened(f, r, a.aggs[i], args[i])
	}
	small := a.pack(f, args)
	b.Loop(int(a.dense.groups+int64(a.together())-1)/a.together(), func() {
		b.If(b.Scalar("not", staged.TI32, present), func() { b.Emit(&staged.Break{}) }, nil)
		masks, into := make([]*staged.Node, a.together()), make([]*staged.Node, a.together())
		for k := range masks {
			g := b.Call(staged.TU32, "fl_lowest_bit", b.Cast(staged.TU32, present), staged.Int(staged.TU32, a.dense.groups)).Named("g")
			g.Range = staged.RangeOf(0, a.dense.groups)
			b.Set(present, b.Scalar("and", staged.TI32, present, b.Sub(present, staged.Int(staged.TI32, 1))))
			masks[k] = b.Prim("eq", staged.TU8, number, b.Cast(staged.TU8, g)).Named("in_group")
			into[k] = b.IndexAddr(groups, g)
		}
		for k, mask := range masks {
			a.count(f, small, mask, into[k])
		}
		for i, st := range a.aggs {
			for k, mask := range masks {
				if !small.has(st) {
					st.block(f, into[k], mask, args[i], r)
				}
			}
		}
	})
}

// registers is how many vector registers the accumulators of groups that are reduced together may take.
const registers = 28

// together is how many groups one loop reduces, so that it loads their values once.
func (a *aggregate) together() int {
	each := 0
	for _, st := range a.aggs {
		if st.of == nil && st.acc != "" {
			each += st.registers()
		}
	}
	return int(max(1, min(4, a.dense.groups, int64(registers/max(each, 1)))))
}

// widened gives a computed argument of a sum 64 bits if it would be widened for every group anew.
func widened(f *fn, r *row, st *aggState, v Value) Value {
	if v.Rep != RInt && v.Rep != RDec || st.agg.Func != logical.Sum && st.agg.Func != logical.Avg || !v.N.Lanes {
		return v
	}
	n, factor := withoutFactor(v.N)
	if n.Type != staged.TI32 || fitsLanes(n) || n.Op == staged.OpPrim && len(n.Args) == 1 || factor != 1 {
		return v
	}
	v.N = f.b.Cvt(staged.TI64, v.N)
	return v
}

// closeDense builds prepare() (allocate and initialise) and finish() (merge the slots in order, list the groups).
func (a *aggregate) closeDense(l *line) {
	p := l.prepare
	b := p.b
	t := a.store.row.Type()
	slots := b.Cast(staged.TU64, b.Field(p.query(), "nworkers", staged.TU32))
	b.Put(p.state, a.slots, slots)
	total := b.Mul(slots, a.stride(b))
	acc := b.Cast(t.Ptr(), b.Call(staged.TVoid.Ptr(), "fl_alloc", p.w, b.Mul(total, staged.Sizeof(t))))
	b.Put(p.state, a.acc, acc)
	a.initAll(b, acc, total)

	f := l.finish
	b = f.b
	acc = b.Get(f.state, a.acc)
	g64, stride := staged.Int(staged.TU64, a.dense.groups), a.stride(b)
	b.For("slot", staged.Int(staged.TU64, 1), b.Get(f.state, a.slots), staged.Int(staged.TU64, 1), func(slot *staged.Node) {
		b.For("g", staged.Int(staged.TU64, 0), g64, staged.Int(staged.TU64, 1), func(g *staged.Node) {
			into, from := b.IndexAddr(acc, g), b.IndexAddr(acc, b.Add(b.Mul(slot, stride), g))
			b.If(b.Scalar("not", staged.TI32, b.Get(from, groupRows)), func() { b.Emit(&staged.Continue{}) }, nil)
			b.Put(into, groupRows, b.Add(b.Get(into, groupRows), b.Get(from, groupRows)))
			for _, st := range a.aggs {
				st.merge(f, into, from)
			}
		})
	})
	rows := b.Cast(t.Ptr().Ptr(), b.Call(staged.TVoid.Ptr(), "fl_alloc", f.w, b.Mul(g64, staged.Int(staged.TU64, 8))))
	b.Put(f.state, a.store.rows, rows)
	count := b.Var("count", staged.Int(staged.TU64, 0))
	b.For("g", staged.Int(staged.TU64, 0), g64, staged.Int(staged.TU64, 1), func(g *staged.Node) {
		group := b.IndexAddr(acc, g)
		if len(a.keys) > 0 {
			b.If(b.Scalar("not", staged.TI32, b.Get(group, groupRows)), func() { b.Emit(&staged.Continue{}) }, nil)
		}
		a.writeKeys(f, group, g)
		b.PutAt(rows, count, group)
		b.Set(count, b.Add(count, staged.Int(staged.TU64, 1)))
	})
	b.Put(f.state, a.store.count, count)
}

func (a *aggregate) initAll(b *staged.Builder, acc, total *staged.Node) {
	needed := false
	for _, st := range a.aggs {
		needed = needed || st.acc != "" && (st.agg.Func == logical.Min || st.agg.Func == logical.Max)
	}
	if !needed {
		return
	}
	b.For("i", staged.Int(staged.TU64, 0), total, staged.Int(staged.TU64, 1), func(i *staged.Node) {
		for _, st := range a.aggs {
			st.init(b, b.IndexAddr(acc, i))
		}
	})
}

// writeKeys gives a dense group its key values, from its number.
func (a *aggregate) writeKeys(f *fn, group, g *staged.Node) {
	b := f.b
	for i := range a.keys {
		c := &a.store.cols[i]
		if c.shape.Null {
			continue
		}
		k := b.Scalar("mod", staged.TU64, b.Scalar("div", staged.TU64, g, staged.Int(staged.TU64, a.dense.stride[i])),
			staged.Int(staged.TU64, a.dense.card[i]))
		if c.shape.Valid != nil {
			b.Put(group, c.field+"_valid", b.Cmp("ne", k, staged.Int(staged.TU64, a.dense.card[i]-1)))
		}
		ft := a.store.row.Field(c.field)
		b.Put(group, c.field, b.Cast(ft, b.Add(b.Cast(staged.TI64, k), staged.Int(staged.TI64, a.dense.low[i]))))
	}
}
