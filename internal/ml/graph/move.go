package graph

import (
	"fmt"
	"hash/fnv"
	"slices"
)

// Concat lines up the flat elements of its arguments. Concatenation along any axis but the first is this and a Pick.
type Concat struct{}

func (o *Concat) Name() string  { return "concat" }
func (o *Concat) attrs() string { return "" }

// Infer gives a vector as long as all arguments together.
func (o *Concat) Infer(args []Type) (Type, error) {
	if len(args) == 0 {
		return Type{}, invalid("takes at least one argument")
	}
	n := 0
	for _, a := range args {
		if a.Elem != args[0].Elem {
			return Type{}, invalid("arguments %s and %s have different element types", args[0], a)
		}
		if n += a.Size(); n > MaxElements {
			return Type{}, invalid("the result has more than %d elements", MaxElements)
		}
	}
	return Of(args[0].Elem, n), nil
}

// JoinLast lines up the vectors along the arguments' last axes: concatenation along the last axis.
type JoinLast struct{}

func (o *JoinLast) Name() string  { return "join_last" }
func (o *JoinLast) attrs() string { return "" }

// Infer adds up the last axes; the others must be the same.
func (o *JoinLast) Infer(args []Type) (Type, error) {
	if len(args) == 0 || args[0].Rank() == 0 {
		return Type{}, invalid("takes at least one argument of one axis or more")
	}
	outer, last := args[0].Dims[:args[0].Rank()-1], 0
	for _, a := range args {
		if a.Elem != args[0].Elem || a.Rank() != args[0].Rank() || !slices.Equal(a.Dims[:len(outer)], outer) {
			return Type{}, invalid("arguments %s and %s do not fit together", args[0], a)
		}
		if last += a.Last(); last > MaxElements {
			return Type{}, invalid("the result has more than %d elements", MaxElements)
		}
	}
	return replaceLast(args[0], args[0].Elem, last), nil
}

// Pick rearranges: flat element i of the result, of shape Dims, is flat element Index[i] of the argument. Slices, gathers
// with constant indices, transpositions and repetitions are Picks.
type Pick struct {
	Index []int32
	Dims  []int
}

// maxPicked is the number of indices up to which the text form shows them.
const maxPicked = 32

func (o *Pick) Name() string { return "pick" }

func (o *Pick) attrs() string { return o.indices() + " " + dimsString(o.Dims) }

func (o *Pick) indices() string {
	if len(o.Index) <= maxPicked {
		return fmt.Sprint(o.Index)
	}
	h := fnv.New32a()
	for _, i := range o.Index {
		h.Write([]byte{byte(i), byte(i >> 8), byte(i >> 16), byte(i >> 24)})
	}
	return fmt.Sprintf("[%d]#%08x", len(o.Index), h.Sum32())
}

// Infer gives Dims.
func (o *Pick) Infer(args []Type) (Type, error) {
	if err := firstError(arity(args, 1), CheckDims(o.Dims)); err != nil {
		return Type{}, err
	}
	if sizeOf(o.Dims) != len(o.Index) {
		return Type{}, invalid("%d indices do not fill shape %s", len(o.Index), dimsString(o.Dims))
	}
	n := args[0].Size()
	for _, i := range o.Index {
		if i < 0 || int(i) >= n {
			return Type{}, invalid("index %d is outside argument %s", i, args[0])
		}
	}
	return Type{Elem: args[0].Elem, Dims: o.Dims}, nil
}

// Reshape gives the same flat elements the shape Dims.
type Reshape struct{ Dims []int }

func (o *Reshape) Name() string  { return "reshape" }
func (o *Reshape) attrs() string { return dimsString(o.Dims) }

// Infer gives Dims, which must have the argument's size.
func (o *Reshape) Infer(args []Type) (Type, error) {
	if err := firstError(arity(args, 1), CheckDims(o.Dims)); err != nil {
		return Type{}, err
	}
	if sizeOf(o.Dims) != args[0].Size() {
		return Type{}, invalid("argument %s does not have the size of %s", args[0], dimsString(o.Dims))
	}
	return Type{Elem: args[0].Elem, Dims: o.Dims}, nil
}

// Cast converts every element. Float to integer truncates toward zero, and gives the least integer where the value does
// not fit or is NaN; a number to bool is x != 0; bool to a number is 1 or 0. Strings do not cast.
type Cast struct{ To Elem }

func (o *Cast) Name() string  { return "cast" }
func (o *Cast) attrs() string { return o.To.String() }

// Infer replaces the element type.
func (o *Cast) Infer(args []Type) (Type, error) {
	if err := arity(args, 1); err != nil {
		return Type{}, err
	}
	if from := args[0].Elem; from != o.To && (from == String || o.To == String || o.To == Invalid) {
		return Type{}, invalid("argument %s does not cast to %s", args[0], o.To)
	}
	return Type{Elem: o.To, Dims: args[0].Dims}, nil
}
