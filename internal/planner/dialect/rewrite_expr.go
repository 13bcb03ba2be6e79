package dialect

import "github.com/flernd/flernd/internal/wire/sqlstate"

// tier is a level of PostgreSQL's ladder of operators; higher ones bind tighter.
type tier uint8

const (
	tierNone tier = iota
	tierOr
	tierAnd
	tierNot
	tierIs      // IS, ISNULL, NOTNULL: not associative
	tierCompare // < > = <= >= <>: not associative
	tierPred    // BETWEEN, IN, LIKE, ILIKE, SIMILAR TO: not associative
	tierOp      // every other operator
	tierAdd
	tierMul
	tierPower
	tierAt      // AT TIME ZONE
	tierCollate // COLLATE
	tierSign    // unary plus and minus
	tierPostfix // ::
	tiers
)

// infix is an operator that may follow an operand.
type infix struct {
	tier  tier
	width int // in tokens
	kind  infixKind
	not   bool // NOT before it, or after IS
}

type infixKind uint8

const (
	infixNative   infixKind = iota // an operator that TiDB's grammar has on the same tier
	infixOther                     // an operator of tierOp, OPERATOR(…) included
	infixBool                      // AND, OR
	infixTest                      // IS NULL and its kin
	infixDistinct                  // IS DISTINCT FROM
	infixBetween
	infixIn
	infixLike // LIKE, ILIKE, SIMILAR TO
	infixOverlaps
	infixCast
	infixCollate
	infixAtTimeZone
	infixBadIs // IS followed by nothing that it takes
)

// chain is the state of one run of operands and infix operators.
type chain struct {
	// start has for each tier the piece where the left operand of an operator of that tier begins.
	start [tiers]int
	// closed is the tier of the construct just read if that ends by itself (x IS NULL, x IN (…), x = ANY (…)), otherwise
	// tierNone. PostgreSQL lets any operator follow such a construct and take all of it as its left operand.
	closed tier
	// comparing and matching tell that a comparison or a pattern predicate is open: no other of its tier may follow.
	comparing, matching bool
	// distinct tells the same of IS DISTINCT FROM.
	distinct bool
}

// operandFrom records that the operand right of an operator of tier t begins at piece start.
func (c *chain) operandFrom(t tier, start int) {
	for k := t + 1; k < tiers; k++ {
		c.start[k] = start
	}
	c.closed = tierNone
}

// expr reads an expression (a_expr in PostgreSQL's grammar) and emits it.
func (u *unit) expr(i int) int { return u.chain(i, tierOr, false) }

// restricted reads an expression of the kind that can stand before AND in BETWEEN and in a DEFAULT (b_expr).
func (u *unit) restricted(i int) int { return u.chain(i, tierOr, true) }

// chain reads operands joined by infix operators of tier least or tighter, and emits them so that TiDB's ladder groups them
// as PostgreSQL's does. restricted leaves out the operators that a b_expr lacks.
func (u *unit) chain(i int, least tier, restricted bool) int {
	u.enter(i)
	defer u.leave()
	c := &chain{}
	c.operandFrom(tierNone, u.here())
	outer := u.height
	u.height = 0
	i = u.operand(i, restricted)
	height := u.grow(i, 0, nodeHeight)
	defer func() { u.height = max(outer, height) }()
	for {
		op := u.infixAt(i, restricted)
		if op.tier < least || op.tier == tierNone {
			return i
		}
		u.checkOrder(i, c, op)
		if u.isLabelNotInfix(i, c, op) {
			return i
		}
		if op.tier > c.closed && c.closed != tierNone || op.tier == tierPred && c.closed == tierPred {
			start := c.start[c.closed]
			u.parenthesize(start)
			c.operandFrom(c.closed, start)
		}
		i = u.infix(i, c, op, restricted)
		if op.kind == infixBool {
			height = u.grow(i, height, flatHeight)
		} else {
			height = u.grow(i, height, nodeHeight)
		}
	}
}

// isLabelNotInfix tells whether the word at token i, which is the name of an infix operator, labels a target instead:
// SELECT a LIKE FROM t has a column named like. PostgreSQL's parser sees it only where the operator would take the whole
// target for its left operand.
func (u *unit) isLabelNotInfix(i int, c *chain, op infix) bool {
	return u.depth == u.targetDepth && u.t[i].kind == tokIdent && u.isBareLabel(i) && u.endsTarget(i+1) &&
		c.start[op.tier] == c.start[tierOr]
}

// endsTarget tells whether token i can't belong to a target.
func (u *unit) endsTarget(i int) bool {
	switch t := &u.t[i]; t.kind {
	case tokEOF:
		return true
	case tokPunct:
		return t.s == ")" || t.s == ";" || t.s == ","
	}
	return u.oneOf(i, "from", "into", "where", "group", "having", "window", "union", "intersect", "except", "order",
		"limit", "offset", "fetch", "for")
}

// checkOrder refuses a second operator of a tier that does not associate.
func (u *unit) checkOrder(i int, c *chain, op infix) {
	switch {
	case op.tier == tierCompare && c.comparing, op.tier == tierPred && c.matching, op.tier == tierIs && c.distinct:
		u.syntax(i)
	}
	if op.tier < tierPred {
		c.matching = false
	}
	if op.tier < tierCompare {
		c.comparing = false
	}
	if op.tier < tierIs {
		c.distinct = false
	}
}

// infixAt tells which infix operator begins at token i.
func (u *unit) infixAt(i int, restricted bool) infix {
	t := &u.t[i]
	switch {
	case t.kind == tokOp:
		return infix{tier: opTier(t.s), width: 1, kind: opKind(t.s)}
	case t.kind == tokPunct && t.s == "::":
		return infix{tier: tierPostfix, width: 1, kind: infixCast}
	case t.kind == tokIdent && t.class != notKeyword:
		return u.wordInfix(i, t.s, restricted)
	}
	return infix{}
}

func opTier(s string) tier {
	switch s {
	case "+", "-":
		return tierAdd
	case "*", "/", "%":
		return tierMul
	case "^":
		return tierPower
	case "<", ">", "=", "<=", ">=", "<>":
		return tierCompare
	}
	return tierOp
}

func opKind(s string) infixKind {
	if opTier(s) == tierOp {
		return infixOther
	}
	return infixNative
}

func (u *unit) wordInfix(i int, w string, restricted bool) infix {
	switch {
	case w == "is":
		return u.isInfix(i, restricted)
	case w == "operator":
		return infix{tier: tierOp, width: 1, kind: infixOther}
	case restricted:
		return infix{}
	}
	switch w {
	case "and":
		return infix{tier: tierAnd, width: 1, kind: infixBool}
	case "or":
		return infix{tier: tierOr, width: 1, kind: infixBool}
	case "isnull":
		return infix{tier: tierIs, width: 1, kind: infixTest}
	case "notnull":
		return infix{tier: tierIs, width: 1, kind: infixTest, not: true}
	case "collate":
		return infix{tier: tierCollate, width: 1, kind: infixCollate}
	case "overlaps":
		return infix{tier: tierOp, width: 1, kind: infixOverlaps}
	case "at":
		return infix{tier: tierAt, width: 3, kind: infixAtTimeZone}
	case "not":
		op := u.predicate(i + 1)
		if op.tier != tierNone {
			op.width++
			op.not = true
		}
		return op
	}
	return u.predicate(i)
}

// predicate tells which predicate of tierPred begins at token i.
func (u *unit) predicate(i int) infix {
	if u.t[i].kind != tokIdent {
		return infix{}
	}
	switch u.t[i].s {
	case "between":
		return infix{tier: tierPred, width: 1, kind: infixBetween}
	case "in":
		return infix{tier: tierPred, width: 1, kind: infixIn}
	case "like", "ilike":
		return infix{tier: tierPred, width: 1, kind: infixLike}
	case "similar":
		if u.similarDepth == u.depth && !u.kw(i+1, "to") {
			return infix{} // SUBSTRING(a SIMILAR b ESCAPE c)
		}
		return infix{tier: tierPred, width: 2, kind: infixLike}
	}
	return infix{}
}

func (u *unit) isInfix(i int, restricted bool) infix {
	n, not := 1, false
	if u.kw(i+1, "not") {
		n, not = 2, true
	}
	switch {
	case u.kw(i+n, "distinct", "from"):
		return infix{tier: tierIs, width: n + 2, kind: infixDistinct, not: not}
	case !restricted && u.oneOf(i+n, "null", "true", "false", "unknown"):
		return infix{tier: tierIs, width: n + 1, kind: infixTest, not: not}
	}
	return infix{tier: tierIs, width: n, kind: infixBadIs}
}

// infix emits the operator at token i with what is right of it.
func (u *unit) infix(i int, c *chain, op infix, restricted bool) int {
	next := i + op.width
	switch op.kind {
	case infixBool:
		if op.tier == tierAnd {
			u.emit("AND")
		} else {
			u.emit("OR")
		}
		c.operandFrom(op.tier, u.here())
		return u.operand(next, restricted)
	case infixNative:
		return u.nativeInfix(i, c, op, restricted)
	case infixOther:
		return u.otherInfix(i, c, restricted)
	case infixOverlaps:
		return u.overlaps(i, c)
	case infixTest:
		return u.isTest(i, c, op)
	case infixDistinct:
		return u.isDistinct(i, c, op, restricted)
	case infixBetween:
		return u.between(i, c, op)
	case infixIn:
		return u.in(i, c, op)
	case infixLike:
		return u.like(i, c, op)
	case infixCast:
		return u.castInfix(i, c)
	case infixCollate:
		return u.collate(i, c)
	case infixAtTimeZone:
		return u.atTimeZone(i, c)
	}
	u.syntaxAfterIs(i, op)
	return i
}

// syntaxAfterIs refuses what follows IS; the forms that PostgreSQL knows are named.
func (u *unit) syntaxAfterIs(i int, op infix) {
	at := i + op.width
	switch {
	case u.kw(at, "document"):
		u.unsupported(at, "IS DOCUMENT")
	case u.kw(at, "normalized"), u.oneOf(at, "nfc", "nfd", "nfkc", "nfkd") && u.kw(at+1, "normalized"):
		u.unsupported(at, "IS NORMALIZED")
	case u.kw(at, "distinct"):
		u.syntax(at + 1)
	}
	u.syntax(at)
}

// nativeInfix emits an operator that TiDB has too.
func (u *unit) nativeInfix(i int, c *chain, op infix, restricted bool) int {
	s := u.t[i].s
	c.comparing = c.comparing || op.tier == tierCompare
	if !restricted && u.isQuantifier(i+1) {
		u.emit(s)
		c.operandFrom(op.tier, u.here())
		next := u.quantified(i, i+1, "", s)
		c.closed = op.tier
		c.comparing = false
		return next
	}
	u.emit(s)
	c.operandFrom(op.tier, u.here())
	return u.operand(i+1, restricted)
}

// otherInfix emits an operator of tierOp as  left | pN(right).
func (u *unit) otherInfix(i int, c *chain, restricted bool) int {
	schema, op, next := u.operatorName(i)
	u.emit("|")
	c.operandFrom(tierOp, u.here())
	if !restricted && u.isQuantifier(next) {
		next = u.quantified(i, next, schema, op)
		c.closed = tierOp
		return next
	}
	loc := u.loc(i)
	u.ref(u.hole(i, hole{apply: func(l Expr, a []Expr) Expr {
		return &Binary{Loc: loc, Schema: schema, Op: op, L: l, R: a[0]}
	}}))
	u.emit("(")
	next = u.chain(next, tierAdd, restricted)
	u.close()
	return next
}

// operatorName reads an operator or OPERATOR(schema.op).
func (u *unit) operatorName(i int) (schema, op string, next int) {
	if u.t[i].kind == tokOp {
		return "", u.t[i].s, i + 1
	}
	i = u.expect(u.word(i, "operator"), "(")
	for u.t[i].kind != tokOp {
		if schema != "" {
			u.unsupported(i, "an operator name with more than one qualifier")
		}
		var n Name
		n, i = u.colID(i)
		schema = n.Text
		i = u.expect(i, ".")
	}
	return schema, u.t[i].s, u.expect(i+1, ")")
}

// isQuantifier tells whether ANY, SOME or ALL is at token i.
func (u *unit) isQuantifier(i int) bool { return u.oneOf(i, "any", "some", "all") }

// quantified emits what is right of the operator at token i, when that is the ANY or ALL at token q.
func (u *unit) quantified(i, q int, schema, op string) int {
	node := &Quantified{Loc: u.loc(i), Schema: schema, Op: op, All: u.kw(q, "all")}
	u.ref(u.hole(q, hole{apply: func(l Expr, a []Expr) Expr {
		node.L = l
		if s, ok := a[0].(*Subquery); ok && s.Loc == 0 {
			node.Query = s.Query
		} else {
			node.Array = a[0]
		}
		return node
	}}))
	u.emit("(")
	next := u.exprOrQuery(q + 1)
	u.close()
	return next
}

// exprOrQuery reads (expression) or (query), emitting what is between the parentheses. A query is emitted bare, and lowered
// to a Subquery without position.
func (u *unit) exprOrQuery(i int) int {
	u.expect(i, "(")
	if u.isQueryParen(i) {
		return u.parenQuery(i)
	}
	return u.expect(u.expr(i+1), ")")
}

// isTest emits IS NULL and its kin as  left <=> pN.
func (u *unit) isTest(i int, c *chain, op infix) int {
	node := &Is{Loc: u.loc(i), Negated: op.not}
	switch u.t[i+op.width-1].s {
	case "true":
		node.Kind = IsTrue
	case "false":
		node.Kind = IsFalse
	case "unknown":
		node.Kind = IsUnknown
	}
	u.emit("<=>")
	u.ref(u.hole(i+1, hole{apply: func(l Expr, _ []Expr) Expr {
		node.X = l
		return node
	}}))
	u.emit("(", ")")
	c.closed = tierIs
	return i + op.width
}

// isDistinct emits  left <=> pN(right): TiDB has no operator on that tier with an open right end.
func (u *unit) isDistinct(i int, c *chain, op infix, restricted bool) int {
	node := &IsDistinct{Loc: u.loc(i), Negated: op.not}
	u.emit("<=>")
	u.ref(u.hole(i+1, hole{apply: func(l Expr, a []Expr) Expr {
		node.L, node.R = l, a[0]
		return node
	}}))
	u.emit("(")
	next := u.chain(i+op.width, tierCompare, restricted)
	u.close()
	c.distinct = true
	return next
}

// openPredicate emits the start of  left IN (pN(…)), the carrier of every predicate of tierPred.
func (u *unit) openPredicate(i int, apply func(left Expr, args []Expr) Expr) {
	u.emit("IN", "(")
	u.ref(u.hole(i, hole{apply: apply}))
	u.emit("(")
}

func (u *unit) closePredicate() { u.emit(")", ")") }

func (u *unit) between(i int, c *chain, op infix) int {
	node := &Between{Loc: u.loc(i), Negated: op.not}
	next := i + op.width
	if u.oneOf(next, "symmetric", "asymmetric") {
		node.Symmetric = u.kw(next, "symmetric")
		next++
	}
	u.openPredicate(i, func(l Expr, a []Expr) Expr {
		node.X, node.Lo, node.Hi = l, a[0], a[1]
		return node
	})
	next = u.word(u.restricted(next), "and")
	u.comma()
	next = u.chain(next, tierOp, false)
	u.closePredicate()
	c.matching = true
	return next
}

func (u *unit) in(i int, c *chain, op infix) int {
	node := &In{Loc: u.loc(i), Negated: op.not}
	next := i + op.width
	u.openPredicate(i, func(l Expr, a []Expr) Expr {
		node.X, node.List = l, a
		switch x := a[0].(type) {
		case *constList:
			node.List = x.items
		case *Subquery:
			if x.Loc == 0 {
				node.Query, node.List = x.Query, nil
			}
		}
		return node
	})
	if !u.is(next, "(") {
		u.syntax(next)
	}
	if list, after := u.constants(next); list != nil {
		u.leaf(next, &constList{items: list})
		next = after
	} else if u.isQueryParen(next) {
		next = u.parenQuery(next)
	} else {
		next = u.expect(u.exprList(next+1), ")")
	}
	u.closePredicate()
	c.closed = tierPred
	return next
}

func (u *unit) like(i int, c *chain, op infix) int {
	next := i + op.width
	if u.kw(next-2, "similar") {
		u.word(next-1, "to")
	}
	word := u.t[next-1].s
	if word != "to" && u.isQuantifier(next) {
		name := word
		if op.not {
			name = "not " + word
		}
		u.emit("IN", "(")
		next = u.quantified(i, next, "", name)
		u.close()
		c.closed = tierPred
		return next
	}
	node := &PatternMatch{Loc: u.loc(i), Negated: op.not}
	switch word {
	case "ilike":
		node.Kind = ILike
	case "to":
		node.Kind = SimilarTo
	}
	u.openPredicate(i, func(l Expr, a []Expr) Expr {
		node.X, node.Pattern = l, a[0]
		if len(a) > 1 {
			node.Escape = a[1]
		}
		return node
	})
	next = u.chain(next, tierOp, false)
	if u.kw(next, "escape") {
		u.comma()
		next = u.chain(next+1, tierOp, false)
	}
	u.closePredicate()
	c.matching = true
	return next
}

// overlaps emits row OVERLAPS row. Both sides must be rows as such.
func (u *unit) overlaps(i int, c *chain) int {
	if u.rowEnd != i {
		u.syntax(i)
	}
	if !u.is(i+1, "(") && !(u.kw(i+1, "row") && u.is(i+2, "(")) {
		u.syntax(i + 1)
	}
	loc := u.loc(i)
	u.emit("|")
	c.operandFrom(tierOp, u.here())
	u.ref(u.hole(i, hole{apply: func(l Expr, a []Expr) Expr {
		call := &FuncCall{Loc: loc, Name: "overlaps", Special: true}
		for k, side := range []Expr{l, a[0]} {
			row, ok := side.(*Row)
			if !ok {
				u.syntax(i)
			}
			if len(row.Items) != 2 {
				panic(bail{sqlstate.New(sqlstate.SyntaxError, "wrong number of parameters on %s side of OVERLAPS expression",
					[...]string{"left", "right"}[k]).At(side.Pos())})
			}
			for _, e := range row.Items {
				call.Args = append(call.Args, Arg{Loc: Loc(e.Pos()), Value: e})
			}
		}
		return call
	}}))
	u.emit("(")
	next := u.chain(i+1, tierAdd, false)
	u.close()
	return next
}

func (u *unit) castInfix(i int, c *chain) int {
	loc := u.loc(i)
	t, next := u.typeName(i + 1)
	u.wrap(c.start[tierPostfix], i, func(a []Expr) Expr { return &Cast{Loc: loc, X: a[0], Type: t} })
	u.close()
	return next
}

func (u *unit) collate(i int, c *chain) int {
	loc := u.loc(i)
	parts, next := u.anyName(i + 1)
	name := u.qualify(i+1, parts)
	u.wrap(c.start[tierCollate], i, func(a []Expr) Expr { return &Collate{Loc: loc, X: a[0], Collation: name} })
	u.close()
	return next
}

// anyName reads a name with any number of qualifiers.
func (p *parser) anyName(i int) ([]string, int) {
	n, i := p.colID(i)
	parts := []string{n.Text}
	for p.is(i, ".") {
		n, i = p.label(i + 1)
		parts = append(parts, n.Text)
	}
	return parts, i
}

func (u *unit) atTimeZone(i int, c *chain) int {
	loc := u.loc(i)
	u.word(i, "at", "time", "zone")
	u.wrap(c.start[tierAt], i, func(a []Expr) Expr { return &AtTimeZone{Loc: loc, X: a[0], Zone: a[1]} })
	u.comma()
	next := u.chain(i+3, tierCollate, false)
	u.close()
	return next
}

// exprList reads expressions separated by commas.
func (u *unit) exprList(i int) int {
	for {
		i = u.expr(i)
		if !u.is(i, ",") {
			return i
		}
		u.comma()
		i++
	}
}
