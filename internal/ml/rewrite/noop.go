package rewrite

import "github.com/flernd/flernd/internal/ml/graph"

// noOperation drops operators that give back their argument: a Cast to its own type or there and back without loss, and
// arithmetic with a neutral constant. x+0 is not among it, for it makes +0 of -0.
func noOperation(p *pass, v *graph.Value) *graph.Value {
	switch op := v.Op.(type) {
	case *graph.Cast:
		return castAway(p, v)
	case *graph.Binary:
		if neutral(op.Fn, v.Args) && v.Args[0].Type.Equal(v.Type) {
			return p.image[v.Args[0].ID]
		}
		if op.Fn == graph.Pow && isAll(v.Args[1], 2) && v.Args[0].Type.Equal(v.Type) {
			x := p.image[v.Args[0].ID]
			return p.add(&graph.Binary{Fn: graph.Mul}, x, x)
		}
	}
	return nil
}

func castAway(p *pass, v *graph.Value) *graph.Value {
	x := v.Args[0]
	if x.Type.Elem == v.Type.Elem {
		return p.image[x.ID]
	}
	// a → b → a, where b holds every a.
	if match[graph.Cast](x) == nil || x.Args[0].Type.Elem != v.Type.Elem {
		return nil
	}
	a, b := v.Type.Elem, x.Type.Elem
	if a == graph.Bool || a == graph.F32 && b == graph.F64 || a == graph.I32 && (b == graph.I64 || b == graph.F64) {
		return p.image[x.Args[0].ID]
	}
	return nil
}

// neutral reports whether x fn c is x for every x, NaN, zeros and infinities included.
func neutral(fn graph.BinaryFn, args []*graph.Value) bool {
	switch fn {
	case graph.Mul, graph.Div, graph.Pow:
		return isAll(args[1], 1)
	case graph.Sub:
		return isAll(args[1], 0)
	}
	return false
}

// isAll reports whether v is a numeric constant all of whose elements equal c (and no -0 for 0).
func isAll(v *graph.Value, c float64) bool {
	t := v.Constant()
	if t == nil || !t.Elem.IsNumber() || t.Size() == 0 {
		return false
	}
	for i := range t.Size() {
		if x := t.Float(i); x != c || c == 0 && 1/x < 0 {
			return false
		}
	}
	return true
}
