package cgen

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// cTokens splits C text as a compiler does: trigraphs, then spliced lines (with blanks between backslash and newline, as
// compilers take them), then comments and tokens. Comments are left out; a string literal is its contents behind a quote.
func cTokens(text string) ([]string, error) {
	for from, to := range map[string]string{"??/": `\`, "??'": "^", "??(": "[", "??)": "]", "??!": "|", "??<": "{", "??>": "}", "??-": "~", "??=": "#"} {
		text = strings.ReplaceAll(text, from, to)
	}
	text = spliced(text)
	var tokens []string
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\v':
			i++
		case strings.HasPrefix(text[i:], "//"):
			for i < len(text) && text[i] != '\n' {
				i++
			}
		case strings.HasPrefix(text[i:], "/*"):
			end := strings.Index(text[i+2:], "*/")
			if end < 0 {
				return nil, fmt.Errorf("a comment has no end")
			}
			if strings.Contains(text[i+2:i+2+end], "/*") {
				return nil, fmt.Errorf("a comment within a comment")
			}
			i += end + 4
		case c == '"' || c == '\'':
			value, n, err := cLiteral(text[i:])
			if err != nil {
				return nil, err
			}
			tokens = append(tokens, string(c)+value)
			i += n
		case isWord(c):
			j := i
			for j < len(text) && isWord(text[j]) {
				j++
			}
			tokens = append(tokens, text[i:j])
			i = j
		default:
			tokens = append(tokens, text[i:i+1])
			i++
		}
	}
	return tokens, nil
}

func spliced(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' {
			j := i + 1
			for j < len(text) && strings.IndexByte(" \t\r\f\v", text[j]) >= 0 {
				j++
			}
			if j < len(text) && text[j] == '\n' {
				i = j
				continue
			}
		}
		out.WriteByte(text[i])
	}
	return out.String()
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80 || c == '$'
}

// cLiteral reads a string or character literal and returns its value and its length in the text.
func cLiteral(text string) (string, int, error) {
	var value strings.Builder
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == text[0]:
			return value.String(), i + 1, nil
		case c == '\n':
			return "", 0, fmt.Errorf("a literal goes over the end of the line")
		case c != '\\':
			value.WriteByte(c)
		case i+1 < len(text) && strings.IndexByte(`"'\?`, text[i+1]) >= 0:
			i++
			value.WriteByte(text[i])
		case i+1 < len(text) && text[i+1] >= '0' && text[i+1] <= '7':
			j := i + 1
			for j < len(text) && j < i+4 && text[j] >= '0' && text[j] <= '7' {
				j++
			}
			n, err := strconv.ParseUint(text[i+1:j], 8, 8)
			if err != nil {
				return "", 0, err
			}
			value.WriteByte(byte(n))
			i = j - 1
		default:
			return "", 0, fmt.Errorf("escape sequence %.4q", text[i:])
		}
	}
	return "", 0, fmt.Errorf("a literal has no end")
}

// hostile are texts that would leave a literal or a comment, were they printed as they are.
var hostile = []string{"", "lineitem", "*/", "/*", "*//*", "/*/", "**//", "*\n/", "\"; system(\"x\"); \"", `\`, `\\`, `\"`, "\n", "\r\n", "a\x00b",
	"??/", "??/\n", "*??/\n/", `ends with \`, "??=define", "//", "'", "\\u002a/", "é", "\xff\xfe", "\u202e", "\U0001F600", "%s%n", "int",
	"1abc", "0x1p3", "\x1a", "\f\v\t", "*\\\n/ int x; /*", "*\\ \n/", "?\\?/", "a?", "12", "\x7f7", strings.Repeat("x", 300)}

func FuzzComment(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, text := range []string{"/*\n * " + Comment(s) + "\n */\nafter", "/* " + Comment(s) + " */ after", "/*" + Comment(s) + "*/ after"} {
			tokens, err := cTokens(text)
			if err != nil || len(tokens) != 1 || tokens[0] != "after" {
				t.Fatalf("%q in %q: %q, %v", s, text, tokens, err)
			}
		}
	})
}

func FuzzIdentifier(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		tokens, err := cTokens("n1_" + Identifier(s) + "_valid")
		if err != nil || len(tokens) != 1 {
			t.Fatalf("%q: %q, %v", s, tokens, err)
		}
		for _, c := range []byte(tokens[0]) {
			if !isWord(c) || c >= 0x80 || c == '$' {
				t.Fatalf("%q: %q", s, tokens[0])
			}
		}
		if len(tokens[0]) > 63 {
			t.Fatalf("%q: %d characters", s, len(tokens[0]))
		}
	})
}

func FuzzQuote(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		tokens, err := cTokens("f(" + quote(s) + ");")
		if err != nil || len(tokens) != 5 || tokens[2] != "\""+s {
			t.Fatalf("%q: %q, %v", s, tokens, err)
		}
	})
}

// TestTokenizer checks the tests' own tokenizer on texts that do break out.
func TestTokenizer(t *testing.T) {
	for text, want := range map[string]int{"/* a */ b": 1, "/* a */ b */": 3, "/* *??/\n/ b": 1, "/* *\\ \n/ b": 1, `"a\"b" c`: 2, `"a" "b"`: 2, "a// b\nc": 2} {
		if got, err := cTokens(text); err != nil || len(got) != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"/* a", `"a`, "\"a\n\"", `"\q"`, "/* /* */"} {
		if got, err := cTokens(text); err == nil {
			t.Errorf("%q: %q", text, got)
		}
	}
}
