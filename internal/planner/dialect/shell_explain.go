package dialect

// explain reads EXPLAIN.
func (p *parser) explain(i int) (Stmt, int) {
	s := &Explain{}
	i++
	if p.is(i, "(") && !p.t[i].query && !p.is(i+1, "(") {
		if !p.isName(i+1, columnName, typeOrFunction) && !p.oneOf(i+1, "analyze", "analyse") {
			p.syntax(i + 1)
		}
		s.Options, i = p.options(i)
	} else {
		if p.oneOf(i, "analyze", "analyse") {
			s.Options = append(s.Options, Option{Loc: p.loc(i), Name: "analyze"})
			i++
		}
		if p.kw(i, "verbose") {
			s.Options = append(s.Options, Option{Loc: p.loc(i), Name: "verbose"})
			i++
		}
	}
	for k := range s.Options {
		if s.Options[k].Name == "analyse" {
			s.Options[k].Name = "analyze"
		}
	}
	if p.is(i, "(") {
		p.queryBehind(i)
	} else if !p.isQuery(i) && !p.oneOf(i, "insert", "update", "delete", "merge", "declare", "create", "refresh", "execute") {
		p.syntax(i)
	}
	at := i
	s.Stmt, i = p.statement(i)
	p.checkExplained(at, s.Stmt)
	return s, i
}

// checkExplained refuses the statements that EXPLAIN does not take and that begin like one it does.
func (p *parser) checkExplained(i int, s Stmt) {
	switch t := s.(type) {
	case *CreateTable, *CreateModel, *AlterModel:
		p.unsupported(i, "EXPLAIN %s", s.Tag())
	case *Unsupported:
		switch t.What {
		case "UPDATE", "DELETE", "MERGE", "DECLARE", "CREATE MATERIALIZED VIEW", "REFRESH MATERIALIZED VIEW":
		default:
			p.syntax(i + 1)
		}
	}
}

// prepare reads PREPARE, and PREPARE TRANSACTION.
func (p *parser) prepare(i int) (Stmt, int) {
	if p.kw(i, "prepare", "transaction") && p.t[i+2].kind == tokString {
		return &Transaction{Kind: PrepareTransaction, Name: p.t[i+2].s}, i + 3
	}
	n, i := p.colID(i + 1)
	s := &Prepare{Name: n.Text}
	if p.is(i, "(") {
		s.Types, i = p.typeList(i)
	}
	i = p.word(i, "as")
	if !p.isQuery(i) && !p.oneOf(i, "insert", "update", "delete", "merge") {
		p.syntax(i)
	}
	s.Stmt, i = p.statement(i)
	return s, i
}

func (p *parser) typeList(i int) ([]*TypeName, int) {
	var list []*TypeName
	i = p.expect(i, "(")
	for {
		var t *TypeName
		t, i = p.typeName(i)
		list = append(list, t)
		if !p.is(i, ",") {
			return list, p.expect(i, ")")
		}
		i++
	}
}

// execute reads EXECUTE.
func (p *parser) execute(i int) (Stmt, int) {
	n, i := p.colID(i + 1)
	s := &Execute{Name: n.Text}
	if p.is(i, "(") {
		s.Args = p.exprs(func(u *unit) { i = u.exprList(i + 1) })
		i = p.expect(i, ")")
	}
	return s, i
}

// deallocate reads DEALLOCATE.
func (p *parser) deallocate(i int) (Stmt, int) {
	i++
	if p.kw(i, "prepare") && (p.isColID(i+1) || p.kw(i+1, "all")) {
		i++
	}
	if p.kw(i, "all") {
		return &Deallocate{All: true}, i + 1
	}
	n, i := p.colID(i)
	return &Deallocate{Name: n.Text}, i
}
