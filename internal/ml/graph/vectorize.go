package graph

import (
	"fmt"
	"hash/fnv"
	"slices"
	"unicode/utf8"

	"github.com/flernd/flernd/internal/ml/regex"
)

// Tokenizer cuts a text into tokens.
type Tokenizer struct {
	// Match is what tokens are; if nil, the text is cut at matches of the Separators, one after the other; without these, each
	// character is a token.
	Match      *regex.DFA
	Separators []*regex.DFA
	MinChars   int // shorter tokens are dropped; at least 1
	// Mark puts \x02 before the tokens of a text and \x03 behind.
	Mark bool
}

// The tokens that Mark adds.
const (
	MarkBegin = "\x02"
	MarkEnd   = "\x03"
)

// Tokens cuts a text.
func (t *Tokenizer) Tokens(s string) []string {
	var out []string
	switch {
	case t.Match != nil:
		out = t.Match.Tokens(s, t.MinChars)
	case len(t.Separators) > 0:
		out = []string{s}
		for _, separator := range t.Separators {
			var pieces []string
			for _, piece := range out {
				pieces = append(pieces, separator.Split(piece, t.MinChars)...)
			}
			out = pieces
		}
	default:
		for len(s) > 0 {
			_, n := utf8.DecodeRuneInString(s)
			out, s = append(out, s[:n]), s[n:]
		}
	}
	if t.Mark {
		out = append(append([]string{MarkBegin}, out...), MarkEnd)
	}
	return out
}

// Weighting is what a Vectorize makes of a count.
type Weighting uint8

// The weightings.
const (
	Counts   Weighting = iota // the count
	Present                   // the column's weight if the count is not zero
	Weighted                  // the count times the column's weight
)

// Vectorize counts, for each column, in how many places its sequence of tokens (its n-gram) stands. The tokens are the entries
// of the last axis or, with a Tokenizer, those of the argument, a single text.
type Vectorize struct {
	Tokenizer *Tokenizer
	// Pool has the tokens that occur in the sequences, each once: strings or i64s, ascending. A sequence is a list of
	// positions in it.
	Pool  *Tensor
	Grams [][]int32
	// Columns is where each of Grams is counted, in a vector of Size.
	Columns []int32
	Size    int
	// Sequences of Shortest to Longest tokens are looked for; neighbours in one are 1 to MaxSkip+1 places apart, all equally far.
	Shortest, Longest, MaxSkip int
	Weighting                  Weighting
	Weights                    *Tensor // f32[Size]; nil for Counts
}

// The bounds of a Vectorize.
const (
	MaxGram       = 64
	MaxSkipped    = 1 << 16
	MaxSeparators = 32
)

func (o *Vectorize) Name() string { return "vectorize" }

func (o *Vectorize) attrs() string {
	h := fnv.New32a()
	for i, g := range o.Grams {
		fmt.Fprint(h, g, o.Columns[i])
	}
	tokenizer := ""
	if t := o.Tokenizer; t != nil {
		tokenizer = fmt.Sprintf(" least=%d mark=%t", t.MinChars, t.Mark)
		if t.Match != nil {
			tokenizer += fmt.Sprintf(" match=%q", t.Match.Pattern)
		}
		for _, s := range t.Separators {
			tokenizer += fmt.Sprintf(" separator=%q", s.Pattern)
		}
	}
	return fmt.Sprintf("%d of %s, %d to %d, skip=%d, [%d]#%08x, weighting=%d %s%s", o.Size, o.Pool.text(), o.Shortest, o.Longest, o.MaxSkip,
		len(o.Grams), h.Sum32(), o.Weighting, o.Weights.text(), tokenizer)
}

// Infer replaces the last axis by the columns.
func (o *Vectorize) Infer(args []Type) (Type, error) {
	if err := firstError(arity(args, 1), o.Pool.check(), o.check()); err != nil {
		return Type{}, err
	}
	x := args[0]
	switch {
	case x.Elem != o.Pool.Elem:
		return Type{}, invalid("argument %s does not match tokens %s", x, o.Pool.Type)
	case o.Tokenizer != nil && x.Size() != 1:
		return Type{}, invalid("argument %s is no single text", x)
	case o.Tokenizer != nil:
		return Of(F32, o.Size), nil
	case x.Rank() == 0:
		return Type{}, invalid("argument %s has no last axis", x)
	}
	return Type{Elem: F32, Dims: append(slices.Clone(x.Dims[:x.Rank()-1]), o.Size)}, nil
}

func (o *Vectorize) check() error {
	if e := o.Pool.Elem; e != String && e != I64 || o.Pool.Rank() != 1 || o.Tokenizer != nil && e != String || len(o.Grams) != len(o.Columns) {
		return invalid("tokens %s of %d sequences do not fit", o.Pool.Type, len(o.Grams))
	}
	if o.Shortest < 1 || o.Longest < o.Shortest || o.Longest > MaxGram || o.MaxSkip < 0 || o.MaxSkip > MaxSkipped {
		return invalid("sequences of %d to %d tokens that skip %d are out of range", o.Shortest, o.Longest, o.MaxSkip)
	}
	if o.Weighting != Counts && (o.Weights == nil || o.Weights.Elem != F32 || o.Weights.Size() != o.Size) {
		return invalid("%d columns have no weights", o.Size)
	}
	for i, g := range o.Grams {
		if len(g) == 0 || len(g) > o.Longest || o.Columns[i] < 0 || int(o.Columns[i]) >= o.Size {
			return invalid("sequence %d of %d tokens or its column is out of range", i, len(g))
		}
		for _, token := range g {
			if token < 0 || int(token) >= o.Pool.Size() {
				return invalid("sequence %d has a token that is not in the list", i)
			}
		}
	}
	for i := 1; i < o.Pool.Size(); i++ {
		if o.Pool.compare(i-1, i) >= 0 {
			return invalid("tokens %s are not in ascending order", o.Pool.Type)
		}
	}
	return nil
}
