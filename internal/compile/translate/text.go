package translate

import (
	"fmt"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// plainText turns dictionary codes into strings; other values stay.
func (f *fn) plainText(r *row, v Value) Value {
	if v.Rep != RCode {
		return v
	}
	v.N = f.decodeText(v)
	v.Rep, v.Keep = RStr, true
	return v
}

func (f *fn) decodeText(v Value) *staged.Node {
	name := "flk_dict_str_" + v.N.Type.Suffix()
	var m *staged.Node = v.Valid
	return f.b.Kernel(v.N.Block, &staged.Kernel{Func: name, Outs: []*staged.Type{staged.TStr},
		Args: []staged.Arg{staged.Out(0), staged.A(f.dict(v.Dict)), staged.A(v.N), staged.A(m), staged.N}})[0]
}

// textCall builds the functions of text.
func (f *fn) textCall(r *row, e *logical.Call, args []Value) Value {
	valid, active := f.valid(args...), f.rows(r, args...)
	char := args[0].Type.Kind == sqltype.Char
	for i := range args {
		args[i] = f.plainText(r, args[i])
	}
	switch e.Func {
	case logical.Like, logical.ILike, logical.NotLike, logical.NotILike:
		return f.like(r, e, args)
	}
	var ka []staged.Arg
	for i := range args {
		a := f.lanes(r, args[i])
		if a.Rep == RInt {
			a.N = f.spread(r, f.b.Cvt(staged.TI32, a.N))
		}
		ka = append(ka, staged.A(a.N))
	}
	m, pos := staged.A(active), lit(e.Pos)
	text := Value{Rep: RStr, Type: e.Typ, Valid: valid}
	call := func(name string, worker, raises bool) Value {
		var all []staged.Arg
		if worker {
			all = append(all, staged.W)
		}
		all = append(append(all, staged.Out(0)), ka...)
		all = append(all, m)
		if raises {
			all = append(all, pos)
		}
		all = append(all, staged.N)
		if raises {
			text.N = f.raising1(r, name, staged.TStr, active, all...)
		} else {
			text.N = f.kernel1(r, name, staged.TStr, all...)
		}
		return text
	}
	switch e.Func {
	case logical.Concat:
		return call("flk_concat", true, true)
	case logical.Upper:
		return call("flk_upper", true, false)
	case logical.Lower:
		return call("flk_lower", true, false)
	case logical.Substring:
		if len(args) == 2 {
			return call("flk_substr", true, false)
		}
		return call("flk_substr_len", true, true)
	case logical.Trim, logical.LTrim, logical.RTrim:
		if len(args) == 1 {
			ka = append(ka, staged.A(f.spread(r, f.text(" "))))
		}
		text.Keep = args[0].Keep
		return call(map[logical.Func]string{logical.Trim: "flk_btrim", logical.LTrim: "flk_ltrim", logical.RTrim: "flk_rtrim"}[e.Func], false, false)
	case logical.Left:
		text.Keep = args[0].Keep
		return call("flk_left", false, false)
	case logical.Right:
		text.Keep = args[0].Keep
		return call("flk_right", false, false)
	case logical.Replace:
		return call("flk_replace", true, true)
	case logical.Repeat:
		return call("flk_repeat", true, true)
	case logical.Length, logical.Position:
		name := "flk_position"
		if e.Func == logical.Length {
			name = "flk_length"
			if char {
				name = "flk_length_char"
			}
		}
		n := f.kernel1(r, name, staged.TI32, append(append([]staged.Arg{staged.Out(0)}, ka...), m, staged.N)...)
		n.Range = staged.Range{Lo: 0, Hi: 1<<30 - 1}
		return Value{Rep: RInt, Type: e.Typ, Valid: valid, N: n}
	case logical.StartsWith:
		return boolean(f.kernel1(r, "flk_starts_with", staged.TMask, append(append([]staged.Arg{staged.Out(0)}, ka...), m, staged.N)...), valid)
	}
	fail(sqlstate.Unsupported("function %s in a compiled query", e.Func).At(e.Pos))
	return Value{}
}

var likeType = staged.External("fl_like")

// like builds LIKE and ILIKE: a constant pattern is prepared once a run.
func (f *fn) like(r *row, e *logical.Call, args []Value) Value {
	valid, active := f.valid(args...), f.rows(r, args...)
	text, pattern := f.lanes(r, args[0]), args[1]
	escape := Value{Rep: RStr, N: f.text("\\"), Keep: true}
	if len(args) > 2 {
		escape = args[2]
	}
	ignore := int64(0)
	if e.Func == logical.ILike || e.Func == logical.NotILike {
		ignore = 1
	}
	var n *staged.Node
	if f.allConstant(e.Args[1:]) {
		like := f.prepared(e, ignore)
		n = f.raising1(r, "flk_like", staged.TMask, active, staged.W, staged.Out(0), staged.A(text.N), staged.A(like), staged.A(active), lit(e.Pos), staged.N)
	} else {
		p, x := f.lanes(r, pattern), f.lanes(r, escape)
		n = f.raising1(r, "flk_like_each", staged.TMask, active, staged.W, staged.Out(0), staged.A(text.N), staged.A(p.N), staged.A(x.N),
			staged.Imm(ignore), staged.A(active), lit(e.Pos), staged.N)
	}
	if e.Func == logical.NotLike || e.Func == logical.NotILike {
		n = f.b.Not(n)
	}
	return boolean(n, valid)
}

// allConstant reports whether all expressions are constants or parameters.
func (f *fn) allConstant(es []logical.Expr) bool {
	for _, e := range es {
		if _, ok := f.t.constantOf(e); !ok {
			return false
		}
	}
	return true
}

// prepared is a constant pattern's matcher: made in prepare() and kept in the state, or at once in prepare() itself.
func (f *fn) prepared(e *logical.Call, ignore int64) *staged.Node {
	g := f.prep
	if g == nil {
		return f.matcher(e, ignore)
	}
	field := f.t.stateField(fmt.Sprintf("like_%d", len(f.t.state.Fields)), likeType.Type().Ptr())
	g.b.Put(g.state, field, g.matcher(e, ignore))
	return f.b.Fixed(f.state, field, likeType.Type().Ptr())
}

func (f *fn) matcher(e *logical.Call, ignore int64) *staged.Node {
	b := f.b
	pattern, escape := f.eval(nil, e.Args[1]).N, f.text("\\")
	if len(e.Args) > 2 {
		escape = f.eval(nil, e.Args[2]).N
	}
	return b.Call(likeType.Type().Ptr(), "flk_like_prepare", f.w, b.Address(pattern), b.Address(escape), staged.Int(staged.TU32, ignore),
		staged.Int(staged.TI32, int64(e.Pos)))
}
