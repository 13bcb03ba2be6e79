package regex

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

var patterns = []string{"[a-zA-Z0-9_]+", `\w\w+`, `(?u)x`, `\b\w+\b`, "a|ab|abc", "[^ ]+", ".", `\pL+`, "(?i)straße|k", `\d+(\.\d+)?`, `^a|b$`, `\Bx\B`, "x*",
	"(?m)^a+$", `(?s).+`, "[é-ü]+", `[^\x00-\x{10FFFF}]`, "", `a{2,4}b?`, `(a|a.*b)`, `[\x{800}-\x{FFFF}]+`, `(?i)ſ+`, `[^a]`, `\A.*\z`, "(|a)+b"}

var texts = []string{"", "a", "the cat, the dog", "É été ümlaut straSSE STRASSE Straße", "1.5 2 .5", "ab abc abcd", "a\nb\naa\n", "xxaxx", "日本語 text 😀!",
	"aaaaaaaaab", "_x1 K ſs", "\u0800\uffff\U00010000"}

// TestMatches compares with Go's regexp, which has the same language.
func TestMatches(t *testing.T) {
	for _, p := range patterns {
		for _, s := range texts {
			matches(t, p, s)
		}
	}
}

func matches(t *testing.T, pattern, s string) {
	t.Helper()
	want, err := regexp.Compile(pattern)
	d, bad := Compile(pattern)
	if (err != nil) != (bad != nil) && !errors.Is(bad, ErrTooLarge) {
		t.Fatalf("%q: %v, regexp: %v", pattern, bad, err)
	}
	if bad != nil || !utf8.ValidString(s) {
		return
	}
	want.Longest()
	if full, _ := regexp.Compile(`\A(?:` + pattern + `)\z`); full != nil && full.MatchString(s) != d.Full(s) {
		t.Errorf("%q matches %q whole: %v", pattern, s, d.Full(s))
	}
	// The leftmost match begins at the first place from which there is one.
	got := []int(nil)
	for at := 0; at <= len(s) && got == nil; at++ {
		if end := d.Longest(s, at); end >= 0 && (at == len(s) || utf8.RuneStart(s[at])) {
			got = []int{at, end}
		}
	}
	if w := want.FindStringIndex(s); len(w) != len(got) || w != nil && (w[0] != got[0] || w[1] != got[1]) {
		t.Errorf("%q in %q: %v, want %v", pattern, s, got, w)
	}
}

func TestTokens(t *testing.T) {
	for _, c := range []struct {
		pattern, text, want string
		least               int
	}{{"[a-z]+", "the cat, a dog", "the|cat|dog", 2}, {`\w+\b`, "a bc", "a|bc", 1}, {"x*", "axxb", "xx", 1}, {".", "aé日", "a|é|日", 1}, {"[a-z]+", "ab", "", 3}} {
		d, err := Compile(c.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(d.Tokens(c.text, c.least), "|"); got != c.want {
			t.Errorf("%q of %q: %s, want %s", c.pattern, c.text, got, c.want)
		}
	}
}

// TestBounded: expressions that would make large tables are refused soon.
func TestBounded(t *testing.T) {
	for _, p := range []string{"(a|b)*a(a|b){40}", `(\pL{3}.){50}`, strings.Repeat(`(x?|\pL\pN?)`, 40), strings.Repeat(`[a-z]*\pL`, 200)} {
		begun := time.Now()
		if _, err := Compile(p); err != nil && !errors.Is(err, ErrTooLarge) {
			t.Errorf("%.30s…: %v", p, err)
		}
		if took := time.Since(begun); took > 10*time.Second {
			t.Errorf("%.30s… took %v", p, took)
		}
	}
	if _, err := Compile("(a|b)*a(a|b){40}"); !errors.Is(err, ErrTooLarge) {
		t.Error("an expression of 2^40 states has a table")
	}
}

func FuzzMatches(f *testing.F) {
	for i, p := range patterns {
		f.Add(p, texts[i%len(texts)])
	}
	f.Fuzz(func(t *testing.T, pattern, s string) {
		if len(pattern) < 60 && len(s) < 100 {
			matches(t, pattern, s)
		}
	})
}
