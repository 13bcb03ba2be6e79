package bind

import "github.com/flernd/flernd/internal/planner/logical"

// binaryOperators are the candidates of each infix operator, prefixOperators of each prefix operator.
var (
	binaryOperators = makeBinaryOperators()
	prefixOperators = makePrefixOperators()
)

// crossInts are the pairs of integer types that have operators of their own, and the type they compute in.
var crossInts = [][3]kind{{int2, int2, int2}, {int2, int4, int4}, {int2, int8, int8}, {int4, int2, int4}, {int4, int4, int4},
	{int4, int8, int8}, {int8, int2, int8}, {int8, int4, int8}, {int8, int8, int8}}

var crossFloats = [][3]kind{{float4, float4, float4}, {float4, float8, float8}, {float8, float4, float8}, {float8, float8, float8}}

func makeBinaryOperators() map[string][]*candidate {
	ops := map[string][]*candidate{}
	add := func(name string, fn logical.Func, l, r, result kind, to ...kind) {
		ops[name] = append(ops[name], &candidate{args: []kind{l, r}, to: to, result: result, fn: fn})
	}
	for name, fn := range map[string]logical.Func{"+": logical.Add, "-": logical.Sub, "*": logical.Mul, "/": logical.Div} {
		for _, p := range append(append([][3]kind(nil), crossInts...), crossFloats...) {
			add(name, fn, p[0], p[1], p[2], p[2], p[2])
		}
		add(name, fn, numeric, numeric, numeric)
	}
	for _, k := range []kind{int2, int4, int8, numeric} {
		add("%", logical.Mod, k, k, k)
	}
	add("^", logical.Pow, float8, float8, float8)
	add("^", logical.Pow, numeric, numeric, numeric)
	for _, k := range []kind{int2, int4, int8} {
		add("&", logical.BitAnd, k, k, k)
		add("|", logical.BitOr, k, k, k)
		add("#", logical.BitXor, k, k, k)
		add("<<", logical.ShiftLeft, k, int4, k)
		add(">>", logical.ShiftRight, k, int4, k)
	}
	addDateOperators(add)
	addComparisons(add)
	addStringOperators(ops, add)
	for name, fn := range map[string]logical.Func{"+": logical.Add, "-": logical.Sub, "*": logical.Mul} {
		add(name, fn, vector, vector, vector)
	}
	for name, fn := range map[string]logical.Func{"<->": logical.L2Distance, "<+>": logical.L1Distance, "<=>": logical.CosineDistance,
		"<#>": logical.NegativeInnerProduct} {
		add(name, fn, vector, vector, float8)
	}
	ops["/"] = append(ops["/"], &candidate{args: []kind{interval, float8}, result: interval, lacks: "division of an interval"})
	return ops
}

type addBinary func(name string, fn logical.Func, l, r, result kind, to ...kind)

func addDateOperators(add addBinary) {
	add("+", logical.Add, date, int4, date)
	add("+", logical.Add, int4, date, date)
	add("-", logical.Sub, date, int4, date)
	add("-", logical.Sub, date, date, int4)
	add("-", logical.Sub, timestamp, timestamp, interval)
	for _, k := range []kind{date, timestamp} {
		add("+", logical.Add, k, interval, timestamp)
		add("+", logical.Add, interval, k, timestamp)
		add("-", logical.Sub, k, interval, timestamp)
	}
	add("+", logical.Add, interval, interval, interval)
	add("-", logical.Sub, interval, interval, interval)
	add("*", logical.Mul, interval, float8, interval)
	add("*", logical.Mul, float8, interval, interval)
}

// swapped reports whether a candidate's operands change places, so that the compiler sees one order: interval last in
// date and timestamp sums, integer last in date sums, interval first in products.
func swapped(c *candidate) bool {
	switch c.fn {
	case logical.Add:
		return c.args[1] == date && c.args[0] != date || c.args[1] == timestamp && c.args[0] == interval
	case logical.Mul:
		return c.args[0] == float8 && c.args[1] == interval
	}
	return false
}

var comparisons = map[string]logical.Func{"=": logical.Eq, "<>": logical.Ne, "<": logical.Lt, "<=": logical.Le,
	">": logical.Gt, ">=": logical.Ge}

func addComparisons(add addBinary) {
	for name, fn := range comparisons {
		for _, p := range append(append([][3]kind(nil), crossInts...), crossFloats...) {
			add(name, fn, p[0], p[1], boolean, p[2], p[2])
		}
		for _, k := range []kind{boolean, numeric, text, bpchar, date, timestamp, interval} {
			add(name, fn, k, k, boolean)
		}
		add(name, fn, vector, vector, boolean)
		add(name, fn, date, timestamp, boolean, timestamp, timestamp)
		add(name, fn, timestamp, date, boolean, timestamp, timestamp)
	}
}

// comparesAcross tells whether Postgres compares two different types by an operator of their own. Here the narrower is
// converted first, which loses nothing.
func comparesAcross(l, r kind) bool {
	for _, p := range append(append([][3]kind(nil), crossInts...), crossFloats...) {
		if l == p[0] && r == p[1] {
			return true
		}
	}
	return l == date && r == timestamp || l == timestamp && r == date
}

// likeOperators are LIKE and its kin by operator name.
var likeOperators = map[string]logical.Func{"~~": logical.Like, "!~~": logical.NotLike, "~~*": logical.ILike,
	"!~~*": logical.NotILike}

func addStringOperators(ops map[string][]*candidate, add addBinary) {
	for name, fn := range likeOperators {
		add(name, fn, text, text, boolean)
		add(name, fn, bpchar, text, boolean) // the blanks of char(n) count in a pattern match
	}
	add("^@", logical.StartsWith, text, text, boolean)
	add("||", logical.Concat, text, text, text)
	add("||", logical.Concat, text, anyKind, text, text, text)
	add("||", logical.Concat, anyKind, text, text, text, text)
	for _, name := range []string{"~", "~*", "!~", "!~*"} {
		for _, l := range []kind{text, bpchar} {
			ops[name] = append(ops[name], &candidate{args: []kind{l, text}, result: boolean, lacks: "regular expression matching"})
		}
	}
}

func makePrefixOperators() map[string][]*candidate {
	ops := map[string][]*candidate{}
	add := func(name string, fn logical.Func, kinds ...kind) {
		for _, k := range kinds {
			ops[name] = append(ops[name], &candidate{args: []kind{k}, result: k, fn: fn})
		}
	}
	add("-", logical.Neg, int2, int4, int8, float4, float8, numeric, interval)
	add("+", unaryPlus, int2, int4, int8, float4, float8, numeric)
	add("@", logical.Abs, int2, int4, int8, float4, float8, numeric)
	add("~", logical.BitNot, int2, int4, int8)
	ops["|/"] = []*candidate{{args: []kind{float8}, result: float8, fn: logical.Sqrt}}
	return ops
}

// unaryPlus marks the prefix operator that is its operand.
const unaryPlus = logical.Func(255)
