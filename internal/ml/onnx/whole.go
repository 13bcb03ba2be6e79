package onnx

import (
	"context"
	"fmt"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Binding is what is known of an input of a model that is evaluated whole, beside its declaration.
type Binding struct {
	// Dims is the shape, for an input that the file leaves dimensions open of; nil if the file's is meant.
	Dims []int
	// Value makes the input a constant: it is part of the program's shape then. nil if rows bring it.
	Value *graph.Tensor
	// Elements are those of a sequence, nil for anything else. Rows bring each as an input of its own.
	Elements []*Binding
	// Absent tells of an optional that it has no value.
	Absent bool
}

// ElementName is the name of an element of an input or output that is a sequence.
func ElementName(sequence string, i int) string { return fmt.Sprintf("%s_%d", sequence, i) }

// ImportWhole reads an ONNX file as a model whose inputs are whole tensors of static shape for each row. The bindings are by the
// inputs' names.
func ImportWhole(file []byte, bindings map[string]*Binding) (*Model, error) {
	p, err := decode(file)
	if err != nil {
		return nil, err
	}
	if bindings == nil {
		bindings = map[string]*Binding{}
	}
	return importModel(context.Background(), p, len(file), bindings)
}

// closed tells a model without a batch: no input that rows bring has an open first dimension.
func closed(g *onnxpb.GraphProto) bool {
	brought := broughtInputs(g)
	return len(brought) > 0 && !slices.ContainsFunc(brought, func(p *onnxpb.ValueInfoProto) bool {
		d := p.Type.GetTensorType().GetShape().GetDim()
		return len(d) > 0 && !isFixed(d[0])
	})
}

// broughtInputs are those that no initializer gives.
func broughtInputs(g *onnxpb.GraphProto) (brought []*onnxpb.ValueInfoProto) {
	given := map[string]bool{}
	for _, t := range g.Initializer {
		given[t.Name] = true
	}
	for _, p := range g.Input {
		if !given[p.Name] {
			brought = append(brought, p)
		}
	}
	return brought
}

// wholeInput is an input of a model that is evaluated whole.
func (imp *importer) wholeInput(p *onnxpb.ValueInfoProto) (value, error) {
	bound := imp.bindings[p.Name]
	if bound == nil {
		bound = &Binding{}
	}
	return imp.wholeValue(p.Name, p.Type, bound)
}

func (imp *importer) wholeValue(name string, p *onnxpb.TypeProto, bound *Binding) (value, error) {
	switch of := p.GetValue().(type) {
	case *onnxpb.TypeProto_OptionalType:
		if bound.Absent {
			return value{kind: absentKind}, nil
		}
		if bound.Dims != nil || bound.Elements != nil {
			return imp.wholeValue(name, of.OptionalType.GetElemType(), bound)
		}
		return value{}, sqlstate.Unsupported("an input that is optional")
	case *onnxpb.TypeProto_SequenceType:
		if bound.Elements == nil {
			return value{}, sqlstate.Unsupported("a sequence as an input, whose length is not known,")
		}
		var list []value
		for i, b := range bound.Elements {
			x, err := imp.wholeValue(ElementName(name, i), of.SequenceType.GetElemType(), b)
			if err != nil {
				return value{}, err
			}
			list = append(list, x)
		}
		return sequenceOf(list), nil
	}
	return imp.wholeTensor(name, p, bound)
}

func (imp *importer) wholeTensor(name string, p *onnxpb.TypeProto, bound *Binding) (value, error) {
	t, err := wholeType(p, bound.Dims)
	if err != nil {
		return value{}, err
	}
	if c := bound.Value; c != nil {
		if !c.Type.Equal(t) {
			return value{}, invalid("it is of type %s, its constant of %s", t, c.Type)
		}
		v, err := imp.g.Constant(c)
		return value{v: v}, err
	}
	if err := checkRow(t); err != nil {
		return value{}, err
	}
	v, err := imp.g.Input(name, t)
	return value{v: v}, err
}

// wholeType is the declared type with its open dimensions bound by dims, if those are not nil.
func wholeType(p *onnxpb.TypeProto, dims []int) (graph.Type, error) {
	tensor := p.GetTensorType()
	if tensor == nil {
		return graph.Type{}, sqlstate.Unsupported("an input that is no tensor")
	}
	e, err := elemOf(tensor.ElemType)
	if err != nil {
		return graph.Type{}, err
	}
	declared := tensor.Shape.GetDim()
	if dims == nil {
		if tensor.Shape == nil {
			return graph.Type{}, sqlstate.Unsupported("an input without a shape")
		}
		dims = []int{}
		for i, d := range declared {
			if _, named := d.Value.(*onnxpb.TensorShapeProto_Dimension_DimValue); !named {
				return graph.Type{}, sqlstate.Unsupported("an open dimension %d of a model without a batch", i)
			}
			dims = append(dims, clamp(d.GetDimValue()))
		}
	} else if tensor.Shape != nil && len(declared) != len(dims) {
		return graph.Type{}, invalid("it has %d dimensions, its binding %d", len(declared), len(dims))
	}
	for i, d := range declared {
		if isFixed(d) && d.GetDimValue() != int64(dims[i]) {
			return graph.Type{}, invalid("dimension %d is %d, its binding %d", i, d.GetDimValue(), dims[i])
		}
	}
	return graph.Of(e, dims...), graph.CheckDims(dims)
}

// ConstantWanted is the failure of an import that could go on if inputs, whose values determine shapes, were constants.
type ConstantWanted struct {
	Inputs []string
	// Weights tells that they are weights, however large.
	Weights bool
	Err     error
}

func (e *ConstantWanted) Error() string { return e.Err.Error() }

// Unwrap gives the coded error.
func (e *ConstantWanted) Unwrap() error { return e.Err }

// orWant ends the import of the node with an error, which there would not be if x, its input i, were constant.
func (n *node) orWant(err error, i int, x value) {
	n.attempt(func() { n.want(i, x) })
	n.check(err)
}

// want ends the import of the node because x, its input i, is not constant.
func (n *node) want(i int, x value) {
	seen := map[*graph.Value]bool{}
	var walk func(v *graph.Value)
	walk = func(v *graph.Value) {
		if v == nil || seen[v] {
			return
		}
		seen[v] = true
		if of := n.imp.origins[v]; of != nil {
			walk(of)
		} else if in, ok := v.Op.(*graph.Input); ok {
			n.imp.wanted = append(n.imp.wanted, in.Label)
		}
		for _, a := range v.Args {
			walk(a)
		}
	}
	walk(x.v)
	n.unsupported("%s of type %s that is not constant", n.argName(i), x)
}
