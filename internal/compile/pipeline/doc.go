// Package pipeline cuts a physical plan at its pipeline breakers.
//
// A pipeline is a straight line: a source, operators that pass blocks on, and a sink. It must not know how any of them is
// translated.
package pipeline
