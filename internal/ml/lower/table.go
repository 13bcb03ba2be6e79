package lower

import (
	"math"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
)

// entries returns what finds a table's entries at positions (u32 lanes); at one past the end it finds anything.
func (l *lowering) entries(t *graph.Tensor) func(at *staged.Node) *staged.Node {
	size := staged.Int(staged.TU32, int64(t.Size()))
	switch t.Elem.Held() {
	case graph.String:
		p := l.data.Strings(t.Str)
		return func(at *staged.Node) *staged.Node { return l.label(p, l.b.Cvt(staged.TI32, at)) }
	case graph.F32, graph.F64:
		p := l.data.Floats(t, false)
		return func(at *staged.Node) *staged.Node { return l.b.Lut(LaneType(t.Elem), p, size, at) }
	}
	ints := integers(t)
	p := l.data.Integers(ints)
	bounds := staged.RangeOf(0, 0) // what lies past the end is 0
	for _, v := range ints {
		bounds = bounds.Union(staged.RangeOf(v, v))
	}
	return func(at *staged.Node) *staged.Node {
		n := l.b.Lut(staged.TI64, p, size, at)
		n.Range = bounds
		if bounds.Fits32() {
			return l.b.Cvt(staged.TI32, n)
		}
		return n
	}
}

// mapped returns what replaces keys by values: a key's position is searched, and the value is taken from there.
func (l *lowering) mapped(o *graph.Map) func(x *staged.Node) *staged.Node {
	count := staged.Int(staged.TU32, int64(o.Keys.Size()))
	otherwise := l.constant(o.Default)[0]
	if o.Keys.Size() == 0 {
		return func(*staged.Node) *staged.Node { return otherwise }
	}
	find, entry := l.finder(o.Keys), l.entries(o.Values)
	return func(x *staged.Node) *staged.Node {
		at := find(l.spread(x))
		return l.choose(o.Values.Elem, l.b.Prim("lt", staged.TU32, at, count), entry(at), otherwise)
	}
}

// finder returns a search for positions among keys.
func (l *lowering) finder(keys *graph.Tensor) func(x *staged.Node) *staged.Node {
	if keys.Elem == graph.String {
		p := l.data.Strings(keys.Str)
		return func(x *staged.Node) *staged.Node {
			return l.kernel("flk_find_str", x, p)
		}
	}
	ordered := make([]int64, keys.Size())
	for i := range ordered {
		if keys.Elem.IsFloat() {
			ordered[i] = orderOf(keys.Float(i))
		} else {
			ordered[i] = keys.Int(i)
		}
	}
	p, count := l.data.Integers(ordered), staged.Int(staged.TU32, int64(len(ordered)))
	return func(x *staged.Node) *staged.Node {
		if keys.Elem.IsFloat() {
			x = l.kernel("flk_order_f64", l.b.Cvt(staged.TF64, x))
		}
		return l.kernel("flk_find_i64", l.b.Cvt(staged.TI64, x), p, count)
	}
}

// orderOf is flk_order_f64: integers in the order of floats, NaN last.
func orderOf(x float64) int64 {
	bits := int64(math.Float64bits(x))
	switch {
	case x != x:
		return math.MaxInt64
	case x == 0:
		return 0
	case bits < 0:
		return bits ^ math.MaxInt64
	}
	return bits
}

// sameText compares the texts of the model's rows; others may have none.
func (l *lowering) sameText(x, y *staged.Node) *staged.Node {
	return l.kernel("flk_same_str", x, y)
}

// label is a text of a table.
func (l *lowering) label(table, index *staged.Node) *staged.Node {
	return l.kernel("flk_label_str", table, index)
}

// kernel calls a kernel of one output for the model's rows.
func (l *lowering) kernel(name string, operands ...*staged.Node) *staged.Node {
	return l.run(name, operands...)[0]
}
