package rules

import (
	"math"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// normalisePredicates brings conditions to the forms that later rules and the compiler look for: constants on the right,
// no NOT above a comparison, common factors of OR taken out, columns compared in their own type.
func normalisePredicates(c *context, n logical.Node) logical.Node {
	n = logical.MapInputs(n, func(in logical.Node) logical.Node { return normalisePredicates(c, in) })
	n = logical.MapExprs(n, func(e logical.Expr) logical.Expr { return logical.Rewrite(e, normalise) })
	switch n := n.(type) {
	case *logical.Filter:
		return filter(n.Input, conjunctsOf(n.Conds))
	case *logical.Join:
		if len(n.Conds) > 0 {
			return &logical.Join{In: n.In, Conds: conjunctsOf(n.Conds)}
		}
	}
	return n
}

// conjunctsOf flattens ANDs. A conjunct that is constantly true goes; one that is constantly not true is all that counts.
func conjunctsOf(conds []logical.Expr) []logical.Expr {
	var all []logical.Expr
	for _, c := range conds {
		all = logical.Conjuncts(all, c)
	}
	out := make([]logical.Expr, 0, len(all))
	for _, c := range all {
		if logical.IsConst(c, true) {
			continue
		}
		if _, constant := c.(*logical.Const); constant {
			return []logical.Expr{c}
		}
		out = append(out, c)
	}
	return out
}

var (
	negated = map[logical.Func]logical.Func{logical.Eq: logical.Ne, logical.Ne: logical.Eq, logical.Lt: logical.Ge,
		logical.Ge: logical.Lt, logical.Gt: logical.Le, logical.Le: logical.Gt, logical.Like: logical.NotLike,
		logical.NotLike: logical.Like, logical.ILike: logical.NotILike, logical.NotILike: logical.ILike,
		logical.IsNull: logical.IsNotNull, logical.IsNotNull: logical.IsNull, logical.IsTrue: logical.IsNotTrue,
		logical.IsNotTrue: logical.IsTrue, logical.IsFalse: logical.IsNotFalse, logical.IsNotFalse: logical.IsFalse,
		logical.IsDistinct: logical.IsNotDistinct, logical.IsNotDistinct: logical.IsDistinct}
	mirrored = map[logical.Func]logical.Func{logical.Eq: logical.Eq, logical.Ne: logical.Ne, logical.Lt: logical.Gt,
		logical.Gt: logical.Lt, logical.Le: logical.Ge, logical.Ge: logical.Le}
)

func normalise(e logical.Expr) logical.Expr {
	if in, ok := e.(*logical.InList); ok {
		return listInOwnType(in)
	}
	call, ok := e.(*logical.Call)
	if !ok {
		return e
	}
	switch {
	case call.Func == logical.Not:
		return not(call)
	case call.Func == logical.Or:
		return factor(call)
	case call.Func >= logical.Eq && call.Func <= logical.Ge:
		return compareInOwnType(constantRight(call))
	}
	return e
}

// not pushes NOT into its operand; three-valued logic allows each of these.
func not(c *logical.Call) logical.Expr {
	switch arg := c.Args[0].(type) {
	case *logical.InList:
		return &logical.InList{Arg: arg.Arg, List: arg.List, Not: !arg.Not}
	case *logical.Call:
		if f, ok := negated[arg.Func]; ok {
			x := *arg
			x.Func = f
			return &x
		}
		switch arg.Func {
		case logical.Not:
			return arg.Args[0]
		case logical.And, logical.Or:
			x := *arg
			x.Func = logical.And + logical.Or - arg.Func
			x.Args = make([]logical.Expr, len(arg.Args))
			for i, a := range arg.Args {
				x.Args[i] = normalise(&logical.Call{Func: logical.Not, Args: []logical.Expr{a}, Typ: c.Typ, Pos: c.Pos})
			}
			return normalise(&x)
		}
	}
	return c
}

func isConstant(e logical.Expr) bool {
	switch e.(type) {
	case *logical.Const, *logical.Param:
		return true
	}
	return false
}

func constantRight(c *logical.Call) *logical.Call {
	if isConstant(c.Args[0]) && !isConstant(c.Args[1]) {
		return &logical.Call{Func: mirrored[c.Func], Args: []logical.Expr{c.Args[1], c.Args[0]}, Typ: c.Typ, Pos: c.Pos}
	}
	return c
}

// factor takes out of a disjunction the conjuncts that all its branches have: (a AND b) OR (a AND c) is a AND (b OR c).
func factor(or *logical.Call) logical.Expr {
	branches := make([][]logical.Expr, len(or.Args))
	for i, a := range or.Args {
		branches[i] = logical.Conjuncts(nil, a)
	}
	var common []logical.Expr
	for _, e := range branches[0] {
		if !logical.IsVolatile(e) && inAll(e, branches[1:]) {
			common = append(common, e)
		}
	}
	if len(common) == 0 {
		return or
	}
	rest := make([]logical.Expr, 0, len(branches))
	for _, b := range branches {
		var own []logical.Expr
		for _, e := range b {
			if !contains(common, e) {
				own = append(own, e)
			}
		}
		if len(own) == 0 {
			return conjunction(common, or) // a OR (a AND b) is a
		}
		rest = append(rest, conjunction(own, or))
	}
	return conjunction(append(common, &logical.Call{Func: logical.Or, Args: rest, Typ: or.Typ, Pos: or.Pos}), or)
}

func inAll(e logical.Expr, branches [][]logical.Expr) bool {
	for _, b := range branches {
		if !contains(b, e) {
			return false
		}
	}
	return true
}

func contains(list []logical.Expr, e logical.Expr) bool {
	for _, x := range list {
		if logical.Equal(x, e) {
			return true
		}
	}
	return false
}

func conjunction(es []logical.Expr, like *logical.Call) logical.Expr {
	if len(es) == 1 {
		return es[0]
	}
	return &logical.Call{Func: logical.And, Args: es, Typ: like.Typ, Pos: like.Pos}
}

// compareInOwnType compares a column that was widened for a constant in the column's own type, where the constant allows it
// without changing any row's result: a date with midnight, an integer with a number it can hold, a real with a double that
// is one.
func compareInOwnType(c *logical.Call) logical.Expr {
	cast, ok := c.Args[0].(*logical.Cast)
	k, isConst := c.Args[1].(*logical.Const)
	if !ok || !isConst || k.Value.Null {
		return c
	}
	fn, v, ok := inOwnType(c.Func, cast, k)
	if !ok {
		return c
	}
	own := &logical.Const{Value: v, Typ: sqltype.Of(cast.Arg.Type().Kind)}
	return &logical.Call{Func: fn, Args: []logical.Expr{cast.Arg, own}, Typ: c.Typ, Pos: c.Pos}
}

// inOwnType is the comparison of a widened column's own value that says the same, if there is one.
func inOwnType(fn logical.Func, cast *logical.Cast, k *logical.Const) (logical.Func, sqltype.Datum, bool) {
	from, to, v := cast.Arg.Type(), cast.Typ.Kind, k.Value
	switch {
	case from.Kind == sqltype.Date && to == sqltype.Timestamp && !cast.Typ.HasMod():
		return asDate(fn, v.I)
	case from.Kind.IsInteger() && to.IsInteger() && logical.TotalCast(from, cast.Typ): // a narrowing one must still raise
		_, err := sqltype.CheckInteger(from.Kind, v.I)
		return fn, v, err == nil
	case from.Kind == sqltype.Float4 && to == sqltype.Float8:
		return fn, v, float64(float32(v.F)) == v.F || math.IsNaN(v.F)
	}
	return fn, v, false
}

// listInOwnType does the same for an IN list all of whose items allow it.
func listInOwnType(in *logical.InList) logical.Expr {
	cast, ok := in.Arg.(*logical.Cast)
	if !ok {
		return in
	}
	own := make([]logical.Expr, len(in.List))
	for i, it := range in.List {
		k, isConst := it.(*logical.Const)
		if !isConst {
			return in
		}
		if k.Value.Null {
			own[i] = logical.NullConst(sqltype.Of(cast.Arg.Type().Kind))
			continue
		}
		fn, v, ok := inOwnType(logical.Eq, cast, k)
		if !ok || fn != logical.Eq {
			return in
		}
		own[i] = &logical.Const{Value: v, Typ: sqltype.Of(cast.Arg.Type().Kind)}
	}
	return &logical.InList{Arg: cast.Arg, List: own, Not: in.Not}
}

// asDate turns a comparison of a date's midnight with a timestamp into one of the date: d < noon of x is d <= x.
func asDate(fn logical.Func, t int64) (logical.Func, sqltype.Datum, bool) {
	const day = 86400_000_000
	if t == sqltype.TimestampInfinity || t == sqltype.TimestampNegInfinity {
		return fn, sqltype.Datum{}, false
	}
	d := t / day
	if t%day < 0 {
		d--
	}
	if t%day != 0 {
		switch fn {
		case logical.Lt:
			fn = logical.Le
		case logical.Ge:
			fn = logical.Gt
		case logical.Le, logical.Gt:
		default:
			return fn, sqltype.Datum{}, false
		}
	}
	return fn, sqltype.Datum{I: d}, true
}
