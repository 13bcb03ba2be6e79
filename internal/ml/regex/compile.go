package regex

import (
	"errors"
	"regexp/syntax"
	"slices"
	"unicode"
)

// The most transitions of a table, steps of work to make one, and places within characters of its classes.
const (
	maxTransitions = 1 << 18
	maxWork        = 1 << 26
	maxNodes       = 1 << 16
)

// ErrTooLarge is what an expression gives whose table would be too large.
var ErrTooLarge = errors.New("regular expression is too complex")

// Compile makes the automaton of an expression.
func Compile(pattern string) (*DFA, error) {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, err
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		return nil, err
	}
	c := &compiler{prog: prog, d: &DFA{Pattern: pattern}, numbers: map[string]uint32{}}
	if err := c.spellOut(); err != nil {
		return nil, err
	}
	c.classify()
	return c.d, c.run()
}

// arc leads from a place by a byte to another: an instruction, or, past these, a node within a character.
type arc struct {
	lo, hi byte
	to     int
}

type compiler struct {
	prog *syntax.Prog
	arcs [][]arc // by place
	// asks is set if there are anchors or word boundaries: only then does it matter what lies before and ahead.
	asks    bool
	d       *DFA
	samples []byte // a byte of each class
	numbers map[string]uint32
	states  []state
	work    int
}

// state is the places that a text so far may have led to, and what lies before.
type state struct {
	places []int
	before int
}

// spellOut gives the instructions that take characters arcs of bytes.
func (c *compiler) spellOut() error {
	c.arcs = make([][]arc, len(c.prog.Inst))
	for pc := range c.prog.Inst {
		i := &c.prog.Inst[pc]
		var ranges []rune
		switch i.Op {
		case syntax.InstEmptyWidth:
			c.asks = true
			continue
		case syntax.InstRune, syntax.InstRune1:
			ranges = i.Rune
			if len(ranges) == 1 {
				ranges = spellings(ranges[0], syntax.Flags(i.Arg)&syntax.FoldCase != 0)
			}
		case syntax.InstRuneAny:
			ranges = []rune{0, unicode.MaxRune}
		case syntax.InstRuneAnyNotNL:
			ranges = []rune{0, '\n' - 1, '\n' + 1, unicode.MaxRune}
		}
		for k := 0; k+1 < len(ranges); k += 2 {
			for _, seq := range sequences(ranges[k], ranges[k+1]) {
				c.insert(pc, seq, int(i.Out))
			}
		}
		if len(c.arcs) > maxNodes {
			return ErrTooLarge
		}
	}
	return nil
}

// spellings are the ranges of a character, and of its other cases if those do not matter.
func spellings(r rune, fold bool) []rune {
	out := []rune{r, r}
	for f := unicode.SimpleFold(r); fold && f != r; f = unicode.SimpleFold(f) {
		out = append(out, f, f)
	}
	return out
}

// insert adds a sequence of bytes that leads from an instruction to the next. Sequences come in ascending order, so that what one
// has in common with others it has with the last.
func (c *compiler) insert(from int, seq []span, to int) {
	for k, s := range seq {
		if k == len(seq)-1 {
			c.arcs[from] = append(c.arcs[from], arc{s.lo, s.hi, to})
			return
		}
		if n := len(c.arcs[from]); n == 0 || c.arcs[from][n-1].lo != s.lo || c.arcs[from][n-1].hi != s.hi {
			c.arcs[from] = append(c.arcs[from], arc{s.lo, s.hi, len(c.arcs)})
			c.arcs = append(c.arcs, nil)
		}
		from = c.arcs[from][len(c.arcs[from])-1].to
	}
}

// classify finds the classes of bytes that no arc, and no question of what lies before or ahead, tells apart.
func (c *compiler) classify() {
	var first [257]bool
	for _, list := range c.arcs {
		for _, a := range list {
			first[a.lo], first[int(a.hi)+1] = true, true
		}
	}
	for b := 1; c.asks && b < 256; b++ {
		first[b] = first[b] || before(byte(b)) != before(byte(b-1))
	}
	for b := range 256 {
		if first[b] || b == 0 {
			c.samples = append(c.samples, byte(b))
		}
		c.d.classes[b] = uint8(len(c.samples) - 1)
	}
	c.d.width = len(c.samples) + 1
}

// run makes the states, from those that a match can begin in.
func (c *compiler) run() error {
	c.number(state{}) // dead
	for b := range c.d.start {
		c.d.start[b] = c.number(state{[]int{c.prog.Start}, b})
	}
	for at := 0; at < len(c.states); at++ {
		c.expand(c.states[at])
		if len(c.d.next) > maxTransitions || c.work > maxWork {
			return ErrTooLarge
		}
	}
	return nil
}

// number is the number of a state, a new one if it has none.
func (c *compiler) number(s state) uint32 {
	slices.Sort(s.places)
	s.places = slices.Compact(s.places)
	if !c.asks || len(s.places) == 0 {
		s.before = afterOther
	}
	key := []byte{byte(s.before)}
	for _, p := range s.places {
		key = append(key, byte(p), byte(p>>8), byte(p>>16))
	}
	n, known := c.numbers[string(key)]
	if !known {
		n = uint32(len(c.states))
		c.numbers[string(key)] = n
		c.states = append(c.states, s)
	}
	return n
}

// expand adds the transitions of a state.
func (c *compiler) expand(s state) {
	to := make([][]int, len(c.samples))
	matches := make([]bool, len(c.samples)+1)
	for _, ahead := range []int{afterOther, afterNothing, afterWord, afterNewline} {
		if !c.asks && ahead != afterOther {
			break
		}
		places, matched := c.closure(s, ahead)
		for k := range matches {
			if here := c.ahead(k) == ahead || !c.asks; !here {
				continue
			}
			matches[k] = matched
			if k == len(c.samples) {
				continue
			}
			b := c.samples[k]
			for _, p := range places {
				c.work += len(c.arcs[p]) + 1
				for _, a := range c.arcs[p] {
					if a.lo <= b && b <= a.hi {
						to[k] = append(to[k], a.to)
					}
				}
			}
		}
	}
	for k, matched := range matches {
		n := uint32(0)
		if k < len(to) {
			n = c.number(state{to[k], before(c.samples[k])})
		}
		if matched {
			n |= ends
		}
		c.d.next = append(c.d.next, n)
	}
}

// ahead tells what symbol k is, as what lies before its successor.
func (c *compiler) ahead(k int) int {
	if k == len(c.samples) {
		return afterNothing
	}
	return before(c.samples[k])
}

// closure follows the instructions that take nothing; it reports whether one of them is a match.
func (c *compiler) closure(s state, ahead int) (places []int, matched bool) {
	flags := syntax.EmptyOpContext(sample(s.before), sample(ahead))
	seen := map[int]bool{}
	stack := slices.Clone(s.places)
	for len(stack) > 0 {
		p := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[p] {
			continue
		}
		seen[p] = true
		c.work++
		if p >= len(c.prog.Inst) {
			places = append(places, p)
			continue
		}
		switch i := &c.prog.Inst[p]; i.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			stack = append(stack, int(i.Out), int(i.Arg))
		case syntax.InstCapture, syntax.InstNop:
			stack = append(stack, int(i.Out))
		case syntax.InstEmptyWidth:
			if syntax.EmptyOp(i.Arg)&^flags == 0 {
				stack = append(stack, int(i.Out))
			}
		case syntax.InstMatch:
			matched = true
		case syntax.InstFail:
		default:
			places = append(places, p)
		}
	}
	return places, matched
}

// sample is a character of a kind; -1 for the text's beginning or end.
func sample(kind int) rune { return [...]rune{' ', -1, 'a', '\n'}[kind] }
