package regex

import (
	"encoding/binary"
	"unicode/utf8"
)

// DFA is a compiled expression. Its symbols are classes of bytes and, last, the end of the text; state 0 is dead.
type DFA struct {
	Pattern string
	classes [256]uint8
	width   int       // symbols
	start   [4]uint32 // the states to begin in, by what lies before
	next    []uint32  // by state and symbol: the next state, and ends
}

// ends marks a transition before which a match ends: what lies ahead may decide, so that it is known one symbol late.
const ends = 1 << 31

// What lies before a place of a text: anchors and word boundaries ask. A newline counts for (?m).
const (
	afterOther = iota
	afterNothing
	afterWord
	afterNewline
)

// before tells what lies before a byte's successor.
func before(c byte) int {
	switch {
	case c == '\n':
		return afterNewline
	case c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		return afterWord
	}
	return afterOther
}

// Longest is the end of the longest match that begins at a place of a text; -1 if none does.
func (d *DFA) Longest(s string, at int) int {
	state, end := d.start[afterNothing], -1
	if at > 0 {
		state = d.start[before(s[at-1])]
	}
	for i := at; state != 0; i++ {
		symbol := d.width - 1
		if i < len(s) {
			symbol = int(d.classes[s[i]])
		}
		t := d.next[int(state)*d.width+symbol]
		if t&ends != 0 {
			end = i
		}
		if state = t &^ ends; i == len(s) {
			break
		}
	}
	return end
}

// Full reports whether a whole text matches.
func (d *DFA) Full(s string) bool {
	state := d.start[afterNothing]
	for i := range len(s) {
		state = d.next[int(state)*d.width+int(d.classes[s[i]])] &^ ends
	}
	return d.next[int(state)*d.width+d.width-1]&ends != 0
}

// Tokens are the matches of at least so many characters, one after the other, as a tokenizer takes them: after a match that is
// shorter the search goes on at its second character.
func (d *DFA) Tokens(s string, minChars int) (out []string) {
	for at := 0; at < len(s); {
		if end := d.Longest(s, at); end > at && utf8.RuneCountInString(s[at:end]) >= minChars {
			out = append(out, s[at:end])
			at = end
			continue
		}
		_, n := utf8.DecodeRuneInString(s[at:])
		at += n
	}
	return out
}

// Table is the automaton for the runtime: symbols and states (u32), the states to begin in (4 u32), the bytes' classes (256 u8),
// the transitions (u32).
func (d *DFA) Table() []byte {
	b := binary.LittleEndian.AppendUint32(nil, uint32(d.width))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(d.next)/d.width))
	for _, s := range d.start {
		b = binary.LittleEndian.AppendUint32(b, s)
	}
	b = append(b, d.classes[:]...)
	for _, t := range d.next {
		b = binary.LittleEndian.AppendUint32(b, t)
	}
	return b
}

// Split cuts a text at the matches and gives the pieces of at least so many characters, which is at least 1. An empty match
// takes the character behind it away.
func (d *DFA) Split(s string, minChars int) (out []string) {
	piece := func(p string) {
		if utf8.RuneCountInString(p) >= minChars {
			out = append(out, p)
		}
	}
	from := 0
	for at := 0; at <= len(s); {
		_, n := utf8.DecodeRuneInString(s[at:])
		end := d.Longest(s, at)
		switch {
		case end < 0:
			at += max(n, 1)
			continue
		case end > at:
			n = end - at
		}
		piece(s[from:at])
		from = at + max(n, 1)
		at = from
	}
	if from < len(s) {
		piece(s[from:])
	}
	return out
}
