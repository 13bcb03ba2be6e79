// Package lower turns a model's graph into staged code over the rows of a block: every element of a tensor is a lane value,
// so that a layer runs over a column store's block without a transpose.
//
// Small layers become chains of lane operations, fused into the query's own vector loops; chains with larger ones become one
// kernel call (network.go). Weights are data: they reach the program as blobs. The package must not know SQL, plans or C.
package lower
