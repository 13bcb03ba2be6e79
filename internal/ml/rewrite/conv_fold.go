package rewrite

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// convFold multiplies a convolution's channels by constants in its weights, and adds constants into its bias: so a
// BatchNormalization behind it costs nothing.
func convFold(p *pass, v *graph.Value) *graph.Value {
	op := match[graph.Binary](v)
	if op == nil || op.Fn != graph.Add && op.Fn != graph.Mul && op.Fn != graph.Div {
		return nil
	}
	x := v.Args[0]
	conv := match[graph.Conv](x)
	if conv == nil || conv.ChannelsLast || !p.only(x) || !x.Type.Equal(v.Type) {
		return nil
	}
	c := perChannel(v.Args[1], x.Type.Dims)
	if c == nil {
		return nil
	}
	folded := *conv
	folded.B = graph.NewTensor(conv.B.Elem, conv.B.Dims...)
	if op.Fn == graph.Add {
		for j := range c {
			folded.B.SetFloat(j, conv.B.Float(j)+c[j])
		}
		return p.add(&folded, p.of(x.Args...)...)
	}
	if op.Fn == graph.Div {
		invert(c)
	}
	folded.W = graph.NewTensor(conv.W.Elem, conv.W.Dims...)
	each := conv.W.Size() / len(c)
	for j, by := range c {
		folded.B.SetFloat(j, conv.B.Float(j)*by)
		for i := j * each; i < (j+1)*each; i++ {
			folded.W.SetFloat(i, conv.W.Float(i)*by)
		}
	}
	if !finite(folded.W) || !finite(folded.B) {
		return nil
	}
	return p.add(&folded, p.of(x.Args...)...)
}

// perChannel spreads a constant to one number for each channel of [channels, …]; nil if it is not constant, or varies along other
// axes.
func perChannel(v *graph.Value, dims []int) []float64 {
	t := v.Constant()
	if t == nil || !t.Elem.IsFloat() {
		return nil
	}
	along := slices.Repeat([]int{1}, len(dims))
	along[0] = dims[0]
	if t.Size() != 1 && !slices.Equal(t.Dims, along) {
		return nil
	}
	out := make([]float64, dims[0])
	for i := range out {
		out[i] = t.Float(i % t.Size())
	}
	return out
}
