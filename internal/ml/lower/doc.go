// Package lower turns a model's graph into staged code over the rows of a block, in two forms (decision 0019).
//
// In the lane form every element of a tensor is a lane value, so that a layer runs over a column store's block without a
// transpose: small layers become chains of lane operations, fused into the query's own vector loops, chains with larger ones
// one kernel call (network.go). In the array form tensors lie in memory, a band of rows at a time, and an operator is a loop or
// a kernel over them: form.go chooses which values have it, plan.go gives them places, array*.go build the code. Weights are
// data: they reach the program as blobs. The package must not know SQL, plans or C.
package lower
