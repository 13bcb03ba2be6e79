package session

import (
	"context"

	"github.com/flernd/flernd/internal/planner/dialect"
)

// firstRow runs a query of the session's own, whose rows go to no client: the arguments of EXECUTE, a look for duplicates.
// It returns the values of the first row as text, nil for NULL, and no values if there is no row. Parameters are call's.
func (s *Session) firstRow(ctx context.Context, call *invocation, query dialect.Stmt, seen *view) (row []*string, err error) {
	plan, err := s.plan(&invocation{stmt: query, paramTypes: call.paramTypes}, query, seen)
	if err != nil {
		return nil, err
	}
	options := s.runOptions()
	options.Tier = "auto" // a client that would rather wait for the best program means its own queries
	options.Out = func(messages []byte, n int64) error {
		if n > 0 && row == nil {
			row = rowValues(messages)
		}
		return nil
	}
	_, err = s.config.Engine.Run(ctx, plan.Root, call.params, options)
	return row, err
}
