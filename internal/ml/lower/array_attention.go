package lower

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
)

// How a mask changes scores, as crt/src/attention.c counts.
const (
	maskNone = iota
	maskAdds
	maskKeeps
)

// attention is one kernel call; a table tells it where each head's matrices begin.
func (a *arrays) attention(v *graph.Value) {
	o, t := v.Op.(*graph.Attention), LaneType(v.Type.Elem)
	q, k, x := v.Args[0], v.Args[1], v.Args[2]
	all, ns, nt, nd, ne := o.Shape(v)
	heads := v.Type.Dims[v.Type.Rank()-2]
	how, mask, maskRow, maskStep := maskNone, a.b.Cast(staged.TU8.Ptr(), a.of(v)), 0, 0
	maskAt := func(int) int { return 0 }
	maskStride := 0
	if len(v.Args) == 4 {
		m := v.Args[3]
		mask, maskStride, how = a.bytes(m), a.stride(m), maskAdds
		if m.Type.Elem == graph.Bool {
			how = maskKeeps
		}
		dims := m.Type.Dims
		maskStep, maskRow = strideOf(dims, len(dims)-1), strideOf(dims, len(dims)-2)
		lead := append(append([]int(nil), v.Type.Dims[:v.Type.Rank()-3]...), heads)
		maskAt = func(i int) int {
			return broadcast(lead, dims[:max(0, len(dims)-2)], i) * graph.Of(graph.Bool, dims[max(0, len(dims)-2):]...).Size()
		}
	}
	shape := []int64{int64(all), int64(ns), int64(nt), int64(nd), int64(ne), int64(heads * nd), int64(heads * nd), int64(heads * ne),
		int64(heads * ne), int64(maskRow), int64(maskStep), int64(a.stride(q)), int64(a.stride(k)), int64(a.stride(x)), int64(maskStride),
		int64(v.Type.Size())}
	for i := range all {
		lead, h := i/heads, i%heads
		shape = append(shape, int64(lead*ns*heads*nd+h*nd), int64(lead*nt*heads*nd+h*nd), int64(lead*nt*heads*ne+h*ne), int64(maskAt(i)),
			int64(lead*ns*heads*ne+h*ne))
	}
	a.call("flk_arr_attention_"+t.Suffix(), a.of(v), a.of(q), a.of(k), a.of(x), mask, staged.Int(staged.TU32, int64(how)),
		staged.Float(t, o.Scale), staged.Float(t, o.Fill), a.data.Integers(shape), a.band)
}
