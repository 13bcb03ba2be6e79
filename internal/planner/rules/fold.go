package rules

import "github.com/flernd/flernd/internal/planner/logical"

// foldConstants computes what is constant, and drops branches that can't be taken. What would raise an error stays as it
// is: the query raises it if it evaluates it.
func foldConstants(c *context, n logical.Node) logical.Node {
	n = logical.MapInputs(n, func(in logical.Node) logical.Node { return foldConstants(c, in) })
	return logical.MapExprs(n, fold)
}

func fold(e logical.Expr) logical.Expr {
	return logical.Rewrite(e, func(x logical.Expr) logical.Expr {
		if c, ok := logical.Fold(x); ok {
			return c
		}
		switch x := x.(type) {
		case *logical.Case:
			return foldCase(x)
		case *logical.Call:
			return foldLogic(x)
		case *logical.InList:
			return splitList(x)
		case *logical.Quantified:
			if known, ok := x.Known(); ok {
				return fold(known)
			}
		}
		return x
	})
}

// foldCase drops branches whose condition is constantly not true, and those after one that is constantly true.
func foldCase(x *logical.Case) logical.Expr {
	els := x.Else
	whens := make([]logical.When, 0, len(x.Whens))
	for _, w := range x.Whens {
		if logical.IsConst(w.Cond, true) {
			els = w.Then
			break
		}
		if _, constant := w.Cond.(*logical.Const); !constant {
			whens = append(whens, w)
		}
	}
	switch len(whens) {
	case len(x.Whens):
		return x
	case 0:
		return els
	}
	return &logical.Case{Whens: whens, Else: els, Typ: x.Typ}
}

// foldLogic drops the operands of AND and OR that do not matter. An operand that decides the result decides it even if
// another might raise an error, as in PostgreSQL.
func foldLogic(x *logical.Call) logical.Expr {
	if x.Func != logical.And && x.Func != logical.Or {
		return x
	}
	or := x.Func == logical.Or
	args := make([]logical.Expr, 0, len(x.Args))
	for _, a := range x.Args {
		switch {
		case logical.IsConst(a, or):
			return a
		case logical.IsConst(a, !or):
		default:
			if c, ok := a.(*logical.Call); ok && c.Func == x.Func {
				args = append(args, c.Args...)
			} else {
				args = append(args, a)
			}
		}
	}
	switch {
	case len(args) == 1:
		return args[0]
	case len(args) == 0:
		return x.Args[0]
	case len(args) == len(x.Args):
		return x
	}
	c := *x
	c.Args = args
	return &c
}

// splitList leaves constants and parameters in an IN list; what else is there becomes comparisons beside it.
func splitList(x *logical.InList) logical.Expr {
	var list, terms []logical.Expr
	cmp, both := logical.Eq, logical.Or
	if x.Not {
		cmp, both = logical.Ne, logical.And
	}
	for _, it := range x.List {
		switch it.(type) {
		case *logical.Const, *logical.Param:
			list = append(list, it)
		default:
			terms = append(terms, &logical.Call{Func: cmp, Args: []logical.Expr{x.Arg, it}, Typ: x.Type()})
		}
	}
	if len(terms) == 0 {
		return x
	}
	if len(list) > 0 {
		terms = append([]logical.Expr{&logical.InList{Arg: x.Arg, List: list, Not: x.Not}}, terms...)
	}
	if len(terms) == 1 {
		return terms[0]
	}
	return &logical.Call{Func: both, Args: terms, Typ: x.Type()}
}
