package dialect

// drop reads DROP.
func (p *parser) drop(i int) (Stmt, int) {
	switch {
	case p.kw(i+1, "table"):
		s := &DropTable{}
		s.IfExists, i = p.ifExists(i + 2)
		s.Names, i = p.qualifiedNames(i)
		s.Cascade, i = p.cascade(i)
		return s, i
	case p.kw(i+1, "model"):
		return p.dropModel(i + 2)
	}
	if what, next, ok := p.object("DROP", i+1); ok {
		return p.unsupportedStmt(what, next)
	}
	p.syntax(i + 1)
	return nil, i
}

// cascade reads CASCADE or RESTRICT, if one follows.
func (p *parser) cascade(i int) (bool, int) {
	if p.oneOf(i, "cascade", "restrict") {
		return p.kw(i, "cascade"), i + 1
	}
	return false, i
}

// truncate reads TRUNCATE.
func (p *parser) truncate(i int) (Stmt, int) {
	s := &Truncate{}
	i++
	if p.kw(i, "table") {
		i++
	}
	for {
		if p.kw(i, "only") {
			p.unsupported(i, "TRUNCATE ONLY")
		}
		var q QualifiedName
		q, i = p.qualifiedName(i)
		s.Names = append(s.Names, q)
		if p.isOp(i, "*") {
			i++
		}
		if !p.is(i, ",") {
			break
		}
		i++
	}
	s.RestartIdentity, i = p.phrase(i, "restart", "identity")
	if !s.RestartIdentity {
		_, i = p.phrase(i, "continue", "identity")
	}
	s.Cascade, i = p.cascade(i)
	return s, i
}
