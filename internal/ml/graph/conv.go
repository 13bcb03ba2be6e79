package graph

import "fmt"

// Conv is a convolution over an argument [in, spatial…]: out[o,p] = B[o] + Σ x[c, p·stride + k·dilation - begin]·W[o,c,k], over
// the window's elements k and the channels c of o's group, ascending in that order from the bias. Padding is zeros that are
// multiplied as all else.
type Conv struct {
	W     *Tensor // [out, in/Group, window…]
	B     *Tensor // [out], never nil
	Group int
	Window
}

// Depthwise tells that every channel of the result is made of one of the argument's, its own.
func (o *Conv) Depthwise() bool { return o.W.Dims[0] == o.Group && o.W.Dims[1] == 1 }

func (o *Conv) Name() string { return "conv" }

func (o *Conv) attrs() string {
	return fmt.Sprintf("w=%s b=%s group=%d %s", o.W.text(), o.B.text(), o.Group, o.text())
}

// Infer gives [out, spatial…], or [spatial…, out] if the channels are last.
func (o *Conv) Infer(args []Type) (Type, error) {
	if err := arity(args, 1); err != nil {
		return Type{}, err
	}
	x := args[0]
	if x.Rank() < 2 {
		return Type{}, invalid("argument %s is no channels", x)
	}
	in, spatial := o.Split(x.Dims)
	if !x.Elem.IsFloat() || o.W.Elem != x.Elem || o.B.Elem != x.Elem {
		return Type{}, invalid("argument %s, weights %s and bias %s must be floats of one type", x, o.W.Type, o.B.Type)
	}
	if err := firstError(o.W.check(), o.B.check()); err != nil {
		return Type{}, err
	}
	if o.W.Rank() != x.Rank()+1 || o.B.Rank() != 1 || o.B.Dims[0] != o.W.Dims[0] {
		return Type{}, invalid("argument %s, weights %s and bias %s do not fit together", x, o.W.Type, o.B.Type)
	}
	if o.Group < 1 || o.W.Dims[0] == 0 || in != o.W.Dims[1]*o.Group || o.W.Dims[0]%o.Group != 0 {
		return Type{}, invalid("argument %s does not fit weights %s in %d groups", x, o.W.Type, o.Group)
	}
	dims, err := o.infer(in, spatial, o.W.Dims[2:])
	return Type{Elem: x.Elem, Dims: o.Join(o.W.Dims[0], dims)}, err
}
