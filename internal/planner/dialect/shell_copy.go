package dialect

// copy reads COPY.
func (p *parser) copy(i int) (Stmt, int) {
	s := &Copy{}
	i++
	if p.kw(i, "model") && p.isColID(i+1) {
		return p.copyModel(i + 1)
	}
	if p.is(i, "(") {
		if p.oneOf(i+1, "insert", "update", "delete", "merge") {
			p.unsupported(i+1, "%s in COPY", upper(p.t[i+1].s))
		}
		p.queryBehind(i)
		s.Query, i = p.query(i + 1)
		i = p.expect(i, ")")
		if !p.kw(i, "to") {
			p.syntax(i)
		}
	} else {
		if p.kw(i, "binary") {
			s.Options = append(s.Options, p.option(i, "format", "binary", OptionWord, i))
			i++
		}
		s.Table, i = p.qualifiedName(i)
		if p.is(i, "(") {
			s.Columns, i = p.nameList(i)
		}
	}
	switch {
	case p.kw(i, "from"):
		s.From = true
	case !p.kw(i, "to"):
		p.syntax(i)
	}
	i = p.copyTarget(i+1, s)
	i = p.copyOptions(i, s)
	if p.kw(i, "where") {
		at := i
		s.Where, i = p.expr(i + 1)
		if !s.From {
			p.errorAt(at, "WHERE clause not allowed with COPY TO")
		}
	}
	return s, i
}

// copyTarget reads [PROGRAM] 'file', STDIN or STDOUT. PostgreSQL takes either of these two words in both directions.
func (p *parser) copyTarget(i int, s *Copy) int {
	program := p.kw(i, "program")
	if program {
		i++
	}
	switch {
	case p.oneOf(i, "stdin", "stdout"):
		if program {
			p.errorAt(i, "STDIN/STDOUT not allowed with PROGRAM")
		}
		s.Target = CopyStdout
		if s.From {
			s.Target = CopyStdin
		}
		return i + 1
	case program:
		s.Target = CopyProgram
	default:
		s.Target = CopyFile
	}
	s.FileLoc = p.loc(i)
	s.File, i = p.stringConst(i)
	return i
}

// copyOptions reads the options of either syntax.
func (p *parser) copyOptions(i int, s *Copy) int {
	old := false
	if p.kw(i, "using", "delimiters") || p.kw(i, "delimiters") {
		old = true
		at := i
		if p.kw(i, "using") {
			i++
		}
		var v string
		v, i = p.stringConst(i + 1)
		s.Options = append(s.Options, p.option(at, "delimiter", v, OptionString, i-1))
	}
	if p.kw(i, "with") {
		i++
	}
	if p.is(i, "(") && !old {
		list, next := p.options(i)
		s.Options = append(s.Options, list...)
		return next
	}
	for {
		next := p.oldCopyOption(i, s)
		if next == i {
			return i
		}
		i = next
	}
}

// oldCopyOption reads one option of the syntax without parentheses; it returns i if there is none.
func (p *parser) oldCopyOption(i int, s *Copy) int {
	if p.t[i].kind != tokIdent {
		return i
	}
	var o Option
	next := i + 1
	switch w := p.t[i].s; w {
	case "binary", "csv":
		o = p.option(i, "format", w, OptionWord, i)
	case "freeze", "header":
		o = p.option(i, w, "true", OptionWord, i)
	case "delimiter", "null", "quote", "escape", "encoding":
		if w != "encoding" && p.kw(next, "as") {
			next++
		}
		v, after := p.stringConst(next)
		o = p.option(i, w, v, OptionString, next)
		next = after
	case "force":
		o, next = p.forceOption(i)
	default:
		return i
	}
	s.Options = append(s.Options, o)
	return next
}

// forceOption reads FORCE QUOTE, FORCE NOT NULL or FORCE NULL with its columns.
func (p *parser) forceOption(i int) (Option, int) {
	o := Option{Loc: p.loc(i), HasValue: true, Kind: OptionList}
	next := i + 2
	switch {
	case p.kw(i+1, "quote"):
		o.Name = "force_quote"
		if p.isOp(next, "*") {
			o.Kind, o.Star, o.ValueLoc = OptionStar, true, p.loc(next)
			return o, next + 1
		}
	case p.kw(i+1, "not", "null"):
		o.Name = "force_not_null"
		next++
	case p.kw(i+1, "null"):
		o.Name = "force_null"
	default:
		p.syntax(i + 1)
	}
	o.ValueLoc = p.loc(next)
	for {
		var n Name
		n, next = p.colID(next)
		o.List = append(o.List, n)
		if !p.is(next, ",") {
			return o, next
		}
		next++
	}
}

// option makes an option named at token i with the value at token v.
func (p *parser) option(i int, name, value string, kind OptionKind, v int) Option {
	return Option{Loc: p.loc(i), Name: name, Value: value, HasValue: true, Kind: kind, ValueLoc: p.loc(v)}
}

// options reads (name [value], …). Values are words, strings, numbers, * and lists in parentheses.
func (p *parser) options(i int) ([]Option, int) { return p.optionsWith(i, false) }

// definitions reads (name [= value], …), as storage parameters are written.
func (p *parser) definitions(i int) ([]Option, int) { return p.optionsWith(i, true) }

func (p *parser) optionsWith(i int, assigned bool) ([]Option, int) {
	var list []Option
	i = p.expect(i, "(")
	for {
		n, next := p.label(i)
		o := Option{Loc: n.Loc, Name: n.Text}
		switch {
		case assigned:
			for p.is(next, ".") {
				n, next = p.label(next + 1)
				o.Name += "." + n.Text
			}
			if p.isOp(next, "=") {
				next = p.optionValue(next+1, &o)
			}
		case !p.is(next, ",") && !p.is(next, ")"):
			next = p.optionValue(next, &o)
		}
		list = append(list, o)
		if !p.is(next, ",") {
			return list, p.expect(next, ")")
		}
		i = next + 1
	}
}

func (p *parser) optionValue(i int, o *Option) int {
	o.HasValue = true
	o.ValueLoc = p.loc(i)
	switch {
	case p.isOp(i, "*"):
		o.Kind, o.Star = OptionStar, true
		return i + 1
	case p.is(i, "("):
		return p.optionList(i, o)
	}
	v, next := p.settingValue(i)
	o.Kind, o.Value = v.Kind, v.Text
	return next
}

func (p *parser) optionList(i int, o *Option) int {
	o.Kind = OptionList
	i++
	for {
		v, next := p.settingValue(i)
		o.List = append(o.List, Name{Loc: v.Loc, Text: v.Text})
		if !p.is(next, ",") {
			return p.expect(next, ")")
		}
		i = next + 1
	}
}
