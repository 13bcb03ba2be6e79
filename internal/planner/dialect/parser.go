package dialect

import (
	"strings"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// parser walks the tokens of one text. Its methods take the index of a token and return the index after what they read.
// They report errors by panicking with a bail, which Parse catches.
type parser struct {
	src    string
	t      []token
	lexErr *sqlstate.Error
	depth  int
	// allowInto tells that the query being read is a statement of its own, which may be SELECT INTO.
	allowInto bool
}

// bail carries an error from the depth of the recursion to Parse.
type bail struct{ err *sqlstate.Error }

// fail reports err at token i.
func (p *parser) fail(i int, err *sqlstate.Error) {
	panic(bail{err.At(int(p.t[i].pos))})
}

// syntax reports that token i can't stand where it does.
func (p *parser) syntax(i int) {
	switch t := p.t[i]; t.kind {
	case tokBad:
		panic(bail{p.lexErr})
	case tokEOF:
		p.fail(i, sqlstate.New(sqlstate.SyntaxError, "syntax error at end of input"))
	default:
		p.fail(i, sqlstate.New(sqlstate.SyntaxError, `syntax error at or near "%s"`, p.src[t.off:t.end]))
	}
}

// errorAt reports a syntax error in words of its own at token i.
func (p *parser) errorAt(i int, format string, args ...any) {
	p.fail(i, sqlstate.New(sqlstate.SyntaxError, format, args...))
}

// unsupported reports that flernd lacks the construct at token i.
func (p *parser) unsupported(i int, format string, args ...any) {
	p.fail(i, sqlstate.Unsupported(format, args...))
}

// enter counts one level of nesting; the caller defers leave.
func (p *parser) enter(i int) {
	p.depth++
	if p.depth > maxDepth {
		panic(bail{tooDeep(int(p.t[i].pos))})
	}
}

func (p *parser) leave() { p.depth-- }

// loc returns the position of token i.
func (p *parser) loc(i int) Loc { return Loc(p.t[i].pos) }

// is tells whether token i is the punctuation s.
func (p *parser) is(i int, s string) bool {
	return i < len(p.t) && p.t[i].kind == tokPunct && p.t[i].s == s
}

// isOp tells whether token i is the operator s.
func (p *parser) isOp(i int, s string) bool {
	return i < len(p.t) && p.t[i].kind == tokOp && p.t[i].s == s
}

// kw tells whether the tokens from i on are these unquoted words.
func (p *parser) kw(i int, words ...string) bool {
	if i+len(words) > len(p.t) {
		return false
	}
	for k, w := range words {
		if t := &p.t[i+k]; t.kind != tokIdent || t.s != w {
			return false
		}
	}
	return true
}

// oneOf tells whether token i is one of these unquoted words.
func (p *parser) oneOf(i int, words ...string) bool {
	if p.t[i].kind != tokIdent {
		return false
	}
	for _, w := range words {
		if p.t[i].s == w {
			return true
		}
	}
	return false
}

// expect reads the punctuation s.
func (p *parser) expect(i int, s string) int {
	if !p.is(i, s) {
		p.syntax(i)
	}
	return i + 1
}

// word reads the given words.
func (p *parser) word(i int, words ...string) int {
	for k, w := range words {
		if !p.kw(i+k, w) {
			p.syntax(i + k)
		}
	}
	return i + len(words)
}

// phrase reads the given words if the first of them is there, in which case the others must be.
func (p *parser) phrase(i int, words ...string) (bool, int) {
	if !p.kw(i, words[0]) {
		return false, i
	}
	return true, p.word(i, words...)
}

// isName tells whether token i is an identifier, or a keyword of one of the given classes.
func (p *parser) isName(i int, classes ...class) bool {
	switch t := &p.t[i]; t.kind {
	case tokQuoted:
		return true
	case tokIdent:
		c := t.class &^ asLabel
		if c == notKeyword || c == unreserved {
			return true
		}
		for _, k := range classes {
			if c == k {
				return true
			}
		}
	}
	return false
}

// isColID tells whether token i can name a column or table.
func (p *parser) isColID(i int) bool { return p.isName(i, columnName) }

// isTypeFunc tells whether token i can name a type or function.
func (p *parser) isTypeFunc(i int) bool { return p.isName(i, typeOrFunction) }

// isLabel tells whether token i can stand after AS or a dot.
func (p *parser) isLabel(i int) bool {
	return p.t[i].kind == tokQuoted || p.t[i].kind == tokIdent
}

// isBareLabel tells whether token i can label a column without AS.
func (p *parser) isBareLabel(i int) bool {
	t := &p.t[i]
	return t.kind == tokQuoted || t.kind == tokIdent && t.class&asLabel == 0
}

// colID reads a name of a column or table.
func (p *parser) colID(i int) (Name, int) {
	if !p.isColID(i) {
		p.syntax(i)
	}
	return p.name(i), i + 1
}

// label reads a name after AS or a dot.
func (p *parser) label(i int) (Name, int) {
	if !p.isLabel(i) {
		p.syntax(i)
	}
	return p.name(i), i + 1
}

func (p *parser) name(i int) Name { return Name{Loc: p.loc(i), Text: p.t[i].s} }

// nameList reads (a, b, …).
func (p *parser) nameList(i int) ([]Name, int) {
	i = p.expect(i, "(")
	var names []Name
	for {
		var n Name
		n, i = p.colID(i)
		names = append(names, n)
		if !p.is(i, ",") {
			return names, p.expect(i, ")")
		}
		i++
	}
}

// qualifiedName reads a possibly qualified name of a table.
func (p *parser) qualifiedName(i int) (QualifiedName, int) {
	start := i
	n, i := p.colID(i)
	parts := []string{n.Text}
	for p.is(i, ".") {
		n, i = p.label(i + 1)
		parts = append(parts, n.Text)
	}
	return p.qualify(start, parts), i
}

// qualify makes a name of its parts.
func (p *parser) qualify(i int, parts []string) QualifiedName {
	q := QualifiedName{Loc: p.loc(i), Name: parts[len(parts)-1]}
	switch len(parts) {
	case 1:
	case 2:
		q.Schema = parts[0]
	case 3:
		q.Catalog, q.Schema = parts[0], parts[1]
	default:
		p.errorAt(i, "improper qualified name (too many dotted names): %s", strings.Join(parts, "."))
	}
	return q
}

// stringConst reads a string literal.
func (p *parser) stringConst(i int) (string, int) {
	if p.t[i].kind != tokString {
		p.syntax(i)
	}
	return p.t[i].s, i + 1
}
