package dialect

// create reads CREATE.
func (p *parser) create(i int) (Stmt, int) {
	i++
	replace := p.kw(i, "or")
	if replace {
		i = p.word(i, "or", "replace")
	}
	if p.kw(i, "model") {
		return p.createModel(i+1, replace)
	}
	temp, unlogged := false, false
	switch {
	case p.oneOf(i, "local", "global"):
		if !p.oneOf(i+1, "temporary", "temp") {
			p.syntax(i + 1)
		}
		temp = true
		i += 2
	case p.oneOf(i, "temporary", "temp"):
		temp = true
		i++
	case p.kw(i, "unlogged"):
		unlogged = true
		i++
	}
	if p.kw(i, "table") && !replace {
		return p.createTable(i+1, temp, unlogged)
	}
	if what, next, ok := p.object("CREATE", i); ok {
		return p.unsupportedStmt(what, next)
	}
	p.syntax(i)
	return nil, i
}

func (p *parser) ifNotExists(i int) (bool, int) {
	if !p.kw(i, "if") || !p.kw(i+1, "not") {
		return false, i
	}
	return p.phrase(i, "if", "not", "exists")
}

// ifExists reads IF EXISTS.
func (p *parser) ifExists(i int) (bool, int) {
	if p.kw(i, "if", "exists") {
		return true, i + 2
	}
	return false, i
}

func (p *parser) createTable(i int, temp, unlogged bool) (Stmt, int) {
	t := &CreateTable{Temporary: temp, Unlogged: unlogged}
	t.IfNotExists, i = p.ifNotExists(i)
	t.Name, i = p.qualifiedName(i)
	switch {
	case p.kw(i, "of"):
		p.unsupported(i, "CREATE TABLE OF a type")
	case p.kw(i, "partition", "of"):
		p.unsupported(i, "CREATE TABLE PARTITION OF")
	case !p.is(i, "("):
		return p.createTableAs(t, nil, i)
	case p.isColID(i+1) && (p.is(i+2, ",") || p.is(i+2, ")")):
		cols, next := p.nameList(i)
		return p.createTableAs(t, cols, next)
	}
	i = p.tableElements(i+1, t)
	i = p.tableOptions(i, &t.Options, &t.OnCommit)
	return t, i
}

// tableElements reads columns and constraints up to the closing parenthesis.
func (p *parser) tableElements(i int, t *CreateTable) int {
	if p.is(i, ")") {
		return i + 1
	}
	for {
		switch {
		case p.kw(i, "like"):
			p.unsupported(i, "LIKE in CREATE TABLE")
		case p.oneOf(i, "constraint", "check", "unique", "primary", "foreign", "exclude"):
			var c Constraint
			c, i = p.tableConstraint(i)
			t.Constraints = append(t.Constraints, c)
		default:
			var c ColumnDef
			c, i = p.columnDef(i)
			t.Columns = append(t.Columns, c)
		}
		if !p.is(i, ",") {
			return p.expect(i, ")")
		}
		i++
	}
}

// tableOptions reads what may follow the columns.
func (p *parser) tableOptions(i int, options *[]Option, onCommit *string) int {
	switch {
	case p.kw(i, "inherits"):
		p.unsupported(i, "INHERITS")
	case p.kw(i, "partition", "by"):
		p.unsupported(i, "PARTITION BY in CREATE TABLE")
	case p.kw(i, "using"):
		p.unsupported(i, "USING in CREATE TABLE")
	}
	if p.kw(i, "with") && p.is(i+1, "(") {
		*options, i = p.definitions(i + 1)
	} else if p.kw(i, "without", "oids") {
		i += 2
	}
	if p.kw(i, "on") {
		i = p.word(i, "on", "commit")
		switch {
		case p.kw(i, "drop"):
			*onCommit = "drop"
			i++
		case p.oneOf(i, "delete", "preserve"):
			*onCommit = p.t[i].s + " rows"
			i = p.word(i+1, "rows")
		default:
			p.syntax(i)
		}
	}
	if p.kw(i, "tablespace") {
		p.unsupported(i, "TABLESPACE")
	}
	return i
}

func (p *parser) createTableAs(t *CreateTable, cols []Name, i int) (Stmt, int) {
	s := &CreateTableAs{Name: t.Name, IfNotExists: t.IfNotExists, Temporary: t.Temporary, Unlogged: t.Unlogged, Columns: cols}
	i = p.word(p.tableOptions(i, &s.Options, &s.OnCommit), "as")
	if p.kw(i, "execute") {
		p.unsupported(i, "CREATE TABLE AS EXECUTE")
	}
	if !p.isQuery(i) {
		p.syntax(i)
	}
	s.Query, i = p.query(i)
	if p.kw(i, "with") {
		i++
		if p.kw(i, "no") {
			s.WithNoData = true
			i++
		}
		i = p.word(i, "data")
	}
	return s, i
}

func (p *parser) columnDef(i int) (ColumnDef, int) {
	n, i := p.colID(i)
	c := ColumnDef{Loc: n.Loc, Name: n.Text}
	c.Type, i = p.typeName(i)
	for {
		if p.oneOf(i, "storage", "compression", "options") {
			p.unsupported(i, "%s of a column", upper(p.t[i].s))
		}
		if p.kw(i, "collate") {
			parts, next := p.anyName(i + 1)
			q := p.qualify(i+1, parts)
			c.Collation, i = &q, next
			continue
		}
		next := p.columnConstraint(i, &c)
		if next == i {
			return c, i
		}
		i = next
	}
}

// columnConstraint reads one constraint of column c; it returns i if there is none.
func (p *parser) columnConstraint(i int, c *ColumnDef) int {
	k := Constraint{Loc: p.loc(i)}
	at := i
	if p.kw(i, "constraint") {
		n, next := p.colID(i + 1)
		k.Name, i = n.Text, next
	}
	switch {
	case p.kw(i, "not", "null"):
		k.Kind = NotNullConstraint
		i += 2
	case p.kw(i, "null"):
		k.Kind = NullConstraint
		i++
	case p.kw(i, "default"):
		k.Kind = DefaultConstraint
		k.Expr, i = p.restrictedExpr(i + 1)
	case p.kw(i, "primary"):
		k.Kind = PrimaryKeyConstraint
		i = p.indexOptions(p.word(i, "primary", "key"), &k)
	case p.kw(i, "unique"):
		k.Kind = UniqueConstraint
		i = p.indexOptions(p.nullsDistinct(i+1, &k), &k)
	case p.kw(i, "check"):
		i = p.check(i, &k)
	case p.kw(i, "references"):
		k.Kind = ReferencesConstraint
		i = p.references(i+1, &k)
	case p.kw(i, "generated"):
		i = p.generated(i+1, &k)
	default:
		return p.constraintAttribute(at, i, c)
	}
	c.Constraints = append(c.Constraints, k)
	return i
}

// constraintAttribute reads DEFERRABLE and the like, which belong to the constraint before.
func (p *parser) constraintAttribute(at, i int, c *ColumnDef) int {
	var d, def bool
	next := p.deferrable(i, &d, &def)
	switch {
	case next == i && i > at:
		p.syntax(i)
	case next == i:
		return at
	case len(c.Constraints) == 0:
		p.errorAt(i, "misplaced %s clause", upper(p.src[p.t[i].off:p.t[next-1].end]))
	}
	k := &c.Constraints[len(c.Constraints)-1]
	k.Deferrable = k.Deferrable || d
	k.InitiallyDeferred = k.InitiallyDeferred || def
	return next
}

// deferrable reads [NOT] DEFERRABLE or INITIALLY …, whichever comes.
func (p *parser) deferrable(i int, deferrable, deferred *bool) int {
	switch {
	case p.kw(i, "deferrable"):
		*deferrable = true
		return i + 1
	case p.kw(i, "not", "deferrable"):
		return i + 2
	case p.kw(i, "initially", "deferred"):
		*deferrable, *deferred = true, true
		return i + 2
	case p.kw(i, "initially"):
		return p.word(i, "initially", "immediate")
	}
	return i
}

// restrictedExpr reads one b_expr that is no part of a query.
func (p *parser) restrictedExpr(i int) (Expr, int) {
	var next int
	e := p.exprs(func(u *unit) { next = u.restricted(i) })
	return e[0], next
}

func (p *parser) nullsDistinct(i int, k *Constraint) int {
	switch {
	case p.kw(i, "nulls", "distinct"):
		return i + 2
	case p.kw(i, "nulls", "not", "distinct"):
		k.NullsNotDistinct = true
		return i + 3
	}
	return i
}

// indexOptions reads INCLUDE, WITH and USING INDEX TABLESPACE after a key.
func (p *parser) indexOptions(i int, k *Constraint) int {
	if p.kw(i, "include") {
		k.Include, i = p.nameList(i + 1)
	}
	if p.kw(i, "with") && p.is(i+1, "(") {
		k.Options, i = p.definitions(i + 1)
	}
	if p.kw(i, "using", "index", "tablespace") {
		p.unsupported(i, "TABLESPACE")
	}
	return i
}

func (p *parser) check(i int, k *Constraint) int {
	k.Kind = CheckConstraint
	k.Expr, i = p.expr(p.expect(i+1, "("))
	i = p.expect(i, ")")
	if p.kw(i, "no", "inherit") {
		i += 2
	}
	return i
}

// references reads what follows REFERENCES.
func (p *parser) references(i int, k *Constraint) int {
	k.RefTable, i = p.qualifiedName(i)
	if p.is(i, "(") {
		k.RefColumns, i = p.nameList(i)
	}
	if p.kw(i, "match") {
		if !p.oneOf(i+1, "full", "partial", "simple") {
			p.syntax(i + 1)
		}
		k.Match = p.t[i+1].s
		i += 2
	}
	for p.kw(i, "on") {
		if !p.oneOf(i+1, "delete", "update") {
			p.syntax(i + 1)
		}
		action, next := p.referentialAction(i + 2)
		if p.kw(i+1, "delete") {
			k.OnDelete = action
		} else {
			k.OnUpdate = action
		}
		i = next
	}
	return i
}

func (p *parser) referentialAction(i int) (string, int) {
	switch {
	case p.kw(i, "no"):
		return "no action", p.word(i, "no", "action")
	case p.kw(i, "restrict"), p.kw(i, "cascade"):
		return p.t[i].s, i + 1
	case p.kw(i, "set"):
		if !p.oneOf(i+1, "null", "default") {
			p.syntax(i + 1)
		}
		if p.is(i+2, "(") {
			p.unsupported(i+2, "a column list of a referential action")
		}
		return "set " + p.t[i+1].s, i + 2
	}
	p.syntax(i)
	return "", i
}

// generated reads what follows GENERATED.
func (p *parser) generated(i int, k *Constraint) int {
	switch {
	case p.kw(i, "always"):
		k.Always = true
		i++
	default:
		i = p.word(i, "by", "default")
	}
	i = p.word(i, "as")
	if p.kw(i, "identity") {
		k.Kind = IdentityConstraint
		if p.is(i+1, "(") {
			p.unsupported(i+1, "sequence options of an identity column")
		}
		return i + 1
	}
	k.Kind = GeneratedConstraint
	k.Expr, i = p.expr(p.expect(i, "("))
	return p.word(p.expect(i, ")"), "stored")
}

func (p *parser) tableConstraint(i int) (Constraint, int) {
	k := Constraint{Loc: p.loc(i)}
	if p.kw(i, "constraint") {
		n, next := p.colID(i + 1)
		k.Name, i = n.Text, next
	}
	switch {
	case p.kw(i, "check"):
		i = p.check(i, &k)
	case p.kw(i, "unique"):
		k.Kind = UniqueConstraint
		i = p.keyColumns(p.nullsDistinct(i+1, &k), &k)
	case p.kw(i, "primary"):
		k.Kind = PrimaryKeyConstraint
		i = p.keyColumns(p.word(i, "primary", "key"), &k)
	case p.kw(i, "foreign"):
		k.Kind = ReferencesConstraint
		k.Columns, i = p.nameList(p.word(i, "foreign", "key"))
		i = p.references(p.word(i, "references"), &k)
	case p.kw(i, "exclude"):
		p.unsupported(i, "EXCLUDE constraint")
	default:
		p.syntax(i)
	}
	for {
		next := p.deferrable(i, &k.Deferrable, &k.InitiallyDeferred)
		if next == i {
			if p.kw(i, "not", "valid") {
				p.unsupported(i, "NOT VALID")
			}
			return k, i
		}
		i = next
	}
}

func (p *parser) keyColumns(i int, k *Constraint) int {
	if p.kw(i, "using", "index") {
		p.unsupported(i, "USING INDEX")
	}
	k.Columns, i = p.nameList(i)
	return p.indexOptions(i, k)
}
