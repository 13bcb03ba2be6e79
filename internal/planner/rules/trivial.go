package rules

import "github.com/flernd/flernd/internal/planner/logical"

// removeTrivial drops projections that compute nothing, and puts the expressions of a projection right below the root into
// the root.
func removeTrivial(c *context, n logical.Node) logical.Node {
	n = logical.MapInputs(n, func(in logical.Node) logical.Node { return removeTrivial(c, in) })
	switch n := n.(type) {
	case *logical.Project:
		if len(definitions(n)) == 0 {
			return n.Input
		}
	case *logical.Result, *logical.TableSink:
		return mergeAbove(n)
	}
	return n
}
