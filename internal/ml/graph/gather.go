package graph

import "fmt"

// Gather takes the entries of an axis of the first argument at the indices that the second has (i64 or i32), which take the
// axis's place. Indices below zero count from the axis's end; one outside of the axis is an error of the row.
type Gather struct{ Axis int }

func (o *Gather) Name() string  { return "gather" }
func (o *Gather) attrs() string { return fmt.Sprintf("axis=%d", o.Axis) }

// Infer puts the indices' shape where the axis was.
func (o *Gather) Infer(args []Type) (Type, error) {
	if err := arity(args, 2); err != nil {
		return Type{}, err
	}
	x, at := args[0], args[1]
	if o.Axis < 0 || o.Axis >= x.Rank() || x.Dims[o.Axis] == 0 || !at.Elem.IsInt() {
		return Type{}, invalid("axis %d of %s at indices %s", o.Axis, x, at)
	}
	dims := append([]int(nil), x.Dims[:o.Axis]...)
	dims = append(dims, at.Dims...)
	return Type{Elem: x.Elem, Dims: append(dims, x.Dims[o.Axis+1:]...)}, nil
}
