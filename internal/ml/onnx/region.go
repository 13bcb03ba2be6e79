package onnx

// region is a subgraph that stays a graph of its own.
type region struct{}

func (r *region) capture(x value) value { return x }
