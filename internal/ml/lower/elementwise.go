package lower

import (
	"math"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
)

func (l *lowering) unary(o *graph.Unary, e graph.Elem, x *staged.Node) *staged.Node {
	t := LaneType(e)
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
	case graph.Gelu, graph.GeluTanh:
		return l.gelu(o.Fn, t, x)
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

// gelu is what FL_ACT_GELU and FL_ACT_GELU_TANH are (crt/src/gemm_tile.h), operation by operation.
func (l *lowering) gelu(fn graph.UnaryFn, t *staged.Type, x *staged.Node) *staged.Node {
	f := func(v float64) *staged.Node { return staged.Float(t, v) }
	x = l.spread(x)
	var curve *staged.Node
	if fn == graph.Gelu {
		curve = l.transcendental("erf", t, l.b.Prim("mul", t, x, f(math.Sqrt2/2)))
	} else {
		root := math.Sqrt(2 / math.Pi)
		slope := l.b.Prim("fma", t, l.b.Prim("mul", t, x, x), f(root*0.044715), f(root))
		curve = l.transcendental("tanh", t, l.b.Prim("mul", t, x, slope))
	}
	return l.b.Prim("mul", t, l.b.Prim("mul", t, x, f(0.5)), l.b.Prim("add", t, curve, f(1)))
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

// elementwise reports whether every element of v depends on one element of each argument alone.
func elementwise(v *graph.Value) bool {
	switch v.Op.(type) {
	case *graph.Unary, *graph.Binary, *graph.Compare, *graph.Where, *graph.Cast, *graph.BitCast, *graph.Lookup, *graph.Map,
		*graph.Recase, *graph.Join, *graph.Matches, *graph.Hash:
		return true
	}
	return false
}

// element returns what computes an element of v, which is elementwise, from one of each argument.
func (l *lowering) element(v *graph.Value) func(args []*staged.Node) *staged.Node {
	f := l.held(v)
	if e := v.Type.Elem; e.IsNarrow() && graph.Computes(v.Op) {
		return func(args []*staged.Node) *staged.Node { return l.narrow(e, f(args)) }
	}
	return f
}

// held is element, but for elements of narrow types, which are as they were computed.
func (l *lowering) held(v *graph.Value) func(args []*staged.Node) *staged.Node {
	e := v.Args[0].Type.Elem
	switch o := v.Op.(type) {
	case *graph.Unary:
		return func(x []*staged.Node) *staged.Node { return l.unary(o, e, x[0]) }
	case *graph.Binary:
		return func(x []*staged.Node) *staged.Node { return l.binary(v, o, x[0], x[1]) }
	case *graph.Compare:
		return func(x []*staged.Node) *staged.Node { return l.compare(o, e, x[0], x[1]) }
	case *graph.Where:
		return func(x []*staged.Node) *staged.Node { return l.choose(v.Type.Elem, x[0], x[1], x[2]) }
	case *graph.Cast:
		return func(x []*staged.Node) *staged.Node { return l.cast(o, e, x[0]) }
	case *graph.Recase, *graph.Join, *graph.Matches, *graph.Hash:
		return l.text(v.Op)
	case *graph.BitCast:
		name := "flk_bits_" + LaneType(o.To).Suffix() + "_" + LaneType(e).Suffix()
		return func(x []*staged.Node) *staged.Node { return l.kernel(name, l.spread(l.num(x[0], e))) }
	case *graph.Lookup:
		find := l.entries(whole(o.Table))
		return func(x []*staged.Node) *staged.Node { return find(l.b.Cvt(staged.TU32, l.spread(x[0]))) }
	}
	find := l.mapped(v.Op.(*graph.Map))
	return func(x []*staged.Node) *staged.Node { return find(x[0]) }
}

// all computes the elements of v, which is elementwise.
func (l *lowering) all(v *graph.Value, args [][]*staged.Node) []*staged.Node {
	f := l.element(v)
	out := make([]*staged.Node, v.Type.Size())
	xs := make([]*staged.Node, len(args))
	for i := range out {
		for k, a := range v.Args {
			xs[k] = args[k][broadcast(v.Type.Dims, a.Type.Dims, i)]
		}
		out[i] = f(xs)
	}
	return out
}

// broadcast is the position, in a tensor of the given shape that is broadcast to dims as numpy does, of flat element i.
func broadcast(dims, of []int, i int) int {
	at, stride := 0, 1
	for k := len(dims) - 1; k >= 0; k-- {
		c := i % dims[k]
		i /= dims[k]
		if j := k - (len(dims) - len(of)); j >= 0 {
			if of[j] != 1 {
				at += c * stride
			}
			stride *= of[j]
		}
	}
	return at
}

// binary applies o to one element of each argument of v.
func (l *lowering) binary(v *graph.Value, o *graph.Binary, x, y *staged.Node) *staged.Node {
	e := v.Type.Elem
	t := LaneType(e)
	op := o.Fn.String()
	switch {
	case e == graph.Bool:
		return l.b.Prim(op, t, x, y)
	case o.Fn >= graph.BitAnd:
		return l.bits(o.Fn, e, x, y)
	case t.IsInt() && o.Fn.Divides():
		return l.divide(v, o.Fn, x, y)
	case e == graph.U64 && (o.Fn == graph.Min || o.Fn == graph.Max):
		return l.ordered(e, l.b.Prim(op, t, l.ordered(e, x), l.ordered(e, y)))
	case o.Fn == graph.Rem:
		return l.wide("flk_rem_f64", t, x, y)
	case o.Fn == graph.Pow:
		return l.wide("flk_pow", t, x, y)
	}
	x, y = l.num(x, e), l.num(y, e)
	if t.IsFloat() && (o.Fn == graph.Min || o.Fn == graph.Max) {
		return l.extreme(op, t, x, y)
	}
	return l.prim(op, t, x, y)
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

// compare compares elements of type e.
func (l *lowering) compare(o *graph.Compare, e graph.Elem, x, y *staged.Node) *staged.Node {
	t := LaneType(e)
	op := o.Fn.String()
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
}

// choose is x where m is set, else y.
func (l *lowering) choose(e graph.Elem, m, x, y *staged.Node) *staged.Node {
	t := LaneType(e)
	switch e {
	case graph.Bool:
		return l.b.Or(l.b.And(m, x), l.b.AndNot(y, m))
	case graph.String:
		return l.kernel("flk_sel_16", m, x, y)
	}
	return l.b.Prim("sel", t, m, l.num(x, e), l.num(y, e))
}
