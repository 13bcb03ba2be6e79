package cgen

import (
	"fmt"
	"strings"
)

// Identifier turns any text into a part of a C identifier: letters and digits stay, everything else becomes _xx. It and
// Comment are the only ways for a user's text into C.
func Identifier(s string) string {
	var b strings.Builder
	for i := 0; i < len(s) && b.Len() < 40; i++ {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
			b.WriteByte(c)
		case c == '_':
			b.WriteByte('_')
		default:
			fmt.Fprintf(&b, "_%02x", c)
		}
	}
	return b.String()
}

// Comment makes any text safe within a C block comment: no end of comment, no line splice, no control characters.
func Comment(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < ' ' || r == 0x7f || r > 0xffff:
			fmt.Fprintf(&b, "<%x>", r)
		default:
			b.WriteRune(r)
		}
	}
	t := strings.ReplaceAll(b.String(), "*/", "* /")
	t = strings.ReplaceAll(t, "/*", "/ *")
	return strings.ReplaceAll(t, "??/", "? ?/")
}

// quote makes a C string literal.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '"' || c == '\\' || c == '?':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c >= 0x7f:
			fmt.Fprintf(&b, "\\%03o", c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
