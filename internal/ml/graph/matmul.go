package graph

// MatMul multiplies matrices that rows compute: out[…,i,j] = Σ a[…,i,k]·b[…,k,j], k ascending from zero, in the arguments'
// type (f32 or f64). Axes before the last two broadcast.
type MatMul struct{}

func (o *MatMul) Name() string  { return "matmul" }
func (o *MatMul) attrs() string { return "" }

// Infer gives the broadcast axes and the product's two.
func (o *MatMul) Infer(args []Type) (Type, error) {
	if err := arity(args, 2); err != nil {
		return Type{}, err
	}
	a, b := args[0], args[1]
	if a.Elem != b.Elem || !a.Elem.IsFloat() {
		return Type{}, invalid("arguments %s and %s must be floats of one type", a, b)
	}
	if a.Rank() < 2 || b.Rank() < 2 || a.Last() != b.Dims[b.Rank()-2] {
		return Type{}, invalid("arguments %s and %s are no matrices that fit together", a, b)
	}
	dims, err := Broadcast(a.Dims[:a.Rank()-2], b.Dims[:b.Rank()-2])
	return Type{Elem: a.Elem, Dims: append(dims, a.Dims[a.Rank()-2], b.Last())}, err
}
