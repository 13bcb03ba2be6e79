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
	return f.b.Run(v.N.Block, "flk_dict_str_"+v.N.Type.Suffix(), staged.Site{Rows: v.Valid}, f.dict(v.Dict), v.N)[0]
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
	name := textKernels[e.Func]
	switch {
	case name == "":
		fail(sqlstate.Unsupported("function %s in a compiled query", e.Func).At(e.Pos))
	case e.Func == logical.Length && char:
		name = "flk_length_char"
	case e.Func == logical.Substring && len(args) == 3:
		name = "flk_substr_len"
	}
	operands := make([]*staged.Node, len(args), len(args)+1)
	for i := range args {
		a := f.lanes(r, args[i])
		if a.Rep == RInt {
			a.N = f.spread(r, f.b.Cvt(staged.TI32, a.N))
		}
		operands[i] = a.N
	}
	out := Value{Rep: RStr, Type: e.Typ, Valid: valid}
	switch e.Func {
	case logical.Trim, logical.LTrim, logical.RTrim:
		if len(args) == 1 {
			operands = append(operands, f.spread(r, f.text(" ")))
		}
		out.Keep = args[0].Keep
	case logical.Left, logical.Right:
		out.Keep = args[0].Keep
	}
	out.N = f.runAt(r, name, active, e.Pos, operands...)
	switch out.N.Type {
	case staged.TI32:
		out.Rep, out.N.Range = RInt, staged.Range{Lo: 0, Hi: mostText}
	case staged.TMask:
		out.Rep = RBool
	}
	return out
}

// mostText bounds the length of a text: Postgres has at most 1 GB.
const mostText = 1<<30 - 1

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
		n = f.runAt(r, "flk_like", active, e.Pos, text.N, like)
	} else {
		p, x := f.lanes(r, pattern), f.lanes(r, escape)
		n = f.runAt(r, "flk_like_each", active, e.Pos, text.N, p.N, x.N, staged.Int(staged.TU32, ignore))
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
