package lower

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
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
	case graph.Tan, graph.Asin, graph.Acos, graph.Atan, graph.Sinh, graph.Cosh, graph.Asinh, graph.Acosh, graph.Atanh:
		return l.b.Cvt(t, l.kernel("flk_"+o.Fn.String()+"_f64", l.b.Cvt(staged.TF64, l.spread(x))))
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
	return l.kernel("flk_"+op+"_"+t.Suffix(), l.spread(x))
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
		return l.pairs(v, args, func(x, y *staged.Node) *staged.Node { return l.b.Prim(op, t, x, y) }), nil
	case o.Fn >= graph.BitAnd:
		return l.pairs(v, args, func(x, y *staged.Node) *staged.Node { return l.bits(o.Fn, e, x, y) }), nil
	case t.IsInt() && o.Fn.Divides():
		return l.divide(v, o.Fn, args), nil
	case e == graph.U64 && (o.Fn == graph.Min || o.Fn == graph.Max):
		return l.pairs(v, args, func(x, y *staged.Node) *staged.Node {
			return l.ordered(e, l.b.Prim(op, t, l.ordered(e, x), l.ordered(e, y)))
		}), nil
	case o.Fn == graph.Rem:
		return l.pairs(v, args, func(x, y *staged.Node) *staged.Node { return l.wide("flk_rem_f64", t, x, y) }), nil
	case o.Fn == graph.Pow:
		return l.pairs(v, args, func(x, y *staged.Node) *staged.Node { return l.wide("flk_pow", t, x, y) }), nil
	}
	return l.pairs(v, args, func(x, y *staged.Node) *staged.Node {
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

// wide computes in double precision and rounds once.
func (l *lowering) wide(kernel string, t *staged.Type, x, y *staged.Node) *staged.Node {
	d := staged.TF64
	return l.b.Cvt(t, l.kernel(kernel, l.b.Cvt(d, l.spread(x)), l.b.Cvt(d, l.spread(y))))
}

func (l *lowering) compare(v *graph.Value, o *graph.Compare, args [][]*staged.Node) []*staged.Node {
	e := v.Args[0].Type.Elem
	t := laneType(e)
	op := o.Fn.String()
	return l.pairs(v, args, func(x, y *staged.Node) *staged.Node {
		switch {
		case e == graph.String && o.Fn == graph.Eq:
			return l.sameText(x, y)
		case e == graph.String:
			return l.b.Not(l.sameText(x, y))
		case e == graph.Bool && o.Fn == graph.Eq:
			return l.b.Not(l.b.Prim("xor", t, x, y))
		case e == graph.Bool:
			return l.b.Prim("xor", t, x, y)
		case t.IsFloat() && o.Fn == graph.Ne:
			return l.b.Not(l.prim("oeq", t, x, y))
		case t.IsFloat():
			return l.prim("o"+op, t, x, y)
		}
		return l.prim(op, t, l.ordered(e, l.num(x, e)), l.ordered(e, l.num(y, e)))
	})
}

func (l *lowering) where(v *graph.Value, args [][]*staged.Node) []*staged.Node {
	cond, _ := broadcast(v.Type.Dims, v.Args[0].Type.Dims, v.Args[0].Type.Dims)
	xs, ys := broadcast(v.Type.Dims, v.Args[1].Type.Dims, v.Args[2].Type.Dims)
	out := make([]*staged.Node, len(xs))
	for i := range xs {
		out[i] = l.choose(v.Type.Elem, args[0][cond[i]], args[1][xs[i]], args[2][ys[i]])
	}
	return out
}

// choose is x where m is set, else y.
func (l *lowering) choose(e graph.Elem, m, x, y *staged.Node) *staged.Node {
	t := laneType(e)
	switch e {
	case graph.Bool:
		return l.b.Or(l.b.And(m, x), l.b.AndNot(y, m))
	case graph.String:
		return l.kernel("flk_sel_16", m, x, y)
	}
	return l.b.Prim("sel", t, m, l.num(x, e), l.num(y, e))
}
