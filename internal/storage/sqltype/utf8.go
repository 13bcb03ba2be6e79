package sqltype

import "unicode/utf8"

// invalidAt returns the offset of the first byte of s that starts no valid UTF-8 sequence or is zero, -1 if there is none.
func invalidAt(s string) int {
	for i := 0; i < len(s); {
		c := s[i]
		if c == 0 {
			return i
		}
		if c < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// sequenceLength is the number of bytes that a UTF-8 sequence starting with c claims to have.
func sequenceLength(c byte) int {
	switch {
	case c&0xE0 == 0xC0:
		return 2
	case c&0xF0 == 0xE0:
		return 3
	case c&0xF8 == 0xF0:
		return 4
	}
	return 1
}
