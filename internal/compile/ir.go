package compile

import (
	"strings"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/compile/translate"
	"github.com/flernd/flernd/internal/planner/physical"
)

// IRText is the staged code of a plan, function by function in the order of its pipelines.
func IRText(plan physical.Node) (string, error) {
	prog, err := translate.Translate(plan, translate.Options{Header: header(plan)})
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, f := range prog.C.Funcs {
		b.WriteString(f.String() + "\n")
	}
	for _, p := range prog.C.Pipelines {
		b.WriteString("// " + p.Name + "\n")
		for _, f := range []*staged.Func{p.Prepare, p.Morsels, p.Work, p.Finish} {
			if f != nil {
				b.WriteString(f.String() + "\n")
			}
		}
	}
	return b.String(), nil
}
