package stats

import (
	"math"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// bounds are the limits that conjuncts set for one column, as fractions of its range.
type bounds struct {
	col       logical.ColID
	low, high float64
}

// Selectivity estimates the fraction of rows for which all conjuncts hold. Limits from below and above on one column are
// taken together. Factors are multiplied in the conjuncts' order: the same query must get the same plan, to the last bit.
func (e *Estimator) Selectivity(conds []logical.Expr) float64 {
	s := 1.0
	var ranges []bounds
	var at map[logical.ColID]int // index in ranges
	for _, c := range conds {
		id, f, above, ok := e.rangeOf(c)
		if !ok {
			s *= e.one(c)
			continue
		}
		if at == nil {
			at = map[logical.ColID]int{}
		}
		i, known := at[id]
		if !known {
			i = len(ranges)
			at[id] = i
			ranges = append(ranges, bounds{id, 0, 1})
		}
		if b := &ranges[i]; above {
			b.low = math.Max(b.low, f)
		} else {
			b.high = math.Min(b.high, f)
		}
	}
	for _, b := range ranges {
		s *= math.Max(b.high-b.low, e.leastRange(b.col)) * (1 - e.cols[b.col].nulls)
	}
	return math.Max(s, leastSelectivity)
}

// leastRange is the fraction that a range is assumed to have at least: one value's.
func (e *Estimator) leastRange(id logical.ColID) float64 {
	if c := e.cols[id]; c.distinct > 0 {
		return 1 / c.distinct
	}
	return defaultEqual
}

// rangeOf recognises column <|<=|>|>= constant on a column with bounds; f is where in the column's range the constant lies.
func (e *Estimator) rangeOf(x logical.Expr) (id logical.ColID, f float64, above, ok bool) {
	call, isCall := x.(*logical.Call)
	if !isCall || call.Func < logical.Lt || call.Func > logical.Ge {
		return 0, 0, false, false
	}
	r, isRef := stripCast(call.Args[0]).(*logical.Ref)
	k, isConst := call.Args[1].(*logical.Const)
	if !isRef || !isConst || k.Value.Null {
		return 0, 0, false, false
	}
	c, known := e.cols[r.Col.ID]
	if !known || !c.bounded {
		return 0, 0, false, false
	}
	v, ok := value(k, c.scale)
	if !ok {
		return 0, 0, false, false
	}
	if c.kind == sqltype.Date && k.Typ.Kind == sqltype.Timestamp {
		v /= 86400e6
	}
	above = call.Func == logical.Gt || call.Func == logical.Ge
	if !c.kind.IsFloat() && (call.Func == logical.Gt || call.Func == logical.Le) {
		v++ // whole numbers: > v is >= v+1
	}
	span := c.high - c.low
	if !c.kind.IsFloat() {
		span++
	}
	if span <= 0 {
		span = 1
	}
	return r.Col.ID, math.Max(0, math.Min(1, (v-c.low)/span)), above, true
}

// stripCast looks through conversions that keep the order.
func stripCast(x logical.Expr) logical.Expr {
	if c, ok := x.(*logical.Cast); ok {
		return c.Arg
	}
	return x
}

// value is a constant as a number in the domain of statistics: numerics scaled by 10^scale, days, microseconds.
func value(k *logical.Const, scale int) (float64, bool) {
	switch {
	case k.Typ.Kind.IsInteger() || k.Typ.Kind == sqltype.Date || k.Typ.Kind == sqltype.Timestamp || k.Typ.Kind == sqltype.Bool:
		return float64(k.Value.I) * math.Pow10(scale), true
	case k.Typ.Kind.IsFloat():
		return k.Value.F * math.Pow10(scale), true
	case k.Typ.Kind == sqltype.Numeric && k.Value.N.Special == sqltype.Finite:
		if k.Value.N.Unscaled.BitLen() > 200 {
			return 0, false
		}
		f, _ := k.Value.N.Unscaled.Float64()
		return f * math.Pow10(scale-int(k.Value.N.Scale)), true
	}
	return 0, false
}

// unknownElements is how many elements an array has of which nothing is known.
const unknownElements = 10

// one estimates a single condition.
func (e *Estimator) one(x logical.Expr) float64 {
	switch x := x.(type) {
	case *logical.Const:
		if logical.IsConst(x, true) {
			return 1
		}
		return leastSelectivity
	case *logical.InList:
		s := math.Min(1, float64(len(x.List))*e.equal(x.Arg))
		if x.Not {
			return 1 - s
		}
		return s
	case *logical.Quantified:
		if x.Op == logical.Eq && !x.All {
			return math.Min(1, unknownElements*e.equal(x.Arg))
		}
	case *logical.Call:
		return e.call(x)
	}
	return unknownBoolean
}

func (e *Estimator) call(x *logical.Call) float64 {
	switch x.Func {
	case logical.And:
		return e.Selectivity(x.Args)
	case logical.Or:
		s := 0.0
		for _, a := range x.Args {
			p := e.Selectivity([]logical.Expr{a})
			s += p - s*p
		}
		return s
	case logical.Not:
		return 1 - e.one(x.Args[0])
	case logical.Eq, logical.IsNotDistinct:
		return e.Equal(x.Args[0], x.Args[1])
	case logical.Ne, logical.IsDistinct:
		return 1 - e.Equal(x.Args[0], x.Args[1])
	case logical.Lt, logical.Le, logical.Gt, logical.Ge:
		return defaultRange
	case logical.Like, logical.ILike, logical.StartsWith:
		return defaultLike
	case logical.NotLike, logical.NotILike:
		return 1 - defaultLike
	case logical.IsNull:
		return e.nulls(x.Args[0])
	case logical.IsNotNull:
		return 1 - e.nulls(x.Args[0])
	}
	return unknownBoolean
}

func (e *Estimator) nulls(x logical.Expr) float64 {
	if r, ok := x.(*logical.Ref); ok {
		if c, known := e.cols[r.Col.ID]; known {
			return c.nulls
		}
	}
	if !x.Nullable() {
		return 0
	}
	return defaultEqual
}

// equal is the fraction of rows on which x has one given value.
func (e *Estimator) equal(x logical.Expr) float64 {
	if _, known := e.column(x); known || x.Type().Kind == sqltype.Bool {
		return 1 / e.Distinct(x)
	}
	return defaultEqual
}

func (e *Estimator) column(x logical.Expr) (column, bool) {
	if r, ok := stripCast(x).(*logical.Ref); ok {
		c, known := e.cols[r.Col.ID]
		return c, known && c.distinct > 0
	}
	return column{}, false
}

// Equal estimates l = r.
func (e *Estimator) Equal(l, r logical.Expr) float64 {
	_, lconst := l.(*logical.Const)
	_, rconst := r.(*logical.Const)
	switch {
	case rconst:
		return e.equal(l)
	case lconst:
		return e.equal(r)
	}
	return math.Min(e.equal(l), e.equal(r))
}

// joinRows estimates a join of any number of inputs.
func (e *Estimator) joinRows(n *logical.Join) float64 {
	if n.Rows > 0 {
		return n.Rows
	}
	rows := 1.0
	for _, in := range n.In {
		rows *= e.Rows(in)
	}
	if len(n.Key) > 0 {
		rows *= e.Keys(n.Probe, n.Key, e.Rows(n.In[0]), e.Rows(n.In[1]))
	}
	return atLeastOne(rows * e.Selectivity(n.Conds))
}

// Keys estimates the fraction of pairs of rows that agree on all keys. Several keys together have no more values than the
// side with fewer of them has rows: a composite foreign key finds one row for each.
func (e *Estimator) Keys(l, r []logical.Expr, lrows, rrows float64) float64 {
	if len(l) == 1 {
		return e.Equal(l[0], r[0])
	}
	ld, rd := 1.0, 1.0
	for i := range l {
		ld *= e.Distinct(l[i])
		rd *= e.Distinct(r[i])
	}
	return 1 / math.Max(1, math.Min(math.Min(ld, lrows), math.Min(rd, rrows)))
}
