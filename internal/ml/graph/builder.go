package graph

// Builder adds values to a graph until one does not fit. From then on it keeps the error and adds nothing, so that whoever
// builds looks at Err once, at the end.
type Builder struct {
	Graph *Graph
	Err   error
}

// Input adds the next input tensor; nil after an error, as from all methods.
func (b *Builder) Input(name string, t Type) *Value {
	return b.keep(func() (*Value, error) { return b.Graph.Input(name, t) })
}

// Constant adds a constant.
func (b *Builder) Constant(t *Tensor) *Value { return b.Add(&Constant{Value: t}) }

// Add applies op to values of the graph.
func (b *Builder) Add(op Op, args ...*Value) *Value {
	return b.keep(func() (*Value, error) { return b.Graph.Add(op, args...) })
}

// Unary applies an elementwise function.
func (b *Builder) Unary(fn UnaryFn, x *Value) *Value { return b.Add(&Unary{Fn: fn}, x) }

// Binary applies an elementwise function of two operands.
func (b *Builder) Binary(fn BinaryFn, x, y *Value) *Value { return b.Add(&Binary{Fn: fn}, x, y) }

// Like is a scalar constant of x's element type.
func (b *Builder) Like(x *Value, v float64) *Value {
	if b.Err != nil {
		return nil
	}
	return b.Constant(Scalar(x.Type.Elem, v))
}

func (b *Builder) keep(add func() (*Value, error)) *Value {
	if b.Err != nil {
		return nil
	}
	v, err := add()
	b.Err = err
	return v
}
