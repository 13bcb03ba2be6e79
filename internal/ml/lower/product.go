package lower

import (
	"math"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/registry"
)

// product is a Dense or a Conv, and what its kernel does to the sums before it stores them: it adds another array, then applies an
// activation. It stands at the last of these values.
type product struct {
	of    *graph.Value
	add   *graph.Value // nil for none
	act   registry.Activation
	alpha float64
	inner []*graph.Value // those before the last, which have no buffers
}

// findProducts finds those of a graph. What is kept is an output, or used by something in lanes, and needs a buffer of its own.
func (p *plan) findProducts(g *graph.Graph, forms []form, uses map[*graph.Value][]*graph.Value, kept func(v *graph.Value) bool) {
	for _, v := range g.Values {
		if forms[v.ID] != array || !isProduct(v) {
			continue
		}
		r, end := &product{of: v}, v
		next := func(users int) []*graph.Value {
			if kept(end) || len(uses[end]) != users || v.Type.Elem.IsNarrow() {
				return nil
			}
			for _, u := range uses[end] {
				if forms[u.ID] != array || p.fused[u] != nil || p.products[u] != nil {
					return nil
				}
			}
			return uses[end]
		}
		extend := func(values ...*graph.Value) {
			r.inner = append(r.inner, end)
			r.inner = append(r.inner, values[:len(values)-1]...)
			end = values[len(values)-1]
		}
		if u := next(1); u != nil {
			if other := added(u[0], end); other != nil {
				r.add = other
				extend(u[0])
			}
		}
		if u := next(1); u != nil {
			if act, alpha, ok := activation(u[0]); ok {
				r.act, r.alpha = act, alpha
				extend(u[0])
				if u := next(1); u != nil && act == registry.Relu {
					if most, ok := bound(u[0], graph.Min); ok && most >= 0 {
						r.act, r.alpha = registry.ReluTo, most
						extend(u[0])
					}
				}
			}
		}
		if u := next(2); u != nil && r.act == registry.NoActivation {
			if act, values := scaled(end, u, uses, kept); act != registry.NoActivation {
				r.act = act
				extend(values...)
			}
		}
		p.products[end] = r
		for _, x := range r.inner {
			p.fused[x] = end
		}
	}
}

// weights is how many there are.
func (r *product) weights() int {
	if o, ok := r.of.Op.(*graph.Dense); ok {
		return o.W.Size()
	}
	return r.of.Op.(*graph.Conv).W.Size()
}

func isProduct(v *graph.Value) bool {
	switch v.Op.(type) {
	case *graph.Dense, *graph.Conv:
		return true
	}
	return false
}

// added is what v adds to x, an array of the same shape; nil if it is something else.
func added(v, x *graph.Value) *graph.Value {
	o, ok := v.Op.(*graph.Binary)
	if !ok || o.Fn != graph.Add || v.Args[0] == v.Args[1] {
		return nil
	}
	other := v.Args[0]
	if other == x {
		other = v.Args[1]
	}
	if source(other).Constant() != nil || !slices.Equal(other.Type.Dims, v.Type.Dims) || !slices.Equal(x.Type.Dims, v.Type.Dims) {
		return nil
	}
	return other
}

// activation is v as an activation of its argument.
func activation(v *graph.Value) (registry.Activation, float64, bool) {
	if o, ok := v.Op.(*graph.Unary); ok {
		act, ok := registry.ActivationOf(o.Fn)
		return act, o.Alpha, ok
	}
	least, ok := bound(v, graph.Max)
	return registry.Relu, 0, ok && least == 0 && !math.Signbit(least)
}

// bound is the number that v takes the least or the greatest of with its first argument.
func bound(v *graph.Value, fn graph.BinaryFn) (float64, bool) {
	o, ok := v.Op.(*graph.Binary)
	if !ok || o.Fn != fn {
		return 0, false
	}
	return number(v.Args[1])
}

func number(v *graph.Value) (float64, bool) {
	c := v.Constant()
	if c == nil || c.Size() != 1 || !c.Elem.IsFloat() {
		return 0, false
	}
	return c.Float(0), true
}

// scaled is an activation that multiplies x by a function of it: the values between x, which has two users, and the product, which is
// the last.
func scaled(x *graph.Value, users []*graph.Value, uses map[*graph.Value][]*graph.Value, kept func(v *graph.Value) bool) (registry.Activation, []*graph.Value) {
	last := users[1]
	if o, ok := last.Op.(*graph.Binary); !ok || o.Fn != graph.Mul || !slices.Contains(last.Args, x) {
		return registry.NoActivation, nil
	}
	factor := last.Args[0]
	if factor == x {
		factor = last.Args[1]
	}
	alone := func(v *graph.Value) bool {
		return len(uses[v]) == 1 && !kept(v) && slices.Equal(v.Type.Dims, x.Type.Dims)
	}
	if o, ok := factor.Op.(*graph.Unary); ok && o.Fn == graph.Sigmoid && factor.Args[0] == x && alone(factor) {
		return registry.Swish, []*graph.Value{factor, last}
	}
	// max(min(x·1/6 + 1/2, 1), 0)
	values := []*graph.Value{last}
	for _, step := range hardFactor {
		o, ok := factor.Op.(*graph.Binary)
		if !ok || o.Fn != step.fn || !alone(factor) {
			return registry.NoActivation, nil
		}
		if c, ok := number(factor.Args[1]); !ok || float32(c) != float32(step.by) {
			return registry.NoActivation, nil
		}
		values = append(values, factor)
		factor = factor.Args[0]
	}
	if factor != x || last.Type.Elem != graph.F32 {
		return registry.NoActivation, nil
	}
	slices.Reverse(values)
	return registry.HardSwish, values
}

// hardFactor is the steps of HardSwish's factor, the last first.
var hardFactor = []struct {
	fn graph.BinaryFn
	by float64
}{{graph.Max, 0}, {graph.Min, 1}, {graph.Add, 0.5}, {graph.Mul, 1.0 / 6}}

// inset is a place within the result of a JoinLast that one of its arguments is written to.
type inset struct {
	join  *graph.Value
	first int // element of the last axis
}

// findInsets lets products that a JoinLast alone uses write their results where the JoinLast wants them.
func (p *plan) findInsets(g *graph.Graph, uses map[*graph.Value][]*graph.Value, kept func(v *graph.Value) bool) {
	for _, v := range g.Values {
		if _, ok := v.Op.(*graph.JoinLast); !ok {
			continue
		}
		first := 0
		for _, x := range v.Args {
			if r := p.products[x]; r != nil && len(uses[x]) == 1 && !kept(x) && !v.Type.Elem.IsNarrow() {
				p.insets[x] = inset{v, first}
			}
			first += x.Type.Last()
		}
	}
}

// buffer is the value in whose buffer v lies.
func (p *plan) buffer(v *graph.Value) *graph.Value {
	v = source(v)
	if s, ok := p.insets[v]; ok {
		return s.join
	}
	return v
}
