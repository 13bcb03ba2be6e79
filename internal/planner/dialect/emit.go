package dialect

import "strconv"

// unit generates the text of one query or list of expressions for TiDB's parser and holds what is needed to turn its tree
// into ours.
//
// The text is made of SQL keywords, infix operators and placeholders. A placeholder is a name like p17: the index of a
// hole, which knows what stands there. Alone it is a leaf (a column, a literal, a table); called, p17(x, y), it builds a
// node from its operands. Everything that TiDB's grammar lacks, or reads differently, is a placeholder.
type unit struct {
	*parser
	out      []piece
	prefixes []prefix
	holes    []hole
	// height is that of the highest construct read since it was last set to 0 (see maxHeight).
	height int
	// nesting counts the queries in parentheses around the one being read.
	nesting int
	// targetDepth is the depth of the chain that is a target of its own.
	targetDepth int
	// similarDepth is the depth of the chain that is the first argument of SUBSTRING.
	similarDepth int
	// windowless tells that the call read next is a table function, which takes neither FILTER nor OVER.
	windowless bool
	// rowEnd is the token after the row read last.
	rowEnd int
}

// piece is one word of the generated text: s, or the placeholder ref if s is empty.
type piece struct {
	s   string
	ref int32
	// prefix heads the list of openings put in front of this piece later on, outermost first; 0 if there are none.
	prefix int32
}

// prefix is an opening parenthesis, of the placeholder ref if that is not -1.
type prefix struct{ ref, next int32 }

// hole is what a placeholder stands for: one of leaf, build and apply is set, or ext where it is no expression.
type hole struct {
	// tok is the index of the first token of what stands here.
	tok int32
	// wraps tells that the first operand precedes tok: a postfix construct.
	wraps bool
	leaf  Expr
	// build makes the node from its operands, which are as many as the rewriting step emitted.
	build func(args []Expr) Expr
	// apply is for placeholders that stand to the right of an infix operator: they get the left operand too.
	apply func(left Expr, args []Expr) Expr
	ext   any
}

// grow returns the height of a node over constructs of heights h and u.height, and sets u.height to 0 for the next one.
func (u *unit) grow(i, h, by int) int {
	h = max(h, u.height) + by
	if h > maxHeight {
		panic(bail{tooDeep(int(u.t[i].pos))})
	}
	u.height = 0
	return h
}

func newUnit(p *parser) *unit {
	return &unit{parser: p, prefixes: make([]prefix, 1)}
}

// here returns the index of the piece emitted next, for wrap and parenthesize.
func (u *unit) here() int { return len(u.out) }

func (u *unit) emit(words ...string) {
	for _, w := range words {
		u.out = append(u.out, piece{s: w})
	}
}

// hole adds a hole for the construct at token i.
func (u *unit) hole(i int, h hole) int32 {
	h.tok = int32(i)
	u.holes = append(u.holes, h)
	return int32(len(u.holes) - 1)
}

// ref emits the placeholder of a hole.
func (u *unit) ref(h int32) { u.out = append(u.out, piece{ref: h}) }

// leaf emits a placeholder that stands for e.
func (u *unit) leaf(i int, e Expr) { u.ref(u.hole(i, hole{leaf: e})) }

// open emits the start of a call that builds a node; the caller emits its operands, with commas between, and close.
func (u *unit) open(i int, build func(args []Expr) Expr) {
	u.ref(u.hole(i, hole{build: build}))
	u.emit("(")
}

func (u *unit) comma() { u.emit(",") }

func (u *unit) close() { u.emit(")") }

// wrap puts the start of a call in front of the piece at start, whose text so far is its first operand; the caller emits
// the others, each after a comma, and close.
func (u *unit) wrap(start, i int, build func(args []Expr) Expr) {
	u.prepend(start, u.hole(i, hole{build: build, wraps: true}))
}

// parenthesize puts parentheses around what was emitted from start on.
func (u *unit) parenthesize(start int) {
	u.prepend(start, -1)
	u.close()
}

func (u *unit) prepend(start int, ref int32) {
	u.prefixes = append(u.prefixes, prefix{ref: ref, next: u.out[start].prefix})
	u.out[start].prefix = int32(len(u.prefixes) - 1)
}

// text returns the generated text.
func (u *unit) text() string {
	b := make([]byte, 0, 8*(len(u.out)+2*len(u.prefixes)))
	for _, p := range u.out {
		for k := p.prefix; k != 0; k = u.prefixes[k].next {
			if r := u.prefixes[k].ref; r >= 0 {
				b = appendPlaceholder(b, r)
			}
			b = append(b, '(')
		}
		if p.s == "" {
			b = appendPlaceholder(b, p.ref)
		} else {
			b = append(b, p.s...)
		}
		b = append(b, ' ')
	}
	return string(b)
}

func appendPlaceholder(b []byte, ref int32) []byte {
	return strconv.AppendInt(append(b, 'p'), int64(ref), 10)
}
