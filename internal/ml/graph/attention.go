package graph

import (
	"slices"
	"strconv"
)

// Attention is, for each head h, softmax(q·kᵀ·Scale, masked)·v: the arguments are q […,s,h,d], k […,t,h,d], v […,t,h,e] and may
// be a mask, which broadcasts to […,h,s,t]; the result is […,s,h,e].
//
// A mask of the arguments' type is added to the scores; where one of bools is false, a score is Fill. Products and their sums are
// MatMul's. The softmax multiplies by the inverse of the sum of the exponentials, which is made in strands (see Strands).
type Attention struct{ Scale, Fill float64 }

func (o *Attention) Name() string { return "attention" }

func (o *Attention) attrs() string {
	return "scale=" + strconv.FormatFloat(o.Scale, 'g', -1, 64) + " fill=" + strconv.FormatFloat(o.Fill, 'g', -1, 64)
}

// Infer gives v's type with q's places.
func (o *Attention) Infer(args []Type) (Type, error) {
	if len(args) != 3 && len(args) != 4 {
		return Type{}, invalid("takes 3 or 4 arguments, not %d", len(args))
	}
	q, k, v := args[0], args[1], args[2]
	n := q.Rank() - 3
	switch {
	case q.Elem != k.Elem || q.Elem != v.Elem || !q.Elem.IsFloat():
		return Type{}, invalid("arguments %s, %s and %s must be floats of one type", q, k, v)
	case n < 0 || k.Rank() != q.Rank() || v.Rank() != q.Rank():
		return Type{}, invalid("arguments %s, %s and %s must be of one rank of at least 3", q, k, v)
	case !slices.Equal(q.Dims[:n], k.Dims[:n]) || !slices.Equal(q.Dims[:n], v.Dims[:n]) || q.Dims[n+1] != k.Dims[n+1] ||
		q.Dims[n+1] != v.Dims[n+1] || q.Last() != k.Last() || k.Dims[n] != v.Dims[n] || k.Dims[n] == 0:
		return Type{}, invalid("arguments %s, %s and %s do not fit together", q, k, v)
	}
	if len(args) == 4 {
		if m := args[3]; m.Elem != Bool && m.Elem != q.Elem {
			return Type{}, invalid("mask %s is neither of bools nor of the arguments' type", m)
		}
		scores := o.scores(q, k)
		if all, err := Broadcast(scores, args[3].Dims); err != nil || !slices.Equal(all, scores) {
			return Type{}, invalid("mask %s does not broadcast to the scores, %s", args[3], Of(q.Elem, scores...))
		}
	}
	return replaceLast(q, q.Elem, v.Last()), nil
}

// scores is the shape […,h,s,t] of the scores.
func (o *Attention) scores(q, k Type) []int {
	n := q.Rank() - 3
	return append(slices.Clone(q.Dims[:n]), q.Dims[n+1], q.Dims[n], k.Dims[n])
}

// Shape names the axes' lengths: how many heads there are, all leading axes included, then s, t, d and e.
func (o *Attention) Shape(v *Value) (heads, s, t, d, e int) {
	q, k := v.Args[0].Type, v.Args[1].Type
	n := q.Rank() - 3
	heads = Of(Bool, q.Dims[:n]...).Size() * q.Dims[n+1]
	return heads, q.Dims[n], k.Dims[n], q.Last(), v.Type.Last()
}

func (o *Attention) operations(v *Value) int64 {
	heads, s, t, d, e := o.Shape(v)
	return int64(heads) * int64(s) * int64(t) * int64(2*d+2*e+5)
}
