// Package tokens lays a graph's Vectorize out as the runtime reads it: one blob with the tokenizer's tables, a hash table of the
// tokens, and their sequences as a tree. internal/compile/crt/src/tokens.h describes it.
package tokens
