package lower

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

func (l *lowering) unary(o *graph.Unary, e graph.Elem, x *staged.Node) *staged.Node {
	t := laneType(e)
	if e == graph.Bool {
		return l.b.Not(x)
	}
	x = l.num(x, e)
	f := func(v float64) *staged.Node { return staged.Float(t, v) }
	below := func() *staged.Node { return l.prim("olt", t, l.spread(x), f(0)) }
	switch o.Fn {
	case graph.Relu:
		return l.b.Prim("sel", t, below(), f(0), x)
	case graph.LeakyRelu:
		return l.b.Prim("sel", t, below(), l.prim("mul", t, x, f(o.Alpha)), x)
	case graph.Elu:
		return l.b.Prim("sel", t, below(), l.prim("mul", t, l.prim("sub", t, l.transcendental("exp", t, x), f(1)), f(o.Alpha)), x)
	case graph.IsNaN:
		return l.prim("isnan", t, x)
	case graph.Sign:
		return l.sign(t, x)
	case graph.Abs:
		return l.prim("abs", t, x)
	case graph.Neg:
		return l.prim("neg", t, x)
	case graph.Sqrt, graph.Floor, graph.Ceil:
		return l.prim(o.Fn.String(), t, x)
	case graph.Round:
		return l.prim("rint", t, x)
	}
	return l.transcendental(o.Fn.String(), t, x)
}

// transcendental applies exp, log, tanh, sigmoid, erf, softplus, sin or cos.
func (l *lowering) transcendental(op string, t *staged.Type, x *staged.Node) *staged.Node {
	if l.transcendentals++; t == staged.TF32 && l.transcendentals <= inlineTranscendentals {
		return l.prim(op, t, x)
	}
	return l.b.Kernel(l.blk, &staged.Kernel{Func: "flk_" + op + "_" + t.Suffix(), Outs: []*staged.Type{t},
		Args: []staged.Arg{staged.Out(0), staged.A(l.spread(x)), staged.Imm(0), staged.N}})[0]
}

func (l *lowering) zero(t *staged.Type) *staged.Node {
	if t.IsFloat() {
		return staged.Float(t, 0)
	}
	return staged.Int(t, 0)
}

func (l *lowering) one(t *staged.Type, v int64) *staged.Node {
	if t.IsFloat() {
		return staged.Float(t, float64(v))
	}
	return staged.Int(t, v)
}

func (l *lowering) sign(t *staged.Type, x *staged.Node) *staged.Node {
	lt, gt := "olt", "ogt"
	if t.IsInt() {
		lt, gt = "lt", "gt"
	}
	x = l.spread(x)
	positive := l.b.Prim("sel", t, l.b.Prim(gt, t, x, l.zero(t)), l.one(t, 1), x)
	return l.b.Prim("sel", t, l.b.Prim(lt, t, x, l.zero(t)), l.one(t, -1), positive)
}

// broadcast pairs the elements of two tensors as numpy does: it returns, for each element of the result, the two
// operands' positions.
func broadcast(dims, a, b []int) (x, y []int) {
	n := 1
	for _, d := range dims {
		n *= d
	}
	at := func(of []int, index int) int {
		pos, stride := 0, 1
		rest := index
		for i := len(dims) - 1; i >= 0; i-- {
			k := rest % dims[i]
			rest /= dims[i]
			j := i - (len(dims) - len(of))
			if j < 0 {
				continue
			}
			if of[j] != 1 {
				pos += k * stride
			}
			stride *= of[j]
		}
		return pos
	}
	for i := range n {
		x, y = append(x, at(a, i)), append(y, at(b, i))
	}
	return x, y
}

func (l *lowering) pairs(v *graph.Value, args [][]*staged.Node, f func(x, y *staged.Node) *staged.Node) []*staged.Node {
	xs, ys := broadcast(v.Type.Dims, v.Args[0].Type.Dims, v.Args[1].Type.Dims)
	out := make([]*staged.Node, len(xs))
	for i := range xs {
		out[i] = f(args[0][xs[i]], args[1][ys[i]])
	}
	return out
}

func (l *lowering) binary(v *graph.Value, o *graph.Binary, args [][]*staged.Node) ([]*staged.Node, error) {
	e := v.Args[0].Type.Elem
	t := laneType(e)
	op := o.Fn.String()
	switch {
	case e == graph.Bool:
	case o.Fn == graph.Pow && t == staged.TF32:
		// x^y in double precision, rounded once.
		return l.pairs(v, args, func(x, y *staged.Node) *staged.Node { return l.pow(x, y) }), nil
	case o.Fn == graph.Pow, o.Fn == graph.Div && t.IsInt():
		return nil, sqlstate.Unsupported("operator %s on %s of a model in a compiled query", op, e)
	}
	return l.pairs(v, args, func(x, y *staged.Node) *staged.Node {
		if e == graph.Bool {
			return l.b.Prim(op, staged.TMask, x, y)
		}
		x, y = l.num(x, e), l.num(y, e)
		if t.IsFloat() && (o.Fn == graph.Min || o.Fn == graph.Max) {
			return l.extreme(op, t, x, y)
		}
		return l.prim(op, t, x, y)
	}), nil
}

// extreme is min or max that gives NaN if either operand is one.
func (l *lowering) extreme(op string, t *staged.Type, x, y *staged.Node) *staged.Node {
	x = l.spread(x)
	m := l.prim(op, t, x, y)
	m = l.b.Prim("sel", t, l.prim("isnan", t, l.spread(y)), y, m)
	return l.b.Prim("sel", t, l.b.Prim("isnan", t, x), x, m)
}

func (l *lowering) pow(x, y *staged.Node) *staged.Node {
	d := staged.TF64
	n := l.b.Kernel(l.blk, &staged.Kernel{Func: "flk_pow", Outs: []*staged.Type{d}, Args: []staged.Arg{staged.Out(0),
		staged.A(l.b.Cvt(d, l.spread(x))), staged.A(l.b.Cvt(d, l.spread(y))), staged.N}})[0]
	return l.b.Cvt(staged.TF32, n)
}

func (l *lowering) compare(v *graph.Value, o *graph.Compare, args [][]*staged.Node) ([]*staged.Node, error) {
	e := v.Args[0].Type.Elem
	t := laneType(e)
	op := o.Fn.String()
	if e == graph.String {
		return nil, sqlstate.Unsupported("comparison of strings within a model in a compiled query")
	}
	return l.pairs(v, args, func(x, y *staged.Node) *staged.Node {
		switch {
		case e == graph.Bool && o.Fn == graph.Eq:
			return l.b.Not(l.b.Prim("xor", t, x, y))
		case e == graph.Bool:
			return l.b.Prim("xor", t, x, y)
		case t.IsFloat() && o.Fn == graph.Ne:
			return l.b.Not(l.prim("oeq", t, x, y))
		case t.IsFloat():
			return l.prim("o"+op, t, x, y)
		}
		return l.prim(op, t, l.num(x, e), l.num(y, e))
	}), nil
}

func (l *lowering) where(v *graph.Value, args [][]*staged.Node) []*staged.Node {
	e := v.Type.Elem
	t := laneType(e)
	cond, _ := broadcast(v.Type.Dims, v.Args[0].Type.Dims, v.Args[0].Type.Dims)
	xs, ys := broadcast(v.Type.Dims, v.Args[1].Type.Dims, v.Args[2].Type.Dims)
	out := make([]*staged.Node, len(xs))
	for i := range xs {
		m, x, y := args[0][cond[i]], args[1][xs[i]], args[2][ys[i]]
		switch {
		case e == graph.Bool:
			out[i] = l.b.Or(l.b.And(m, x), l.b.AndNot(y, m))
		case e == graph.String:
			out[i] = l.b.Kernel(l.blk, &staged.Kernel{Func: "flk_sel_16", Outs: []*staged.Type{t},
				Args: []staged.Arg{staged.Out(0), staged.A(m), staged.A(x), staged.A(y), staged.Imm(0), staged.N}})[0]
		default:
			out[i] = l.b.Prim("sel", t, m, l.num(x, e), l.num(y, e))
		}
	}
	return out
}

func (l *lowering) cast(o *graph.Cast, v *graph.Value, xs []*staged.Node) ([]*staged.Node, error) {
	from, to := v.Args[0].Type.Elem, o.To
	t := laneType(to)
	if from == graph.String || to == graph.String {
		return nil, sqlstate.Unsupported("a cast from %s to %s within a model in a compiled query", from, to)
	}
	return l.each(xs, func(x *staged.Node) *staged.Node {
		switch {
		case from == graph.Bool && to == graph.Bool:
			return x
		case from == graph.Bool && t == staged.TI64:
			n := l.b.Prim("mk", staged.TI32, x)
			return n
		case from == graph.Bool:
			return l.b.Cvt(t, l.b.Prim("mk", staged.TI32, x))
		case to == graph.Bool && laneType(from).IsFloat():
			return l.b.Not(l.prim("oeq", laneType(from), x, l.zero(laneType(from))))
		case to == graph.Bool:
			return l.prim("ne", x.Type, x, l.zero(x.Type))
		case to.IsInt() && from.IsInt():
			return x
		}
		return l.b.Cvt(t, l.spread(x))
	}), nil
}

// lookup replaces indices by the entries of a table.
func (l *lowering) lookup(t *graph.Tensor, xs []*staged.Node) ([]*staged.Node, error) {
	switch t.Elem {
	case graph.String:
		p := l.data.Strings(t.Str)
		return l.each(xs, func(x *staged.Node) *staged.Node {
			return l.label("flk_label_str", staged.TStr, p, l.b.Cvt(staged.TI32, l.spread(x)))
		}), nil
	case graph.I32, graph.I64:
		ints := integers(t)
		p := l.data.Integers(ints)
		return l.each(xs, func(x *staged.Node) *staged.Node {
			n := l.label("flk_label_i64", staged.TI64, p, l.b.Cvt(staged.TI32, l.spread(x)))
			r := staged.RangeOf(ints[0], ints[0])
			for _, v := range ints {
				r = r.Union(staged.RangeOf(v, v))
			}
			n.Range = r
			if r.Fits32() {
				return l.b.Cvt(staged.TI32, n)
			}
			return n
		}), nil
	}
	return nil, sqlstate.Unsupported("a table of %s within a model in a compiled query", t.Elem)
}
