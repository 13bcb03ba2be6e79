// Package registry turns a model file into a model version: the normalised graph with a SQL signature, and back to bytes
// for the catalog. A version packs its weights as kernels read them, once for all queries (constant.go, packed.go).
//
// It knows of file formats only which importer reads them. Where versions are kept, and what the planner makes of a
// signature, lies above.
package registry
