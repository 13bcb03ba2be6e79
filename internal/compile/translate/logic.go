package translate

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// andOr builds AND and OR with three truth values. The second operand is evaluated only where the first leaves it open, so
// that what it raises is raised as a row-at-a-time evaluation would.
func (f *fn) andOr(r *row, e *logical.Call) Value {
	acc := f.eval(r, e.Args[0])
	for _, a := range e.Args[1:] {
		open := r.sel
		if !acc.Null {
			m := f.mask(acc, r)
			if e.Func == logical.And {
				open = f.b.And(open, f.orNull(m, acc.Valid))
			} else {
				open = f.b.AndNot(open, f.b.And(m, acc.Valid))
			}
		}
		acc = f.combine(r, e.Func, acc, f.eval(r.with(open), a))
	}
	return acc
}

// orNull is the mask of rows where a boolean is not false.
func (f *fn) orNull(m, valid *staged.Node) *staged.Node {
	if valid == nil {
		return m
	}
	return f.b.Or(m, f.b.Not(valid))
}

func (f *fn) combine(r *row, fun logical.Func, x, y Value) Value {
	b := f.b
	if x.Null && y.Null {
		return x
	}
	if x.Null || y.Null {
		if x.Null {
			x, y = y, x
		}
		// x AND NULL is false where x is false, else null; x OR NULL is true where x is true.
		m := f.mask(x, r)
		if fun == logical.And {
			return boolean(m, b.And(b.Not(m), x.Valid))
		}
		return boolean(m, b.And(m, x.Valid))
	}
	mx, my := f.mask(x, r), f.mask(y, r)
	op := "and"
	if fun == logical.Or {
		op = "or"
	}
	out := b.Prim(op, staged.TMask, mx, my)
	if x.Valid == nil && y.Valid == nil {
		return boolean(out, nil)
	}
	// Known where both are, or where one alone decides.
	known := f.valid(x, y)
	for _, v := range []Value{x, y} {
		m := f.mask(v, r)
		if fun == logical.And {
			m = b.Not(m)
		}
		known = b.Or(known, b.And(m, v.Valid))
	}
	// Where only one is known and decides, the other's bit must not blur the result.
	if fun == logical.And {
		out = b.Prim("and", staged.TMask, f.orNull(mx, x.Valid), f.orNull(my, y.Valid))
	} else {
		out = b.Or(b.And(mx, x.Valid), b.And(my, y.Valid))
	}
	return boolean(out, known)
}

// nullTest builds NOT and the IS tests.
func (f *fn) nullTest(r *row, fun logical.Func, args []Value) Value {
	b, v := f.b, args[0]
	head, none := r.blk.Head, f.b.None(r.blk)
	there := v.Valid // nil: all rows
	if v.Null {
		there = none
	}
	isNull := func() *staged.Node {
		if there == nil {
			return none
		}
		return b.AndNot(head, there)
	}
	switch fun {
	case logical.Not:
		if v.Null {
			return v
		}
		return boolean(b.Not(f.mask(v, r)), v.Valid)
	case logical.IsNull:
		return boolean(isNull(), nil)
	case logical.IsNotNull:
		return boolean(b.And(head, there), nil)
	case logical.IsTrue:
		return boolean(f.truth(v, r), nil)
	case logical.IsNotTrue:
		return boolean(b.Not(f.truth(v, r)), nil)
	case logical.IsFalse, logical.IsNotFalse:
		m := none
		if !v.Null {
			m = b.And(b.AndNot(head, f.mask(v, r)), v.Valid)
		}
		if fun == logical.IsNotFalse {
			m = b.Not(m)
		}
		return boolean(m, nil)
	}
	m := f.distinct(r, args[0], args[1])
	if fun == logical.IsNotDistinct {
		m = b.Not(m)
	}
	return boolean(m, nil)
}

// distinct is the mask of rows where two values differ, NULL being equal to NULL only.
func (f *fn) distinct(r *row, x, y Value) *staged.Node {
	b, head := f.b, r.blk.Head
	there := func(v Value) *staged.Node {
		switch {
		case v.Null:
			return f.b.None(r.blk)
		case v.Valid == nil:
			return head
		}
		return b.And(head, v.Valid)
	}
	tx, ty := there(x), there(y)
	differ := b.Prim("xor", staged.TMask, tx, ty)
	if x.Null || y.Null {
		return differ
	}
	ne := f.compare(r.with(b.And(r.sel, b.And(tx, ty))), logical.Ne, x, y)
	return b.Or(differ, b.And(b.And(tx, ty), ne.N))
}

// caseWhen builds CASE: each branch is evaluated for the rows that reach it.
func (f *fn) caseWhen(r *row, e *logical.Case) Value { return f.choice(r, f.caseArms(r, e), e.Typ) }

// arm is one of several values that a row may take: the first whose mask has the row. The last one takes what is left.
type arm struct {
	when *staged.Node // nil: all rows
	v    Value
}

func (f *fn) caseArms(r *row, e *logical.Case) []arm {
	left := r.sel
	var arms []arm
	for _, w := range e.Whens {
		m := f.truth(f.eval(r.with(left), w.Cond), r)
		arms = append(arms, arm{m, f.eval(r.with(f.b.And(left, m)), w.Then)})
		left = f.b.AndNot(left, m)
	}
	return append(arms, arm{nil, f.eval(r.with(left), e.Else)})
}

func (f *fn) choice(r *row, arms []arm, t sqltype.Type) Value {
	last := len(arms) - 1
	out := arms[last].v
	for i := last - 1; i >= 0; i-- {
		out = f.selectValue(r, arms[i].when, arms[i].v, out, t)
	}
	return out
}

// selectValue is x in the rows of m and y elsewhere.
func (f *fn) selectValue(r *row, m *staged.Node, x, y Value, t sqltype.Type) Value {
	b := f.b
	switch {
	case x.Null && y.Null:
		return null(t)
	case x.Null:
		y.Valid = b.AndNot(f.orHead(r, y.Valid), m)
		y.Type = t
		return y
	case y.Null:
		x.Valid = b.And(m, x.Valid)
		x.Type = t
		return x
	}
	if isArray(x) && !(x.Rep == RArray && y.Rep == RArray && len(x.Elems) == len(y.Elems)) {
		x, y = f.packed(r, x), f.packed(r, y)
	}
	if x.Rep == RArray || x.Rep == RRecord {
		out := x
		out.Elems = make([]Value, len(x.Elems))
		for i := range x.Elems {
			out.Elems[i] = f.selectValue(r, m, x.Elems[i], y.Elems[i], x.Elems[i].Type)
		}
		out.Valid = f.selectValid(r, m, x.Valid, y.Valid)
		return out
	}
	if x.Rep == RCode || y.Rep == RCode {
		if !(x.Rep == y.Rep && sameDict(x.Dict, y.Dict)) {
			x, y = f.plainText(r, x), f.plainText(r, y)
		}
	}
	valid := f.selectValid(r, m, x.Valid, y.Valid)
	if x.Rep == RBool {
		mx, my := f.mask(x, r), f.mask(y, r)
		return boolean(b.Or(b.And(m, mx), b.AndNot(my, m)), valid)
	}
	// The scale shown must be that of the branch taken: branches of differing scale meet in variable form.
	if isDecimal(x) && isDecimal(y) && x.Scale != y.Scale && t.Kind == sqltype.Numeric {
		x, y = f.toNum(r, x), f.toNum(r, y)
	}
	x, y = f.unify(r, x, y)
	out := x
	out.Type, out.Valid, out.Keep = t, valid, x.Keep && y.Keep
	switch {
	case x.Rep == RInt || x.Rep == RDec:
		a, c, lane := f.same(x.N, y.N)
		out.N = b.Prim("sel", lane, m, a, c)
	case x.N.Type.InRegister():
		out.N = b.Prim("sel", x.N.Type, m, x.N, y.N)
	default:
		x, y = f.lanes(r, x), f.lanes(r, y)
		out.N = f.run(r, "flk_sel_16", m, x.N, y.N)
	}
	return out
}

func (f *fn) orHead(r *row, m *staged.Node) *staged.Node {
	if m == nil {
		return r.blk.Head
	}
	return m
}

func (f *fn) selectValid(r *row, m, x, y *staged.Node) *staged.Node {
	if x == nil && y == nil {
		return nil
	}
	b := f.b
	return b.Or(b.And(m, f.orHead(r, x)), b.AndNot(f.orHead(r, y), m))
}

func (f *fn) coalesceArms(r *row, e *logical.Call) []arm {
	left := r.sel
	var arms []arm
	for _, a := range e.Args {
		v := f.eval(r.with(left), a)
		if v.Null {
			continue
		}
		arms = append(arms, arm{f.orHead(r, v.Valid), v})
		if v.Valid == nil {
			break
		}
		left = f.b.AndNot(left, v.Valid)
	}
	if len(arms) == 0 {
		return []arm{{v: null(e.Typ)}}
	}
	return arms
}

// choose builds COALESCE, NULLIF, GREATEST and LEAST.
func (f *fn) choose(r *row, e *logical.Call) Value {
	b := f.b
	if e.Func == logical.NullIf {
		x, y := f.eval(r, e.Args[0]), f.eval(r, e.Args[1])
		if x.Null || y.Null {
			return x
		}
		eq := f.truth(f.compare(r, logical.Eq, x, y), r)
		x = f.lanes(r, x)
		x.Valid = b.AndNot(f.orHead(r, x.Valid), eq)
		return x
	}
	if e.Func == logical.Coalesce {
		return f.choice(r, f.coalesceArms(r, e), e.Typ)
	}
	fun := logical.Gt
	if e.Func == logical.Least {
		fun = logical.Lt
	}
	out := null(e.Typ)
	for _, a := range e.Args {
		v := f.eval(r, a)
		switch {
		case v.Null:
		case out.Null:
			out = v
		default:
			better := b.And(f.truth(f.compare(r, fun, v, out), r), nil)
			if out.Valid != nil {
				better = b.Or(better, b.AndNot(f.orHead(r, v.Valid), out.Valid))
			}
			out = f.selectValue(r, better, v, out, e.Typ)
		}
	}
	return out
}
