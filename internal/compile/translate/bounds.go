package translate

import (
	"math"
	"math/big"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/segment"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// bound is a conjunct, or several over one column: lo ≤ value ≤ hi in the column's physical domain. The ends are data.
type bound struct {
	column int // index in the scan's columns
	lo, hi int64
}

const microsPerDay = 86_400_000_000

// splitFilter takes the bounds out of a scan's conjuncts. Bounds apply to columns that every segment stores scaled.
func (s *scan) splitFilter(conds []logical.Expr) (bounds []bound, rest []logical.Expr) {
	byColumn := map[int]int{}
	for _, c := range conds {
		i, lo, hi, ok := s.boundOf(c)
		if !ok {
			rest = append(rest, c)
			continue
		}
		k, seen := byColumn[i]
		if !seen {
			byColumn[i] = len(bounds)
			bounds = append(bounds, bound{i, lo, hi})
			continue
		}
		bounds[k].lo, bounds[k].hi = max(bounds[k].lo, lo), min(bounds[k].hi, hi)
	}
	return bounds, rest
}

// boundOf reads a comparison of a column with a constant as bounds.
func (s *scan) boundOf(e logical.Expr) (column int, lo, hi int64, ok bool) {
	call, isCall := e.(*logical.Call)
	if !isCall || len(call.Args) != 2 {
		return
	}
	fun, arg, con := call.Func, call.Args[0], call.Args[1]
	if isConst(arg) {
		fun, arg, con = mirrored(fun), con, arg
	}
	if fun < logical.Eq || fun > logical.Ge || fun == logical.Ne || !isConst(con) {
		return
	}
	ref, factor, isCol := scaledRef(arg)
	if !isCol {
		return
	}
	column = -1
	for i := range s.cols {
		if s.cols[i].col.ID == ref.Col.ID {
			column = i
		}
	}
	if column < 0 || (s.cols[column].rep != RInt && s.cols[column].rep != RDec) || !s.scaled(column) {
		return
	}
	value, finite := s.constValue(con)
	if !finite {
		return
	}
	// factor·x ⋛ value, where x is the column's physical integer.
	at := new(big.Rat).Quo(value, factor)
	floor, exact := floorRat(at)
	lo, hi = math.MinInt64, math.MaxInt64
	above := floor // the least integer that is not below
	if !exact {
		above = new(big.Int).Add(floor, big.NewInt(1))
	}
	one := big.NewInt(1)
	var least, most *big.Int // the bounds; nil: none
	switch fun {
	case logical.Eq:
		least, most = above, floor // apart when no integer is equal
	case logical.Lt:
		most = new(big.Int).Sub(above, one)
	case logical.Le:
		most = floor
	case logical.Gt:
		least = new(big.Int).Add(floor, one)
	case logical.Ge:
		least = above
	}
	if least != nil && !least.IsInt64() && least.Sign() > 0 || most != nil && !most.IsInt64() && most.Sign() < 0 {
		return column, 1, 0, true // past every value
	}
	if least != nil && least.IsInt64() {
		lo = least.Int64()
	}
	if most != nil && most.IsInt64() {
		hi = most.Int64()
	}
	return column, lo, hi, true
}

func isConst(e logical.Expr) bool {
	c, ok := e.(*logical.Const)
	return ok && !c.Value.Null
}

func mirrored(f logical.Func) logical.Func {
	switch f {
	case logical.Lt:
		return logical.Gt
	case logical.Le:
		return logical.Ge
	case logical.Gt:
		return logical.Lt
	case logical.Ge:
		return logical.Le
	}
	return f
}

func (s *scan) scaled(column int) bool {
	for _, ls := range s.layouts {
		if ls[column].Encoding != segment.Scaled {
			return false
		}
	}
	return true
}

// scaledRef sees through casts that multiply a column's physical integer: value = factor·x, in units of the expression's
// value (a number, or microseconds for timestamps).
func scaledRef(e logical.Expr) (ref *logical.Ref, factor *big.Rat, ok bool) {
	switch e := e.(type) {
	case *logical.Ref:
		factor = big.NewRat(1, 1)
		if _, scale, isNum := e.Col.Type.PrecisionScale(); isNum && scale > 0 {
			factor.SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil))
		}
		return e, factor, true
	case *logical.Cast:
		from, to := e.Arg.Type(), e.Typ
		ref, factor, ok = scaledRef(e.Arg)
		if !ok {
			return
		}
		switch {
		case from.Kind == sqltype.Date && to.Kind == sqltype.Timestamp:
			return ref, factor.Mul(factor, big.NewRat(microsPerDay, 1)), true
		case from.Kind.IsInteger() && to.Kind.IsInteger() && to.Kind >= from.Kind,
			from.Kind.IsInteger() && to.Kind == sqltype.Numeric && !to.HasMod(),
			from.Kind == sqltype.Numeric && to.Kind == sqltype.Numeric && !to.HasMod():
			return ref, factor, true
		}
	}
	return nil, nil, false
}

// constValue is a constant's exact value; infinities and NaN have none.
func (s *scan) constValue(e logical.Expr) (*big.Rat, bool) {
	c, ok := e.(*logical.Const)
	if !ok {
		return nil, false
	}
	switch c.Typ.Kind {
	case sqltype.Int2, sqltype.Int4, sqltype.Int8:
		return new(big.Rat).SetInt64(c.Value.I), true
	case sqltype.Date:
		return new(big.Rat).SetInt64(c.Value.I), c.Value.I != math.MinInt32 && c.Value.I != math.MaxInt32
	case sqltype.Timestamp:
		return new(big.Rat).SetInt64(c.Value.I), c.Value.I != math.MinInt64 && c.Value.I != math.MaxInt64
	case sqltype.Numeric:
		d := c.Value.N
		if d == nil || d.Special != sqltype.Finite {
			return nil, false
		}
		return new(big.Rat).SetFrac(d.Unscaled, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(d.Scale)), nil)), true
	}
	return nil, false
}

func floorRat(r *big.Rat) (floor *big.Int, exact bool) {
	q, m := new(big.Int).DivMod(r.Num(), r.Denom(), new(big.Int))
	return q, m.Sign() == 0
}

// skip leaves the morsel at once when the segment's statistics exclude a bound.
func (s *scan) skip(f *fn, cols *staged.Node) {
	for i := range s.bounds {
		lo, hi := s.ends(f, &s.bounds[i])
		c := f.b.IndexAddr(cols, staged.Int(staged.TU64, int64(s.bounds[i].column)))
		f.b.If(f.b.Pure(staged.TI32, "fl_excluded", c, lo, hi), func() { f.b.Emit(&staged.Return{}) }, nil)
	}
}

// ends are a bound's ends in the parameter block.
func (s *scan) ends(f *fn, bd *bound) (lo, hi *staged.Node) {
	if f.boundAt == nil {
		f.boundAt = map[*bound]int{}
	}
	at, ok := f.boundAt[bd]
	if !ok {
		at = f.t.params.int64(bd.lo)
		f.t.params.int64(bd.hi)
		f.boundAt[bd] = at
	}
	return f.slot(staged.TI64, at), f.slot(staged.TI64, at+8)
}

// within compares the encoded values: the ends are encoded once a morsel.
func (s *scan) within(f *fn, bd *bound, e encodedColumn) *staged.Node {
	b := f.b
	lo, hi := s.ends(f, bd)
	t := e.raw.Type
	if e.layout.Width < 8 {
		div := staged.Int(staged.TI64, max(e.layout.Divisor, 1))
		most := staged.Int(staged.TU32, int64(staged.Full(t).Hi))
		lo, hi = b.Cast(t, b.Pure(staged.TU32, "fl_encode_lo", e.meta, div, most, lo, hi)), b.Cast(t, b.Pure(staged.TU32, "fl_encode_hi", e.meta, div, most, lo, hi))
	}
	m := b.And(b.Prim("ge", t, e.raw, lo), b.Prim("le", t, e.raw, hi))
	return b.And(m, e.valid)
}
