package dialect

// insert reads INSERT, whose WITH clause was read before.
func (p *parser) insert(i int, with *With) (Stmt, int) {
	s := &Insert{With: with}
	i = p.word(i, "insert", "into")
	s.Table, i = p.qualifiedName(i)
	if p.kw(i, "as") {
		var n Name
		n, i = p.colID(i + 1)
		s.Alias = n.Text
	}
	if ok, next := p.phrase(i, "default", "values"); ok {
		return p.insertEnd(s, next)
	}
	if p.is(i, "(") && !p.isQueryParen(i) {
		s.Columns, i = p.insertColumns(i)
	}
	if p.kw(i, "overriding") {
		if !p.oneOf(i+1, "user", "system") {
			p.syntax(i + 1)
		}
		s.Overriding = p.t[i+1].s
		i = p.word(i+2, "value")
	}
	if p.is(i, "(") {
		p.queryBehind(i)
	} else if !p.isQuery(i) {
		p.syntax(i)
	}
	s.Source, i = p.query(i)
	return p.insertEnd(s, i)
}

func (p *parser) insertColumns(i int) ([]InsertColumn, int) {
	var cols []InsertColumn
	i = p.expect(i, "(")
	for {
		c := InsertColumn{}
		c.Name, i = p.colID(i)
		if p.is(i, "[") || p.is(i, ".") {
			c.Path, i = p.partOf(c.Name, i)
		}
		cols = append(cols, c)
		if !p.is(i, ",") {
			return cols, p.expect(i, ")")
		}
		i++
	}
}

// partOf reads the subscripts and fields of column n.
func (p *parser) partOf(n Name, i int) ([]Expr, int) {
	var next int
	part := p.exprs(func(u *unit) {
		start := u.here()
		u.leaf(i-1, &ColumnRef{Loc: n.Loc, Names: []Name{n}})
		next = u.indirection(start, i)
	})
	return part, next
}

// insertEnd reads ON CONFLICT and RETURNING.
func (p *parser) insertEnd(s *Insert, i int) (Stmt, int) {
	if p.kw(i, "on") {
		s.OnConflict, i = p.onConflict(i)
	}
	if p.kw(i, "returning") {
		s.Returning, i = p.returning(i + 1)
	}
	return s, i
}

func (p *parser) returning(i int) ([]Target, int) {
	var list []Target
	exprs := p.exprs(func(u *unit) {
		for {
			var t Target
			t, i = u.target(i)
			list = append(list, t)
			if !u.is(i, ",") {
				return
			}
			u.comma()
			i++
		}
	})
	for k, e := range exprs {
		list[k].Expr = e
	}
	return list, i
}

func (p *parser) onConflict(i int) (*OnConflict, int) {
	c := &OnConflict{Loc: p.loc(i)}
	i = p.word(i, "on", "conflict")
	switch {
	case p.is(i, "("):
		c.Target, i = p.conflictKeys(i)
		if p.kw(i, "where") {
			c.Where, i = p.expr(i + 1)
		}
	case p.kw(i, "on"):
		var n Name
		n, i = p.colID(p.word(i, "on", "constraint"))
		c.Constraint = n.Text
	}
	i = p.word(i, "do")
	if p.kw(i, "nothing") {
		return c, i + 1
	}
	c.DoUpdate = true
	c.Set, i = p.assignments(p.word(i, "update", "set"))
	if p.kw(i, "where") {
		c.SetWhere, i = p.expr(i + 1)
	}
	return c, i
}

func (p *parser) conflictKeys(i int) ([]ConflictKey, int) {
	var keys []ConflictKey
	i = p.expect(i, "(")
	for {
		k := ConflictKey{Loc: p.loc(i)}
		k.Expr, i = p.expr(i)
		keys = append(keys, k)
		if p.is(i, ")") {
			return keys, i + 1
		}
		if p.isColID(i) || p.oneOf(i, "asc", "desc") {
			p.unsupported(i, "an operator class or order in ON CONFLICT")
		}
		i = p.expect(i, ",")
	}
}

// assignments reads column = value, …
func (p *parser) assignments(i int) ([]Assignment, int) {
	var list []Assignment
	for {
		a := Assignment{Loc: p.loc(i)}
		if p.is(i, "(") {
			a.Multi = true
			a.Columns, i = p.nameList(i)
		} else {
			var n Name
			n, i = p.colID(i)
			if p.is(i, "[") || p.is(i, ".") {
				p.unsupported(i, "assignment to a part of a column")
			}
			a.Columns = []Name{n}
		}
		if !p.isOp(i, "=") {
			p.syntax(i)
		}
		a.Value, i = p.expr(i + 1)
		list = append(list, a)
		if !p.is(i, ",") {
			return list, i
		}
		i++
	}
}
