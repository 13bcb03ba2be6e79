package rules

import (
	"slices"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// limits makes a limit above a sort the sort's own (top-k), moves limits below projections, and joins nested limits away
// where they are constants that say nothing.
func limits(c *context, n logical.Node) logical.Node {
	n = logical.MapInputs(n, func(in logical.Node) logical.Node { return limits(c, in) })
	l, ok := n.(*logical.Limit)
	if !ok {
		return n
	}
	if err := logical.CheckLimit(known(l.Count), known(l.Offset)); err != nil && c.err == nil {
		c.err = err
	}
	if count, offset := meaningful(l.Count, true), meaningful(l.Offset, false); count != l.Count || offset != l.Offset {
		if count == nil && offset == nil {
			return l.Input
		}
		l = &logical.Limit{Input: l.Input, Count: count, Offset: offset}
	}
	switch in := l.Input.(type) {
	case *logical.Sort:
		if in.Limit == nil && in.Offset == nil && l.Count != nil {
			return postpone(&logical.Sort{Input: in.Input, Keys: in.Keys, Limit: l.Count, Offset: l.Offset})
		}
	case *logical.Project:
		below := limits(c, &logical.Limit{Input: in.Input, Count: l.Count, Offset: l.Offset})
		return &logical.Project{Input: below, Exprs: in.Exprs}
	}
	return l
}

// postpone computes what is no sort key above a top-k, for the rows that are left, model calls foremost. Calls that the keys or filters
// below make anyway stay with them: a row's call is evaluated once.
func postpone(s *logical.Sort) logical.Node {
	p, ok := s.Input.(*logical.Project)
	if !ok {
		return s
	}
	var keys, have logical.ColSet
	for _, k := range s.Keys {
		keys.AddRefs(k.Expr)
	}
	made := filterCalls(p.Input)
	for _, e := range p.Exprs {
		if keys.Has(e.Col.ID) {
			made = append(made, callsOf(e.Expr)...)
		}
	}
	var lower, upper []logical.NamedExpr
	var late []logical.Expr
	for _, e := range p.Exprs {
		if _, passed := e.Expr.(*logical.Ref); !passed && !keys.Has(e.Col.ID) && !allMade(callsOf(e.Expr), made) {
			late = append(late, e.Expr)
			upper = append(upper, e)
			continue
		}
		have.Add(e.Col.ID)
		lower = append(lower, e)
		upper = append(upper, logical.NamedExpr{Col: e.Col, Expr: &logical.Ref{Col: e.Col}})
	}
	for _, e := range late {
		logical.Walk(e, func(x logical.Expr) bool {
			if r, ok := x.(*logical.Ref); ok && !have.Has(r.Col.ID) {
				have.Add(r.Col.ID)
				lower = append(lower, logical.NamedExpr{Col: r.Col, Expr: r})
			}
			return true
		})
	}
	if len(late) == 0 {
		return s
	}
	sorted := &logical.Sort{Input: &logical.Project{Input: p.Input, Exprs: lower}, Keys: s.Keys, Limit: s.Limit, Offset: s.Offset}
	return &logical.Project{Input: sorted, Exprs: upper}
}

// callsOf are the calls of models in an expression.
func callsOf(e logical.Expr) (calls []*logical.Predict) {
	logical.Walk(e, func(x logical.Expr) bool {
		if c, ok := x.(*logical.Predict); ok {
			calls = append(calls, c)
		}
		return true
	})
	return calls
}

// filterCalls are the calls of models in conditions below n whose columns n has.
func filterCalls(n logical.Node) (calls []*logical.Predict) {
	switch n := n.(type) {
	case *logical.Filter:
		for _, c := range n.Conds {
			calls = append(calls, callsOf(c)...)
		}
		return append(calls, filterCalls(n.Input)...)
	case *logical.Join:
		for _, in := range n.Inputs() {
			calls = append(calls, filterCalls(in)...)
		}
	}
	return calls
}

// allMade reports whether there are calls, each of which is among those that are made.
func allMade(calls, made []*logical.Predict) bool {
	for _, c := range calls {
		if !slices.ContainsFunc(made, func(m *logical.Predict) bool { return logical.SameCall(m, c) }) {
			return false
		}
	}
	return len(calls) > 0
}

// known is the value of a constant; NULL for what only the run knows, where it is checked.
func known(e logical.Expr) sqltype.Datum {
	if k, ok := e.(*logical.Const); ok {
		return k.Value
	}
	return sqltype.NullDatum
}

// meaningful drops LIMIT NULL, OFFSET NULL and OFFSET 0.
func meaningful(e logical.Expr, count bool) logical.Expr {
	c, ok := e.(*logical.Const)
	if ok && (c.Value.Null || !count && c.Value.I == 0) {
		return nil
	}
	return e
}
