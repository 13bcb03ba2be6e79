package lower

import (
	"encoding/binary"
	"math"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
)

// column is elements of a constant from the first one on, each a step after the other.
type column struct {
	of                *graph.Tensor
	first, step, size int
}

// whole is all elements.
func whole(t *graph.Tensor) column { return column{t, 0, 1, t.Size()} }

// strings is the table of a column of texts.
func (c column) strings(l *lowering) *staged.Node {
	return l.data.Strings(c, func() []string {
		list := make([]string, c.size)
		for i := range list {
			list[i] = c.of.Str[c.first+i*c.step]
		}
		return list
	})
}

// bounds are the least and the greatest of a column of integers, and of 0, which lies past its end.
func (c column) bounds(l *lowering) staged.Range {
	found := l.data.Found(c, func() []int64 {
		lo, hi := int64(0), int64(0)
		for i := range c.size {
			x := c.of.Int(c.first + i*c.step)
			lo, hi = min(lo, x), max(hi, x)
		}
		return []int64{lo, hi}
	})
	return staged.RangeOf(found[0], found[1])
}

// entries returns what finds a column's elements at positions (u32 lanes); at one past the end it finds anything.
func (l *lowering) entries(c column) func(at *staged.Node) *staged.Node {
	size := staged.Int(staged.TU32, int64(c.size))
	if c.of.Elem == graph.String {
		p := c.strings(l)
		return func(at *staged.Node) *staged.Node { return l.label(p, l.b.Cvt(staged.TI32, at)) }
	}
	p := l.data.Column(c.of, c.first, c.step, c.size)
	if c.of.Elem.IsFloat() {
		return func(at *staged.Node) *staged.Node { return l.b.Lut(LaneType(c.of.Elem), p, size, at) }
	}
	bounds := c.bounds(l)
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
	find, entry := l.finder(o.Keys), l.entries(whole(o.Values))
	return func(x *staged.Node) *staged.Node {
		at := find(l.spread(x))
		return l.choose(o.Values.Elem, l.b.Prim("lt", staged.TU32, at, count), entry(at), otherwise)
	}
}

// ordered names the keys of a tensor of floats as flk_find_i64 compares them.
type ordered struct{ keys *graph.Tensor }

// finder returns a search for positions among keys.
func (l *lowering) finder(keys *graph.Tensor) func(x *staged.Node) *staged.Node {
	count := staged.Int(staged.TU32, int64(keys.Size()))
	switch {
	case keys.Elem == graph.String:
		p := whole(keys).strings(l)
		return func(x *staged.Node) *staged.Node { return l.kernel("flk_find_str", x, p) }
	case keys.Elem.IsFloat():
		p := l.b.Cast(staged.TI64.Ptr(), l.data.Table(ordered{keys}, func() []byte {
			var raw []byte
			for i := range keys.Size() {
				raw = binary.LittleEndian.AppendUint64(raw, uint64(orderOf(keys.Float(i))))
			}
			return raw
		}))
		return func(x *staged.Node) *staged.Node {
			return l.kernel("flk_find_i64", l.kernel("flk_order_f64", l.b.Cvt(staged.TF64, x)), p, count)
		}
	}
	p := l.data.Column(keys, 0, 1, keys.Size())
	return func(x *staged.Node) *staged.Node { return l.kernel("flk_find_i64", l.b.Cvt(staged.TI64, x), p, count) }
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
