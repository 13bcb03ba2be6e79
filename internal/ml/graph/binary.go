package graph

// BinaryFn is an elementwise function of two arguments.
type BinaryFn uint8

// The binary functions. And, Or and Xor take bool; the others take numbers, Pow floats, Mod and those of bits integers only. Integers wrap.
// An integer divided by zero is an error of the row.
const (
	Add BinaryFn = iota
	Sub
	Mul
	Div // truncates integers
	Mod // what division rounded down leaves: it has the divisor's sign
	Rem // what division rounded toward zero leaves: it has the dividend's sign
	Min // NaN if either is NaN
	Max // NaN if either is NaN
	Pow
	And
	Or
	Xor
	// Of integers' bits. A shift by the type's width or more gives 0, or for ShiftRight of a negative number -1.
	BitAnd
	BitOr
	BitXor
	ShiftLeft
	ShiftRight
)

var binaryNames = [...]string{Add: "add", Sub: "sub", Mul: "mul", Div: "div", Mod: "mod", Rem: "rem", Min: "min", Max: "max", Pow: "pow", And: "and",
	Or: "or", Xor: "xor", BitAnd: "bitand", BitOr: "bitor", BitXor: "bitxor", ShiftLeft: "shl", ShiftRight: "shr"}

func (f BinaryFn) String() string { return binaryNames[f] }

// Commutes reports whether the operands may change places.
func (f BinaryFn) Commutes() bool { return f != Sub && f != Pow && !f.Divides() && f < ShiftLeft }

// Divides reports whether f divides.
func (f BinaryFn) Divides() bool { return f >= Div && f <= Rem }

// Binary applies Fn to two arguments of one element type whose shapes broadcast.
type Binary struct{ Fn BinaryFn }

func (o *Binary) Name() string  { return o.Fn.String() }
func (o *Binary) attrs() string { return "" }

// Infer gives the broadcast shape.
func (o *Binary) Infer(args []Type) (Type, error) {
	if err := arity(args, 2); err != nil {
		return Type{}, err
	}
	a, b := args[0], args[1]
	ok := a.Elem.IsNumber()
	switch o.Fn {
	case And, Or, Xor:
		ok = a.Elem == Bool
	case Pow:
		ok = a.Elem.IsFloat()
	case Mod, BitAnd, BitOr, BitXor, ShiftLeft, ShiftRight:
		ok = a.Elem.IsInt()
	}
	if !ok || a.Elem != b.Elem {
		return Type{}, invalid("arguments %s and %s have the wrong element types", a, b)
	}
	dims, err := Broadcast(a.Dims, b.Dims)
	return Type{Elem: a.Elem, Dims: dims}, err
}
