package dialect

import (
	"strings"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// The placeholders of FROM stand for these frames: *TableRef (a table's name), *SubqueryRef and *FuncRef (the alias of a
// derived table that holds the query, or the functions as its select list), *sampleFrame (the same for the arguments of
// TABLESAMPLE) and *Join (the condition of a join, called with ON's expression if it has one).

// sampleFrame is a table whose TABLESAMPLE arguments are the select list of a derived table.
type sampleFrame struct {
	ref  *TableRef
	args int
	seed bool
}

// fromList reads FROM's items. TiDB joins those separated by commas, too; lowering undoes it.
func (u *unit) fromList(i int) int {
	outer, height := u.height, 0
	defer func() { u.height = max(outer, height) }()
	for {
		u.height = 0
		i, _ = u.tableRef(i)
		height = u.grow(i, height, flatHeight)
		if !u.is(i, ",") {
			return i
		}
		u.comma()
		i++
	}
}

// tableRef reads a table with the joins that follow it. top is the outermost join, nil if there is none.
func (u *unit) tableRef(i int) (next int, top *Join) {
	outer := u.height
	u.height = 0
	i, top = u.tablePrimary(i)
	height := u.grow(i, 0, nodeHeight)
	defer func() { u.height = max(outer, height) }()
	for {
		at := i
		j, next, ok := u.joinWords(i)
		if !ok {
			return i, top
		}
		u.emit("JOIN")
		i = u.joinRight(next, j)
		u.emit("ON")
		i = u.joinCondition(at, i, j)
		height = u.grow(i, height, nodeHeight)
		top = j
	}
}

// joinRight reads the right side of join j. A join that takes a condition takes it last, so that joins which come before
// the condition belong to the right side.
func (u *unit) joinRight(i int, j *Join) int {
	if j.Natural || j.Kind == CrossJoin {
		i, _ = u.tablePrimary(i)
		return i
	}
	u.enter(i)
	defer u.leave()
	i, _ = u.tableRef(i)
	return i
}

// joinWords reads the words of a join: [NATURAL] [INNER | LEFT [OUTER] | … | CROSS] JOIN.
func (u *unit) joinWords(i int) (j *Join, next int, ok bool) {
	j = &Join{Loc: u.loc(i)}
	at := i
	if u.kw(i, "natural") {
		j.Natural = true
		i++
	}
	outer := false
	switch {
	case u.kw(i, "left"):
		j.Kind, outer = LeftJoin, true
	case u.kw(i, "right"):
		j.Kind, outer = RightJoin, true
	case u.kw(i, "full"):
		j.Kind, outer = FullJoin, true
	case u.kw(i, "cross") && !j.Natural:
		j.Kind = CrossJoin
	case u.kw(i, "inner"):
	default:
		i--
	}
	i++
	if outer && u.kw(i, "outer") {
		i++
	}
	if !u.kw(i, "join") {
		if i > at {
			u.syntax(i)
		}
		return nil, at, false
	}
	return j, i + 1, true
}

// joinCondition emits the placeholder of join j, with ON's expression. at is the token where the join begins.
func (u *unit) joinCondition(at, i int, j *Join) int {
	h := u.hole(at, hole{ext: j})
	u.ref(h)
	if j.Natural || j.Kind == CrossJoin {
		return i
	}
	switch {
	case u.kw(i, "on"):
		u.emit("(")
		i = u.expr(i + 1)
		u.close()
		return i
	case u.kw(i, "using"):
		j.Using, i = u.nameList(i + 1)
		if u.kw(i, "as") {
			n, next := u.colID(i + 1)
			j.UsingAlias = &Alias{Loc: n.Loc, Name: n.Text}
			i = next
		}
		return i
	}
	u.syntax(i)
	return i
}

// tablePrimary reads a table, function, subquery or join in parentheses, with its alias.
func (u *unit) tablePrimary(i int) (next int, top *Join) {
	lateral := u.kw(i, "lateral")
	at := i
	if lateral {
		i++
	}
	switch {
	case u.isQueryParen(i):
		return u.subqueryRef(at, i, lateral), nil
	case u.is(i, "(") && !lateral:
		return u.parenJoin(i)
	case u.kw(i, "rows", "from"):
		u.expect(i+2, "(")
		return u.rowsFrom(at, i, lateral), nil
	case u.kw(i, "only") && !lateral:
		return u.plainTable(i), nil
	case u.isFunctionRef(i):
		return u.funcRef(at, i, lateral), nil
	case u.isColID(i) && !lateral:
		return u.plainTable(i), nil
	}
	if lateral && u.is(i, "(") || u.isTypeFunc(i) || u.kw(i, "cast") {
		i++
	}
	u.syntax(i)
	return i, nil
}

// parenJoin reads a join in parentheses.
func (u *unit) parenJoin(i int) (next int, top *Join) {
	u.enter(i)
	defer u.leave()
	u.emit("(")
	next, top = u.tableRef(i + 1)
	u.close()
	if top == nil {
		u.syntax(next)
	}
	next = u.expect(next, ")")
	if a, n := u.alias(next); a != nil {
		if top.Alias != nil {
			u.unsupported(next, "a second alias of a join")
		}
		top.Alias, next = a, n
	}
	return next, top
}

// alias reads [AS] name [(columns)], if it follows.
func (p *parser) alias(i int) (*Alias, int) {
	a, next := p.aliasName(i)
	if a == nil || !p.is(next, "(") {
		return a, next
	}
	a.Columns, next = p.nameList(next)
	return a, next
}

func (p *parser) aliasName(i int) (*Alias, int) {
	if p.kw(i, "as") {
		n, next := p.colID(i + 1)
		return &Alias{Loc: n.Loc, Name: n.Text}, next
	}
	if !p.isColID(i) {
		return nil, i
	}
	n := p.name(i)
	return &Alias{Loc: n.Loc, Name: n.Text}, i + 1
}

func (u *unit) subqueryRef(at, i int, lateral bool) int {
	ref := &SubqueryRef{Loc: u.loc(at), Lateral: lateral}
	next := u.parenQuery(i)
	u.emit("AS")
	u.ref(u.hole(at, hole{ext: ref}))
	ref.Alias, next = u.alias(next)
	if ref.Alias == nil {
		what, example := "subquery", "SELECT"
		if u.kw(i+1, "values") {
			what, example = "VALUES", "VALUES"
		}
		u.fail(i, sqlstate.New(sqlstate.SyntaxError, "%s in FROM must have an alias", what).
			WithHint("For example, FROM (%s ...) [AS] foo.", example))
	}
	return next
}

// relation reads a table's name with ONLY and the asterisk of old.
func (u *unit) relation(i int, ref *TableRef) int {
	if u.kw(i, "only") {
		ref.Only = true
		i++
		if u.is(i, "(") {
			ref.Name, i = u.qualifiedName(i + 1)
			return u.expect(i, ")")
		}
	}
	ref.Name, i = u.qualifiedName(i)
	if !ref.Only && u.isOp(i, "*") {
		i++
	}
	return i
}

func (u *unit) plainTable(i int) int {
	ref := &TableRef{}
	next := u.relation(i, ref)
	ref.Loc = ref.Name.Loc
	ref.Alias, next = u.alias(next)
	if !u.kw(next, "tablesample") {
		u.ref(u.hole(i, hole{ext: ref}))
		return next
	}
	return u.sample(i, next, ref)
}

// sample reads TABLESAMPLE method (args) [REPEATABLE (seed)].
func (u *unit) sample(i, at int, ref *TableRef) int {
	parts, next := u.funcName(at + 1)
	ref.Sample = &Sample{Loc: u.loc(at), Method: strings.Join(parts, ".")}
	f := &sampleFrame{ref: ref}
	u.emit("(", "SELECT")
	next = u.expect(next, "(")
	for {
		next = u.expr(next)
		f.args++
		if !u.is(next, ",") {
			break
		}
		u.comma()
		next++
	}
	next = u.expect(next, ")")
	if u.kw(next, "repeatable") {
		f.seed = true
		u.comma()
		next = u.expect(u.expr(u.expect(next+1, "(")), ")")
	}
	u.close()
	u.emit("AS")
	u.ref(u.hole(i, hole{ext: f}))
	return next
}

// funcName reads the name of a function.
func (p *parser) funcName(i int) ([]string, int) {
	if !p.isName(i, columnName, typeOrFunction) {
		p.syntax(i)
	}
	parts := []string{p.t[i].s}
	i++
	for p.is(i, ".") {
		var n Name
		n, i = p.label(i + 1)
		parts = append(parts, n.Text)
	}
	return parts, i
}

// isFunctionRef tells whether a function begins at token i rather than a table.
func (u *unit) isFunctionRef(i int) bool {
	if u.t[i].kind == tokIdent && isSQLValue(u.t[i].s) {
		return true
	}
	if u.t[i].kind == tokIdent && u.is(i+1, "(") {
		switch u.t[i].class &^ asLabel {
		case reserved:
			return u.kw(i, "cast")
		case columnName:
			return u.oneOf(i, "coalesce", "extract", "greatest", "least", "normalize", "nullif", "overlay", "position",
				"substring", "treat", "trim")
		}
	}
	if !u.isName(i, columnName, typeOrFunction) {
		return false
	}
	for i++; u.is(i, ".") && u.isLabel(i+1); i += 2 {
	}
	return u.is(i, "(")
}

func (u *unit) funcRef(at, i int, lateral bool) int {
	ref := &FuncRef{Loc: u.loc(at), Lateral: lateral}
	u.emit("(", "SELECT")
	next := u.funcItem(i, ref)
	u.close()
	return u.funcRefEnd(at, next, ref)
}

// funcItem reads a call in FROM.
func (u *unit) funcItem(i int, ref *FuncRef) int {
	u.windowless = true
	next := u.primary(i)
	u.windowless = false
	if u.t[next-1].kind == tokString && !u.is(next-1, ")") {
		u.syntax(next - 1) // a literal like f(1) 'x'
	}
	ref.Calls = append(ref.Calls, FuncItem{Loc: u.loc(i)})
	return next
}

// rowsFrom reads ROWS FROM (f(…) [AS (columns)], …).
func (u *unit) rowsFrom(at, i int, lateral bool) int {
	ref := &FuncRef{Loc: u.loc(at), Lateral: lateral, RowsFrom: true}
	u.emit("(", "SELECT")
	next := i + 3
	for {
		if !u.isFunctionRef(next) {
			u.syntax(next)
		}
		next = u.funcItem(next, ref)
		if u.kw(next, "as") && u.is(next+1, "(") {
			last := &ref.Calls[len(ref.Calls)-1]
			last.Columns, next = u.columnTypes(next + 1)
		}
		if !u.is(next, ",") {
			break
		}
		u.comma()
		next++
	}
	u.close()
	return u.funcRefEnd(at, u.expect(next, ")"), ref)
}

// funcRefEnd reads WITH ORDINALITY and the alias of a function.
func (u *unit) funcRefEnd(at, i int, ref *FuncRef) int {
	u.emit("AS")
	u.ref(u.hole(at, hole{ext: ref}))
	if u.kw(i, "with", "ordinality") {
		ref.Ordinality = true
		i += 2
	}
	if u.kw(i, "as") && u.is(i+1, "(") {
		ref.Columns, i = u.columnTypes(i + 1)
		return i
	}
	ref.Alias, i = u.aliasName(i)
	if ref.Alias == nil || !u.is(i, "(") {
		return i
	}
	if u.isColID(i+1) && !u.is(i+2, ",") && !u.is(i+2, ")") {
		ref.Columns, i = u.columnTypes(i)
		return i
	}
	ref.Alias.Columns, i = u.nameList(i)
	return i
}

// columnTypes reads (name type [COLLATE c], …).
func (p *parser) columnTypes(i int) ([]ColumnDef, int) {
	i = p.expect(i, "(")
	var cols []ColumnDef
	for {
		n, next := p.colID(i)
		c := ColumnDef{Loc: n.Loc, Name: n.Text}
		c.Type, next = p.typeName(next)
		if p.kw(next, "collate") {
			parts, after := p.anyName(next + 1)
			q := p.qualify(next+1, parts)
			c.Collation, next = &q, after
		}
		cols = append(cols, c)
		if !p.is(next, ",") {
			return cols, p.expect(next, ")")
		}
		i = next + 1
	}
}
