package onnx

import "github.com/flernd/flernd/internal/ml/graph"

var unaryFns = map[string]graph.UnaryFn{"Abs": graph.Abs, "Neg": graph.Neg, "Sign": graph.Sign, "Exp": graph.Exp,
	"Log": graph.Log, "Sqrt": graph.Sqrt, "Floor": graph.Floor, "Ceil": graph.Ceil, "Round": graph.Round, "Erf": graph.Erf,
	"Sin": graph.Sin, "Cos": graph.Cos, "Relu": graph.Relu, "Tanh": graph.Tanh, "Sigmoid": graph.Sigmoid,
	"Softplus": graph.Softplus, "Not": graph.Not, "IsNaN": graph.IsNaN, "Tan": graph.Tan, "Asin": graph.Asin, "Acos": graph.Acos,
	"Atan": graph.Atan, "Sinh": graph.Sinh, "Cosh": graph.Cosh, "Asinh": graph.Asinh, "Acosh": graph.Acosh, "Atanh": graph.Atanh}

// elementwise is an operator that is one Unary.
func elementwise(n *node) {
	n.set(0, n.unary(unaryFns[n.p.OpType], n.element(0)))
}

var binaryFns = map[string]graph.BinaryFn{"Add": graph.Add, "Sub": graph.Sub, "Mul": graph.Mul, "Div": graph.Div,
	"Pow": graph.Pow, "Min": graph.Min, "Max": graph.Max, "Sum": graph.Add, "Mean": graph.Add, "And": graph.And,
	"Or": graph.Or, "Xor": graph.Xor, "BitwiseAnd": graph.BitAnd, "BitwiseOr": graph.BitOr, "BitwiseXor": graph.BitXor}

// arithmetic is an operator that is one Binary.
func arithmetic(n *node) {
	if n.any(0).v == nil || n.any(1).v == nil {
		n.set(0, n.withSizes())
		return
	}
	x := n.align(n.element(0), n.element(1))
	a, b := x[0], x[1]
	switch {
	case n.p.OpType == "Pow" && a.elem().IsInt(): // in double precision, as in ONNX Runtime
		y := n.binary(graph.Pow, n.cast(graph.F64, a), n.cast(graph.F64, b))
		n.set(0, n.cast(a.elem(), y))
		return
	case n.p.OpType == "Pow":
		b = n.cast(a.elem(), b)
	case n.p.OpType == "Div" && a.elem().IsInt():
		n.checkDivisor(b)
	}
	n.set(0, n.binary(binaryFns[n.p.OpType], a, b))
}

// modulo follows the divisor's sign, or with attribute fmod the dividend's, which floats ask for.
func modulo(n *node) {
	x := n.align(n.element(0), n.element(1))
	a, b := x[0], x[1]
	fn := graph.Mod
	if n.flag("fmod", false) {
		fn = graph.Rem
	} else if !a.elem().IsInt() {
		n.fail("attribute fmod must be 1 for element type %s", a.elem())
	}
	if a.elem().IsInt() {
		n.checkDivisor(b)
	}
	n.set(0, n.binary(fn, a, b))
}

// withSizes multiplies or divides integers of which some depend on the size of the batch.
func (n *node) withSizes() value {
	if n.p.OpType != "Mul" && n.p.OpType != "Div" {
		n.unsupported("arithmetic on the size of the batch")
	}
	a, b := n.dimsArg(0), n.dimsArg(1)
	if len(a) != len(b) && len(a) != 1 && len(b) != 1 {
		n.fail("inputs of %d and %d elements do not fit together", len(a), len(b))
	}
	count := len(a)
	if count == 1 {
		count = len(b)
	}
	out := make([]dim, count)
	for i := range out {
		x, y := a[min(i, len(a)-1)], b[min(i, len(b)-1)]
		d, ok := x.times(y)
		if n.p.OpType == "Div" {
			d, ok = x.over(y)
		}
		if !ok {
			n.unsupported("a power or a fraction of the size of the batch")
		}
		out[i] = d
	}
	return n.symbolic(out, n.any(0).rank() == 0 && n.any(1).rank() == 0)
}

// checkDivisor refuses integer divisions that would fail for every row.
func (n *node) checkDivisor(b value) {
	t := b.constant()
	for i := 0; t != nil && t.Elem.IsInt() && i < t.Size(); i++ {
		if t.Int(i) == 0 {
			n.fail("integer division by zero")
		}
	}
}

// variadic folds any number of arguments from the left.
func variadic(n *node) {
	args := make([]value, max(1, len(n.p.Input)))
	for i := range args {
		args[i] = n.element(i)
	}
	args = n.align(args...)
	y := args[0]
	for _, x := range args[1:] {
		y = n.binary(binaryFns[n.p.OpType], y, x)
	}
	if n.p.OpType == "Mean" {
		y = n.binary(graph.Div, y, n.scalar(y, float64(len(args))))
	}
	n.set(0, y)
}

func reciprocal(n *node) {
	x := n.element(0)
	n.set(0, n.binary(graph.Div, n.scalar(x, 1), x))
}

// clip takes its bounds from inputs, before operator set 11 from attributes.
func clip(n *node) {
	x := n.element(0)
	for i, name := range []string{"min", "max"} {
		var bound value
		switch {
		case n.hasAttr(name):
			bound = n.scalar(x, n.floatAttr(name, 0))
		case n.has(i + 1):
			t := n.tensor(i + 1)
			if t.Size() != 1 {
				n.fail("%s of type %s is no scalar", n.argName(i+1), t.Type)
			}
			bound = n.constantOf(t.Reshaped())
		default:
			continue
		}
		fn := graph.Max
		if name == "max" {
			fn = graph.Min
		}
		x = n.binary(fn, x, bound)
	}
	n.set(0, x)
}
