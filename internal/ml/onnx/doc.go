// Package onnx imports ONNX files into ml/graph.
//
// file.go turns hostile bytes into the structs of onnxpb, bounded; tensor.go does so for weights. import.go walks the
// nodes in order and calls one function an operator, found in the tables of ops.go and grouped by family: linear.go,
// elementwise.go, shape.go and so on; those of the ai.onnx.ml domain (what scikit-learn's converter writes) lie in the
// files that start with ml_. Operators are decomposed into the graph's few.
//
// The batch dimension is taken away here. An ONNX tensor is either constant or has the batch, N, as a dimension, the first or
// another, which may have others folded into it ([N·heads, …], [steps·N, …]): its layout (layout.go). Graph values hold the rest.
// Operators along other axes keep the layout, Reshape and Transpose change it; what asks for arg has the batch in front, which is
// true of images. Within a loop's body there is also what is the same for all rows, as its turn.
// Numbers of rows, by which a file takes each row's own entries, are followed until a Gather does so (rownumber.go).
// Shapes that a file computes from the size of the batch (Shape, Gather, Concat, then
// Reshape) are followed symbolically and vanish (dims.go). What would mix rows is refused.
//
// A model without a batch, or one that ImportWhole reads, has no tensors with one: inputs are whole (whole.go). Inputs that an
// operator needs as constants are then named by ConstantWanted.
//
// Functions are expanded (function.go); subgraphs see the names around them (scope.go). Branches and loops that are known here
// are imported where they stand; others become control operators, their subgraphs graphs of their own (body.go). Sequences and
// optionals are lists that only the importer has (sequence.go).
//
// Every error says what is wrong and where: node "Gemm_3" (Gemm): … A file that breaks the format is an
// InvalidParameterValue; an operator, type or attribute that is valid ONNX but lacks an import is FeatureNotSupported. An
// attribute that an importer does not look at is refused, never ignored.
package onnx
