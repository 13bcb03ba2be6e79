package instance

import (
	"fmt"
	"maps"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/lower"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// inside answers what the planner asks of a model (logical.Inside).
type inside struct{ version *registry.Version }

// Reads implements logical.Inside.
func (m inside) Reads(outputs []bool) []bool {
	elements := m.version.Part(outputs).Reads
	reads := make([]bool, len(m.version.Inputs))
	for i, in := range m.version.Inputs {
		reads[i] = elements[in.Input][in.Element]
		if in.Type.Kind == sqltype.Array {
			reads[i] = slices.Contains(elements[in.Input], true)
		}
	}
	return reads
}

// Work implements logical.Inside.
func (m inside) Work(outputs []bool) int64 {
	return m.version.Part(outputs).FLOPs
}

// Facts implements logical.Inside. All models have the same keys.
func (m inside) Facts(outputs []bool) []logical.Fact {
	g := m.version.Part(outputs).Graph
	cost := graph.CostOf(g.Values)
	operators := slices.Sorted(maps.Keys(cost.Operators))
	slices.SortStableFunc(operators, func(a, b string) int { return cost.Operators[b] - cost.Operators[a] })
	for i, name := range operators {
		operators[i] = fmt.Sprintf("%d %s", cost.Operators[name], name)
	}
	opt := lower.Options{BF16: m.version.Options.BF16()}
	if opt.BF16 {
		cost.Bytes -= 2 * lower.Halves(g).Weights
	}
	return []logical.Fact{
		{Key: "Layers", Value: cost.Layers},
		{Key: "FLOPs per Row", Value: cost.FLOPs},
		{Key: "Weights", Value: cost.Bytes, Text: fmt.Sprintf("%d bytes (%d parameters)", cost.Bytes, cost.Parameters)},
		{Key: "Operators", Value: operators},
		{Key: "Form", Value: lower.Describe(g, opt)},
	}
}
