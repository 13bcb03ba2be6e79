package dialect

import (
	"strconv"
	"strings"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// operand reads what can stand where an operand is expected: prefix operators, then a primary.
func (u *unit) operand(i int, restricted bool) int {
	t := &u.t[i]
	switch {
	case t.kind == tokOp:
		return u.prefixOp(i, restricted)
	case t.kind == tokIdent && t.s == "not" && !restricted:
		loc := u.loc(i)
		u.open(i, func(a []Expr) Expr { return &Not{Loc: loc, X: a[0]} })
		next := u.chain(i+1, tierIs, false)
		u.close()
		return next
	case u.kw(i, "operator") && u.is(i+1, "("):
		return u.prefixOp(i, restricted)
	case u.kw(i, "nulls") && u.oneOf(i+1, "first", "last"):
		u.syntax(i)
	}
	return u.primary(i)
}

func (u *unit) prefixOp(i int, restricted bool) int {
	loc := u.loc(i)
	schema, op, next := u.operatorName(i)
	least := tierAdd
	if schema == "" && u.t[i].kind == tokOp {
		switch {
		case op == "-" || op == "+":
			least = tierPostfix
		case opTier(op) != tierOp:
			u.syntax(i)
		}
	}
	u.open(i, func(a []Expr) Expr {
		if least == tierPostfix && op == "-" {
			if n, ok := negated(a[0], loc); ok {
				return n
			}
		}
		return &Unary{Loc: loc, Schema: schema, Op: op, X: a[0]}
	})
	next = u.chain(next, least, restricted)
	u.close()
	return next
}

// negated folds a minus sign into a number, so that the smallest integers are integers.
func negated(e Expr, loc Loc) (Expr, bool) {
	c, ok := e.(*Const)
	if !ok || c.Kind != NumberConst {
		return nil, false
	}
	text := "-" + c.Text
	if c.Text[0] == '-' {
		text = c.Text[1:]
	}
	return &Const{Loc: loc, Kind: NumberConst, Text: text}, true
}

// primary reads a literal, column, call, parenthesised expression or subquery.
func (u *unit) primary(i int) int {
	t := &u.t[i]
	switch t.kind {
	case tokNumber:
		u.leaf(i, &Const{Loc: u.loc(i), Kind: NumberConst, Text: t.s})
		return i + 1
	case tokString:
		u.leaf(i, &Const{Loc: u.loc(i), Kind: StringConst, Text: t.s})
		return i + 1
	case tokBits:
		u.leaf(i, u.bits(i))
		return i + 1
	case tokParam:
		start := u.here()
		u.leaf(i, u.param(i))
		return u.indirection(start, i+1)
	case tokPunct:
		if t.s == "(" {
			return u.parenthesis(i)
		}
	case tokQuoted:
		return u.nameOrCall(i)
	case tokIdent:
		return u.wordPrimary(i, t.s)
	}
	u.syntax(i)
	return i
}

func (p *parser) bits(i int) *Const {
	s := p.t[i].s
	kind, digits, what := BitConst, "01", "binary"
	if s[0] == 'x' {
		kind, digits, what = HexConst, "0123456789abcdefABCDEF", "hexadecimal"
	}
	for _, r := range s[1:] {
		if !strings.ContainsRune(digits, r) {
			p.fail(i, sqlstate.New(sqlstate.InvalidTextRepresentation, `"%c" is not a valid %s digit`, r, what))
		}
	}
	return &Const{Loc: p.loc(i), Kind: kind, Text: s}
}

func (p *parser) param(i int) *Param {
	n, err := strconv.ParseInt(p.t[i].s, 10, 32)
	if err != nil {
		p.errorAt(i, `parameter number too large at or near "$%s"`, p.t[i].s)
	}
	return &Param{Loc: p.loc(i), N: int(n)}
}

// parenthesis reads (expression), a row without the word ROW, or a subquery.
func (u *unit) parenthesis(i int) int {
	start := u.here()
	if u.isQueryParen(i) {
		return u.indirection(start, u.subquery(i, i, ScalarSubquery))
	}
	loc := u.loc(i)
	row := false
	u.open(i, func(a []Expr) Expr {
		if row {
			return &Row{Loc: loc, Items: a}
		}
		return a[0]
	})
	next := u.expr(i + 1)
	if u.is(next, ",") {
		row = true
		u.comma()
		next = u.exprList(next + 1)
	}
	u.close()
	next = u.expect(next, ")")
	if row {
		u.rowEnd = next
		return next
	}
	return u.indirection(start, next)
}

// subquery emits the query in the parentheses at token q as the operand that begins at token i.
func (u *unit) subquery(i, q int, kind SubqueryKind) int {
	node := &Subquery{Loc: u.loc(i), Kind: kind}
	u.open(i, func(a []Expr) Expr {
		node.Query = a[0].(*Subquery).Query
		return node
	})
	next := u.parenQuery(q)
	u.close()
	return next
}

// indirection reads [subscripts] and .fields of the operand emitted from start on.
func (u *unit) indirection(start, i int) int {
	height := u.height
	defer func() { u.height = max(u.height, height) }()
	more := false
	for {
		switch {
		case u.is(i, "["):
			i = u.subscript(start, i, more)
			more = true
		case u.is(i, "."):
			i = u.field(start, i)
			more = false
		default:
			return i
		}
		height = u.grow(i, height, nodeHeight)
	}
}

func (u *unit) field(start, i int) int {
	node := &Field{Loc: u.loc(i)}
	next := i + 2
	if u.isOp(i+1, "*") {
		node.Star = true
	} else {
		var n Name
		n, next = u.label(i + 1)
		node.Name = n.Text
	}
	u.wrap(start, i, func(a []Expr) Expr {
		node.X = a[0]
		return node
	})
	u.close()
	return next
}

func (u *unit) subscript(start, i int, more bool) int {
	node := &Subscript{Loc: u.loc(i), More: more}
	var lower, upper bool
	u.wrap(start, i, func(a []Expr) Expr {
		node.X = a[0]
		rest := a[1:]
		if !node.Slice {
			node.Index = rest[0]
			return node
		}
		if lower {
			node.Lower, rest = rest[0], rest[1:]
		}
		if upper {
			node.Upper = rest[0]
		}
		return node
	})
	i++
	if !u.is(i, ":") {
		lower = true
		u.comma()
		i = u.expr(i)
	}
	if u.is(i, ":") {
		node.Slice = true
		i++
		if !u.is(i, "]") {
			upper = true
			u.comma()
			i = u.expr(i)
		}
	}
	u.close()
	return u.expect(i, "]")
}

// wordPrimary reads a primary that begins with an unquoted word.
func (u *unit) wordPrimary(i int, w string) int {
	if u.t[i].class == notKeyword {
		return u.nameOrCall(i)
	}
	switch w {
	case "null":
		u.leaf(i, &Const{Loc: u.loc(i), Kind: NullConst})
		return i + 1
	case "true", "false":
		u.leaf(i, &Const{Loc: u.loc(i), Kind: BoolConst, Text: w})
		return i + 1
	case "default":
		u.leaf(i, &Default{Loc: u.loc(i)})
		return i + 1
	case "case":
		return u.caseExpr(i)
	case "array":
		return u.array(i)
	case "cast":
		if !u.is(i+1, "(") {
			u.syntax(i + 1)
		}
	case "unique":
		u.unsupported(i, "UNIQUE predicate")
	}
	if isSQLValue(w) && !(w == "current_schema" && u.is(i+1, "(")) {
		return u.sqlValue(i)
	}
	if u.is(i+1, "(") {
		if next, ok := u.specialCall(i, w); ok {
			return next
		}
	}
	if next, ok := u.typedLiteral(i); ok {
		return next
	}
	return u.nameOrCall(i)
}

// isSQLValue tells the functions that are called without parentheses.
func isSQLValue(w string) bool {
	switch w {
	case "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "current_role",
		"current_user", "session_user", "user", "current_catalog", "current_schema":
		return true
	}
	return false
}

func (u *unit) sqlValue(i int) int {
	node := &SQLValue{Loc: u.loc(i), Name: u.t[i].s, Precision: -1}
	next := i + 1
	switch node.Name {
	case "current_time", "current_timestamp", "localtime", "localtimestamp":
		if u.is(next, "(") {
			node.Precision, next = u.integer(next + 1)
			next = u.expect(next, ")")
		}
	}
	u.leaf(i, node)
	return next
}

// isTypeWord tells the words that begin a type in PostgreSQL's grammar itself.
func isTypeWord(w string) bool {
	switch w {
	case "float", "decimal", "dec", "numeric", "double", "bit", "national", "character", "char", "nchar", "varchar",
		"timestamp", "time", "interval":
		return true
	}
	return plainTypes[w] != ""
}

// typedLiteral reads  type 'literal'  for the types that PostgreSQL's grammar knows; ok is false if there is none.
func (u *unit) typedLiteral(i int) (next int, ok bool) {
	if !isTypeWord(u.t[i].s) {
		return i, false
	}
	t, next := u.simpleType(i)
	if t == nil || u.t[next].kind != tokString || t.Fields != "" {
		if next > i+1 && (t == nil || t.Fields == "") {
			u.syntax(next) // what was read can only be a type
		}
		return i, false
	}
	if (t.Name == "bpchar" || t.Name == "bit") && !u.is(next-1, ")") {
		t.Mods = nil // in a literal the length that was not given is free, not 1
	}
	return u.literalOf(i, next, t), true
}

// literalOf emits the literal at token lit, whose type begins at token i.
func (u *unit) literalOf(i, lit int, t *TypeName) int {
	next := lit + 1
	if t.Name == "interval" && !t.Quoted && len(t.Mods) == 0 {
		next = u.intervalFields(t, next)
	}
	s := &Const{Loc: u.loc(lit), Kind: StringConst, Text: u.t[lit].s}
	u.leaf(i, &Cast{Loc: u.loc(i), X: s, Type: t, Literal: true})
	return next
}

// nameOrCall reads a column, a call, or a literal of a type that is an ordinary name.
func (u *unit) nameOrCall(i int) int {
	if !u.isName(i, columnName, typeOrFunction) {
		u.syntax(i)
	}
	start := u.here()
	names := []Name{u.name(i)}
	next := i + 1
	for u.is(next, ".") && u.isLabel(next+1) && u.isColID(i) {
		names = append(names, u.name(next+1))
		next += 2
	}
	isFunc := len(names) > 1 && u.isColID(i) || u.isTypeFunc(i)
	switch {
	case isFunc && u.t[next].kind == tokString:
		return u.literalOf(i, next, u.literalType(i, names))
	case isFunc && u.is(next, "("):
		if lit, ok := u.modifiedLiteral(i, next); ok {
			return lit
		}
		return u.call(i, next, names)
	case !u.isColID(i):
		u.syntax(next)
	}
	node := &ColumnRef{Loc: u.loc(i), Names: names}
	if u.is(next, ".") && u.isOp(next+1, "*") {
		node.Star = true
		u.leaf(i, node)
		return next + 2
	}
	u.leaf(i, node)
	return u.indirection(start, next)
}

func (u *unit) literalType(i int, names []Name) *TypeName {
	parts := make([]string, len(names))
	for k, n := range names {
		parts[k] = n.Text
	}
	q := u.qualify(i, parts)
	return &TypeName{Loc: u.loc(i), Schema: q.Schema, Name: q.Name, Quoted: true}
}

// modifiedLiteral reads a literal like  "numeric"(10,2) '1.5', whose modifiers look like a call's arguments.
func (u *unit) modifiedLiteral(i, paren int) (next int, ok bool) {
	c := u.t[paren].match
	if c < 0 || u.t[c+1].kind != tokString || int(c) == paren+1 {
		return i, false
	}
	t, next := u.genericType(&TypeName{Loc: u.loc(i)}, i)
	if t == nil || next != int(c)+1 {
		return i, false
	}
	return u.literalOf(i, next, t), true
}

// caseExpr emits CASE as one placeholder over its parts in order.
func (u *unit) caseExpr(i int) int {
	node := &Case{Loc: u.loc(i)}
	var hasArg, hasElse bool
	u.open(i, func(a []Expr) Expr {
		if hasArg {
			node.Arg, a = a[0], a[1:]
		}
		for k := range node.Whens {
			node.Whens[k].Cond, node.Whens[k].Result = a[2*k], a[2*k+1]
		}
		if hasElse {
			node.Else = a[len(a)-1]
		}
		return node
	})
	i++
	if !u.kw(i, "when") {
		hasArg = true
		i = u.expr(i)
	}
	for u.kw(i, "when") {
		if hasArg || len(node.Whens) > 0 {
			u.comma()
		}
		node.Whens = append(node.Whens, When{Loc: u.loc(i)})
		i = u.word(u.expr(i+1), "then")
		u.comma()
		i = u.expr(i)
	}
	if len(node.Whens) == 0 {
		u.syntax(i)
	}
	if u.kw(i, "else") {
		hasElse = true
		u.comma()
		i = u.expr(i + 1)
	}
	u.close()
	return u.word(i, "end")
}

// array reads ARRAY[…] or ARRAY(query).
func (u *unit) array(i int) int {
	switch {
	case u.is(i+1, "["):
		return u.arrayElems(i, i+1)
	case u.is(i+1, "(") && u.isQueryParen(i+1):
		return u.subquery(i, i+1, ArraySubquery)
	case u.is(i+1, "("):
		u.syntax(i + 2)
	}
	u.syntax(i + 1)
	return i
}

// arrayElems emits the elements in the bracket at token b; the array begins at token i.
func (u *unit) arrayElems(i, b int) int {
	u.enter(b)
	defer u.leave()
	loc := u.loc(i)
	u.open(i, func(a []Expr) Expr { return &Array{Loc: loc, Elems: a} })
	next := b + 1
	nested := u.is(next, "[")
	for !u.is(next, "]") {
		if nested {
			if !u.is(next, "[") {
				u.syntax(next)
			}
			next = u.arrayElems(next, next)
		} else {
			next = u.expr(next)
		}
		if !u.is(next, ",") {
			break
		}
		u.comma()
		next++
		if u.is(next, "]") {
			u.syntax(next)
		}
	}
	u.close()
	return u.expect(next, "]")
}
