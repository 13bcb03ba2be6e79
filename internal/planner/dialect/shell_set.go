package dialect

import "strings"

// set reads SET.
func (p *parser) set(i int) (Stmt, int) {
	i++
	scope, session := SetSession, false
	switch {
	case p.kw(i, "local") && !p.namesSetting(i):
		scope = SetLocal
		i++
	case p.kw(i, "session") && !p.namesSetting(i):
		session = true
		i++
	}
	switch {
	case p.kw(i, "transaction") && !p.namesSetting(i):
		return p.setTransaction(i + 1)
	case session && p.kw(i, "characteristics"):
		s := &SetTransaction{Session: true}
		i = p.word(i+1, "as", "transaction")
		next := p.transactionModes(i, &s.Modes)
		if next == i {
			p.syntax(i)
		}
		return s, next
	case p.kw(i, "constraints") && !session && scope == SetSession:
		return p.unsupportedStmt("SET CONSTRAINTS", i)
	}
	s := &Set{Scope: scope}
	if next, ok := p.setSpecial(i, s); ok {
		return s, next
	}
	s.Name, i = p.settingName(i)
	switch {
	case p.isOp(i, "="), p.kw(i, "to"):
		i++
	case p.kw(i, "from"):
		p.word(i, "from", "current")
		p.unsupported(i, "SET FROM CURRENT")
	default:
		p.syntax(i)
	}
	return s, p.settingValues(i, s)
}

// namesSetting tells whether the word at token i is the name of a setting, whatever else it may mean after SET.
func (p *parser) namesSetting(i int) bool {
	return p.is(i+1, ".") || p.isOp(i+1, "=") || p.kw(i+1, "to")
}

// settingName reads a name with dots.
func (p *parser) settingName(i int) (string, int) {
	n, i := p.colID(i)
	name := n.Text
	for p.is(i, ".") {
		n, i = p.colID(i + 1)
		name += "." + n.Text
	}
	return name, i
}

// settingValues reads DEFAULT or a list of values.
func (p *parser) settingValues(i int, s *Set) int {
	if p.kw(i, "default") {
		s.Default = true
		return i + 1
	}
	for {
		var v SetValue
		v, i = p.settingValue(i)
		s.Values = append(s.Values, v)
		if !p.is(i, ",") {
			return i
		}
		i++
	}
}

// settingValue reads a word, string or signed number.
func (p *parser) settingValue(i int) (SetValue, int) {
	v := SetValue{Loc: p.loc(i)}
	if p.isOp(i, "-") || p.isOp(i, "+") {
		if p.t[i+1].kind != tokNumber {
			p.syntax(i + 1)
		}
		if p.isOp(i, "-") {
			v.Text = "-"
		}
		i++
	}
	t := &p.t[i]
	v.Text += t.s
	switch {
	case t.kind == tokString:
		v.Kind = OptionString
	case t.kind == tokNumber:
		v.Kind = OptionNumber
	case p.isName(i, columnName, typeOrFunction), p.oneOf(i, "true", "false", "on"):
		v.Kind = OptionWord
	default:
		p.syntax(i)
	}
	return v, i + 1
}

// setSpecial reads the forms of SET that the standard words differently.
func (p *parser) setSpecial(i int, s *Set) (next int, ok bool) {
	one := func(name string, at int) (int, bool) {
		s.Name = name
		v, next := p.settingValue(at)
		s.Values = []SetValue{v}
		return next, true
	}
	switch {
	case p.kw(i, "time", "zone"):
		return p.setTimeZone(i+2, s), true
	case p.kw(i, "names"):
		s.Name = "client_encoding"
		if p.t[i+1].kind == tokString {
			return one(s.Name, i+1)
		}
		s.Default = true
		if p.kw(i+1, "default") {
			return i + 2, true
		}
		return i + 1, true
	case p.kw(i, "schema") && p.t[i+1].kind == tokString:
		return one("search_path", i+1)
	case p.kw(i, "catalog") && p.t[i+1].kind == tokString:
		p.unsupported(i, "SET CATALOG")
	case p.kw(i, "role") && !p.namesSetting(i):
		return one("role", i+1)
	case p.kw(i, "session", "authorization"), p.kw(i, "authorization") && p.kw(i-1, "session"):
		at := i + 1
		if p.kw(i, "session") {
			at++
		}
		if p.kw(at, "default") {
			s.Name, s.Default = "session_authorization", true
			return at + 1, true
		}
		return one("session_authorization", at)
	case p.kw(i, "xml", "option"):
		return one("xmloption", i+2)
	}
	return i, false
}

func (p *parser) setTimeZone(i int, s *Set) int {
	s.Name = "timezone"
	switch {
	case p.oneOf(i, "default", "local"):
		s.Default = true
		return i + 1
	case p.kw(i, "interval"):
		p.unsupported(i, "an interval as time zone")
	case p.t[i].kind == tokIdent && p.t[i].class != notKeyword:
		p.syntax(i)
	}
	v, next := p.settingValue(i)
	s.Values = []SetValue{v}
	return next
}

func (p *parser) setTransaction(i int) (Stmt, int) {
	s := &SetTransaction{}
	if p.kw(i, "snapshot") {
		s.Snapshot, i = p.stringConst(i + 1)
		return s, i
	}
	next := p.transactionModes(i, &s.Modes)
	if next == i {
		p.syntax(i)
	}
	return s, next
}

// transactionModes reads modes, which commas may separate.
func (p *parser) transactionModes(i int, m *TransactionModes) int {
	for first := true; ; first = false {
		at := i
		if !first && p.is(i, ",") {
			i++
		}
		next := p.transactionMode(i, m)
		if next == i {
			if i > at {
				p.syntax(i)
			}
			return at
		}
		i = next
	}
}

func (p *parser) transactionMode(i int, m *TransactionModes) int {
	yes, no := true, false
	switch {
	case p.kw(i, "isolation"):
		i = p.word(i, "isolation", "level")
		for _, level := range []string{"read committed", "read uncommitted", "repeatable read", "serializable"} {
			if words := strings.Fields(level); p.kw(i, words...) {
				m.Isolation = level
				return i + len(words)
			}
		}
		if p.oneOf(i, "read", "repeatable") {
			i++
		}
		p.syntax(i)
	case p.kw(i, "read", "only"):
		m.ReadOnly = &yes
		return i + 2
	case p.kw(i, "read"):
		i = p.word(i, "read", "write")
		m.ReadOnly = &no
	case p.kw(i, "deferrable"):
		m.Deferrable = &yes
		return i + 1
	case p.kw(i, "not"):
		i = p.word(i, "not", "deferrable")
		m.Deferrable = &no
	}
	return i
}

// readableName reads the name of a setting after RESET and SHOW; next is i if ALL stands there.
func (p *parser) readableName(i int) (string, int) {
	switch {
	case p.kw(i, "time", "zone"):
		return "timezone", i + 2
	case p.kw(i, "transaction", "isolation"):
		return "transaction_isolation", p.word(i, "transaction", "isolation", "level")
	case p.kw(i, "session", "authorization"):
		return "session_authorization", i + 2
	case p.kw(i, "all"):
		return "", i
	}
	return p.settingName(i)
}

// reset reads RESET.
func (p *parser) reset(i int) (Stmt, int) {
	name, next := p.readableName(i + 1)
	if next == i+1 {
		return &Reset{All: true}, i + 2
	}
	return &Reset{Name: name}, next
}

// show reads SHOW.
func (p *parser) show(i int) (Stmt, int) {
	name, next := p.readableName(i + 1)
	if next == i+1 {
		return &Show{All: true}, i + 2
	}
	return &Show{Name: name}, next
}

// discard reads DISCARD.
func (p *parser) discard(i int) (Stmt, int) {
	if !p.oneOf(i+1, "all", "plans", "sequences", "temp", "temporary") {
		p.syntax(i + 1)
	}
	what := upper(p.t[i+1].s)
	if what == "TEMPORARY" {
		what = "TEMP"
	}
	return &Discard{What: what}, i + 2
}
