// Package trees lays tree ensembles out as the kernels read them (flk_trees_* in compile/crt/src/trees.h): one blob a model
// version, linear in the model and made in milliseconds. Decision 0020 tells the forms and what they are for.
package trees
