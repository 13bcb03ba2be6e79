package lower

import (
	"encoding/binary"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
)

// pick copies by strides where the elements lie so (transpositions, slices, repetitions), else by a table of their positions.
func (a *arrays) pick(v *graph.Value) {
	x := v.Args[0]
	o := v.Op.(*graph.Pick)
	size := a.int(storedType(v.Type.Elem).Size())
	if walk := a.data.Found(o, func() []int64 { return strided(o.Index) }); walk != nil {
		a.call("flk_arr_copy", a.bytes(v), a.bytes(x), a.data.Integers(walk), size, a.int(v.Type.Size()), a.int(a.stride(x)), a.band)
		return
	}
	at := a.b.Cast(staged.TI64.Ptr(), a.data.Table(o, func() []byte {
		var raw []byte
		for _, k := range o.Index {
			raw = binary.LittleEndian.AppendUint64(raw, uint64(k))
		}
		return raw
	}))
	a.call("flk_arr_pick", a.bytes(v), a.bytes(x), at, size, a.int(v.Type.Size()), a.int(a.stride(x)), a.band)
}

// maxWalk bounds the loops of a strided copy.
const maxWalk = 8

// strided describes positions that nested loops walk through: their number, the first position, and for each loop, the
// innermost first, its turns and its stride. It is nil where there are none such.
func strided(index []int32) []int64 {
	d := []int64{0, int64(index[0])}
	starts := index
	for len(starts) > 1 {
		step, n := starts[1]-starts[0], 2
		for n < len(starts) && starts[n]-starts[n-1] == step {
			n++
		}
		if d[0]++; d[0] > maxWalk || len(starts)%n != 0 {
			return nil
		}
		d = append(d, int64(n), int64(step))
		next := make([]int32, 0, len(starts)/n)
		for at := 0; at < len(starts); at += n {
			for k := 1; k < n; k++ {
				if starts[at+k]-starts[at+k-1] != step {
					return nil
				}
			}
			next = append(next, starts[at])
		}
		starts = next
	}
	return d
}

// concat copies each argument to its place in every row.
func (a *arrays) concat(v *graph.Value) {
	bytes := storedType(v.Type.Elem).Size()
	at := 0
	for _, x := range v.Args {
		n := x.Type.Size()
		a.call("flk_arr_part", a.b.IndexAddr(a.bytes(v), a.int(at*bytes)), a.bytes(x), a.int(n*bytes), a.int(v.Type.Size()*bytes),
			a.int(1), a.int(a.stride(x)*bytes), a.band)
		at += n
	}
}

// gather copies the entries of an axis at computed indices; one outside of it ends the query.
func (a *arrays) gather(v *graph.Value) {
	x, at := v.Args[0], v.Args[1]
	axis := v.Op.(*graph.Gather).Axis
	outer, inner := 1, storedType(v.Type.Elem).Size()
	for k, n := range x.Type.Dims {
		switch {
		case k < axis:
			outer *= n
		case k > axis:
			inner *= n
		}
	}
	bytes := storedType(x.Type.Elem).Size()
	a.call("flk_arr_gather_"+LaneType(at.Type.Elem).Suffix(), a.bytes(v), a.bytes(x), a.of(at), a.int(outer), a.int(x.Type.Dims[axis]),
		a.int(inner), a.int(at.Type.Size()), a.int(a.stride(x)*bytes), a.int(a.stride(at)), a.band)
}

// bytes is the address of a value's elements, whatever their type.
func (a *arrays) bytes(v *graph.Value) *staged.Node { return a.b.Cast(staged.TU8.Ptr(), a.of(v)) }
