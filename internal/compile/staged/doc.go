// Package staged is the intermediate layer between operators and C, after lightweight modular staging (LMS): Go values of
// type *Node stand for values of the program being generated, and building them folds constants, shares common
// subexpressions and leaves dead code behind.
//
// There are two sorts of values. A scalar is one value; scalar operations are placed as they are built, in the outermost
// scope where their operands are known. A lane value has one element for each row of a Block; lane operations without
// effect are not placed at all: cgen schedules them where an effect needs them, fused into one vector loop (best tier) or
// as a kernel call each (fast tier). What can raise is an effect: it stays where it was built, under its own mask.
//
// The package is a leaf. It must not know SQL, plans, models or how anything is printed: translators, model lowering and
// the C printer all stand on it.
package staged
