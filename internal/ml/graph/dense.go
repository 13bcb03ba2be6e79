package graph

// Dense multiplies the last axis with weights and adds a bias: out[j] = B[j] + Σ x[i]·W[i,j], i ascending from the bias,
// in the argument's type (f32 or f64). Axes before the last, if any, are independent vectors.
type Dense struct {
	W *Tensor // [in,out]
	B *Tensor // [out], never nil
}

func (o *Dense) Name() string  { return "dense" }
func (o *Dense) attrs() string { return "w=" + o.W.text() + " b=" + o.B.text() }

// Infer replaces the last axis, in, by out.
func (o *Dense) Infer(args []Type) (Type, error) {
	if err := arity(args, 1); err != nil {
		return Type{}, err
	}
	x := args[0]
	if !x.Elem.IsFloat() || o.W.Elem != x.Elem || o.B.Elem != x.Elem {
		return Type{}, invalid("argument %s, weights %s and bias %s must be floats of one type", x, o.W.Type, o.B.Type)
	}
	if o.W.Rank() != 2 || o.B.Rank() != 1 || o.W.Dims[1] != o.B.Dims[0] {
		return Type{}, invalid("weights %s and bias %s do not fit together", o.W.Type, o.B.Type)
	}
	if x.Rank() == 0 || x.Last() != o.W.Dims[0] {
		return Type{}, invalid("argument %s does not fit weights %s", x, o.W.Type)
	}
	if err := firstError(o.W.check(), o.B.check()); err != nil {
		return Type{}, err
	}
	return replaceLast(x, x.Elem, o.W.Dims[1]), nil
}

// replaceLast is x with another element type and last axis.
func replaceLast(x Type, e Elem, last int) Type {
	dims := append([]int(nil), x.Dims...)
	dims[len(dims)-1] = last
	return Type{Elem: e, Dims: dims}
}

// dropLast is x without its last axis.
func dropLast(x Type, e Elem) Type {
	return Type{Elem: e, Dims: append([]int(nil), x.Dims[:len(x.Dims)-1]...)}
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
