package dialect

import (
	"fmt"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Parse parses a text of any number of statements separated by semicolons, as a simple query holds them. It returns none
// if one of them is wrong. Errors are *sqlstate.Error with the position of the offending token; Parse does not panic.
func Parse(sql string) (stmts []Stmt, err error) {
	l, lexErr := lex(sql)
	if lexErr != nil {
		return nil, lexErr
	}
	p := &parser{src: sql, t: l.tokens, lexErr: l.err}
	defer func() {
		switch r := recover().(type) {
		case nil:
		case bail:
			stmts, err = nil, r.err
		default:
			stmts, err = nil, sqlstate.New(sqlstate.InternalError, "parser failed: %s", fmt.Sprint(r))
		}
	}()
	for i := 0; ; i++ {
		for p.is(i, ";") {
			i++
		}
		if p.t[i].kind == tokEOF {
			return stmts, nil
		}
		var s Stmt
		s, i = p.statement(i)
		stmts = append(stmts, s)
		if p.t[i].kind == tokEOF {
			return stmts, nil
		}
		if !p.is(i, ";") {
			p.syntax(i)
		}
	}
}

// statement reads one statement and sets what all have.
func (p *parser) statement(i int) (Stmt, int) {
	p.enter(i)
	defer p.leave()
	s, next := p.dispatch(i)
	b := s.base()
	b.Loc = p.loc(i)
	b.Text = p.src[p.t[i].off:p.t[next-1].end]
	return s, next
}

// dispatch reads the statement that its first word tells.
func (p *parser) dispatch(i int) (Stmt, int) {
	if p.is(i, "(") {
		p.queryBehind(i)
		return p.selectStmt(i)
	}
	if p.t[i].kind != tokIdent {
		p.syntax(i)
	}
	if read, ok := statements[p.t[i].s]; ok {
		return read(p, i)
	}
	if what, next, ok := p.otherStatement(i); ok {
		return p.unsupportedStmt(what, next)
	}
	p.syntax(i)
	return nil, i
}

// statements maps the first word of a statement to what reads it.
var statements map[string]func(*parser, int) (Stmt, int)

func init() {
	statements = map[string]func(*parser, int) (Stmt, int){
		"select":     (*parser).selectStmt,
		"values":     (*parser).selectStmt,
		"table":      (*parser).selectStmt,
		"with":       (*parser).withStmt,
		"insert":     func(p *parser, i int) (Stmt, int) { return p.insert(i, nil) },
		"create":     (*parser).create,
		"alter":      (*parser).alter,
		"drop":       (*parser).drop,
		"truncate":   (*parser).truncate,
		"copy":       (*parser).copy,
		"set":        (*parser).set,
		"reset":      (*parser).reset,
		"show":       (*parser).show,
		"begin":      (*parser).begin,
		"start":      (*parser).startTransaction,
		"commit":     (*parser).commit,
		"end":        (*parser).commit,
		"rollback":   (*parser).rollback,
		"abort":      (*parser).rollback,
		"savepoint":  (*parser).savepoint,
		"release":    (*parser).release,
		"explain":    (*parser).explain,
		"prepare":    (*parser).prepare,
		"execute":    (*parser).execute,
		"deallocate": (*parser).deallocate,
		"discard":    (*parser).discard,
	}
}

// unsupportedStmt passes over the rest of a statement that has no tree.
func (p *parser) unsupportedStmt(what string, i int) (Stmt, int) {
	for depth := 0; p.t[i].kind != tokEOF; i++ {
		switch {
		case p.t[i].kind == tokBad:
			p.syntax(i)
		case p.is(i, "("):
			depth++
		case p.is(i, ")"):
			depth--
		case p.is(i, ";") && depth <= 0:
			return &Unsupported{What: what}, i
		}
	}
	return &Unsupported{What: what}, i
}

// selectStmt reads a query, or SELECT INTO, which is CREATE TABLE AS.
func (p *parser) selectStmt(i int) (Stmt, int) {
	p.allowInto = true
	q, next := p.query(i)
	p.allowInto = false
	if s := leftmost(q); s != nil && s.Into != nil {
		name := *s.Into
		s.Into = nil
		return &CreateTableAs{Name: name, Query: q}, next
	}
	return &SelectStmt{Query: q}, next
}

// leftmost returns the first SELECT of a query, the only one that may have INTO.
func leftmost(q *Query) *Select {
	for {
		switch b := q.Body.(type) {
		case *Select:
			return b
		case *SetOp:
			q = b.L
		default:
			return nil
		}
	}
}

// withStmt reads a statement that begins with WITH.
func (p *parser) withStmt(i int) (Stmt, int) {
	main := p.afterWith(i)
	switch {
	case p.kw(main, "insert"):
		u := newUnit(p)
		u.with(i)
		w := u.onlyWith(i)
		return p.insert(main, w)
	case p.oneOf(main, "update", "delete", "merge"):
		return p.unsupportedStmt(upper(p.t[main].s), main)
	}
	return p.selectStmt(i)
}

// afterWith returns the token after the WITH clause at token i, as far as the form of its queries is right.
func (p *parser) afterWith(i int) int {
	i++
	if p.kw(i, "recursive") {
		i++
	}
	for p.isColID(i) {
		i++
		for p.oneOf(i, "as", "not", "materialized") || p.is(i, "(") && p.t[i].match > 0 {
			if p.is(i, "(") {
				i = int(p.t[i].match)
			}
			i++
		}
		if !p.is(i, ",") {
			return i
		}
		i++
	}
	return i
}
