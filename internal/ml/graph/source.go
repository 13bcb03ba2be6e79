package graph

import "fmt"

// Input is the tensor that a row brings as the model's input number Index.
type Input struct {
	Index int
	Label string // the input's name in the model file
	Of    Type
}

func (o *Input) Name() string  { return "input" }
func (o *Input) attrs() string { return fmt.Sprintf("%d %q", o.Index, o.Label) }

// Infer gives the declared type.
func (o *Input) Infer(args []Type) (Type, error) {
	if o.Of.Elem == Invalid {
		return Type{}, invalid("input %q has no element type", o.Label)
	}
	return o.Of, arity(args, 0)
}

// Constant is a tensor that is the same in every row.
type Constant struct{ Value *Tensor }

func (o *Constant) Name() string  { return "constant" }
func (o *Constant) attrs() string { return o.Value.text() }

// Infer gives the tensor's type.
func (o *Constant) Infer(args []Type) (Type, error) {
	if err := o.Value.check(); err != nil {
		return Type{}, err
	}
	return o.Value.Type, arity(args, 0)
}

func arity(args []Type, n int) error {
	if len(args) != n {
		return invalid("takes %d arguments, not %d", n, len(args))
	}
	return nil
}
