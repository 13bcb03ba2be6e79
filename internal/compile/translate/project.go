package translate

import (
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
)

// project computes columns.
func (l *line) project(f *fn, n *physical.Project, r *row, next func(*fn, *row)) {
	next(f, f.project(r, n.Exprs, n.ID))
}

func (f *fn) project(r *row, exprs []physical.NamedExpr, node int) *row {
	cols := make(map[logical.ColID]Value, len(exprs))
	for _, e := range exprs {
		v := f.bound(r, e.Expr)
		if v.N != nil {
			v.N.Named(hint(node, e.Col.Name))
		}
		cols[e.Col.ID] = v
	}
	return r.extend(cols)
}
