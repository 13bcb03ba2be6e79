package physical

import (
	"math"

	"github.com/flernd/flernd/internal/planner/logical"
)

// fewRows bounds the build side of a join that hands whole blocks on: where few rows of these are selected, a pair costs more
// than one that is copied.
const fewRows = 64

// atMost is how many rows an operator can yield, as far as the plan tells; infinity if it does not.
func atMost(n Node) float64 {
	switch n := n.(type) {
	case *Scan:
		if n.Snapshot != nil {
			return float64(n.Snapshot.Rows)
		}
	case *Values:
		return float64(len(n.Rows))
	case *Filter:
		return atMost(n.Input)
	case *Project:
		return atMost(n.Input)
	case *Predict:
		return atMost(n.Input)
	case *HashJoin:
		return atMost(n.Build) * atMost(n.Probe)
	case *HashAggregate:
		if len(n.Keys) == 0 {
			return 1
		}
		return atMost(n.Input)
	case *Sort:
		return math.Min(atMost(n.Input), limitOf(n.Limit))
	case *Limit:
		return math.Min(atMost(n.Input), limitOf(n.Count))
	}
	return math.Inf(1)
}

// limitOf is the number that a LIMIT gives, infinity if it is none or not known before the query runs.
func limitOf(e logical.Expr) float64 {
	if c, ok := e.(*logical.Const); ok && !c.Value.Null {
		return float64(c.Value.I)
	}
	return math.Inf(1)
}
