package pipeline

import (
	"fmt"
	"strings"

	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Role tells what an operator does at the end of a pipeline: the same operator can be the sink of one (its input side) and
// the source of the next.
type Role uint8

// The roles of a sink.
const (
	Output Role = iota // Result, TableSink: the plan's root
	Build              // HashJoin's build side
	Group              // HashAggregate's input
	Order              // Sort's or Limit's input
)

// Pipeline is one of a plan's pipelines. They run in the order Cut returns them.
type Pipeline struct {
	Index  int
	Source physical.Node   // Scan, Values, GenerateSeries, CSVSource; HashAggregate, Sort, Limit as producers of their rows
	Ops    []physical.Node // Filter, Project, Predict, HashJoin (probe), in the order rows pass
	Sink   physical.Node
	Role   Role
}

// Cut returns the pipelines of a plan whose root is Result or TableSink.
func Cut(root physical.Node) ([]*Pipeline, error) {
	c := &cutter{}
	var input physical.Node
	switch n := root.(type) {
	case *physical.Result:
		input = n.Input
		// LIMIT directly under the result is the executor's: it stops the last pipeline.
		if l, ok := input.(*physical.Limit); ok {
			input = l.Input
		}
	case *physical.TableSink:
		input = n.Input
	default:
		return nil, sqlstate.New(sqlstate.InternalError, "plan without a result")
	}
	if err := c.line(input, root, Output); err != nil {
		return nil, err
	}
	return c.out, nil
}

type cutter struct{ out []*Pipeline }

// line follows the plan down from a sink to its source; what has to run before comes first.
func (c *cutter) line(n, sink physical.Node, role Role) error {
	p := &Pipeline{Sink: sink, Role: role}
	for {
		switch x := n.(type) {
		case *physical.Filter:
			p.Ops = append(p.Ops, x)
			n = x.Input
			continue
		case *physical.Project:
			p.Ops = append(p.Ops, x)
			n = x.Input
			continue
		case *physical.Predict:
			p.Ops = append(p.Ops, x)
			n = x.Input
			continue
		case *physical.HashJoin:
			if err := c.line(x.Build, x, Build); err != nil {
				return err
			}
			p.Ops = append(p.Ops, x)
			n = x.Probe
			continue
		case *physical.HashAggregate:
			if err := c.line(x.Input, x, Group); err != nil {
				return err
			}
		case *physical.Sort:
			if err := c.line(x.Input, x, Order); err != nil {
				return err
			}
		case *physical.Limit:
			if err := c.line(x.Input, x, Order); err != nil {
				return err
			}
		case *physical.Scan, *physical.Values, *physical.GenerateSeries, *physical.CSVSource:
		default:
			return sqlstate.Unsupported("operator %T in a pipeline", n)
		}
		break
	}
	p.Source = n
	for i, j := 0, len(p.Ops)-1; i < j; i, j = i+1, j-1 {
		p.Ops[i], p.Ops[j] = p.Ops[j], p.Ops[i]
	}
	p.Index = len(c.out)
	c.out = append(c.out, p)
	return nil
}

// String shows a pipeline as "p0: Scan#4 → Filter#3 → HashAggregate#2 (group)".
func (p *Pipeline) String() string {
	names := []string{name(p.Source)}
	for _, o := range p.Ops {
		names = append(names, name(o))
	}
	return fmt.Sprintf("p%d: %s → %s (%s)", p.Index, strings.Join(names, " → "), name(p.Sink), [...]string{"output", "build", "group", "order"}[p.Role])
}

func name(n physical.Node) string {
	t := fmt.Sprintf("%T", n)
	return fmt.Sprintf("%s#%d", t[strings.LastIndexByte(t, '.')+1:], n.Base().ID)
}
