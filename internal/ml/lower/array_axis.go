package lower

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
)

// lastAxis calls a kernel over the vectors along the last axis; how tells it what to do.
func (a *arrays) lastAxis(kernel string, v *graph.Value, how int) {
	x := v.Args[0]
	n := x.Type.Last()
	a.call("flk_arr_"+kernel+"_"+LaneType(x.Type.Elem).Suffix(), a.of(v), a.of(x), staged.Int(staged.TU32, int64(how)), a.int(n),
		a.times(x.Type.Size()/n))
}

func (a *arrays) softmax(v *graph.Value) {
	how := 0
	if v.Op.(*graph.Softmax).Log {
		how = 1
	}
	a.lastAxis("softmax", v, how)
}

func (a *arrays) reduce(v *graph.Value) {
	a.lastAxis("reduce", v, int(v.Op.(*graph.Reduce).Fn))
}

func (a *arrays) argExtreme(v *graph.Value) {
	o := v.Op.(*graph.ArgExtreme)
	how := 0
	if o.Min {
		how |= 1
	}
	if o.Last {
		how |= 2
	}
	a.lastAxis("argextreme", v, how)
}

func (a *arrays) normalize(v *graph.Value) {
	a.lastAxis("normalize", v, int(v.Op.(*graph.Normalize).Norm))
}

func (a *arrays) layerNorm(v *graph.Value) {
	o, t := v.Op.(*graph.LayerNorm), LaneType(v.Type.Elem)
	n := v.Type.Last()
	a.call("flk_arr_layer_norm_"+t.Suffix(), a.of(v), a.of(v.Args[0]), a.data.Floats(o.Scale, false), a.data.Floats(o.Shift, false),
		staged.Float(t, o.Epsilon), a.int(n), a.times(v.Type.Size()/n))
}
