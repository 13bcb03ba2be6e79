package lower

import "github.com/flernd/flernd/internal/ml/graph"

// matMul multiplies matrix by matrix, each with its place in the operands' axes before the last two.
func (a *arrays) matMul(v *graph.Value) {
	x, y := v.Args[0], v.Args[1]
	rank := v.Type.Rank()
	m, n, k := v.Type.Dims[rank-2], v.Type.Dims[rank-1], x.Type.Last()
	outer := v.Type.Dims[:rank-2]
	// Where an operand's matrices lie by number of the result's matrix; the same for every row but for the row's own stride.
	var at []int64
	for i := range graph.Of(v.Type.Elem, outer...).Size() {
		at = append(at, int64(broadcast(outer, x.Type.Dims[:x.Type.Rank()-2], i)*m*k), int64(broadcast(outer, y.Type.Dims[:y.Type.Rank()-2], i)*k*n))
	}
	a.call("flk_arr_matmul_"+LaneType(v.Type.Elem).Suffix(), a.of(v), a.of(x), a.of(y), a.data.Integers(at), a.int(len(at)/2),
		a.int(m), a.int(n), a.int(k), a.int(a.stride(x)), a.int(a.stride(y)), a.band)
}
