package onnx

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/flernd/flernd/internal/ml/graph"
)

// kind is what a value is.
type kind uint8

const (
	tensorKind   kind = iota
	sequenceKind      // of values, as many as its length is known to be
	absentKind        // an optional without a value; one with a value is that value
	tokensKind        // what a Tokenizer makes of a text: as many as each row's text has
	numbersKind       // integers that depend on the number of the row in its batch
)

// value is an ONNX tensor as the importer sees it; a sequence of such, or nothing.
type value struct {
	kind kind
	seq  []value // the elements of a sequence
	// v holds one row of the tensor; the whole tensor if it is not batched. nil for a value of sym.
	v *graph.Value
	// batched tells that one of the tensor's dimensions is the batch; v has the others. What is not batched is a Constant.
	batched bool
	layout
	// sym is a vector (or, with scalar, one element) of integers that depend on the batch's size.
	sym    []dim
	scalar bool
	tokens *tokens       // of tokensKind
	stride *graph.Tensor // of numbersKind
}

// rank is the tensor's rank in ONNX, the batch included.
func (x value) rank() int {
	switch {
	case x.v == nil && x.scalar:
		return 0
	case x.v == nil:
		return 1
	case x.batched && x.folded == 0:
		return 1 + x.v.Type.Rank()
	}
	return x.v.Type.Rank()
}

// String is the type as ONNX has it, for messages.
func (x value) String() string {
	switch x.kind {
	case sequenceKind:
		return fmt.Sprintf("a sequence of %d values", len(x.seq))
	case absentKind:
		return "an optional without a value"
	case tokensKind:
		return "tokens of a text"
	case numbersKind:
		return "numbers of rows"
	}
	if x.v == nil {
		return fmt.Sprintf("i64[%d] of the batch's size", len(x.sym))
	}
	var dims []string
	for _, d := range x.fullDims() {
		if d.batch && d.n > 1 {
			dims = append(dims, "N·"+strconv.Itoa(d.n))
		} else if d.batch {
			dims = append(dims, "N")
		} else {
			dims = append(dims, strconv.Itoa(d.n))
		}
	}
	return fmt.Sprintf("%s[%s]", x.elem(), strings.Join(dims, ","))
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
