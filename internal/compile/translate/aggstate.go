package translate

import (
	"fmt"
	"math"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// aggState is one aggregate's part of a group: which fields of the group's struct it has, and how rows, whole masked
// blocks and other groups are added to them.
type aggState struct {
	agg   *logical.Agg
	node  int
	acc   string // accumulator field, "" for counts
	count string // field with the number of values; the group's own n when no row is NULL
	long  string // field that counts values of the larger of two scales, "" if there is one scale
	typ   *staged.Type
	arg   Value     // shape of the argument
	mul   int64     // constant factor taken out of a sum
	of    *aggState // whose fields these are, if they are another aggregate's
}

// groupRows is the field that counts a group's rows.
const groupRows = "n"

// maxRows bounds the rows of a table, for the width of sums.
const maxRows = 1 << 42

// newAggState declares the fields for an aggregate whose argument has the shape of v.
func newAggState(s *rowStore, i, node int, a physical.NamedAgg, v Value) *aggState {
	st := &aggState{agg: a.Agg, node: node, arg: v, mul: 1, count: groupRows}
	name := fmt.Sprintf("a%d_%s", i, a.Agg.Func)
	if a.Agg.Func == logical.CountStar {
		return st
	}
	if v.Valid != nil || v.Null {
		st.count = s.row.Add(name+"_n", staged.TI64)
	}
	switch a.Agg.Func {
	case logical.Count:
		return st
	case logical.Sum, logical.Avg:
		st.typ = sumType(v, a.Agg)
		if v.Long != nil {
			st.long = s.row.Add(name+"_long", staged.TI64)
		}
	case logical.Min, logical.Max:
		st.typ = extremeType(v)
	case logical.BoolAnd, logical.BoolOr:
		st.typ = staged.TI64
	}
	if !v.Null {
		st.acc = s.row.Add(name, st.typ)
		if st.needSeen() && st.typ == staged.TStr && !v.Keep {
			s.row.Add(st.acc+bufferOf, buffer.Type())
		}
	}
	return st
}

// shared returns a state that reads this one's fields for another aggregate, nil if they differ: sum and avg of one value,
// or the same aggregate twice.
func (st *aggState) shared(a *logical.Agg, v Value) *aggState {
	adds := func(f logical.AggFunc) bool { return f == logical.Sum || f == logical.Avg }
	same := st.agg.Func == a.Func || adds(st.agg.Func) && adds(a.Func)
	if !same || v.N == nil || v.N != st.arg.N || v.Valid != st.arg.Valid || v.Long != st.arg.Long || v.Scale != st.arg.Scale || v.Rep != st.arg.Rep {
		return nil
	}
	of := st
	if st.of != nil {
		of = st.of
	}
	return &aggState{agg: a, node: st.node, acc: st.acc, count: st.count, long: st.long, typ: st.typ, arg: st.arg, mul: 1, of: of}
}

// sumType is the accumulator of a sum: 64 bits while no table can overflow them, and what is exact for floats, so that no
// result depends on how rows fall to workers.
func sumType(v Value, a *logical.Agg) *staged.Type {
	switch v.Rep {
	case RF32, RF64:
		return staged.FloatSum.Type()
	case RInt, RDec:
		if v.N.Range.Mul(staged.Range{Lo: 0, Hi: maxRows}).Fits64() {
			return staged.TI64
		}
		return staged.TI128
	case RDec128:
		return staged.TI128
	case RNum, RVector:
		return staged.TStr
	}
	if v.Null {
		return staged.TI64
	}
	fail(sqlstate.Unsupported("%s of values of type %s", a.Func, v.Type))
	return nil
}

func extremeType(v Value) *staged.Type {
	switch v.Rep {
	case RInt, RDec:
		return staged.TI64
	case RF32, RF64, RDec128, RStr, RNum, RInterval, RPacked:
		return v.N.Type
	case RCode:
		return staged.TStr
	}
	if v.Null {
		return staged.TI64
	}
	fail(sqlstate.Unsupported("min and max of values of type %s", v.Type))
	return nil
}

// init writes the identities of a fresh (zeroed) group.
func (st *aggState) init(b *staged.Builder, group *staged.Node) {
	if st.acc == "" || st.agg.Func != logical.Min && st.agg.Func != logical.Max {
		return
	}
	lowest := st.agg.Func == logical.Max
	switch st.typ.Kind {
	case staged.I64:
		v := int64(math.MaxInt64)
		if lowest {
			v = math.MinInt64
		}
		b.Put(group, st.acc, staged.Int(staged.TI64, v))
	case staged.F32, staged.F64:
		// Postgres orders NaN above everything.
		name := "fl_nan"
		if lowest {
			name = "fl_minus_infinity"
		}
		b.Put(group, st.acc, b.Cast(st.typ, b.Pure(staged.TF64, name)))
	}
}

// block adds the rows of a mask to a group, as lane reductions.
func (st *aggState) block(f *fn, group, mask *staged.Node, v Value, r *row) {
	if st.agg.Func == logical.CountStar || v.Null || st.of != nil {
		return
	}
	b := f.b
	m := b.And(mask, v.Valid)
	place := func(field string) staged.Place { return staged.Place{Ptr: group, Field: field} }
	if st.count != groupRows {
		b.Reduce("count", nil, m, place(st.count))
	}
	switch st.agg.Func {
	case logical.Sum, logical.Avg:
		if st.long != "" {
			b.Reduce("count", nil, b.And(m, v.Long), place(st.long))
		}
		st.sum(f, place(st.acc), m, v, r)
	case logical.Min, logical.Max:
		st.extreme(f, group, m, v, r)
	case logical.BoolAnd, logical.BoolOr:
		b.Reduce("count", nil, b.And(m, f.mask(v, r)), place(st.acc))
	}
}

// sum reduces a block into a sum. A 0-or-1 selection is counted; a constant factor is left to the end.
func (st *aggState) sum(f *fn, into staged.Place, m *staged.Node, v Value, r *row) {
	b := f.b
	if v.Rep == RVector {
		f.runAt(r, "flk_sum_vector", m, 0, b.FieldAddr(into.Ptr, into.Field, st.typ), f.spread(r, v.N), st.average())
		return
	}
	if v.Rep == RDec128 || v.Rep == RNum {
		f.runAt(r, "flk_sum_"+wideNames[v.Rep], m, 0, b.FieldAddr(into.Ptr, into.Field, st.typ), f.spread(r, v.N))
		return
	}
	n := v.N
	if cond, ok := zeroOne(n); ok {
		b.Reduce("count", nil, b.And(m, cond), into)
		return
	}
	n = f.spread(r, n)
	if st.floats() {
		st.sumFloats(f, into, m, n)
		return
	}
	n, st.mul = withoutFactor(n)
	if n.Type == staged.TI64 && !n.Range.Mul(staged.Range{Lo: 0, Hi: blockRows}).Fits64() {
		f.runAt(r, "flk_sumw_i64", m, 0, b.FieldAddr(into.Ptr, into.Field, staged.TI128), n)
		return
	}
	op := "sum"
	switch {
	case n.Type != staged.TI32:
	case n.Range.Mul(staged.Range{Lo: 0, Hi: blockRows}).Fits32():
		op = "sumn"
	case fitsLanes(n):
		op = "sumw"
	}
	b.Reduce(op, n, m, into)
}

// floats reports whether the state is an exact sum of floats.
func (st *aggState) floats() bool { return st.typ == staged.FloatSum.Type() }

// average tells kernels of vectors whether the aggregate is one.
func (st *aggState) average() *staged.Node {
	return staged.Int(staged.TU32, bit(st.agg.Func == logical.Avg))
}

// sumFloats adds a block's total, which lanes add up in an order of their own, the same in every run. Values that are not finite
// are counted: without one, an infinite total is an overflow.
func (st *aggState) sumFloats(f *fn, into staged.Place, m, n *staged.Node) {
	b := f.b
	sum := b.FieldAddr(into.Ptr, into.Field, st.typ)
	odd := b.Prim("ne", n.Type, b.Prim("sub", n.Type, n, n), staged.Float(n.Type, 0))
	b.Reduce("sum", n, m, staged.Place{Ptr: sum, Index: staged.Int(staged.TU64, 0)})
	b.Reduce("count", nil, b.And(m, odd), staged.Place{Ptr: sum, Field: "odd"})
}

// fitsLanes reports whether a block's sums of each of the 16 lanes fit 32 bits.
func fitsLanes(n *staged.Node) bool {
	return n.Range.Mul(staged.Range{Lo: 0, Hi: blockRows / 16}).Fits32()
}

// zeroOne recognises a value that is 1 in the rows of a mask and 0 elsewhere.
func zeroOne(n *staged.Node) (cond *staged.Node, ok bool) {
	if n.Op == staged.OpPrim && n.Name == "mk_i32" {
		return n.Args[0], true
	}
	return nil, false
}

// withoutFactor takes a literal factor off a product.
func withoutFactor(n *staged.Node) (*staged.Node, int64) {
	if n.Op == staged.OpPrim && (n.Name == "mul_i32" || n.Name == "mul_i64") && n.Args[1].Op == staged.OpConst && n.Args[0].Lanes {
		return n.Args[0], n.Args[1].Imm
	}
	return n, 1
}

func (st *aggState) extreme(f *fn, group, m *staged.Node, v Value, r *row) {
	b := f.b
	op := extremeOps[st.agg.Func]
	switch v.Rep {
	case RInt, RDec, RF32, RF64:
		b.Reduce(op, f.spread(r, v.N), m, staged.Place{Ptr: group, Field: st.acc})
		return
	}
	v = f.keyForm(r, v)
	b.Rows(m, func(i *staged.Node) { st.keepExtreme(f, group, b.At(v.N, i), v.Keep) })
}

// keepExtreme compares one wide value with a group's; a group without values yet has a zero "seen" count for it, told by a
// null pointer or by the field st.acc_seen.
func (st *aggState) keepExtreme(f *fn, group, x *staged.Node, keep bool) {
	b := f.b
	shape := st.arg
	if shape.Rep == RCode {
		shape.Rep = RStr
	}
	seen := st.acc + "_seen"
	dir := int64(-1)
	if st.agg.Func == logical.Max {
		dir = 1
	}
	old := b.Get(group, st.acc)
	name, operands := "fl_better_"+orderedAs(shape), []*staged.Node{b.Get(group, seen), old, x, staged.Int(staged.TI32, dir)}
	if shape.Rep == RPacked {
		name, operands = "fl_better_array", append(operands, kindCode(shape.Type))
	}
	better := b.Call(staged.TI32, name, operands...)
	b.If(better, func() {
		v := x
		if st.typ == staged.TStr && !keep {
			v = f.kept(group, st.acc, x)
		}
		b.Put(group, st.acc, v)
		b.Put(group, seen, staged.Int(staged.TI32, 1))
	}, nil)
}

// registers is how many vector registers of 64 bytes the aggregate's accumulator takes in a loop.
func (st *aggState) registers() int {
	switch {
	case st.arg.N == nil || !st.arg.N.Type.InRegister():
		return 0
	case st.agg.Func == logical.BoolAnd || st.agg.Func == logical.BoolOr:
		return 0
	case st.arg.N.Type == staged.TI32 && (fitsLanes(st.arg.N) || st.agg.Func >= logical.Min):
		return 1
	}
	return 2
}

// needSeen reports whether the accumulator has no identity and so a field that tells whether it is set.
func (st *aggState) needSeen() bool {
	if st.acc == "" || st.agg.Func != logical.Min && st.agg.Func != logical.Max {
		return false
	}
	switch st.typ.Kind {
	case staged.Str, staged.I128, staged.Interval:
		return true
	}
	return false
}

// one adds row i to a group.
func (st *aggState) one(f *fn, group *staged.Node, v Value, i *staged.Node) {
	if st.agg.Func == logical.CountStar || v.Null || st.of != nil {
		return
	}
	add := func() { st.oneValue(f, group, v, i) }
	if v.Valid == nil {
		add()
		return
	}
	f.b.If(f.b.At(v.Valid, i), add, nil)
}

func (st *aggState) oneValue(f *fn, group *staged.Node, v Value, i *staged.Node) {
	b := f.b
	bump := func(field string, by *staged.Node) { b.Put(group, field, b.Add(b.Get(group, field), by)) }
	if st.count != groupRows {
		bump(st.count, staged.Int(staged.TI64, 1))
	}
	switch st.agg.Func {
	case logical.Sum, logical.Avg:
		switch v.Rep {
		case RNum:
			st.addNum(f, group, b.IndexAddr(b.Array(v.N), i))
			return
		case RVector:
			b.Call(staged.TVoid, "flk_sum_vector", f.w, b.FieldAddr(group, st.acc, staged.TStr), b.IndexAddr(b.Array(v.N), i), st.average(),
				staged.Null(staged.TU64.Ptr()), staged.Int(staged.TU32, 1))
			return
		}
		if st.long != "" {
			b.If(b.At(v.Long, i), func() { bump(st.long, staged.Int(staged.TI64, 1)) }, nil)
		}
		x := b.At(v.N, i)
		switch {
		case st.floats():
			b.Call(staged.TVoid, "fl_fsum_row", f.w, b.FieldAddr(group, st.acc, st.typ), b.Cast(staged.TF64, x))
		case v.Rep == RDec128:
			b.Put(group, st.acc, b.Call(staged.TI128, "fl_i128_add_checked", f.w, b.Get(group, st.acc), x))
		case st.typ == staged.TI128:
			b.Put(group, st.acc, b.Call(staged.TI128, "fl_i128_add_i64", b.Get(group, st.acc), b.Cast(staged.TI64, x)))
		default:
			bump(st.acc, b.Cast(st.typ, x))
		}
	case logical.Min, logical.Max:
		if st.needSeen() {
			st.keepExtreme(f, group, b.At(v.N, i), v.Keep)
			return
		}
		op := "fl_" + extremeOps[st.agg.Func] + "_of_" + st.typ.Suffix()
		b.Put(group, st.acc, b.Call(st.typ, op, b.Get(group, st.acc), b.Cast(st.typ, b.At(v.N, i))))
	case logical.BoolAnd, logical.BoolOr:
		bump(st.acc, b.Cast(staged.TI64, b.At(v.N, i)))
	}
}

// addNum adds a numeric of variable scale at an address to a group's sum.
func (st *aggState) addNum(f *fn, group, x *staged.Node) {
	f.b.Call(staged.TVoid, "flk_sum_num", f.w, f.b.FieldAddr(group, st.acc, staged.TStr), x, staged.Null(staged.TU64.Ptr()), staged.Int(staged.TU32, 1))
}

// merge adds another group's state.
func (st *aggState) merge(f *fn, into, from *staged.Node) {
	if st.of != nil {
		return
	}
	b := f.b
	bump := func(field string) { b.Put(into, field, b.Add(b.Get(into, field), b.Get(from, field))) }
	if st.count != groupRows {
		bump(st.count)
	}
	if st.acc == "" {
		return
	}
	switch st.agg.Func {
	case logical.Sum, logical.Avg:
		if st.long != "" {
			bump(st.long)
		}
		if st.arg.Rep == RVector {
			b.Call(staged.TVoid, "fl_vector_sum_merge", f.w, b.FieldAddr(into, st.acc, st.typ), b.FieldAddr(from, st.acc, st.typ), st.average())
			return
		}
		switch st.typ {
		case staged.FloatSum.Type():
			b.Call(staged.TVoid, "fl_fsum_merge", f.w, b.FieldAddr(into, st.acc, st.typ), b.FieldAddr(from, st.acc, st.typ))
			return
		case staged.TStr:
			b.If(b.Get(from, st.count), func() { st.addNum(f, into, b.FieldAddr(from, st.acc, staged.TStr)) }, nil)
			return
		case staged.TI128:
			b.Put(into, st.acc, b.Call(staged.TI128, "fl_i128_add_checked", f.w, b.Get(into, st.acc), b.Get(from, st.acc)))
			return
		}
		bump(st.acc)
	case logical.Min, logical.Max:
		if st.needSeen() {
			b.If(b.Get(from, st.acc+"_seen"), func() { st.keepExtreme(f, into, b.Get(from, st.acc), true) }, nil)
			return
		}
		op := "fl_" + extremeOps[st.agg.Func] + "_of_" + st.typ.Suffix()
		b.Put(into, st.acc, b.Call(st.typ, op, b.Get(into, st.acc), b.Get(from, st.acc)))
	case logical.BoolAnd, logical.BoolOr:
		bump(st.acc)
	}
}

// column is the aggregate's result, computed from the group's fields.
func (st *aggState) column(col logical.Column) storedColumn {
	c := storedColumn{col: col, field: st.acc}
	c.needs = append(c.needs, need{name: st.count, typ: staged.TI64})
	if st.acc != "" {
		c.needs = append(c.needs, st.total())
	}
	if st.long != "" {
		c.needs = append(c.needs, need{name: st.long, typ: staged.TI64})
	}
	c.value = func(f *fn, g *gatherer) Value { return st.result(f, g, col.Type) }
	return c
}

// total is the accumulator as the result reads it.
func (st *aggState) total() need {
	if !st.floats() {
		return need{name: st.acc, typ: st.typ}
	}
	narrow := int64(0)
	if st.agg.Func == logical.Sum && st.arg.Rep == RF32 {
		narrow = 1
	}
	return need{name: fmt.Sprintf("%s_to_%d", st.acc, 64>>narrow), typ: staged.TF64, read: func(f *fn, group *staged.Node) *staged.Node {
		return f.b.Call(staged.TF64, "fl_fsum_value", f.w, f.b.FieldAddr(group, st.acc, st.typ), staged.Int(staged.TI32, narrow))
	}}
}

func (st *aggState) result(f *fn, g *gatherer, t sqltype.Type) Value {
	b := f.b
	count := g.lane(st.count, staged.TI64, st.count)
	count.Range = staged.Range{Lo: 0, Hi: maxRows}
	if st.agg.Func == logical.CountStar || st.agg.Func == logical.Count {
		return Value{Rep: RInt, Type: t, N: count, Keep: true}
	}
	if st.acc == "" {
		return null(t)
	}
	some := b.Prim("gt", staged.TI64, count, staged.Int(staged.TI64, 0))
	acc := g.need(st.total(), st.acc)
	r := &row{blk: g.blk, sel: b.And(g.blk.Head, some)}
	v := Value{Type: t, Valid: some, Keep: true}
	if st.floats() {
		return st.floatResult(f, acc, count, v)
	}
	if st.arg.Rep == RVector {
		v.Rep, v.Keep = RVector, false
		v.N = f.runAt(r, "flk_vector_of_sum", f.rows(r, v), 0, acc, count, st.average())
		return v
	}
	switch st.agg.Func {
	case logical.Sum:
		return st.shown(f, g, r, st.sumResult(f, r, acc, v))
	case logical.Avg:
		return st.avgResult(f, g, r, acc, count, v)
	case logical.BoolAnd:
		v.Rep, v.N = RBool, b.Prim("eq", staged.TI64, acc, count)
		return v
	case logical.BoolOr:
		v.Rep, v.N = RBool, b.Prim("gt", staged.TI64, acc, staged.Int(staged.TI64, 0))
		return v
	}
	v.Rep, v.Scale, v.N = st.arg.Rep, st.arg.Scale, acc
	if st.arg.Rep == RCode {
		v.Rep = RStr
	}
	if st.typ == staged.TI64 {
		acc.Range = st.arg.N.Range
		if st.arg.N.Type == staged.TI32 {
			v.N = b.Cvt(staged.TI32, acc)
		}
	}
	return v
}

// floatResult is a sum or average of floats.
func (st *aggState) floatResult(f *fn, acc, count *staged.Node, v Value) Value {
	b := f.b
	v.Rep, v.N = RF64, acc
	switch {
	case st.agg.Func == logical.Avg:
		v.N = b.Prim("div", staged.TF64, acc, b.Cvt(staged.TF64, count))
	case v.Type.Kind == sqltype.Float4:
		v.Rep, v.N = RF32, b.Cvt(staged.TF32, acc)
	}
	return v
}

func (st *aggState) sumResult(f *fn, r *row, acc *staged.Node, v Value) Value {
	if st.typ == staged.TStr {
		v.Rep, v.N = RNum, acc
		return v
	}
	v.Scale = st.arg.Scale
	v.Rep, v.N = RDec, acc
	if st.typ == staged.TI128 {
		v.Rep = RDec128
	} else {
		acc.Range = st.arg.N.Range.Mul(staged.Range{Lo: 0, Hi: maxRows})
	}
	v = f.timesFactor(r, v, st.factor())
	if v.Type.Kind == sqltype.Int8 {
		if v.Rep == RDec128 {
			v.N = f.narrow128(r, v, 0)
		}
		v.Rep = RInt
	}
	return v
}

// factor is what the terms of the sum were divided by.
func (st *aggState) factor() int64 {
	if st.of != nil {
		return st.of.mul
	}
	return st.mul
}

// timesFactor multiplies a total by the factor its terms had in common.
func (f *fn) timesFactor(r *row, v Value, k int64) Value {
	if k == 1 {
		return v
	}
	if v.Rep == RDec128 {
		return f.scale128(r, v, k)
	}
	c := staged.Int(staged.TI64, k)
	if v.N.Range.Mul(c.Range).Fits64() {
		v.N = f.b.Prim("mul", staged.TI64, v.N, c)
		return v
	}
	return f.scale128(r, f.toDec128(r, v), k)
}

// shown gives a sum the scale that SQL shows.
func (st *aggState) shown(f *fn, g *gatherer, r *row, sum Value) Value {
	if st.long == "" {
		return sum
	}
	return f.shown(r, sum, g.lane(st.long, staged.TI64, st.long), st.arg.Less)
}

func (st *aggState) avgResult(f *fn, g *gatherer, r *row, acc, count *staged.Node, v Value) Value {
	if st.typ == staged.TStr {
		return f.averageNum(r, acc, count, v)
	}
	sum := Value{Rep: RDec, Type: v.Type, N: acc, Valid: v.Valid, Scale: st.arg.Scale}
	if st.typ == staged.TI128 {
		sum.Rep = RDec128
	} else {
		acc.Range = st.arg.N.Range.Mul(staged.Range{Lo: 0, Hi: maxRows})
	}
	sum = f.timesFactor(r, sum, st.factor())
	if st.long != "" {
		return f.averageNum(r, st.shown(f, g, r, sum).N, count, v)
	}
	return f.average(r, f.toDec128(r, sum), count, v)
}
