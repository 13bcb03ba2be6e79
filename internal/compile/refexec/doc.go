// Package refexec runs physical plans row by row in Go: the reference that compiled programs are tested against.
//
// It is written to be read: no blocks, no layouts, no cleverness, and nothing of staged or generated code. It knows plans,
// SQL values and how segments lie in their files; models are evaluated by whoever calls it. Sums of floats
// are exact on both sides; functions such as exp are not the same code, so that floats compare with a tolerance (Compare).
package refexec
