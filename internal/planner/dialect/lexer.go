package dialect

import (
	"strings"
	"unicode/utf8"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// tokenKind tells tokens apart.
type tokenKind uint8

const (
	tokEOF    tokenKind = iota
	tokIdent            // unquoted identifier or keyword: s is folded
	tokQuoted           // quoted identifier
	tokString           // s is the decoded value
	tokBits             // s is 'b' or 'x' followed by the digits
	tokNumber           // s as written
	tokParam            // s is the digits after the dollar sign
	tokOp               // operators, the longest sequence that PostgreSQL takes for one
	tokPunct            // ( ) [ ] , ; : . .. :: := => and characters that belong nowhere
	tokBad              // the lexer stopped here: the error is lexer.err
)

// token is one token of the text.
type token struct {
	s        string
	pos      int32 // 1-based, in characters
	off, end int32 // in bytes
	match    int32 // of a bracket: the index of its partner, -1 if it has none
	kind     tokenKind
	class    class // of an unquoted identifier
	// query is set on "(" if the first token after this run of "(" begins a query, subquery if what is between it and its
	// partner can only be a query.
	query, subquery bool
}

// lexer reads PostgreSQL's tokens. Errors are kept until the parser gets to them: PostgreSQL's own lexer runs on demand, so
// a syntax error before the place wins.
type lexer struct {
	src    string
	i      int // the next byte
	tokens []token
	err    *sqlstate.Error
	// counted is the offset up to which chars characters were counted.
	counted, chars int
	ascii          bool
	open           []int32 // indices of brackets not closed yet
}

// firstTokens is how many tokens there is room for at first, which suffices for all but the longest texts: a text of one
// long string has few of them.
const firstTokens = 1 << 12

// lex splits src into tokens. The last one is tokEOF, or tokBad with lexer.err set.
func lex(src string) (*lexer, *sqlstate.Error) {
	if len(src) > maxTextBytes {
		return nil, tooLong("bytes", maxTextBytes)
	}
	if err := checkEncoding(src); err != nil {
		return nil, err
	}
	l := &lexer{src: src, tokens: make([]token, 0, min(len(src)/5+8, firstTokens))}
	l.ascii = utf8.RuneCountInString(src) == len(src)
	for l.next() {
		if len(l.tokens) > maxTokens {
			return nil, tooLong("tokens", maxTokens)
		}
	}
	l.markQueries()
	return l, nil
}

// checkEncoding refuses what PostgreSQL refuses before parsing.
func checkEncoding(src string) *sqlstate.Error {
	if i := strings.IndexByte(src, 0); i >= 0 {
		return invalidBytes(src[i : i+1])
	}
	if utf8.ValidString(src) {
		return nil
	}
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRuneInString(src[i:])
		if r == utf8.RuneError && n == 1 {
			return invalidBytes(src[i : i+1])
		}
		i += n
	}
	return nil
}

func invalidBytes(b string) *sqlstate.Error {
	return sqlstate.New(sqlstate.CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\": 0x%02x", b[0])
}

// position returns the 1-based character position of byte off. Offsets must not decrease between calls.
func (l *lexer) position(off int) int {
	if l.ascii {
		return off + 1
	}
	l.chars += utf8.RuneCountInString(l.src[l.counted:off])
	l.counted = off
	return l.chars + 1
}

// add appends the token that ends at l.i.
func (l *lexer) add(kind tokenKind, s string, start int) {
	l.tokens = append(l.tokens, token{kind: kind, s: s, pos: int32(l.position(start)), off: int32(start), end: int32(l.i),
		match: -1})
}

// fail ends the tokens at start with an error that quotes the text read so far, as PostgreSQL's scanner does.
func (l *lexer) fail(start int, msg string) bool {
	l.add(tokBad, "", start)
	l.err = sqlstate.New(sqlstate.SyntaxError, `%s at or near "%s"`, msg, l.src[start:l.i]).At(l.position(start))
	return false
}

// failEscape ends the tokens with an error inside a string, at byte off.
func (l *lexer) failEscape(start, off int, err *sqlstate.Error) bool {
	l.add(tokBad, "", start)
	l.err = err
	if off >= 0 {
		l.err.At(l.position(off))
	}
	return false
}

func (l *lexer) at(i int) byte {
	if i < len(l.src) {
		return l.src[i]
	}
	return 0
}

// next reads one token; false means that there are no more.
func (l *lexer) next() bool {
	if !l.skipSpace() {
		return false
	}
	start := l.i
	if start == len(l.src) {
		l.add(tokEOF, "", start)
		return false
	}
	c := l.src[start]
	switch {
	case c == '\'':
		l.i++
		return l.quoted(tokString, start, plainString)
	case l.at(start+1) == '\'' && strings.IndexByte("eEnNbBxX", c) >= 0:
		return l.prefixedString(start, c|0x20)
	case (c == 'u' || c == 'U') && l.at(start+1) == '&' && l.at(start+2) == '\'':
		l.i += 3
		return l.quoted(tokString, start, unicodeString)
	case (c == 'u' || c == 'U') && l.at(start+1) == '&' && l.at(start+2) == '"':
		l.i += 3
		return l.quotedIdent(start, true)
	case c == '"':
		l.i++
		return l.quotedIdent(start, false)
	case isIdentStart(c):
		return l.ident(start)
	case c == '$':
		return l.dollar(start)
	case isDigit(c), c == '.' && isDigit(l.at(start+1)):
		return l.number(start)
	case isOpChar(c):
		return l.operator(start)
	}
	return l.punct(start, c)
}

// skipSpace skips white space and comments; false means that a comment does not end.
func (l *lexer) skipSpace() bool {
	for l.i < len(l.src) {
		c := l.src[l.i]
		switch {
		case isSpace(c):
			l.i++
		case c == '-' && l.at(l.i+1) == '-':
			l.skipLine()
		case c == '/' && l.at(l.i+1) == '*':
			if !l.skipBlockComment() {
				return false
			}
		default:
			return true
		}
	}
	return true
}

func (l *lexer) skipLine() {
	for l.i < len(l.src) && l.src[l.i] != '\n' && l.src[l.i] != '\r' {
		l.i++
	}
}

func (l *lexer) skipBlockComment() bool {
	start, depth := l.i, 0
	for l.i < len(l.src) {
		switch {
		case l.src[l.i] == '/' && l.at(l.i+1) == '*':
			depth++
			l.i += 2
		case l.src[l.i] == '*' && l.at(l.i+1) == '/':
			depth--
			l.i += 2
			if depth == 0 {
				return true
			}
		default:
			l.i++
		}
	}
	return l.fail(start, "unterminated /* comment")
}

func (l *lexer) ident(start int) bool {
	for l.i < len(l.src) && isIdentPart(l.src[l.i]) {
		l.i++
	}
	s := foldASCII(l.src[start:l.i])
	c := keywords[s]
	l.add(tokIdent, cutIdentifier(s), start)
	l.tokens[len(l.tokens)-1].class = c
	return true
}

// dollar reads $1 or a dollar-quoted string.
func (l *lexer) dollar(start int) bool {
	l.i++
	if isDigit(l.at(l.i)) {
		for isDigit(l.at(l.i)) {
			l.i++
		}
		s := l.src[start+1 : l.i]
		if isIdentStart(l.at(l.i)) {
			l.skipIdentPart()
			return l.fail(start, "trailing junk after parameter")
		}
		l.add(tokParam, s, start)
		return true
	}
	tagEnd := l.i
	if isIdentStart(l.at(tagEnd)) {
		for isIdentPart(l.at(tagEnd)) && l.src[tagEnd] != '$' {
			tagEnd++
		}
	}
	if l.at(tagEnd) != '$' {
		l.add(tokPunct, "$", start)
		return true
	}
	tag := l.src[start : tagEnd+1]
	n := strings.Index(l.src[tagEnd+1:], tag)
	if n < 0 {
		l.i = len(l.src)
		return l.fail(start, "unterminated dollar-quoted string")
	}
	body := l.src[tagEnd+1 : tagEnd+1+n]
	l.i = tagEnd + 1 + n + len(tag)
	l.add(tokString, body, start)
	return true
}

func (l *lexer) skipIdentPart() {
	for l.i < len(l.src) && isIdentPart(l.src[l.i]) {
		l.i++
	}
}

func (l *lexer) skipDigits() {
	for isDigit(l.at(l.i)) {
		l.i++
	}
}

func (l *lexer) number(start int) bool {
	const junk = "trailing junk after numeric literal"
	l.skipDigits()
	if l.at(l.i) == '.' && l.at(l.i+1) != '.' {
		l.i++
		l.skipDigits()
	}
	if c := l.at(l.i); c == 'e' || c == 'E' {
		j := l.i + 1
		if c := l.at(j); c == '+' || c == '-' {
			j++
			if !isDigit(l.at(j)) {
				l.i = j
				return l.fail(start, junk)
			}
		}
		if isDigit(l.at(j)) {
			l.i = j
			l.skipDigits()
		}
	}
	if isIdentStart(l.at(l.i)) {
		l.skipIdentPart()
		return l.fail(start, junk)
	}
	l.add(tokNumber, l.src[start:l.i], start)
	return true
}

// operator reads the longest operator: it ends before a comment, and ends in + or - only if it holds a character that the
// standard's operators lack.
func (l *lexer) operator(start int) bool {
	i := start
	for i < len(l.src) && isOpChar(l.src[i]) {
		if i > start && (strings.HasPrefix(l.src[i:], "--") || strings.HasPrefix(l.src[i:], "/*")) {
			break
		}
		i++
	}
	if last := l.src[i-1]; i-start > 1 && (last == '+' || last == '-') && !strings.ContainsAny(l.src[start:i], "~!@#^&|`?%") {
		for i-start > 1 && (l.src[i-1] == '+' || l.src[i-1] == '-') {
			i--
		}
	}
	l.i = i
	s := l.src[start:i]
	switch {
	case len(s) > maxIdentifierBytes:
		return l.fail(start, "operator too long")
	case s == "=>":
		l.add(tokPunct, s, start)
	case s == "!=":
		l.add(tokOp, "<>", start)
	default:
		l.add(tokOp, s, start)
	}
	return true
}

func (l *lexer) punct(start int, c byte) bool {
	n := 1
	switch two := l.src[start:min(start+2, len(l.src))]; two {
	case "::", ":=", "..":
		n = 2
	}
	if c >= utf8.RuneSelf { // can't be: such bytes begin identifiers
		_, n = utf8.DecodeRuneInString(l.src[start:])
	}
	l.i += n
	l.add(tokPunct, l.src[start:l.i], start)
	k := int32(len(l.tokens) - 1)
	switch c {
	case '(', '[':
		l.open = append(l.open, k)
	case ')', ']':
		if top := len(l.open) - 1; top >= 0 && (l.tokens[l.open[top]].s == "(") == (c == ')') {
			o := l.open[top]
			l.open = l.open[:top]
			l.tokens[o].match, l.tokens[k].match = k, o
		}
	}
	return true
}

// markQueries sets token.query and token.subquery, from the end of the text to its start.
func (l *lexer) markQueries() {
	begins := false
	for i := len(l.tokens) - 1; i >= 0; i-- {
		t := &l.tokens[i]
		if t.kind == tokPunct && t.s == "(" {
			t.query = begins
			t.subquery = begins && l.holdsQuery(i)
			continue
		}
		begins = false
		if t.kind == tokIdent && t.class != notKeyword {
			switch t.s {
			case "select", "with", "table":
				begins = true
			case "values":
				begins = i+1 < len(l.tokens) && l.isOpen(i+1)
			}
		}
	}
}

func (l *lexer) isOpen(i int) bool { return l.tokens[i].kind == tokPunct && l.tokens[i].s == "(" }

// holdsQuery tells whether the parenthesis at token i, after which a query begins, holds nothing else: the first operand of
// an expression or a join may be a subquery, too.
func (l *lexer) holdsQuery(i int) bool {
	if !l.isOpen(i + 1) {
		return true
	}
	m := l.tokens[i+1].match
	if m < 0 {
		return true
	}
	switch next := l.tokens[m+1]; next.s {
	case ")":
		return next.kind == tokPunct && l.tokens[i+1].subquery
	case "union", "intersect", "except", "order", "limit", "offset", "fetch", "for":
		return next.kind == tokIdent && l.tokens[i+1].subquery
	}
	return false
}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isIdentStart(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

func isIdentPart(c byte) bool { return isIdentStart(c) || isDigit(c) || c == '$' }

func isOpChar(c byte) bool { return strings.IndexByte("~!@#^&|`?+-*/%<>=", c) >= 0 }

// foldASCII folds as PostgreSQL does in UTF8 databases: ASCII letters only.
func foldASCII(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= 'A' && s[i] <= 'Z' {
			b := []byte(s)
			for ; i < len(b); i++ {
				if b[i] >= 'A' && b[i] <= 'Z' {
					b[i] += 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}

// cutIdentifier cuts s to the longest name that PostgreSQL keeps, at a character's end.
func cutIdentifier(s string) string {
	if len(s) <= maxIdentifierBytes {
		return s
	}
	n := maxIdentifierBytes
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
