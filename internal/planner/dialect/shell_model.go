package dialect

import "strconv"

// createModel reads what follows CREATE [OR REPLACE] MODEL.
func (p *parser) createModel(i int, replace bool) (Stmt, int) {
	s := &CreateModel{OrReplace: replace}
	s.IfNotExists, i = p.ifNotExists(i)
	s.Name, i = p.qualifiedName(i)
	if p.kw(i, "predict") {
		p.unsupported(i, "CREATE MODEL … PREDICT")
	}
	return s, p.modelDefinition(p.modelSource(p.word(i, "from"), s), s)
}

// copyModel reads what follows COPY MODEL.
func (p *parser) copyModel(i int) (Stmt, int) {
	s := &CreateModel{OrReplace: true, Copy: true, Source: ModelStdin}
	s.Name, i = p.qualifiedName(i)
	if p.kw(i, "to") {
		p.unsupported(i, "COPY MODEL TO")
	}
	i = p.word(i, "from")
	s.SourceLoc = p.loc(i)
	return s, p.modelDefinition(p.word(i, "stdin"), s)
}

// modelSource reads 'file', $n or STDIN.
func (p *parser) modelSource(i int, s *CreateModel) int {
	s.SourceLoc = p.loc(i)
	switch {
	case p.kw(i, "stdin"):
		s.Source = ModelStdin
		return i + 1
	case p.t[i].kind == tokParam:
		s.Source = ModelParam
		s.Param = p.param(i).N
		return i + 1
	}
	s.File, i = p.stringConst(i)
	return i
}

// modelDefinition reads [RETURNS …] [WITH (options)].
func (p *parser) modelDefinition(i int, s *CreateModel) int {
	if p.kw(i, "returns") {
		i = p.modelReturns(i+1, s)
	}
	if p.kw(i, "with") {
		s.Options, i = p.definitions(i + 1)
	}
	return i
}

// modelReturns reads a type, or (name type, …).
func (p *parser) modelReturns(i int, s *CreateModel) int {
	if !p.is(i, "(") {
		r := ModelReturn{Loc: p.loc(i)}
		r.Type, i = p.typeName(i)
		s.Returns = []ModelReturn{r}
		return i
	}
	for {
		n, next := p.colID(i + 1)
		r := ModelReturn{Loc: n.Loc, Name: n.Text}
		r.Type, i = p.typeName(next)
		s.Returns = append(s.Returns, r)
		if !p.is(i, ",") {
			return p.expect(i, ")")
		}
	}
}

// alter reads ALTER, of which only models have a tree.
func (p *parser) alter(i int) (Stmt, int) {
	if p.kw(i+1, "model") {
		return p.alterModel(i + 2)
	}
	what, next, ok := p.object("ALTER", i+1)
	if !ok {
		p.syntax(i + 1)
	}
	return p.unsupportedStmt(what, next)
}

// alterModel reads what follows ALTER MODEL.
func (p *parser) alterModel(i int) (Stmt, int) {
	s := &AlterModel{}
	s.IfExists, i = p.ifExists(i)
	s.Name, i = p.qualifiedName(i)
	if p.kw(i, "rename") {
		s.NewName, i = p.colID(p.word(i, "rename", "to"))
		return s, i
	}
	s.Version, i = p.modelVersion(p.word(i, "set"))
	return s, i
}

// dropModel reads what follows DROP MODEL.
func (p *parser) dropModel(i int) (Stmt, int) {
	s := &DropModel{}
	s.IfExists, i = p.ifExists(i)
	s.Names, i = p.qualifiedNames(i)
	if p.kw(i, "version") {
		if len(s.Names) > 1 {
			p.errorAt(i, "DROP MODEL … VERSION takes one model")
		}
		s.Version, i = p.modelVersion(i)
	}
	s.Cascade, i = p.cascade(i)
	return s, i
}

// modelVersion reads VERSION n.
func (p *parser) modelVersion(i int) (*ModelVersion, int) {
	i = p.word(i, "version")
	if p.t[i].kind != tokNumber {
		p.syntax(i)
	}
	n, err := strconv.ParseInt(p.t[i].s, 10, 64)
	if err != nil {
		p.errorAt(i, "a version is a whole number")
	}
	return &ModelVersion{Loc: p.loc(i), Number: n}, i + 1
}
