package rules

import "github.com/flernd/flernd/internal/planner/logical"

// mergeProjections takes projections out of the plan by putting the expressions they compute where these are used: in the
// operator above, or further up past joins, filters, sorts and limits. What computes a value twice then is left to the
// compiler, which shares common subexpressions within a pipeline. A projection stays
//   - if it computes something volatile that is not used exactly once right above it;
//   - below a sort or limit, so that what is sorted and cut is computed once, before (and errors are raised as written).
func mergeProjections(_ *context, n logical.Node) logical.Node {
	n = logical.MapInputs(n, func(in logical.Node) logical.Node { return mergeProjections(nil, in) })
	switch n := n.(type) {
	case *logical.Join:
		return mergeJoin(n)
	case *logical.Filter, *logical.Project, *logical.Aggregate, *logical.Result, *logical.TableSink:
		return mergeAbove(n)
	}
	return n
}

// definitions are the expressions of a projection by the columns they make, without those that pass a column on.
func definitions(p *logical.Project) map[logical.ColID]logical.Expr {
	defs := map[logical.ColID]logical.Expr{}
	for _, e := range p.Exprs {
		if r, ok := e.Expr.(*logical.Ref); !ok || r.Col.ID != e.Col.ID {
			defs[e.Col.ID] = e.Expr
		}
	}
	return defs
}

func volatileDefinition(p *logical.Project) bool {
	for _, e := range p.Exprs {
		if logical.IsVolatile(e.Expr) {
			return true
		}
	}
	return false
}

// mergeAbove merges the projection below n into n. A filter passes its input's columns on, so that the projection moves
// above it.
func mergeAbove(n logical.Node) logical.Node {
	p, ok := n.Inputs()[0].(*logical.Project)
	if !ok || volatileDefinition(p) {
		return n
	}
	defs := definitions(p)
	if tooLarge(n, defs) {
		return n
	}
	merged := logical.MapExprs(n, func(e logical.Expr) logical.Expr { return logical.Substitute(e, defs) })
	merged = merged.WithInputs([]logical.Node{p.Input})
	if _, ok := n.(*logical.Filter); ok {
		return &logical.Project{Input: merged, Exprs: p.Exprs}
	}
	return merged
}

// mergeJoin lifts the projections below a join above it.
func mergeJoin(n *logical.Join) logical.Node {
	var exprs []logical.NamedExpr
	in := append([]logical.Node(nil), n.In...)
	defs := map[logical.ColID]logical.Expr{}
	lifted := false
	for i, x := range in {
		p, ok := x.(*logical.Project)
		if !ok || volatileDefinition(p) {
			for _, c := range x.Columns() {
				exprs = append(exprs, logical.NamedExpr{Col: c, Expr: &logical.Ref{Col: c}})
			}
			continue
		}
		lifted = true
		in[i] = p.Input
		exprs = append(exprs, p.Exprs...)
		for id, e := range definitions(p) {
			defs[id] = e
		}
	}
	if !lifted {
		return n
	}
	if tooLarge(n, defs) {
		return n
	}
	j := logical.MapExprs(&logical.Join{In: in, Conds: n.Conds}, func(e logical.Expr) logical.Expr { return logical.Substitute(e, defs) })
	return &logical.Project{Input: j, Exprs: exprs}
}

// maxMergedSize bounds the nodes of an operator's expressions after merging: definitions that double at each of many levels
// would otherwise grow without end.
const maxMergedSize = 5000

// tooLarge reports whether putting definitions into n's expressions makes them too big.
func tooLarge(n logical.Node, defs map[logical.ColID]logical.Expr) bool {
	total := 0
	sizes := map[logical.ColID]int{}
	logical.EachExpr(n, func(e logical.Expr) {
		own, substituted := sizeOf(e, defs, sizes)
		if substituted {
			total += own
		}
	})
	return total > maxMergedSize
}

// sizeOf counts the nodes of e with definitions in place of references.
func sizeOf(e logical.Expr, defs map[logical.ColID]logical.Expr, sizes map[logical.ColID]int) (n int, substituted bool) {
	logical.Walk(e, func(x logical.Expr) bool {
		n++
		r, ok := x.(*logical.Ref)
		if !ok {
			return true
		}
		d, ok := defs[r.Col.ID]
		if !ok {
			return true
		}
		substituted = true
		size, known := sizes[r.Col.ID]
		if !known {
			size, _ = sizeOf(d, nil, nil)
			sizes[r.Col.ID] = size
		}
		n += size
		return true
	})
	return n, substituted
}
