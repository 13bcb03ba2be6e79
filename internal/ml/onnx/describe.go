package onnx

import (
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
)

// Description is what a file declares, whether it can be imported or not.
type Description struct {
	// Inputs are those that rows bring; Outputs and they are names, in the file's order.
	Inputs, Outputs []string
	// Operators are those of the nodes, in their order.
	Operators []string
	types     map[string]*onnxpb.TypeProto
}

// Describe reads a file's declarations.
func Describe(file []byte) (*Description, error) {
	p, err := decode(file)
	if err != nil {
		return nil, err
	}
	d := &Description{types: map[string]*onnxpb.TypeProto{}}
	for _, in := range broughtInputs(p.Graph) {
		d.Inputs = append(d.Inputs, in.Name)
		d.types[in.Name] = in.Type
	}
	for _, out := range p.Graph.Output {
		d.Outputs = append(d.Outputs, out.Name)
		d.types[out.Name] = out.Type
	}
	for _, n := range p.Graph.Node {
		d.Operators = append(d.Operators, n.OpType)
	}
	return d, nil
}

// Data is a value of an input or output: a tensor, or a sequence of tensors, or nothing.
type Data struct {
	Tensor   *graph.Tensor
	Sequence []*graph.Tensor // not nil for a sequence
}

// Read reads a file that holds a value of an input or output, as test data do.
func (d *Description) Read(name string, file []byte) (Data, error) {
	switch d.types[name].GetValue().(type) {
	case *onnxpb.TypeProto_SequenceType:
		p := &onnxpb.SequenceProto{}
		if err := decodeInto(file, p); err != nil {
			return Data{}, err
		}
		return sequenceData(p)
	case *onnxpb.TypeProto_OptionalType:
		p := &onnxpb.OptionalProto{}
		if err := decodeInto(file, p); err != nil {
			return Data{}, err
		}
		switch {
		case p.TensorValue != nil:
			return tensorData(p.TensorValue)
		case p.SequenceValue != nil:
			return sequenceData(p.SequenceValue)
		}
		return Data{}, nil
	}
	p := &onnxpb.TensorProto{}
	if err := decodeInto(file, p); err != nil {
		return Data{}, err
	}
	return tensorData(p)
}

func tensorData(p *onnxpb.TensorProto) (Data, error) {
	t, err := tensorOf(p)
	return Data{Tensor: t}, err
}

func sequenceData(p *onnxpb.SequenceProto) (Data, error) {
	list := []*graph.Tensor{}
	for _, e := range p.TensorValues {
		t, err := tensorOf(e)
		if err != nil {
			return Data{}, err
		}
		list = append(list, t)
	}
	return Data{Sequence: list}, nil
}
