package onnx

import (
	"fmt"
	"strings"

	"github.com/flernd/flernd/internal/ml/graph"
)

// value is an ONNX tensor as the importer sees it.
type value struct {
	// v holds one row of the tensor; the whole tensor if it is not batched. nil for a value of sym.
	v *graph.Value
	// batched tells that the tensor's first dimension is the batch. What is not batched is a Constant.
	batched bool
	// atEnd tells of a batched tensor [1,N] or [1,N,1]: the dimension before the batch is dropped from v. Only
	// ArrayFeatureExtractor makes such, and few operators take them.
	atEnd bool
	// sym is a vector (or, with scalar, one element) of integers that depend on the batch's size.
	sym    []dim
	scalar bool
}

// rank is the tensor's rank in ONNX, the batch included.
func (x value) rank() int {
	switch {
	case x.v == nil && x.scalar:
		return 0
	case x.v == nil:
		return 1
	case x.batched:
		return 1 + x.v.Type.Rank()
	}
	return x.v.Type.Rank()
}

// String is the type as ONNX has it, for messages.
func (x value) String() string {
	if x.v == nil {
		return fmt.Sprintf("i64[%d] of the batch's size", len(x.sym))
	}
	s := x.v.Type.String()
	if !x.batched {
		return s
	}
	e, dims, _ := strings.Cut(s, "[")
	if x.atEnd {
		return e + "[1,N" + commaBefore(dims)
	}
	return e + "[N" + commaBefore(dims)
}

func commaBefore(dims string) string {
	if dims == "]" {
		return dims
	}
	return "," + dims
}

// constant is the tensor of a constant, nil for anything else.
func (x value) constant() *graph.Tensor {
	if x.v == nil {
		return nil
	}
	return x.v.Constant()
}

// elem is the element type.
func (x value) elem() graph.Elem {
	if x.v == nil {
		return graph.I64
	}
	return x.v.Type.Elem
}

// row is the shape of one row.
func (x value) row() []int { return x.v.Type.Dims }
