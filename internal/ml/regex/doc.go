// Package regex makes tables of regular expressions that the runtime walks a byte at a time.
//
// The language is RE2's, which is also Go's. A table is a deterministic automaton over the bytes of UTF-8: a text costs as
// many steps as it has bytes, whatever the expression. What makes too large a table is refused when it is compiled. Matches
// are leftmost-longest, so that no table has to know of an order among alternatives.
package regex
