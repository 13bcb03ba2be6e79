package dialect

import (
	"strings"
	"unicode/utf8"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// stringForm tells how the body of a quoted string is read.
type stringForm uint8

const (
	plainString stringForm = iota
	escapeString
	unicodeString
	bitString
	hexString
)

// prefixedString reads E'…', B'…', X'…' or N'…', which is nchar '…'.
func (l *lexer) prefixedString(start int, prefix byte) bool {
	if prefix == 'n' {
		l.i++
		l.add(tokIdent, "nchar", start)
		l.tokens[len(l.tokens)-1].class = keywords["nchar"]
		start = l.i
		l.i++
		return l.quoted(tokString, start, plainString)
	}
	l.i += 2
	switch prefix {
	case 'e':
		return l.quoted(tokString, start, escapeString)
	case 'b':
		return l.quoted(tokBits, start, bitString)
	}
	return l.quoted(tokBits, start, hexString)
}

// quoted reads a string whose opening quote was just passed, with its continuations on later lines.
func (l *lexer) quoted(kind tokenKind, start int, form stringForm) bool {
	var b strings.Builder
	first := l.i
	for {
		n := strings.IndexAny(l.src[l.i:], quoteStops(form))
		if n < 0 {
			l.i = len(l.src)
			return l.fail(start, unterminated(form))
		}
		b.WriteString(l.src[l.i : l.i+n])
		l.i += n
		if l.src[l.i] == '\\' {
			if ok, more := l.escape(&b, start); !ok {
				return more
			}
			continue
		}
		l.i++
		if l.at(l.i) == '\'' {
			b.WriteByte('\'')
			l.i++
			continue
		}
		if !l.continued() {
			break
		}
	}
	s := b.String()
	switch form {
	case bitString:
		s = "b" + s
	case hexString:
		s = "x" + s
	case escapeString:
		if err := checkEncoding(s); err != nil {
			return l.failEscape(start, -1, err)
		}
	case unicodeString:
		return l.unicodeEscapes(tokString, s, start, first)
	}
	l.add(kind, s, start)
	return true
}

func quoteStops(form stringForm) string {
	if form == escapeString {
		return `'\`
	}
	return `'`
}

func unterminated(form stringForm) string {
	switch form {
	case bitString:
		return "unterminated bit string literal"
	case hexString:
		return "unterminated hexadecimal string literal"
	}
	return "unterminated quoted string"
}

// continued moves past the opening quote of a continuation: a string goes on after white space that holds a line end.
func (l *lexer) continued() bool {
	i, newline := l.i, false
	for i < len(l.src) {
		switch c := l.src[i]; {
		case c == '\n' || c == '\r':
			newline = true
			i++
		case isSpace(c):
			i++
		case c == '-' && l.at(i+1) == '-':
			for i < len(l.src) && l.src[i] != '\n' && l.src[i] != '\r' {
				i++
			}
		case c == '\'' && newline:
			l.i = i + 1
			return true
		default:
			return false
		}
	}
	return false
}

// escape reads one backslash escape of an E'…' string at l.i. ok is false after a failure.
func (l *lexer) escape(b *strings.Builder, start int) (ok, more bool) {
	at := l.i
	if at+1 >= len(l.src) {
		l.i = len(l.src)
		return false, l.fail(start, "unterminated quoted string")
	}
	c := l.src[at+1]
	l.i += 2
	switch c {
	case 'b':
		b.WriteByte('\b')
	case 'f':
		b.WriteByte('\f')
	case 'n':
		b.WriteByte('\n')
	case 'r':
		b.WriteByte('\r')
	case 't':
		b.WriteByte('\t')
	case 'v':
		b.WriteByte('\v')
	case 'x':
		v, n := l.hex(l.i, 2)
		if n == 0 {
			b.WriteByte('x')
			break
		}
		l.i += n
		b.WriteByte(byte(v))
	case 'u', 'U':
		return l.unicodeEscape(b, start, at, c)
	case '0', '1', '2', '3', '4', '5', '6', '7':
		v := int(c - '0')
		for k := 0; k < 2 && l.at(l.i) >= '0' && l.at(l.i) <= '7'; k++ {
			v = v*8 + int(l.src[l.i]-'0')
			l.i++
		}
		b.WriteByte(byte(v))
	default:
		b.WriteByte(c)
	}
	return true, true
}

// unicodeEscape reads \uXXXX or \UXXXXXXXX, with the second half of a surrogate pair.
func (l *lexer) unicodeEscape(b *strings.Builder, start, at int, c byte) (ok, more bool) {
	width := 4
	if c == 'U' {
		width = 8
	}
	v, n := l.hex(l.i, width)
	if n != width {
		return false, l.failEscape(start, at, sqlstate.New(sqlstate.InvalidEscapeSequence, "invalid Unicode escape").
			WithHint(`Unicode escapes must be \uXXXX or \UXXXXXXXX.`))
	}
	l.i += n
	if isHighSurrogate(v) && l.at(l.i) == '\\' && (l.at(l.i+1) == 'u' || l.at(l.i+1) == 'U') {
		w := 4
		if l.src[l.i+1] == 'U' {
			w = 8
		}
		if low, n := l.hex(l.i+2, w); n == w && isLowSurrogate(low) {
			l.i += 2 + w
			v = joinSurrogates(v, low)
		}
	}
	if writeRune(b, v) {
		return true, true
	}
	e := badCodePoint(v)
	if isHighSurrogate(v) || isLowSurrogate(v) {
		at = l.i // what should have been the other half
	}
	end := l.i
	if at == end {
		_, size := utf8.DecodeRuneInString(l.src[at:])
		end += size
	}
	e.Message += ` at or near "` + l.src[at:end] + `"`
	return false, l.failEscape(start, at, e)
}

// hex reads up to width hexadecimal digits at i.
func (l *lexer) hex(i, width int) (v, n int) {
	return parseHex(l.src[min(i, len(l.src)):], width)
}

func parseHex(s string, width int) (v, n int) {
	for n < width && n < len(s) {
		c := s[n] | 0x20
		switch {
		case isDigit(s[n]):
			v = v<<4 | int(s[n]-'0')
		case c >= 'a' && c <= 'f':
			v = v<<4 | int(c-'a'+10)
		default:
			return v, n
		}
		n++
	}
	return v, n
}

func isHighSurrogate(v int) bool { return v >= 0xD800 && v <= 0xDBFF }

func isLowSurrogate(v int) bool { return v >= 0xDC00 && v <= 0xDFFF }

func joinSurrogates(high, low int) int { return (high-0xD800)<<10 + (low - 0xDC00) + 0x10000 }

// writeRune appends a code point; false means that there is no such character.
func writeRune(b *strings.Builder, v int) bool {
	if v <= 0 || v > utf8.MaxRune || isHighSurrogate(v) || isLowSurrogate(v) {
		return false
	}
	b.WriteRune(rune(v))
	return true
}

func badCodePoint(v int) *sqlstate.Error {
	if isHighSurrogate(v) || isLowSurrogate(v) {
		return sqlstate.New(sqlstate.SyntaxError, "invalid Unicode surrogate pair")
	}
	return sqlstate.New(sqlstate.SyntaxError, "invalid Unicode escape value")
}

func (l *lexer) quotedIdent(start int, unicodeForm bool) bool {
	var b strings.Builder
	first := l.i
	for {
		n := strings.IndexByte(l.src[l.i:], '"')
		if n < 0 {
			l.i = len(l.src)
			return l.fail(start, "unterminated quoted identifier")
		}
		b.WriteString(l.src[l.i : l.i+n])
		l.i += n + 1
		if l.at(l.i) != '"' {
			break
		}
		b.WriteByte('"')
		l.i++
	}
	s := b.String()
	if s == "" {
		return l.fail(start, "zero-length delimited identifier")
	}
	if unicodeForm {
		return l.unicodeEscapes(tokQuoted, s, start, first)
	}
	l.add(tokQuoted, cutIdentifier(s), start)
	return true
}

// unicodeEscapes decodes the body of U&'…' or U&"…" and adds its token, with the escape character that UESCAPE names.
func (l *lexer) unicodeEscapes(kind tokenKind, body string, start, bodyStart int) bool {
	end, esc := l.i, byte('\\')
	if ok, more := l.uescape(&esc); !ok {
		return more
	}
	var b strings.Builder
	for i := 0; i < len(body); {
		if body[i] != esc {
			b.WriteByte(body[i])
			i++
			continue
		}
		if i+1 < len(body) && body[i+1] == esc {
			b.WriteByte(esc)
			i += 2
			continue
		}
		v, n := unicodeEscapeAt(body, i)
		if n == 0 {
			return l.failEscape(start, bodyStart+i, sqlstate.New(sqlstate.SyntaxError, "invalid Unicode escape").
				WithHint(`Unicode escapes must be \XXXX or \+XXXXXX.`))
		}
		if isHighSurrogate(v) && i+n < len(body) && body[i+n] == esc {
			if low, m := unicodeEscapeAt(body, i+n); m > 0 && isLowSurrogate(low) {
				v, n = joinSurrogates(v, low), n+m
			}
		}
		if !writeRune(&b, v) {
			return l.failEscape(start, bodyStart+i, badCodePoint(v))
		}
		i += n
	}
	s := b.String()
	if kind == tokQuoted {
		s = cutIdentifier(s)
	}
	l.add(kind, s, start)
	if esc == '\\' {
		l.tokens[len(l.tokens)-1].end = int32(end)
	}
	return true
}

// unicodeEscapeAt reads \XXXX or \+XXXXXX at body[i]; n is 0 if it is malformed.
func unicodeEscapeAt(body string, i int) (v, n int) {
	i++
	width, skip := 4, 1
	if i < len(body) && body[i] == '+' {
		i++
		width, skip = 6, 2
	}
	v, got := parseHex(body[min(i, len(body)):], width)
	if got != width {
		return 0, 0
	}
	return v, width + skip
}

// uescape reads UESCAPE 'c' if it follows. ok is false after a failure.
func (l *lexer) uescape(esc *byte) (ok, more bool) {
	end := l.i
	if !l.skipSpace() {
		return false, false
	}
	word := l.i
	l.skipIdentPart()
	if foldASCII(l.src[word:l.i]) != "uescape" {
		l.i = end
		return true, true
	}
	if !l.skipSpace() {
		return false, false
	}
	at := l.i
	if l.at(at) != '\'' {
		if at < len(l.src) {
			l.i++
		}
		return false, l.fail(at, "UESCAPE must be followed by a simple string literal")
	}
	n := strings.IndexByte(l.src[at+1:], '\'')
	if n < 0 {
		l.i = len(l.src)
		return false, l.fail(at, "unterminated quoted string")
	}
	l.i = at + n + 2
	c := l.src[at+1 : at+1+n]
	if n != 1 || c == "+" || c == `"` || isSpace(c[0]) || isHexDigit(c[0]) {
		return false, l.fail(at, "invalid Unicode escape character")
	}
	*esc = c[0]
	return true, true
}

func isHexDigit(c byte) bool {
	_, n := parseHex(string(c), 1)
	return n == 1
}
