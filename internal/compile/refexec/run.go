package refexec

import (
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// Models evaluates a model on one row of arguments, none null: one datum an output.
type Models func(m *logical.Model, args []sqltype.Datum) ([]sqltype.Datum, error)

// Row is one value a column.
type Row = []sqltype.Datum

// Run runs a plan: the rows of a Result, or those that a TableSink would append. models may be nil for plans without any.
func Run(plan physical.Node, params []sqltype.Datum, models Models) ([][]sqltype.Datum, error) {
	e := &executor{params: params, models: models}
	return e.run(plan)
}

// RunHiding is Run where a row that a condition of a list drops raises no error of the others, wherever they stand. SQL leaves
// open whether they are evaluated; segments that a condition excludes by their statistics are not read at all.
func RunHiding(plan physical.Node, params []sqltype.Datum, models Models) ([][]sqltype.Datum, error) {
	e := &executor{params: params, models: models, hiding: true}
	return e.run(plan)
}

type executor struct {
	params []sqltype.Datum
	models Models
	hiding bool
}

func (e *executor) run(n physical.Node) ([]Row, error) {
	switch n := n.(type) {
	case *physical.Scan:
		return e.scan(n)
	case *physical.Filter:
		return e.filter(n)
	case *physical.Project:
		return e.project(n.Input, n.Exprs)
	case *physical.Result:
		return e.project(n.Input, n.Exprs)
	case *physical.Predict:
		return e.predict(n)
	case *physical.HashJoin:
		return e.join(n)
	case *physical.HashAggregate:
		return e.aggregate(n)
	case *physical.Sort:
		return e.sort(n)
	case *physical.Limit:
		return e.limit(n)
	case *physical.Values:
		return e.values(n)
	case *physical.GenerateSeries:
		return e.series(n)
	case *physical.TableSink:
		return e.sink(n)
	}
	return nil, sqlstate.Unsupported("operator %T in the reference interpreter", n)
}

func (e *executor) filter(n *physical.Filter) ([]Row, error) {
	rows, err := e.run(n.Input)
	if err != nil {
		return nil, err
	}
	return e.selected(rows, n.Input.Columns(), n.Conds)
}

// selected keeps the rows for which all conjuncts are true.
func (e *executor) selected(rows []Row, cols []logical.Column, conds []logical.Expr) ([]Row, error) {
	s := e.scope(cols)
	var out []Row
	for _, r := range rows {
		ok, err := s.allTrue(conds, r)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, r)
		}
	}
	return out, nil
}

func (e *executor) project(input physical.Node, exprs []physical.NamedExpr) ([]Row, error) {
	rows, err := e.run(input)
	if err != nil {
		return nil, err
	}
	s := e.scope(input.Columns())
	out := make([]Row, len(rows))
	for i, r := range rows {
		out[i] = make(Row, len(exprs))
		for c, x := range exprs {
			if out[i][c], err = s.eval(x.Expr, r); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func (e *executor) predict(n *physical.Predict) ([]Row, error) {
	rows, err := e.run(n.Input)
	if err != nil {
		return nil, err
	}
	s := e.scope(n.Input.Columns())
	out := make([]Row, len(rows))
	for i, r := range rows {
		row := append(Row(nil), r...)
		for _, c := range n.Calls {
			values, err := s.called(c.Model, c.Choice, c.Args, c.Pos, r)
			if err != nil {
				return nil, err
			}
			for k, o := range c.Outputs {
				if o.ID != 0 {
					row = append(row, values[k])
				}
			}
		}
		out[i] = row
	}
	return out, nil
}

func (e *executor) values(n *physical.Values) ([]Row, error) {
	s := e.scope(nil)
	out := make([]Row, len(n.Rows))
	for i, exprs := range n.Rows {
		out[i] = make(Row, len(exprs))
		for c, x := range exprs {
			v, err := s.eval(x, nil)
			if err != nil {
				return nil, err
			}
			out[i][c] = v
		}
	}
	return out, nil
}

// sink computes what would be appended, and holds it against NOT NULL.
func (e *executor) sink(n *physical.TableSink) ([]Row, error) {
	exprs := make([]physical.NamedExpr, len(n.Exprs))
	for i, x := range n.Exprs {
		exprs[i].Expr = x
	}
	rows, err := e.project(n.Input, exprs)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		for i, c := range n.Table.Columns {
			if c.NotNull && r[i].Null {
				return nil, sqlstate.New(sqlstate.NotNullViolation,
					"null value in column \"%s\" of relation \"%s\" violates not-null constraint", c.Name, n.Table.Name)
			}
		}
	}
	return rows, nil
}
