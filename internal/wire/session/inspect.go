package session

import (
	"context"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Inspect plans a query or an INSERT without running it and shows the plan to use, while its snapshots are held.
func (s *Session) Inspect(ctx context.Context, sql string, use func(root physical.Node) error) error {
	stmts, err := parse(sql)
	if err != nil {
		return err
	}
	if len(stmts) != 1 {
		return sqlstate.New(sqlstate.SyntaxError, "expected one statement, not %d", len(stmts))
	}
	switch stmts[0].(type) {
	case *dialect.SelectStmt, *dialect.Insert, *dialect.Copy:
	default:
		return sqlstate.Unsupported("a plan of %s", stmts[0].Tag()).At(stmts[0].Pos())
	}
	s.ensure()
	defer s.rollback()
	view, err := s.tx.reader(ctx)
	if err != nil {
		return err
	}
	defer view.close()
	plan, err := s.plan(&invocation{stmt: stmts[0]}, stmts[0], view)
	if err != nil {
		return err
	}
	return use(plan.Root)
}
