// Package translate turns the pipelines of a physical plan into a staged program, one file an operator.
//
// An operator is written in push style: it is handed a block of rows, builds what it computes from them with the staged
// layer, and hands a block on (produce/consume: the first Futamura projection of an interpreter). It must not print C
// (compile/cgen), run anything (compile/exec) or know the protocol.
//
// What a program depends on (types, layouts, ranges of values, the plan) is its shape; every literal goes to the parameter
// block (params.go) or to a table that prepare() builds from it.
package translate
