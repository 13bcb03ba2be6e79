package graph

// Softmax is exp(x-m)/Σexp(x-m) over the last axis, m its greatest element; with Log it is (x-m)-log(Σexp(x-m)).
type Softmax struct{ Log bool }

func (o *Softmax) attrs() string { return "" }

// Name is softmax or log_softmax.
func (o *Softmax) Name() string {
	if o.Log {
		return "log_softmax"
	}
	return "softmax"
}

// Infer keeps the type.
func (o *Softmax) Infer(args []Type) (Type, error) {
	x, err := lastAxis(args, Elem.IsFloat)
	return x, err
}

// ArgExtreme is the index in the last axis of its greatest (with Min: least) element; the first such, or with Last the
// last such. A NaN counts as neither: elements are compared by x > best (x < best; >= and <= with Last) from the first on.
type ArgExtreme struct {
	Min  bool
	Last bool
}

// Name is argmax or argmin.
func (o *ArgExtreme) Name() string {
	if o.Min {
		return "argmin"
	}
	return "argmax"
}

func (o *ArgExtreme) attrs() string {
	if o.Last {
		return "last"
	}
	return ""
}

// Infer removes the last axis.
func (o *ArgExtreme) Infer(args []Type) (Type, error) {
	x, err := lastAxis(args, Elem.IsNumber)
	if err != nil {
		return Type{}, err
	}
	return dropLast(x, I64), nil
}

// ReduceFn is an aggregate over the last axis.
type ReduceFn uint8

// The aggregates. Sum, Mean and Prod work in ascending order, Mean divides the sum; Max and Min give NaN if any element is.
const (
	ReduceSum ReduceFn = iota
	ReduceMean
	ReduceMax
	ReduceMin
	ReduceProd
)

var reduceNames = [...]string{ReduceSum: "reduce_sum", ReduceMean: "reduce_mean", ReduceMax: "reduce_max",
	ReduceMin: "reduce_min", ReduceProd: "reduce_prod"}

func (f ReduceFn) String() string { return reduceNames[f] }

// Reduce aggregates the last axis to one element and removes it.
type Reduce struct{ Fn ReduceFn }

func (o *Reduce) Name() string  { return o.Fn.String() }
func (o *Reduce) attrs() string { return "" }

// Infer removes the last axis.
func (o *Reduce) Infer(args []Type) (Type, error) {
	ok := Elem.IsNumber
	if o.Fn == ReduceMean {
		ok = Elem.IsFloat
	}
	x, err := lastAxis(args, ok)
	if err != nil {
		return Type{}, err
	}
	return dropLast(x, x.Elem), nil
}

// Norm is a vector norm.
type Norm uint8

// The norms.
const (
	L1      Norm = iota // Σ|x|
	L2                  // √Σx²
	Highest             // the greatest element, with its sign, as ONNX defines MAX
)

var normNames = [...]string{L1: "l1", L2: "l2", Highest: "max"}

func (n Norm) String() string { return normNames[n] }

// Normalize divides the last axis by its norm; where that is zero, the elements stay as they are.
type Normalize struct{ Norm Norm }

func (o *Normalize) Name() string  { return "normalize" }
func (o *Normalize) attrs() string { return o.Norm.String() }

// Infer keeps the type.
func (o *Normalize) Infer(args []Type) (Type, error) { return lastAxis(args, Elem.IsFloat) }

// lastAxis checks the one argument of an operator over a last axis that must not be empty.
func lastAxis(args []Type, ok func(Elem) bool) (Type, error) {
	if err := arity(args, 1); err != nil {
		return Type{}, err
	}
	x := args[0]
	if x.Rank() == 0 || x.Last() == 0 {
		return Type{}, invalid("argument %s has no last axis with elements", x)
	}
	if !ok(x.Elem) {
		return Type{}, invalid("argument %s has the wrong element type", x)
	}
	return x, nil
}
