// Package rules improves logical plans: one rule a file, each a function from a plan to an equivalent plan.
//
// It knows logical plans and their estimates (planner/stats), nothing of syntax, of physical operators or of C. A rule never
// copies, moves or drops a volatile expression, and never evaluates one that can raise an error for a row that the written
// query would not evaluate it for, other than as PostgreSQL may too (the operands of AND and OR have no order).
package rules

import "github.com/flernd/flernd/internal/planner/logical"

// context is what rules share while one statement is planned.
type context struct {
	nextCol logical.ColID
	err     error
}

// newColumn makes a column that no operator of the plan has.
func (c *context) newColumn(like logical.Column) logical.Column {
	like.ID = c.nextCol
	c.nextCol++
	return like
}

// rule is one rule; name is for tests and traces.
type rule struct {
	name  string
	apply func(*context, logical.Node) logical.Node
}

// order is the order the rules run in. Projections are merged first, so that predicates stand over base columns; model
// calls are taken out once predicates have their places; columns are pruned last, when it is known who reads them.
var order = []rule{
	{"merge projections", mergeProjections},
	{"fold constants", foldConstants},
	{"normalise predicates", normalisePredicates},
	{"empty inputs", emptyInputs},
	{"distinct aggregates", distinctAggregates},
	{"push predicates down", pushPredicates},
	{"order joins", orderJoins},
	{"limits", limits},
	{"extract model calls", extractPredict},
	{"prune columns", pruneColumns},
	{"remove trivial projections", removeTrivial},
}

// Apply runs all rules. nextCol is the first column number that is free.
func Apply(n logical.Node, nextCol logical.ColID) (logical.Node, error) {
	c := &context{nextCol: nextCol}
	for _, r := range order {
		n = r.apply(c, n)
		if c.err != nil {
			return nil, c.err
		}
	}
	return n, nil
}
