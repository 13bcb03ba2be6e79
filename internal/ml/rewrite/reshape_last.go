package rewrite

import "github.com/flernd/flernd/internal/ml/graph"

// reshapeLast moves a Reshape behind an elementwise operator, where it meets another or the output: shapes of one element
// more or less are what converters leave behind, and operators in between need not see them.
//
// It looks at the new argument, not the old, so that one pass moves a Reshape through a whole chain of operators.
func reshapeLast(p *pass, v *graph.Value) *graph.Value {
	if len(v.Args) == 0 || v.Type.Size() != v.Args[0].Type.Size() {
		return nil
	}
	x := p.image[v.Args[0].ID]
	if match[graph.Reshape](x) == nil {
		return nil
	}
	args := []*graph.Value{x.Args[0]}
	switch v.Op.(type) {
	case *graph.Unary, *graph.Cast, *graph.BitCast, *graph.Lookup, *graph.Map:
	case *graph.Binary, *graph.Compare:
		c := v.Args[1].Constant()
		if c == nil || c.Size() != 1 {
			return nil
		}
		args = append(args, p.constant(c.Reshaped()))
	default:
		return nil
	}
	y := p.add(v.Op, args...)
	return p.add(&graph.Reshape{Dims: v.Type.Dims}, y)
}
