package lower

import (
	"fmt"
	"slices"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
)

// run calls a kernel for the model's rows.
func (l *lowering) run(name string, operands ...*staged.Node) []*staged.Node {
	site := staged.Site{Rows: l.rows}
	if staged.Kernels[name].Raises {
		site.Pos = l.site()
	}
	return l.b.Run(l.blk, name, site, operands...)
}

// site is the position of errors of what is being computed.
func (l *lowering) site() int {
	v := l.now
	if v == nil {
		return l.data.Site("")
	}
	if in, ok := v.Op.(*graph.Input); ok {
		return l.data.Site(fmt.Sprintf("input \"%s\"", in.Label))
	}
	if name := l.nameOf(v); name != "" {
		return l.data.Site(fmt.Sprintf("%s for \"%s\"", v.Op.Name(), name))
	}
	return l.data.Site(v.Op.Name())
}

// nameOf is the name that the model's file gives a value, or what it is first used for.
func (l *lowering) nameOf(v *graph.Value) string {
	for v != nil && v.Name == "" {
		for _, o := range l.graph.Outputs {
			if o.Value == v {
				return o.Name
			}
		}
		user := slices.IndexFunc(l.graph.Values, func(u *graph.Value) bool { return slices.Contains(u.Args, v) })
		if user < 0 {
			return ""
		}
		v = l.graph.Values[user]
	}
	return v.Name
}
