package graph

import (
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Op is one operator with its attributes. Operators are pointers to the structs of this package; a consumer switches on
// their type. An operator is never changed once it is in a graph.
type Op interface {
	// Infer gives the type of the result for arguments of the given types, or says why they do not fit.
	Infer(args []Type) (Type, error)
	// Name is the operator's name in the text form.
	Name() string
	// attrs is the rest of the operator in the text form, "" if there is none.
	attrs() string
}

// Value is one operator applied to the values of earlier operators, and its result.
type Value struct {
	// ID is the value's position in Graph.Values.
	ID   int
	Op   Op
	Args []*Value
	Type Type
	// Name is where the value comes from in the model file, for messages and comments; "" if an importer or a rewrite
	// made it.
	Name string
}

// Constant returns the tensor of a constant value, nil for any other.
func (v *Value) Constant() *Tensor {
	if c, ok := v.Op.(*Constant); ok {
		return c.Value
	}
	return nil
}

// Output is a named result of a graph.
type Output struct {
	Name  string
	Value *Value
}

// Graph is a model's computation for one row. See the package comment for what holds.
type Graph struct {
	Name string
	// Values stand in an order in which every argument precedes its users.
	Values []*Value
	// Inputs are the Input values by Index. They are in Values too, used or not.
	Inputs  []*Value
	Outputs []Output
}

// New returns an empty graph.
func New(name string) *Graph { return &Graph{Name: name} }

// Input adds the next input tensor.
func (g *Graph) Input(name string, t Type) (*Value, error) {
	v, err := g.Add(&Input{Index: len(g.Inputs), Label: name, Of: t})
	if err != nil {
		return nil, err
	}
	v.Name = name
	g.Inputs = append(g.Inputs, v)
	return v, nil
}

// Constant adds a constant.
func (g *Graph) Constant(t *Tensor) (*Value, error) { return g.Add(&Constant{Value: t}) }

// Add applies op to values of this graph and appends the result. It fails if the arguments do not fit.
func (g *Graph) Add(op Op, args ...*Value) (*Value, error) {
	types := make([]Type, len(args))
	for i, a := range args {
		types[i] = a.Type
	}
	t, err := op.Infer(types)
	if err == nil {
		err = CheckDims(t.Dims)
	}
	if err != nil {
		e := sqlstate.Of(err)
		return nil, sqlstate.Wrap(err, e.Code, "%s", op.Name())
	}
	v := &Value{ID: len(g.Values), Op: op, Args: args, Type: t}
	g.Values = append(g.Values, v)
	return v, nil
}

// Output declares v as the next output.
func (g *Graph) Output(name string, v *Value) {
	g.Outputs = append(g.Outputs, Output{Name: name, Value: v})
}
