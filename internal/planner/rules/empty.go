package rules

import "github.com/flernd/flernd/internal/planner/logical"

// emptyInputs puts no rows in the place of what a condition that is constantly not true leaves none of. A join would have
// lost its keys to such a condition, and pair every row with every other only to drop the pairs.
func emptyInputs(c *context, n logical.Node) logical.Node {
	n = logical.MapInputs(n, func(in logical.Node) logical.Node { return emptyInputs(c, in) })
	none := false
	switch n := n.(type) {
	case *logical.Filter:
		none = neverTrue(n.Conds) || isEmpty(n.Input)
	case *logical.Join:
		none = neverTrue(n.Conds)
		for _, in := range n.In {
			none = none || isEmpty(in)
		}
	}
	if none {
		return &logical.Values{Cols: n.Columns()}
	}
	return n
}

// neverTrue looks at conditions that conjunctsOf has gone through: a constant is alone and not true.
func neverTrue(conds []logical.Expr) bool {
	if len(conds) != 1 {
		return false
	}
	_, constant := conds[0].(*logical.Const)
	return constant
}

func isEmpty(n logical.Node) bool {
	v, ok := n.(*logical.Values)
	return ok && len(v.Rows) == 0
}
