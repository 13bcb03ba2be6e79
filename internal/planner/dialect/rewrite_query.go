package dialect

import (
	"strings"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// selectFrame tells how the parts of one SELECT are spread over TiDB's. Its placeholder is the first item of the select
// list, followed by DISTINCT ON's expressions and the targets.
type selectFrame struct {
	sel        *Select
	distinctOn int
	targets    []Target
	noFrom     bool
	// hasHaving tells that the first operand of HAVING's placeholder is its condition; those of the windows follow.
	hasHaving bool
}

// tailFrame tells how the clauses after a query body are spread over TiDB's ORDER BY: its placeholder comes first, then
// the sort keys, LIMIT's and OFFSET's expressions in the order written, which is that of parts.
type tailFrame struct {
	parts   []tailPart
	sort    []SortBy
	ties    bool
	locking []Locking
	open    bool // ORDER BY was emitted
	// limit and offset tell that the clause was read; LIMIT ALL has no part.
	limit, offset bool
}

type tailPart uint8

const (
	tailSort tailPart = iota
	tailLimit
	tailOffset
)

// isQueryParen tells whether the parenthesis at token i holds a query and nothing else, which makes it a subquery; it may
// also begin an expression or a join whose first operand is a subquery.
func (p *parser) isQueryParen(i int) bool { return p.is(i, "(") && p.t[i].subquery }

// queryBehind refuses the first token after the parentheses that begin at token i, unless it begins a query.
func (p *parser) queryBehind(i int) {
	if p.t[i].query {
		return
	}
	for p.is(i, "(") {
		i++
	}
	if p.kw(i, "values") {
		i++
	}
	p.syntax(i)
}

// isQuery tells whether a query begins at token i.
func (p *parser) isQuery(i int) bool {
	return p.oneOf(i, "select", "values", "with", "table") || p.isQueryParen(i)
}

// parenQuery reads the query in the parentheses at token i and emits it with parentheses.
func (u *unit) parenQuery(i int) int {
	u.emit("(")
	u.nesting++
	next := u.query(i + 1)
	u.nesting--
	u.close()
	return u.expect(next, ")")
}

// query reads a query with all its clauses.
func (u *unit) query(i int) int {
	t := &tailFrame{}
	withs := 0
	return u.queryWithTail(i, t, &withs)
}

// queryWithTail reads a query whose trailing clauses go to t: those of a query in parentheses and those that follow the
// parentheses are one set.
func (u *unit) queryWithTail(i int, t *tailFrame, withs *int) int {
	u.enter(i)
	defer u.leave()
	if u.kw(i, "with") {
		if *withs++; *withs > 1 {
			u.errorAt(i, "multiple WITH clauses not allowed")
		}
		i = u.with(i)
		if u.oneOf(i, "insert", "update", "delete", "merge") {
			u.unsupported(i, "%s inside a query", upper(u.t[i].s))
		}
	}
	if u.isQueryParen(i) && !u.setOpAfter(i) {
		i = u.expect(u.queryWithTail(i+1, t, withs), ")")
	} else {
		i = u.setOperations(i)
	}
	return u.tail(i, t)
}

// setOpAfter tells whether a set operation follows the parentheses at token i.
func (u *unit) setOpAfter(i int) bool {
	m := u.t[i].match
	return m >= 0 && u.oneOf(int(m)+1, "union", "intersect", "except")
}

// setOperations reads SELECTs, VALUES and queries in parentheses joined by set operations.
func (u *unit) setOperations(i int) int {
	outer, height := u.height, 0
	defer func() { u.height = max(outer, height) }()
	for {
		u.height = 0
		i = u.queryPrimary(i)
		height = u.grow(i, height, nodeHeight)
		if !u.oneOf(i, "union", "intersect", "except") {
			return i
		}
		u.emit(upper(u.t[i].s))
		i++
		switch {
		case u.kw(i, "all"):
			u.emit("ALL")
			i++
		case u.kw(i, "distinct"):
			i++
		}
	}
}

func (u *unit) queryPrimary(i int) int {
	switch {
	case u.kw(i, "select"):
		return u.selectCore(i)
	case u.kw(i, "values"):
		return u.values(i)
	case u.kw(i, "table"):
		return u.tableQuery(i)
	case u.is(i, "("):
		u.queryBehind(i)
		return u.parenQuery(i)
	}
	u.syntax(i)
	return i
}

// with reads WITH and its queries.
func (u *unit) with(i int) int {
	w := &With{Loc: u.loc(i)}
	u.emit("WITH")
	i++
	if u.kw(i, "recursive") && !u.kw(i+1, "as") && !u.is(i+1, "(") {
		w.Recursive = true
		u.emit("RECURSIVE")
		i++
	}
	for {
		i = u.cte(i, w)
		if !u.is(i, ",") {
			return i
		}
		u.comma()
		i++
	}
}

// cteFrame is what the placeholder of a CTE stands for.
type cteFrame struct {
	with *With
	cte  CTE
}

func (u *unit) cte(i int, w *With) int {
	f := &cteFrame{with: w, cte: CTE{Loc: u.loc(i)}}
	u.ref(u.hole(i, hole{ext: f}))
	var n Name
	n, i = u.colID(i)
	f.cte.Name = n.Text
	if u.is(i, "(") {
		f.cte.Columns, i = u.nameList(i)
	}
	i = u.word(i, "as")
	switch {
	case u.kw(i, "materialized"):
		f.cte.Materialize = MaterializeAlways
		i++
	case u.kw(i, "not"):
		f.cte.Materialize = MaterializeNever
		i = u.word(i, "not", "materialized")
	}
	u.emit("AS")
	if u.is(i, "(") && u.oneOf(i+1, "insert", "update", "delete", "merge") {
		u.unsupported(i+1, "%s in WITH", upper(u.t[i+1].s))
	}
	u.expect(i, "(")
	u.queryBehind(i)
	i = u.parenQuery(i)
	if u.kw(i, "search") || u.kw(i, "cycle") {
		u.unsupported(i, "%s in WITH", upper(u.t[i].s))
	}
	return i
}

// selectCore reads one SELECT up to its WINDOW clause.
func (u *unit) selectCore(i int) int {
	f := &selectFrame{sel: &Select{Loc: u.loc(i)}}
	frame := u.hole(i, hole{ext: f})
	u.emit("SELECT")
	u.ref(frame)
	i = u.distinct(i+1, f)
	i = u.targets(i, f)
	if u.kw(i, "into") {
		i = u.into(i, f)
	}
	u.emit("FROM")
	if u.kw(i, "from") {
		i = u.fromList(i + 1)
	} else {
		f.noFrom = true
		u.ref(frame)
	}
	if u.kw(i, "where") {
		u.emit("WHERE")
		i = u.expr(i + 1)
	}
	if u.kw(i, "group") {
		i = u.groupBy(u.word(i, "group", "by"), f)
	}
	return u.having(i, f)
}

func (u *unit) distinct(i int, f *selectFrame) int {
	switch {
	case u.kw(i, "all"):
		return i + 1
	case !u.kw(i, "distinct"):
		return i
	case !u.kw(i+1, "on"):
		f.sel.Distinct = true
		return i + 1
	}
	i = u.expect(i+2, "(")
	for {
		u.comma()
		i = u.expr(i)
		f.distinctOn++
		if !u.is(i, ",") {
			return u.expect(i, ")")
		}
		i++
	}
}

// targets reads a select list, which may be empty.
func (u *unit) targets(i int, f *selectFrame) int {
	if u.endsTarget(i) && !u.is(i, ",") {
		if f.sel.Distinct || f.distinctOn > 0 {
			u.syntax(i)
		}
		return i
	}
	for {
		u.comma()
		var t Target
		t, i = u.target(i)
		f.targets = append(f.targets, t)
		if !u.is(i, ",") {
			return i
		}
		i++
	}
}

func (u *unit) target(i int) (Target, int) {
	t := Target{Loc: u.loc(i)}
	if u.isOp(i, "*") {
		u.leaf(i, &ColumnRef{Loc: u.loc(i), Star: true})
		return t, i + 1
	}
	outer := u.targetDepth
	u.targetDepth = u.depth + 1
	i = u.expr(i)
	u.targetDepth = outer
	var n Name
	switch {
	case u.kw(i, "as"):
		n, i = u.label(i + 1)
	case u.isBareLabel(i):
		n, i = u.name(i), i+1
	}
	t.Label = n.Text
	return t, i
}

// into reads SELECT … INTO [TEMPORARY] [TABLE] name.
func (u *unit) into(i int, f *selectFrame) int {
	if !u.allowInto || u.nesting > 0 {
		u.errorAt(i, "SELECT ... INTO is not allowed here")
	}
	i++
	if u.oneOf(i, "temporary", "temp", "local", "global", "unlogged") && !u.kw(i+1, "from") {
		u.unsupported(i, "SELECT INTO %s", upper(u.t[i].s))
	}
	if u.kw(i, "table") {
		i++
	}
	q, next := u.qualifiedName(i)
	f.sel.Into = &q
	return next
}

// having emits HAVING, and the operands of the WINDOW clause with it.
func (u *unit) having(i int, f *selectFrame) int {
	f.hasHaving = u.kw(i, "having")
	if !f.hasHaving && !u.kw(i, "window") {
		return i
	}
	u.emit("HAVING")
	u.open(i, f.buildHaving)
	some := false
	separate := func(u *unit) {
		if some {
			u.comma()
		}
		some = true
	}
	if f.hasHaving {
		separate(u)
		i = u.expr(i + 1)
	}
	if u.kw(i, "window") {
		i = u.windowClause(i+1, f, separate)
	}
	u.close()
	return i
}

func (u *unit) windowClause(i int, f *selectFrame, separate func(*unit)) int {
	for {
		n, next := u.colID(i)
		w, next := u.window(u.word(next, "as"), separate)
		w.Name, w.Loc = n.Text, n.Loc
		f.sel.Windows = append(f.sel.Windows, *w)
		if !u.is(next, ",") {
			return next
		}
		i = next + 1
	}
}

// buildHaving fills the frame's HAVING and windows; the expression it returns is HAVING's, nil without one.
func (f *selectFrame) buildHaving(a []Expr) Expr {
	o := operands(a)
	if f.hasHaving {
		f.sel.Having = o.next()
	}
	for k := range f.sel.Windows {
		o.fillWindow(&f.sel.Windows[k])
	}
	return f.sel.Having
}

// values reads VALUES (…), (…). Rows of nothing but constants need no grammar: a run of them is one placeholder.
func (u *unit) values(i int) int {
	u.emit("VALUES")
	i++
	for {
		u.emit("ROW", "(")
		start, rows := i, [][]Expr(nil)
		for {
			row, next := u.constants(i)
			if row == nil {
				break
			}
			rows = append(rows, row)
			i = next
			if !u.is(next, ",") {
				break
			}
			i++
		}
		if rows != nil {
			u.ref(u.hole(start, hole{ext: rows}))
			u.close()
			if !u.is(i-1, ",") {
				return i
			}
			u.comma()
			continue
		}
		i = u.exprList(u.expect(i, "("))
		u.close()
		i = u.expect(i, ")")
		if !u.is(i, ",") {
			return i
		}
		u.comma()
		i++
	}
}

// tableQuery reads TABLE name, which is SELECT * FROM name.
func (u *unit) tableQuery(i int) int {
	f := &selectFrame{sel: &Select{Loc: u.loc(i)}, targets: []Target{{Loc: u.loc(i)}}}
	u.emit("SELECT")
	u.ref(u.hole(i, hole{ext: f}))
	u.comma()
	u.leaf(i, &ColumnRef{Loc: u.loc(i), Star: true})
	u.emit("FROM")
	ref := &TableRef{Loc: u.loc(i + 1)}
	next := u.relation(i+1, ref)
	u.ref(u.hole(i+1, hole{ext: ref}))
	return next
}

// tail reads the clauses that may follow a query body: ORDER BY first, the others in any order.
func (u *unit) tail(i int, t *tailFrame) int {
	if u.kw(i, "order") {
		u.openTail(i, t)
		t.parts = append(t.parts, tailSort)
		first, given := u.word(i, "order", "by"), len(t.sort) > 0
		t.sort, i = u.sortList(first, func(u *unit) { u.comma() })
		if given {
			u.errorAt(first, "multiple ORDER BY clauses not allowed")
		}
	}
	var limit, offset, locking bool
	for {
		switch {
		case u.oneOf(i, "limit", "fetch") && !limit:
			limit = true
			i = u.limit(i, t)
		case u.kw(i, "offset") && !offset:
			offset = true
			i = u.offset(i, t)
		case u.kw(i, "for") && !locking:
			locking = true
			i = u.locking(i, t)
		default:
			return i
		}
	}
}

// openTail emits the start of the carrier of the tail's operands.
func (u *unit) openTail(i int, t *tailFrame) {
	if !t.open {
		t.open = true
		u.emit("ORDER", "BY")
		u.ref(u.hole(i, hole{ext: t}))
	}
}

func (u *unit) limit(i int, t *tailFrame) int {
	given := t.limit
	t.limit = true
	next := i + 2
	switch {
	case u.kw(i, "fetch"):
		next = u.fetch(i, t)
	case !u.kw(i+1, "all"):
		next = u.limitExpr(i, i+1, t)
	}
	if given {
		u.errorAt(i+1, "multiple LIMIT clauses not allowed")
	}
	if u.kw(i, "fetch") {
		return next
	}
	if u.is(next, ",") {
		u.expr(next + 1)
		u.fail(i, sqlstate.New(sqlstate.SyntaxError, "LIMIT #,# syntax is not supported").
			WithHint("Use separate LIMIT and OFFSET clauses."))
	}
	return next
}

func (u *unit) limitExpr(i, at int, t *tailFrame) int {
	u.openTail(i, t)
	u.comma()
	t.parts = append(t.parts, tailLimit)
	return u.expr(at)
}

// fetch reads FETCH FIRST [n] ROWS ONLY or WITH TIES.
func (u *unit) fetch(i int, t *tailFrame) int {
	at := i
	i++
	if !u.oneOf(i, "first", "next") {
		u.syntax(i)
	}
	i++
	u.openTail(at, t)
	u.comma()
	t.parts = append(t.parts, tailLimit)
	if u.oneOf(i, "row", "rows") {
		u.leaf(at, &Const{Loc: u.loc(at), Kind: NumberConst, Text: "1"})
	} else {
		i = u.operand(i, true)
	}
	if !u.oneOf(i, "row", "rows") {
		u.syntax(i)
	}
	i++
	if u.kw(i, "only") {
		return i + 1
	}
	t.ties = true
	return u.word(i, "with", "ties")
}

func (u *unit) offset(i int, t *tailFrame) int {
	first, given := i+1, t.offset
	t.offset = true
	u.openTail(i, t)
	u.comma()
	t.parts = append(t.parts, tailOffset)
	i = u.expr(first)
	if given {
		u.errorAt(first, "multiple OFFSET clauses not allowed")
	}
	if u.oneOf(i, "row", "rows") {
		i++
	}
	return i
}

// locking reads FOR UPDATE and its kin, or FOR READ ONLY.
func (u *unit) locking(i int, t *tailFrame) int {
	u.openTail(i, t)
	if u.kw(i, "for", "read") {
		return u.word(i, "for", "read", "only")
	}
	for u.kw(i, "for") {
		l := Locking{Loc: u.loc(i)}
		i++
		switch {
		case u.kw(i, "update"):
			l.Strength = ForUpdate
			i++
		case u.kw(i, "no"):
			l.Strength = ForNoKeyUpdate
			i = u.word(i, "no", "key", "update")
		case u.kw(i, "share"):
			l.Strength = ForShare
			i++
		case u.kw(i, "key"):
			l.Strength = ForKeyShare
			i = u.word(i, "key", "share")
		default:
			u.syntax(i)
		}
		if u.kw(i, "of") {
			l.Of, i = u.qualifiedNames(i + 1)
		}
		switch {
		case u.kw(i, "nowait"):
			l.NoWait = true
			i++
		case u.kw(i, "skip"):
			l.SkipLocked = true
			i = u.word(i, "skip", "locked")
		}
		t.locking = append(t.locking, l)
	}
	return i
}

// qualifiedNames reads names of tables separated by commas.
func (p *parser) qualifiedNames(i int) ([]QualifiedName, int) {
	var names []QualifiedName
	for {
		var q QualifiedName
		q, i = p.qualifiedName(i)
		names = append(names, q)
		if !p.is(i, ",") {
			return names, i
		}
		i++
	}
}

func upper(s string) string { return strings.ToUpper(s) }
