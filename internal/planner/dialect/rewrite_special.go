package dialect

import "github.com/flernd/flernd/internal/wire/sqlstate"

// specialCall reads the calls whose names are keywords of PostgreSQL's grammar: those with words in place of commas, and
// those that are no functions. w is the word at token i, before a parenthesis. ok is false if it is none of them.
func (u *unit) specialCall(i int, w string) (next int, ok bool) {
	switch w {
	case "cast":
		return u.castCall(i), true
	case "exists":
		if !u.isQueryParen(i + 1) {
			u.syntax(i + 2)
		}
		return u.subquery(i, i+1, ExistsSubquery), true
	case "row":
		return u.row(i), true
	case "extract":
		return u.extract(i), true
	case "position":
		return u.positionCall(i), true
	case "substring":
		return u.substring(i), true
	case "overlay":
		return u.overlay(i), true
	case "trim":
		return u.trim(i), true
	case "coalesce", "greatest", "least", "nullif", "grouping":
		return u.variadicForm(i, w), true
	case "normalize":
		return u.normalize(i), true
	case "treat", "xmlattributes", "xmlconcat", "xmlelement", "xmlexists", "xmlforest", "xmlnamespaces", "xmlparse",
		"xmlpi", "xmlroot", "xmlserialize", "xmltable":
		u.unsupported(i, "%s", upper(w))
	}
	return i, false
}

func (u *unit) castCall(i int) int {
	node := &Cast{Loc: u.loc(i)}
	u.open(i, func(a []Expr) Expr {
		node.X = a[0]
		return node
	})
	next := u.word(u.expr(i+2), "as")
	node.Type, next = u.typeName(next)
	u.close()
	return u.expect(next, ")")
}

func (u *unit) row(i int) int {
	loc := u.loc(i)
	u.open(i, func(a []Expr) Expr { return &Row{Loc: loc, Items: a, Explicit: true} })
	next := i + 2
	if !u.is(next, ")") {
		next = u.exprList(next)
	}
	u.close()
	u.rowEnd = u.expect(next, ")")
	return u.rowEnd
}

// variadicForm reads COALESCE, GREATEST, LEAST, NULLIF and GROUPING.
func (u *unit) variadicForm(i int, w string) int {
	loc := u.loc(i)
	u.open(i, func(a []Expr) Expr {
		switch w {
		case "coalesce":
			return &Coalesce{Loc: loc, Args: a}
		case "nullif":
			return &NullIf{Loc: loc, L: a[0], R: a[1]}
		case "grouping":
			return &Grouping{Loc: loc, Args: a}
		}
		return &MinMax{Loc: loc, Least: w == "least", Args: a}
	})
	next := u.expr(i + 2)
	if w == "nullif" {
		u.comma()
		next = u.expr(u.expect(next, ","))
	} else if u.is(next, ",") {
		u.comma()
		next = u.exprList(next + 1)
	}
	u.close()
	return u.expect(next, ")")
}

// openSpecial emits the start of the call of a built-in function that was written in the standard's form. order gives for
// each argument of the function the operand it is; nil keeps their order.
func (u *unit) openSpecial(i int, node *FuncCall, order *[]int) {
	node.Loc, node.Special = u.loc(i), true
	u.open(i, func(a []Expr) Expr {
		for k := range a {
			e := a[k]
			if *order != nil {
				e = a[(*order)[k]]
			}
			node.Args = append(node.Args, Arg{Loc: Loc(e.Pos()), Value: e})
		}
		return node
	})
}

// extract reads EXTRACT(field FROM x).
func (u *unit) extract(i int) int {
	var order []int
	u.openSpecial(i, &FuncCall{Name: "extract"}, &order)
	f := i + 2
	field := &u.t[f]
	switch {
	case field.kind == tokString, field.kind == tokQuoted, field.kind == tokIdent && field.class == notKeyword:
	case u.oneOf(f, "year", "month", "day", "hour", "minute", "second"):
	default:
		u.syntax(f)
	}
	u.leaf(f, &Const{Loc: u.loc(f), Kind: StringConst, Text: field.s})
	next := u.word(f+1, "from")
	u.comma()
	next = u.expr(next)
	u.close()
	return u.expect(next, ")")
}

// positionCall reads POSITION(a IN b), which is position(b, a).
func (u *unit) positionCall(i int) int {
	order := []int{1, 0}
	u.openSpecial(i, &FuncCall{Name: "position"}, &order)
	next := u.word(u.restricted(i+2), "in")
	u.comma()
	next = u.restricted(next)
	u.close()
	return u.expect(next, ")")
}

// plainCall reads name(arguments) for a name that is a keyword.
func (u *unit) plainCall(i int) int { return u.call(i, i+1, []Name{u.name(i)}) }

// isPlainStart tells whether the arguments that begin at token i are certainly ordinary ones: none, or the first is named or
// variadic.
func (u *unit) isPlainStart(i int) bool {
	return u.is(i, ")") || u.kw(i, "variadic") || u.isTypeFunc(i) && (u.is(i+1, "=>") || u.is(i+1, ":="))
}

// substring reads SUBSTRING(s FROM a FOR n) and its kin, or a plain call.
func (u *unit) substring(i int) int {
	if u.isPlainStart(i + 2) {
		return u.plainCall(i)
	}
	node, order := &FuncCall{Name: "substring"}, []int(nil)
	u.openSpecial(i, node, &order)
	outer := u.similarDepth
	u.similarDepth = u.depth + 1
	next := u.expr(i + 2)
	u.similarDepth = outer
	switch {
	case u.kw(next, "similar"):
		u.comma()
		next = u.word(u.expr(next+1), "escape")
		u.comma()
		next = u.expr(next)
	case u.kw(next, "from"):
		u.comma()
		next = u.expr(next + 1)
		if u.kw(next, "for") {
			u.comma()
			next = u.expr(next + 1)
		}
	case u.kw(next, "for"):
		next = u.substringFor(next, &order)
	default:
		next = u.moreArgs(next)
		node.Special = false
	}
	u.close()
	return u.expect(next, ")")
}

// substringFor reads FOR n [FROM a]: without FROM the start is 1, and n becomes an integer.
func (u *unit) substringFor(i int, order *[]int) int {
	u.comma()
	loc, start := u.loc(i), u.here()
	next := u.expr(i + 1)
	if u.kw(next, "from") {
		*order = []int{0, 2, 1}
		u.comma()
		return u.expr(next + 1)
	}
	*order = []int{0, 2, 1}
	u.wrap(start, i, func(a []Expr) Expr {
		return &Cast{Loc: loc, X: a[0], Type: &TypeName{Loc: loc, Name: "int4"}}
	})
	u.close()
	u.comma()
	u.leaf(i, &Const{Loc: loc, Kind: NumberConst, Text: "1"})
	return next
}

// moreArgs reads the plain positional arguments after the first.
func (u *unit) moreArgs(i int) int {
	if !u.is(i, ",") {
		return i
	}
	u.comma()
	return u.exprList(i + 1)
}

// overlay reads OVERLAY(s PLACING t FROM a FOR n), or a plain call.
func (u *unit) overlay(i int) int {
	if u.isPlainStart(i + 2) {
		return u.plainCall(i)
	}
	node, order := &FuncCall{Name: "overlay"}, []int(nil)
	u.openSpecial(i, node, &order)
	next := u.expr(i + 2)
	if u.kw(next, "placing") {
		u.comma()
		next = u.word(u.expr(next+1), "from")
		u.comma()
		next = u.expr(next)
		if u.kw(next, "for") {
			u.comma()
			next = u.expr(next + 1)
		}
	} else {
		next = u.moreArgs(next)
		node.Special = false
	}
	u.close()
	return u.expect(next, ")")
}

// trim reads TRIM([BOTH|LEADING|TRAILING] [characters] [FROM] s), which is btrim, ltrim or rtrim(s, characters).
func (u *unit) trim(i int) int {
	node, order := &FuncCall{Name: "btrim"}, []int(nil)
	next := i + 2
	switch {
	case u.kw(next, "both"):
		next++
	case u.kw(next, "leading"):
		node.Name = "ltrim"
		next++
	case u.kw(next, "trailing"):
		node.Name = "rtrim"
		next++
	}
	u.openSpecial(i, node, &order)
	if u.kw(next, "from") {
		next = u.exprList(next + 1)
	} else {
		next = u.expr(next)
		if u.kw(next, "from") {
			next = u.trimFrom(next+1, &order)
		} else {
			next = u.moreArgs(next)
		}
	}
	u.close()
	return u.expect(next, ")")
}

// trimFrom reads the list after FROM; the operand before it becomes the last argument.
func (u *unit) trimFrom(i int, order *[]int) int {
	for n := 1; ; n++ {
		u.comma()
		i = u.expr(i)
		*order = append(*order, n)
		if !u.is(i, ",") {
			*order = append(*order, 0)
			return i
		}
		i++
	}
}

// normalize reads NORMALIZE(s [, form]).
func (u *unit) normalize(i int) int {
	var order []int
	u.openSpecial(i, &FuncCall{Name: "normalize"}, &order)
	next := u.expr(i + 2)
	form := "nfc"
	at := next
	if u.is(next, ",") {
		at = next + 1
		if !u.oneOf(at, "nfc", "nfd", "nfkc", "nfkd") {
			u.syntax(at)
		}
		form = u.t[at].s
		next += 2
	}
	u.comma()
	u.leaf(at, &Const{Loc: u.loc(at), Kind: StringConst, Text: form})
	u.close()
	return u.expect(next, ")")
}

func windowingError(msg string) *sqlstate.Error {
	return sqlstate.New(sqlstate.WindowingError, "%s", msg)
}
