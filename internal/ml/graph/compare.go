package graph

// CompareFn is an elementwise comparison.
type CompareFn uint8

// The comparisons, with IEEE's rules for floats. Strings and bools compare for equality only.
const (
	Eq CompareFn = iota
	Ne
	Lt
	Le
	Gt
	Ge
)

var compareNames = [...]string{Eq: "eq", Ne: "ne", Lt: "lt", Le: "le", Gt: "gt", Ge: "ge"}

func (f CompareFn) String() string { return compareNames[f] }

// Compare compares two arguments of one element type whose shapes broadcast.
type Compare struct{ Fn CompareFn }

func (o *Compare) Name() string  { return o.Fn.String() }
func (o *Compare) attrs() string { return "" }

// Infer gives bool of the broadcast shape.
func (o *Compare) Infer(args []Type) (Type, error) {
	if err := arity(args, 2); err != nil {
		return Type{}, err
	}
	a, b := args[0], args[1]
	if a.Elem != b.Elem || (!a.Elem.IsNumber() && o.Fn != Eq && o.Fn != Ne) {
		return Type{}, invalid("arguments %s and %s have the wrong element types", a, b)
	}
	dims, err := Broadcast(a.Dims, b.Dims)
	return Type{Elem: Bool, Dims: dims}, err
}

// Where chooses, element by element, the second argument where the first is true and the third where it is false.
type Where struct{}

func (o *Where) Name() string  { return "where" }
func (o *Where) attrs() string { return "" }

// Infer gives the shape that all three arguments broadcast to.
func (o *Where) Infer(args []Type) (Type, error) {
	if err := arity(args, 3); err != nil {
		return Type{}, err
	}
	c, a, b := args[0], args[1], args[2]
	if c.Elem != Bool || a.Elem != b.Elem {
		return Type{}, invalid("arguments %s, %s and %s have the wrong element types", c, a, b)
	}
	dims, err := Broadcast(a.Dims, b.Dims)
	if err != nil {
		return Type{}, err
	}
	dims, err = Broadcast(c.Dims, dims)
	return Type{Elem: a.Elem, Dims: dims}, err
}
