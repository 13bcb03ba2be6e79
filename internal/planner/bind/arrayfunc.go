package bind

import (
	"math"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// arrayFunction is a function over arrays of any elements. Its parameters: a an array, e an element of its type, i an integer, t a
// text, x an array whose type is not converted to another.
type arrayFunction struct {
	params string
	build  buildArray
}

// buildArray makes the expression of converted arguments; elem is their elements' type.
type buildArray func(args []logical.Expr, elem kind, pos int) logical.Expr

var arrayFunctions = map[string][]arrayFunction{
	"array_append":    {{"ae", givesArray(logical.ArrayConcat)}},
	"array_prepend":   {{"ea", givesArray(logical.ArrayConcat)}},
	"array_cat":       {{"aa", givesArray(logical.ArrayConcat)}},
	"array_remove":    {{"ae", givesArray(logical.ArrayRemove)}},
	"array_replace":   {{"aee", givesArray(logical.ArrayReplace)}},
	"trim_array":      {{"xi", givesArray(logical.TrimArray)}},
	"array_position":  {{"ae", position}, {"aei", position}},
	"array_positions": {{"ae", positions}},
	"array_to_string": {{"xt", ofText(logical.ArrayToString, text)}, {"xtt", ofText(logical.ArrayToString, text)}},
	"string_to_array": {{"tt", ofText(logical.StringToArray, array)}, {"ttt", ofText(logical.StringToArray, array)}},
	"array_upper":     {{"xi", upper}},
	"array_lower":     {{"xi", lower}},
	"array_ndims":     {{"x", dimensions}},
	"array_dims":      {{"x", bounds}},
}

// givesArray makes a call that gives an array. Elements are handed over as arrays of one.
func givesArray(fn logical.Func) buildArray {
	return func(args []logical.Expr, elem kind, pos int) logical.Expr {
		for i, a := range args {
			if a.Type().Kind != array && fn != logical.TrimArray {
				args[i] = single(a, pos)
			}
		}
		return &logical.Call{Func: fn, Args: args, Typ: sqltype.ArrayOf(elem, 0), Pos: pos}
	}
}

func position(args []logical.Expr, _ kind, pos int) logical.Expr {
	from := logical.Expr(intConst(1))
	if len(args) > 2 {
		from = &logical.Call{Func: logical.Required, Args: []logical.Expr{args[2], textConst("initial position must not be null")}, Typ: sqltype.Of(int4), Pos: pos}
	}
	return &logical.Call{Func: logical.ArrayPosition, Args: []logical.Expr{args[0], single(args[1], pos), from}, Typ: sqltype.Of(int4), Pos: pos}
}

func positions(args []logical.Expr, _ kind, pos int) logical.Expr {
	return &logical.Call{Func: logical.ArrayPositions, Args: []logical.Expr{args[0], single(args[1], pos)}, Typ: sqltype.ArrayOf(int4, 0), Pos: pos}
}

// ofText makes a call whose last argument is a text that may be left out.
func ofText(fn logical.Func, result kind) buildArray {
	return func(args []logical.Expr, _ kind, pos int) logical.Expr {
		if len(args) == 2 {
			args = append(args, logical.NullConst(sqltype.Of(text)))
		}
		t := sqltype.Of(result)
		if result == array {
			t = sqltype.ArrayOf(text, 0)
		}
		return &logical.Call{Func: fn, Args: args, Typ: t, Pos: pos}
	}
}

// Arrays have one dimension, from 1 on, or none if they are empty.
func upper(args []logical.Expr, _ kind, pos int) logical.Expr {
	return &logical.Call{Func: logical.ArrayLength, Args: args, Typ: sqltype.Of(int4), Pos: pos}
}

func lower(args []logical.Expr, elem kind, pos int) logical.Expr {
	empty := boolCall(logical.IsNull, pos, upper(args, elem, pos))
	return &logical.Case{Whens: []logical.When{{Cond: empty, Then: logical.NullConst(sqltype.Of(int4))}}, Else: intConst(1), Typ: sqltype.Of(int4)}
}

func dimensions(args []logical.Expr, elem kind, pos int) logical.Expr {
	return lower([]logical.Expr{args[0], intConst(1)}, elem, pos)
}

func bounds(args []logical.Expr, elem kind, pos int) logical.Expr {
	length := &logical.Cast{Arg: upper([]logical.Expr{args[0], intConst(1)}, elem, pos), Typ: sqltype.Of(text), Pos: pos}
	concat := func(l, r logical.Expr) logical.Expr {
		return &logical.Call{Func: logical.Concat, Args: []logical.Expr{l, r}, Typ: sqltype.Of(text), Pos: pos}
	}
	return concat(concat(textConst("[1:"), length), textConst("]"))
}

// single is an array of one element.
func single(e logical.Expr, pos int) logical.Expr {
	return arrayCall([]logical.Expr{e}, e.Type().Kind, pos)
}

func intConst(v int64) *logical.Const {
	return &logical.Const{Value: sqltype.Datum{I: v}, Typ: sqltype.Of(int4)}
}

// arrayFunction binds a call of a function over arrays.
func (b *binder) arrayFunction(p *place, x *dialect.FuncCall, cands []arrayFunction) (logical.Expr, error) {
	if err := plainCall(x); err != nil {
		return nil, err
	}
	args, types, err := b.positional(p, x)
	if err != nil {
		return nil, err
	}
	for _, c := range cands {
		if len(c.params) != len(args) {
			continue
		}
		elem, ok := elementType(c.params, types)
		if !ok {
			break
		}
		if elem == unknown && c.params[0] != 't' {
			return nil, polymorphicUnknown(start(x.Args[0].Value))
		}
		for i := range args {
			if args[i], err = b.toElement(args[i], c.params[i], elem, start(x.Args[i].Value)); err != nil {
				return nil, err
			}
		}
		return c.build(args, elem, x.Pos()), nil
	}
	return nil, functionError(none, x.Name, types, x.Pos())
}

// elementType is the type that all elements of a call's arrays have; ok is false if there is none, or another argument does not fit.
func elementType(params string, types []sqltype.Type) (elem kind, ok bool) {
	var all []logical.Expr
	for i, t := range types {
		switch k := t.Kind; params[i] {
		case 'i':
			if !canCast(k, int4, implicit) {
				return elem, false
			}
		case 't':
			if !canCast(k, text, implicit) || !k.IsString() && k != unknown {
				return elem, false
			}
		case 'a', 'x':
			if k != array && k != unknown {
				return elem, false
			}
			if k == array {
				all = append(all, logical.NullConst(t.Element()))
			}
		default:
			if k == array || k == vector || k == record {
				return elem, false
			}
			if k != unknown {
				all = append(all, logical.NullConst(sqltype.Of(k)))
			}
		}
	}
	if len(all) == 0 {
		return unknown, true
	}
	t, ok, _ := commonType("", all, func(int) int { return 0 })
	for _, e := range all {
		ok = ok && canCast(e.Type().Kind, t.Kind, implicit)
	}
	return t.Kind, ok
}

// toElement converts an argument to what its parameter takes.
func (b *binder) toElement(e logical.Expr, param byte, elem kind, pos int) (logical.Expr, error) {
	to := sqltype.Of(elem)
	switch param {
	case 'a', 'x':
		to = sqltype.ArrayOf(elem, 0)
	case 'i':
		to = sqltype.Of(int4)
	case 't':
		to = sqltype.Of(text)
	}
	out, ok, err := b.coerce(e, to, implicit, pos)
	if err == nil && !ok {
		err = cannotCast(e.Type(), to, pos)
	}
	return out, err
}

// concatOperator is || with an array on one side at least.
func (b *binder) concatOperator(l, r logical.Expr, lpos, rpos, pos int) (logical.Expr, error) {
	args, types := []logical.Expr{l, r}, []sqltype.Type{l.Type(), r.Type()}
	params := []byte("aa")
	for i, t := range types {
		if t.Kind != array && t.Kind != unknown {
			params[i] = 'e'
		}
	}
	elem, ok := elementType(string(params), types)
	if !ok {
		return nil, operatorError(none, "||", types, pos)
	}
	for i := range args {
		var err error
		if args[i], err = b.toElement(args[i], params[i], elem, [2]int{lpos, rpos}[i]); err != nil {
			return nil, err
		}
		if params[i] == 'e' {
			args[i] = single(args[i], pos)
		}
	}
	return &logical.Call{Func: logical.ArrayConcat, Args: args, Typ: sqltype.ArrayOf(elem, 0), Pos: pos}, nil
}

// slice binds a[lower:upper].
func (b *binder) slice(p *place, x *dialect.Subscript) (logical.Expr, error) {
	arg, err := b.subscripted(p, x)
	if err != nil {
		return nil, err
	}
	bounds := [2]logical.Expr{intConst(1), intConst(math.MaxInt32)}
	for i, bound := range []dialect.Expr{x.Lower, x.Upper} {
		if bound == nil {
			continue
		}
		if bounds[i], err = b.subscriptIndex(p, bound); err != nil {
			return nil, err
		}
	}
	return &logical.Call{Func: logical.ArraySlice, Args: []logical.Expr{arg, bounds[0], bounds[1]}, Typ: sqltype.ArrayOf(arg.Type().Elem, 0), Pos: x.Pos()}, nil
}
