package rewrite

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// maxTurns is how many elements attention moves in a model: an index each. Products beyond that stay as they are.
const maxTurns = 1 << 26

// attention makes one operator of softmax(q·kᵀ·scale, masked)·v, so that scores need not be kept. Heads, the last of the axes
// before the matrices', move behind the places, where the layers before and after have them.
func attention(p *pass, v *graph.Value) *graph.Value {
	if match[graph.MatMul](v) == nil || v.Type.Elem.IsNarrow() {
		return nil
	}
	soft, values := v.Args[0], v.Args[1]
	if s := match[graph.Softmax](soft); s == nil || s.Log || !p.only(soft) {
		return nil
	}
	m := maskedScores(p, soft.Args[0])
	if m == nil {
		return nil
	}
	q, k := m.product.Args[0], m.product.Args[1]
	lead := v.Type.Dims[:v.Type.Rank()-2]
	for _, x := range []*graph.Value{q, k, values} {
		if !slices.Equal(x.Type.Dims[:x.Type.Rank()-2], lead) {
			return nil
		}
	}
	turned := q.Type.Size() + k.Type.Size() + values.Type.Size() + v.Type.Size()
	if turned > p.work.turns {
		return nil
	}
	p.work.turns -= turned
	q, scale := unscaled(p, q)
	k, more := unscaled(p, k)
	args := []*graph.Value{p.headsLast(p.image[q.ID], false), p.headsLast(p.image[k.ID], true), p.headsLast(p.image[values.ID], false)}
	if m.mask != nil {
		mask := p.image[m.mask.ID]
		if m.negated {
			mask = p.add(&graph.Unary{Fn: graph.Not}, mask)
		}
		args = append(args, mask)
	}
	y := p.add(&graph.Attention{Scale: m.scale * scale * more, Fill: m.fill}, args...)
	if p.err != nil {
		return nil
	}
	return p.headsFirst(y, v.Type.Dims)
}

// scores is a product of q and kᵀ, scaled and masked.
type scores struct {
	product *graph.Value
	scale   float64
	mask    *graph.Value // nil for none
	negated bool         // true masks
	fill    float64
}

// maskedScores is v as scores, nil if it is something else.
func maskedScores(p *pass, v *graph.Value) *scores {
	if s := scaledProduct(p, v); s != nil {
		return s
	}
	if !p.only(v) {
		return nil
	}
	if binaryOf(v, graph.Add) != nil {
		for i, x := range v.Args {
			if s := scaledProduct(p, x); s != nil && x.Type.Equal(v.Type) {
				s.mask = v.Args[1-i]
				return s
			}
		}
	}
	if match[graph.Where](v) == nil {
		return nil
	}
	for i, x := range v.Args[1:] {
		s, c := scaledProduct(p, x), v.Args[2-i].Constant()
		if s != nil && x.Type.Equal(v.Type) && c != nil && c.Size() == 1 {
			s.mask, s.negated, s.fill = v.Args[0], i == 1, c.Float(0)
			return s
		}
	}
	return nil
}

// scaledProduct is v as a product of matrices times a constant.
func scaledProduct(p *pass, v *graph.Value) *scores {
	x, scale := unscaled(p, v)
	if match[graph.MatMul](x) == nil || !p.only(x) {
		return nil
	}
	return &scores{product: x, scale: scale}
}

// unscaled looks through products with a constant of one element, as far as they have no other use.
func unscaled(p *pass, v *graph.Value) (*graph.Value, float64) {
	list, scale := factors(p, v, maxFactors-1)
	if len(list) != 1 || !list[0].Type.Equal(v.Type) {
		return v, 1
	}
	return list[0], scale
}

// headsLast makes x, […,h,s,d], or if turned […,h,d,s], […,s,h,d]. Without heads there is one.
func (p *pass) headsLast(x *graph.Value, turned bool) *graph.Value {
	if p.err != nil {
		return nil
	}
	dims := x.Type.Dims
	if len(dims) == 2 {
		dims = append([]int{1}, dims...)
	}
	n := len(dims) - 3
	order := identity(n)
	if turned {
		order = append(order, n+2, n, n+1)
	} else {
		order = append(order, n+1, n, n+2)
	}
	return p.transposed(x, dims, order)
}

// headsFirst is the inverse of headsLast, to a shape […,h,s,e] or [s,e].
func (p *pass) headsFirst(x *graph.Value, dims []int) *graph.Value {
	n := x.Type.Rank() - 3
	y := p.transposed(x, x.Type.Dims, append(identity(n), n+1, n, n+2))
	if y == nil || y.Type.Rank() == len(dims) {
		return y
	}
	return p.add(&graph.Reshape{Dims: dims}, y)
}

func identity(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// transposed takes x for a tensor of shape dims and gives it with its axes in another order.
func (p *pass) transposed(x *graph.Value, dims, order []int) *graph.Value {
	out, strides := make([]int, len(dims)), make([]int, len(dims))
	for i, k := range order {
		out[i], strides[i] = dims[k], 1
		for _, d := range dims[k+1:] {
			strides[i] *= d
		}
	}
	index := make([]int32, x.Type.Size())
	at := make([]int, len(dims))
	flat := 0
	for i := range index {
		index[i] = int32(flat)
		for k := len(at) - 1; k >= 0; k-- {
			flat += strides[k]
			if at[k]++; at[k] < out[k] {
				break
			}
			flat -= at[k] * strides[k]
			at[k] = 0
		}
	}
	return p.add(&graph.Pick{Index: index, Dims: out}, x)
}
