package instance

import (
	"context"
	"strings"

	"github.com/flernd/flernd/internal/compile"
	"github.com/flernd/flernd/internal/compile/pipeline"
	"github.com/flernd/flernd/internal/planner"
	"github.com/flernd/flernd/internal/planner/explain"
	"github.com/flernd/flernd/internal/planner/physical"
)

// stages print what a plan becomes, by the stage's name.
var stages = map[string]func(root physical.Node) (string, error){
	"plan": func(root physical.Node) (string, error) {
		return strings.Join(planner.Explain(root, explain.Options{Costs: true, Verbose: true}), "\n"), nil
	},
	"pipelines": func(root physical.Node) (string, error) {
		lines, err := pipeline.Cut(root)
		if err != nil {
			return "", err
		}
		var text []string
		for _, line := range lines {
			text = append(text, line.String())
		}
		return strings.Join(text, "\n"), nil
	},
	"ir": compile.IRText,
	"c":  compile.CText,
}

// CanEmit tells whether Emit knows a stage.
func CanEmit(stage string) bool { return stages[stage] != nil }

// Emit plans a query and prints what it becomes at a stage: plan, pipelines, ir or c.
func (i *Instance) Emit(ctx context.Context, stage, sql string) (text string, err error) {
	local, err := i.LocalSession()
	if err != nil {
		return "", err
	}
	defer local.Close()
	err = local.Inspect(ctx, sql, func(root physical.Node) error {
		text, err = stages[stage](root)
		return err
	})
	return strings.TrimRight(text, "\n"), err
}
