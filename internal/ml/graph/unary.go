package graph

import "strconv"

// UnaryFn is an elementwise function of one argument.
type UnaryFn uint8

// The unary functions. All but Abs, Neg, Sign and Not take floats; results have the argument's type, but for IsNaN.
const (
	Relu      UnaryFn = iota // x < 0 ? 0 : x
	LeakyRelu                // x < 0 ? Alpha·x : x
	Elu                      // x < 0 ? Alpha·(exp(x)-1) : x
	Tanh
	Sigmoid  // 1 / (1 + exp(-x))
	Softplus // log(1 + exp(x))
	Exp
	Log
	Sqrt
	Abs
	Neg
	Sign // -1, 0 or 1; NaN for NaN
	Floor
	Ceil
	Round // half to even
	Erf
	Sin
	Cos
	IsNaN // to bool
	Not   // of bool
	Tan
	Asin
	Acos
	Atan
	Sinh
	Cosh
	Asinh
	Acosh
	Atanh
	Gelu     // x/2·(1 + erf(x/√2))
	GeluTanh // x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³)))
)

var unaryNames = [...]string{Relu: "relu", LeakyRelu: "leaky_relu", Elu: "elu", Tanh: "tanh", Sigmoid: "sigmoid",
	Softplus: "softplus", Exp: "exp", Log: "log", Sqrt: "sqrt", Abs: "abs", Neg: "neg", Sign: "sign", Floor: "floor",
	Ceil: "ceil", Round: "round", Erf: "erf", Sin: "sin", Cos: "cos", IsNaN: "isnan", Not: "not",
	Tan: "tan", Asin: "asin", Acos: "acos", Atan: "atan", Sinh: "sinh", Cosh: "cosh", Asinh: "asinh", Acosh: "acosh", Atanh: "atanh",
	Gelu: "gelu", GeluTanh: "gelu_tanh"}

func (f UnaryFn) String() string { return unaryNames[f] }

// Unary applies Fn to every element.
type Unary struct {
	Fn    UnaryFn
	Alpha float64 // of LeakyRelu and Elu
}

func (o *Unary) Name() string { return o.Fn.String() }

func (o *Unary) attrs() string {
	if o.Fn == LeakyRelu || o.Fn == Elu {
		return "alpha=" + strconv.FormatFloat(o.Alpha, 'g', -1, 64)
	}
	return ""
}

// Infer keeps the type, but for IsNaN.
func (o *Unary) Infer(args []Type) (Type, error) {
	if err := arity(args, 1); err != nil {
		return Type{}, err
	}
	x := args[0]
	var ok bool
	switch o.Fn {
	case Not:
		ok = x.Elem == Bool
	case Abs, Neg, Sign:
		ok = x.Elem.IsNumber()
	default:
		ok = x.Elem.IsFloat()
	}
	if !ok {
		return Type{}, invalid("argument %s has the wrong element type", x)
	}
	if o.Fn == IsNaN {
		return Type{Elem: Bool, Dims: x.Dims}, nil
	}
	return x, nil
}
