package translate

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// CASE and COALESCE of numerics show, row by row, the scale of the branch taken. What only asks for their value, or adds them
// up, takes them with one scale, the largest: whole numbers remain whole numbers.

// magnitude builds an operand of a comparison.
func (f *fn) magnitude(r *row, e logical.Expr) Value {
	arms := f.armsOf(r, e)
	if arms == nil {
		return f.eval(r, e)
	}
	if same, scale, _ := f.oneScale(r, arms); scale >= 0 {
		arms = same
	}
	return f.choice(r, arms, e.Type())
}

// summand builds the argument of a sum or an average: where branches have two scales, Value.Long tells them apart.
func (f *fn) summand(r *row, e logical.Expr) Value {
	arms := f.armsOf(r, e)
	if arms == nil {
		return f.eval(r, e)
	}
	same, scale, scales := f.oneScale(r, arms)
	if scale < 0 || len(scales) > 2 {
		return f.choice(r, arms, e.Type())
	}
	out := f.choice(r, same, e.Type())
	if len(scales) == 2 {
		out.Long = f.longRows(r, arms, scale)
		for s := range scales {
			if s != scale {
				out.Less = s
			}
		}
	}
	return out
}

// armsOf are the branches of a numeric CASE or COALESCE; nil if e is none.
func (f *fn) armsOf(r *row, e logical.Expr) []arm {
	if e.Type().Kind != sqltype.Numeric {
		return nil
	}
	switch e := e.(type) {
	case *logical.Case:
		return f.caseArms(r, e)
	case *logical.Call:
		if e.Func == logical.Coalesce {
			return f.coalesceArms(r, e)
		}
	}
	return nil
}

// oneScale gives all branches the largest of their scales, which are returned too; -1 when 38 digits are not enough or
// some branch has no fixed scale.
func (f *fn) oneScale(r *row, arms []arm) (same []arm, scale int, scales map[int]bool) {
	scales = map[int]bool{}
	for _, a := range arms {
		if a.v.Null {
			continue
		}
		if !isDecimal(a.v) {
			return nil, -1, nil
		}
		scales[a.v.Scale] = true
		scale = max(scale, a.v.Scale)
	}
	for _, a := range arms {
		if !a.v.Null {
			var ok bool
			if a.v, ok = f.rescaleUp(r, a.v, scale); !ok {
				return nil, -1, nil
			}
		}
		same = append(same, a)
	}
	return same, scale, scales
}

// longRows is the mask of the rows that take a branch of the given scale.
func (f *fn) longRows(r *row, arms []arm, scale int) *staged.Node {
	var long *staged.Node
	for i := len(arms) - 1; i >= 0; i-- {
		when := arms[i].when
		if i == len(arms)-1 {
			when = r.blk.Head
		}
		switch {
		case arms[i].v.Scale != scale && long != nil:
			long = f.b.AndNot(long, when)
		case arms[i].v.Scale == scale && long != nil:
			long = f.b.Or(long, when)
		case arms[i].v.Scale == scale:
			long = when
		}
	}
	return long
}

// shown gives a total of summands of two scales the one that it has in SQL: the larger if some row of the group has it.
func (f *fn) shown(r *row, v Value, long *staged.Node, less int) Value {
	b := f.b
	some := b.Prim("gt", staged.TI64, long, staged.Int(staged.TI64, 0))
	digits := b.Prim("sel", staged.TI32, some, staged.Int(staged.TI32, int64(v.Scale)), staged.Int(staged.TI32, int64(less)))
	v = f.toNum(r, v)
	v.N = f.runAt(r, "flk_round_num", f.rows(r, v), 0, v.N, digits)
	return v
}
