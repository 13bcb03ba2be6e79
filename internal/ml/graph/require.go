package graph

// Require is its first argument; a row in which an element of the second, of bools, is false is an error with Message.
type Require struct{ Message string }

func (o *Require) Name() string  { return "require" }
func (o *Require) attrs() string { return o.Message }

// Infer keeps the first argument's type.
func (o *Require) Infer(args []Type) (Type, error) {
	if err := arity(args, 2); err != nil {
		return Type{}, err
	}
	if args[1].Elem != Bool {
		return Type{}, invalid("condition %s is no bool", args[1])
	}
	return args[0], nil
}
