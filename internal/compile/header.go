package compile

import (
	"fmt"
	"strings"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
)

// header is the plan as it stands at the head of the C text, each operator numbered as in EXPLAIN. Literals are left out:
// they are data, and the text is the program's shape.
func header(plan physical.Node) []string {
	var lines []string
	var walk func(n physical.Node, depth int)
	walk = func(n physical.Node, depth int) {
		name := fmt.Sprintf("%T", n)
		name = name[strings.LastIndexByte(name, '.')+1:]
		lines = append(lines, fmt.Sprintf("%sn%d %s%s", strings.Repeat("  ", depth), n.Base().ID, name, detail(n)))
		for _, c := range n.Inputs() {
			walk(c, depth+1)
		}
	}
	walk(plan, 0)
	return lines
}

func detail(n physical.Node) string {
	switch n := n.(type) {
	case *physical.Scan:
		return " on " + n.Table.Name + names(n.Cols)
	case *physical.TableSink:
		return " into " + n.Table.Name
	case *physical.HashAggregate, *physical.Project, *physical.Result, *physical.Values:
		return names(n.Columns())
	case *physical.Predict:
		var calls []string
		for _, c := range n.Calls {
			if c.Choice != nil {
				calls = append(calls, fmt.Sprintf("one of %d models", len(c.Choice.Candidates)))
				continue
			}
			calls = append(calls, fmt.Sprintf("m_%s_v%d", c.Model.Name, c.Model.Version))
		}
		return " " + strings.Join(calls, ", ")
	}
	return ""
}

func names(cols []logical.Column) string {
	var all []string
	for _, c := range cols {
		all = append(all, c.Name)
	}
	return " (" + strings.Join(all, ", ") + ")"
}
