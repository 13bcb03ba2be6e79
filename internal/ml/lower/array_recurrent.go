package lower

import (
	"math"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
)

// Flags of a recurrent layer (crt/src/recurrent.h).
const (
	recurrentBackward = 1 << iota
	recurrentResetAfter
	recurrentCoupled
	recurrentStates
	recurrentFirst
	recurrentFirstC
	recurrentLens
	recurrentPeepholes
)

// recurrent walks the band's sequences together, once for each direction.
func (a *arrays) recurrent(v *graph.Value) {
	o := v.Op.(*graph.Recurrent)
	x, rest := v.Args[0], v.Args[1:]
	flags := int64(0)
	next := func(there bool, flag int64) (arg *graph.Value) {
		if arg = x; there {
			arg, rest = rest[0], rest[1:]
			flags |= flag
		}
		return arg
	}
	first, firstC, lens := next(o.First, recurrentFirst), next(o.FirstC, recurrentFirstC), next(o.Lens, recurrentLens)
	for _, f := range []struct {
		set  bool
		flag int64
	}{{o.ResetAfter, recurrentResetAfter}, {o.Coupled, recurrentCoupled}, {o.States, recurrentStates}} {
		if f.set {
			flags |= f.flag
		}
	}
	t := LaneType(v.Type.Elem)
	steps, in := x.Type.Dims[x.Type.Rank()-2], x.Type.Last()
	for k, d := range o.Directions {
		own, candidate, peephole := flags, d.R, d.B
		bias := d.NB
		if d.Backward {
			own |= recurrentBackward
		}
		if d.N != nil {
			candidate = d.N
		}
		if d.P != nil {
			peephole = d.P
			own |= recurrentPeepholes
		}
		layer := []int64{int64(o.Cell), own, int64(x.Type.Size() / (steps * in)), int64(steps), int64(in), int64(o.Hidden()),
			int64(len(o.Directions)), int64(k), int64(a.stride(x)), int64(a.stride(first)), int64(a.stride(firstC)), int64(a.stride(lens)),
			int64(math.Float64bits(o.Clip))}
		for _, s := range []graph.Squash{d.F, d.G, d.K} {
			layer = append(layer, int64(s.Fn), int64(math.Float64bits(s.Alpha)), int64(math.Float64bits(s.Beta)))
		}
		a.call("flk_recurrent_"+t.Suffix(), a.of(v), a.of(x), a.of(first), a.of(firstC), a.b.Cast(staged.TI32.Ptr(), a.of(lens)),
			a.data.Matrix(d.W, d.B), a.data.Matrix(d.R, nil), a.data.Matrix(candidate, bias), a.data.Floats(peephole, false),
			a.data.Integers(layer), a.band)
	}
}
