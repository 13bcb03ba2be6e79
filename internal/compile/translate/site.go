package translate

import (
	"fmt"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// site is where errors of a model come from. Its number, below zero, stands for a position in the program: names and versions of models
// are not in the text, so that models of the same structure share it.
type site struct {
	pos     int
	context string
}

// siteOf gives numbers to the operators of a model that is called at a position.
func (f *fn) siteOf(model string, pos int) func(operator string) int {
	numbers := map[string]int{}
	return func(operator string) int {
		if numbers[operator] == 0 {
			context := model
			if operator != "" {
				context += ", " + operator
			}
			f.t.prog.sites = append(f.t.prog.sites, site{pos, context})
			numbers[operator] = -len(f.t.prog.sites)
		}
		return numbers[operator]
	}
}

func versionName(m *logical.Model) string {
	return fmt.Sprintf("model \"%s\", version %d", m.Name, m.Version)
}

// Located is an error of a run of the program with the position and the context that it stands for.
func (p *Program) Located(err error) error {
	raised, ok := err.(*sqlstate.Error)
	if !ok || raised.Position >= 0 {
		return err
	}
	located, number := *raised, -raised.Position
	located.Position = 0
	if number <= len(p.sites) {
		s := p.sites[number-1]
		located.Position = s.pos
		if located.Context == "" {
			located.Context = s.context
		}
	}
	return &located
}
