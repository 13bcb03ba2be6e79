package graph

// BitCast reinterprets the bits of every element as another type of the same width.
type BitCast struct{ To Elem }

func (o *BitCast) Name() string  { return "bitcast" }
func (o *BitCast) attrs() string { return o.To.String() }

// Infer replaces the element type.
func (o *BitCast) Infer(args []Type) (Type, error) {
	if err := arity(args, 1); err != nil {
		return Type{}, err
	}
	if from := args[0].Elem; from == o.To || bitWidth(from) == 0 || bitWidth(from) != bitWidth(o.To) {
		return Type{}, invalid("the bits of argument %s are no %s", args[0], o.To)
	}
	return Type{Elem: o.To, Dims: args[0].Dims}, nil
}

// bitWidth is the width of types whose elements are held as they are; 0 for others.
func bitWidth(e Elem) int {
	switch e {
	case F32, I32:
		return 32
	case F64, I64:
		return 64
	}
	return 0
}
