package translate

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// bind puts the parameters' values into an expression and folds what they make constant.
func (t *translator) bind(e logical.Expr) logical.Expr {
	if len(t.opts.Params) == 0 || e == nil {
		return e
	}
	return logical.Rewrite(e, func(e logical.Expr) logical.Expr {
		if p, ok := e.(*logical.Param); ok && p.Index >= 1 && p.Index <= len(t.opts.Params) {
			return &logical.Const{Value: t.opts.Params[p.Index-1], Typ: p.Typ}
		}
		if q, ok := e.(*logical.Quantified); ok {
			if known, ok := q.Known(); ok {
				e = known
			}
		}
		if c, ok := logical.Fold(e); ok {
			return c
		}
		return e
	})
}

// bound builds an operator's expression, with the parameters' values in it.
func (f *fn) bound(r *row, e logical.Expr) Value { return f.eval(r, f.t.bind(e)) }

// eval builds an expression for the selected rows of a block. Whatever can raise does so for r.sel alone.
func (f *fn) eval(r *row, e logical.Expr) Value {
	switch e := e.(type) {
	case *logical.Ref:
		return column(r, e.Col)
	case *logical.Const:
		return f.constant(e.Value, e.Typ)
	case *logical.Param:
		if e.Index < 1 || e.Index > len(f.t.opts.Params) {
			fail(sqlstate.New(sqlstate.UndefinedParameter, "there is no parameter $%d", e.Index))
		}
		return f.constant(f.t.opts.Params[e.Index-1], e.Typ)
	case *logical.Call:
		return f.call(r, e)
	case *logical.Cast:
		return f.cast(r, f.eval(r, e.Arg), e.Typ, e.Explicit, e.Pos)
	case *logical.Case:
		return f.caseWhen(r, e)
	case *logical.InList:
		return f.inList(r, e)
	case *logical.Quantified:
		return f.quantified(r, e)
	case *logical.Subscript:
		return f.subscript(r, e)
	case *logical.Predict:
		fail(sqlstate.New(sqlstate.InternalError, "call of a model outside of a Predict operator"))
	}
	fail(sqlstate.Unsupported("expression %T", e))
	return Value{}
}

// call builds a function call. A predicate over one dictionary-coded column is computed once for each string of the
// dictionary, and looked up.
func (f *fn) call(r *row, e *logical.Call) Value {
	if e.Typ.Kind == sqltype.Bool {
		if v, ok := f.overDictionary(r, e); ok {
			return v
		}
	}
	switch e.Func {
	case logical.And, logical.Or:
		return f.andOr(r, e)
	case logical.Coalesce, logical.NullIf, logical.Greatest, logical.Least:
		return f.choose(r, e)
	case logical.Extract, logical.DatePart, logical.DateTrunc:
		return f.extract(r, e)
	case logical.Random:
		return f.random(r)
	case logical.Sized:
		return f.sized(r, e)
	case logical.Required:
		return f.required(r, e)
	}
	args := make([]Value, len(e.Args))
	for i, a := range e.Args {
		if compares(e.Func) {
			args[i] = f.magnitude(r, a)
		} else {
			args[i] = f.eval(r, a)
		}
	}
	switch e.Func {
	case logical.Not, logical.IsNull, logical.IsNotNull, logical.IsTrue, logical.IsNotTrue, logical.IsFalse, logical.IsNotFalse,
		logical.IsDistinct, logical.IsNotDistinct:
		return f.nullTest(r, e.Func, args)
	case logical.MakeArray:
		return f.arrayCall(r, e, args)
	}
	if e.Func >= logical.ArrayConcat && e.Func <= logical.StringToArray {
		return f.arrayFunction(r, e, args)
	}
	for _, a := range args {
		if a.Null {
			return null(e.Typ)
		}
	}
	switch {
	case compares(e.Func):
		return f.compare(r, e.Func, args[0], args[1])
	case e.Func == logical.ArrayLength || e.Func == logical.Cardinality:
		return f.arrayCall(r, e, args)
	case e.Func >= logical.L2Distance && e.Func <= logical.Normalize:
		return f.vectorCall(r, e, args)
	case e.Func <= logical.ShiftRight:
		return f.arith(r, e, args)
	case e.Func >= logical.Like && e.Func <= logical.StartsWith:
		return f.textCall(r, e, args)
	case e.Func >= logical.Round && e.Func <= logical.Tanh:
		return f.mathCall(r, e, args)
	}
	fail(sqlstate.Unsupported("function %s in a compiled query", e.Func).At(e.Pos))
	return Value{}
}

// required raises where its argument is null.
func (f *fn) required(r *row, e *logical.Call) Value {
	v := f.eval(r, e.Args[0])
	missing := r.sel
	switch {
	case v.Null:
	case v.Valid == nil:
		return v
	default:
		missing = f.b.AndNot(r.sel, v.Valid)
	}
	f.b.RaiseIf(missing, string(sqlstate.NullValueNotAllowed), e.Pos, e.Args[1].(*logical.Const).Value.S)
	v.Valid = nil
	return v
}

func compares(fun logical.Func) bool { return fun >= logical.Eq && fun <= logical.Ge }

// valid is the mask of rows in which all values are there; nil means every row.
func (f *fn) valid(vs ...Value) *staged.Node {
	var m *staged.Node
	for _, v := range vs {
		m = f.b.And(m, v.Valid)
	}
	return m
}

// rows are the selected rows in which all values are there: those for which an operation may raise.
func (f *fn) rows(r *row, vs ...Value) *staged.Node { return f.b.And(r.sel, f.valid(vs...)) }

// spread makes a scalar a lane value.
func (f *fn) spread(r *row, n *staged.Node) *staged.Node {
	if n.Lanes {
		return n
	}
	if !n.Type.InRegister() {
		return f.run(r, "flk_fill_16", f.b.Address(n))
	}
	v := f.b.Prim("sel", n.Type, r.blk.Head, n, n)
	v.Range = n.Range
	return v
}

// constMask is a truth value of all rows as a mask: an i32 of 0 or 1, or a literal.
func (f *fn) constMask(n *staged.Node, blk *staged.Block) *staged.Node {
	if n.Op == staged.OpConst {
		if n.Imm != 0 {
			return blk.Head
		}
		return f.b.None(blk)
	}
	lanes := f.b.Prim("sel", staged.TI32, blk.Head, n, staged.Int(staged.TI32, 0))
	return f.b.Prim("ne", staged.TI32, lanes, staged.Int(staged.TI32, 0))
}

// lanes makes sure that a value varies by row, as far as the layer is concerned.
func (f *fn) lanes(r *row, v Value) Value {
	switch {
	case v.Null || v.N == nil:
	case v.Rep == RBool:
		v.N = f.mask(v, r)
	case v.N != nil:
		v.N = f.spread(r, v.N)
	}
	return v
}

// oneOf spreads the first value unless another one varies by row: primitives need one that does.
func (f *fn) oneOf(r *row, vs ...*staged.Node) []*staged.Node {
	for _, v := range vs {
		if v.Lanes {
			return vs
		}
	}
	out := append([]*staged.Node(nil), vs...)
	out[0] = f.spread(r, vs[0])
	return out
}

// prim applies a primitive to operands of type on; what is the same for all rows is computed once.
func (f *fn) prim(r *row, op string, on *staged.Type, args ...*staged.Node) *staged.Node {
	if len(args) == 2 && on.IsInt() && !args[0].Lanes && !args[1].Lanes && (op == "add" || op == "sub" || op == "mul") {
		return f.b.Scalar(op, on, args...)
	}
	return f.b.Prim(op, on, f.oneOf(r, args...)...)
}

// same gives two whole-number operands one lane type: i32 if both fit it.
func (f *fn) same(a, b *staged.Node) (x, y *staged.Node, t *staged.Type) {
	t = staged.TI64
	if a.Type == staged.TI32 && b.Type == staged.TI32 {
		t = staged.TI32
	}
	return f.b.Cvt(t, a), f.b.Cvt(t, b), t
}
