package regex

import "unicode/utf8"

// span is the bytes from lo to hi.
type span struct{ lo, hi byte }

// sequences are the encodings of the characters from lo to hi: each is a sequence of spans of which every combination is one.
func sequences(lo, hi rune) [][]span {
	const surrogates, behind = 0xD800, 0xE000 // have no encoding
	switch {
	case lo > hi:
		return nil
	case lo < surrogates && hi >= surrogates:
		return append(sequences(lo, surrogates-1), sequences(max(lo, behind), hi)...)
	case lo >= surrogates && lo < behind:
		return sequences(behind, hi)
	}
	for _, last := range []rune{0x7F, 0x7FF, 0xFFFF} { // of each length
		if lo <= last && last < hi {
			return append(sequences(lo, last), sequences(last+1, hi)...)
		}
	}
	n := utf8.RuneLen(lo)
	for k := 1; k < n; k++ {
		tail := rune(1)<<(6*k) - 1 // what the last k bytes hold
		switch {
		case lo&^tail == hi&^tail:
		case lo&tail != 0:
			return append(sequences(lo, lo|tail), sequences(lo|tail+1, hi)...)
		case hi&tail != tail:
			return append(sequences(lo, hi&^tail-1), sequences(hi&^tail, hi)...)
		}
	}
	from, to := utf8.AppendRune(nil, lo), utf8.AppendRune(nil, hi)
	seq := make([]span, n)
	for i := range seq {
		seq[i] = span{from[i], to[i]}
	}
	return [][]span{seq}
}
