package onnx

import (
	"errors"
	"slices"
	"strings"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/regex"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// tokens are those that a Tokenizer makes of a text, of which a row has one.
type tokens struct {
	text value
	by   *graph.Tokenizer
}

// regex compiles an attribute's regular expression.
func (n *node) regex(name, pattern string) *regex.DFA {
	d, err := regex.Compile(pattern)
	switch {
	case errors.Is(err, regex.ErrTooLarge):
		n.check(sqlstate.New(sqlstate.ProgramLimitExceeded, "attribute %s: the regular expression %s is too complex", quote(name), quote(pattern)))
	case err != nil:
		n.fail("attribute %s: %s is no regular expression", quote(name), quote(pattern))
	}
	return d
}

// textArg is input i, which must have texts.
func (n *node) textArg(i int) value {
	x := n.element(i)
	if x.elem() != graph.String {
		n.fail("%s of type %s is no text", n.argName(i), x)
	}
	return x
}

// tokenizer follows ONNX Runtime, which defines it. What it pads the shorter texts of a batch with is no token here: a row has no
// others beside it.
func tokenizer(n *node) {
	x := n.textArg(0)
	n.ignore("pad_value", "stopwords")
	t := &graph.Tokenizer{Mark: n.flag("mark", false), MinChars: int(n.bounded("mincharnum", 0, 1<<20))}
	separators, expression := n.stringsAttr("separators"), n.stringAttr("tokenexp", "")
	switch {
	case t.MinChars < 1:
		n.fail("mincharnum is less than 1")
	case len(separators) > graph.MaxSeparators:
		n.unsupported("more than %d separators", graph.MaxSeparators)
	case len(separators) == 0 && expression == "":
		n.fail("it has neither separators nor tokenexp")
	case len(separators) == 1 && separators[0] == "", len(separators) == 0 && expression == ".":
		if t.MinChars > 1 {
			n.fail("mincharnum is %d for tokens of one character", t.MinChars)
		}
	case len(separators) == 0:
		t.Match = n.regex("tokenexp", expression)
	default:
		for _, s := range separators {
			t.Separators = append(t.Separators, n.regex("separators", s))
		}
	}
	if x.folded != 0 || sizeOf(x.row()) != 1 {
		n.unsupported("the tokens of several texts a row (%s)", x)
	}
	n.set(0, value{kind: tokensKind, batched: x.batched, tokens: &tokens{x, t}})
}

// bounded is an integer attribute from 0 to most.
func (n *node) bounded(name string, otherwise, most int64) int64 {
	v := n.intAttr(name, otherwise)
	if v < 0 || v > most {
		n.fail("attribute %s is %d, which is not in 0 to %d", quote(name), v, most)
	}
	return v
}

// stringNormalizer changes letters' case and drops words. What is dropped changes the shape: only of constants.
func stringNormalizer(n *node) {
	x := n.textArg(0)
	action, sensitive := n.stringAttr("case_change_action", "NONE"), n.flag("is_case_sensitive", false)
	locale := n.stringAttr("locale", "en_US")
	if language, _, _ := strings.Cut(strings.ToLower(locale), "_"); language == "tr" || language == "az" || language == "lt" {
		n.unsupported("locale %s, whose letters have cases of their own,", quote(locale))
	}
	recase := &graph.Recase{Upper: action == "UPPER", ASCII: locale == "C" || locale == "POSIX"}
	stopwords := n.stringsAttr("stopwords")
	if len(stopwords) > 0 {
		x = n.withoutWords(n.tensor(0), stopwords, sensitive, recase)
	}
	switch action {
	case "NONE":
		n.set(0, x)
	case "LOWER", "UPPER":
		n.set(0, n.emit(recase, x))
	default:
		n.fail("case_change_action %s is none of NONE, LOWER and UPPER", quote(action))
	}
}

// withoutWords drops elements of a list of texts; one that is left without any has an empty one.
func (n *node) withoutWords(t *graph.Tensor, words []string, sensitive bool, recase *graph.Recase) value {
	if t.Rank() == 0 || t.Rank() > 2 || t.Rank() == 2 && t.Dims[0] != 1 {
		n.fail("input %s is neither [C] nor [1,C]", t.Type)
	}
	key := func(s string) string {
		if sensitive {
			return s
		}
		return strings.Map(recase.Rune, s)
	}
	stop := map[string]bool{}
	for _, w := range words {
		stop[key(w)] = true
	}
	kept := slices.DeleteFunc(slices.Clone(t.Str), func(s string) bool { return stop[key(s)] })
	if len(kept) == 0 {
		kept = []string{""}
	}
	out := graph.StringsOf(kept...)
	if t.Rank() == 2 {
		out = out.Reshaped(1, len(kept))
	}
	return n.constantOf(out)
}

func stringConcat(n *node) {
	x, y := n.textArg(0), n.textArg(1)
	n.set(0, n.emit(&graph.Join{}, n.align(x, y)...))
}

// regexFullMatch tells which texts match as a whole.
func regexFullMatch(n *node) {
	x := n.textArg(0)
	n.set(0, n.emit(&graph.Matches{Of: n.regex("pattern", n.stringAttr("pattern", ""))}, x))
}

// stringSplit cuts constant texts into an axis of as many parts as the one with the most has. Of others the number is not known.
func stringSplit(n *node) {
	t := n.tensor(0)
	if t.Elem != graph.String {
		n.fail("input of type %s is no text", t.Type)
	}
	delimiter, most := n.stringAttr("delimiter", ""), n.intAttr("maxsplit", -1)
	parts, longest := make([][]string, t.Size()), 0
	for i, s := range t.Str {
		parts[i] = parted(s, delimiter, most)
		longest = max(longest, len(parts[i]))
	}
	n.spend(t.Size() * (longest + 1))
	out := graph.NewTensor(graph.String, append(slices.Clone(t.Dims), longest)...)
	counts := graph.NewTensor(graph.I64, t.Dims...)
	for i, p := range parts {
		copy(out.Str[i*longest:], p)
		counts.I64[i] = int64(len(p))
	}
	n.set(0, n.constantOf(out))
	n.set(1, n.constantOf(counts))
}

// parted cuts a text at a delimiter, or without one at white space, at most so many times (-1: always).
func parted(s, delimiter string, most int64) []string {
	if most < 0 || most > int64(len(s)) {
		most = int64(len(s))
	}
	if delimiter != "" && s != "" {
		return strings.SplitN(s, delimiter, int(most)+1)
	}
	var out []string
	for s = strings.TrimSpace(s); s != ""; {
		i := strings.IndexFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\n\v\f\r", r) })
		if i < 0 || int64(len(out)) == most {
			i = len(s)
		}
		out = append(out, s[:i])
		s = strings.TrimSpace(s[i:])
	}
	return out
}

// murmurHash is com.microsoft's: positive makes the result unsigned.
func murmurHash(n *node) {
	x := n.textArg(0)
	seed, positive := n.bounded("seed", 0, 1<<32-1), n.flag("positive", true)
	h := n.emit(&graph.Hash{Seed: uint32(seed)}, x)
	if positive {
		h = n.cast(graph.U32, h)
	}
	n.set(0, h)
}
