package translate

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
)

// filter keeps the rows for which all conjuncts are true.
func (l *line) filter(f *fn, n *physical.Filter, r *row, next func(*fn, *row)) {
	next(f, r.with(f.conjuncts(r, n.Conds)))
}

// conjuncts is the selection after more conditions; each is evaluated for the rows that passed those before it.
func (f *fn) conjuncts(r *row, conds []logical.Expr) *staged.Node {
	sel := r.sel
	for _, c := range conds {
		sel = f.b.And(sel, f.truth(f.bound(r.with(sel), c), r))
	}
	return sel
}

// truth is the mask of rows where a boolean is true (not false and not null).
func (f *fn) truth(v Value, r *row) *staged.Node {
	if v.Null {
		return f.b.None(r.blk)
	}
	return f.b.And(f.mask(v, r), v.Valid)
}

// mask is a boolean's lanes; a constant is spread over the block.
func (f *fn) mask(v Value, r *row) *staged.Node {
	if v.N.Lanes {
		return v.N
	}
	return f.constMask(v.N, r.blk)
}
