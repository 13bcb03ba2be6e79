package physical

import (
	"fmt"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// Check verifies what the compiler relies on: every column that an expression reads is passed up by the operator's inputs
// with the type it is read at, no column is made twice in one operator's output, and no expression is left that only the
// planner knows (an aggregate call outside an aggregate, a model call outside Predict, an unresolved type).
func Check(root Node) error {
	var err error
	Walk(root, func(n Node) {
		if err == nil {
			err = checkNode(n)
		}
	})
	return err
}

func checkNode(n Node) error {
	have := map[logical.ColID]sqltype.Type{}
	for _, in := range n.Inputs() {
		for _, c := range in.Columns() {
			have[c.ID] = c.Type
		}
	}
	if s, ok := n.(*Scan); ok {
		for _, c := range s.Cols {
			have[c.ID] = c.Type
		}
	}
	seen := map[logical.ColID]bool{}
	for _, c := range n.Columns() {
		if c.ID == 0 || seen[c.ID] {
			return fmt.Errorf("%T makes column %d (%s) twice or without a number", n, c.ID, c.Name)
		}
		seen[c.ID] = true
	}
	for _, e := range expressions(n) {
		if err := checkExpr(n, e, have); err != nil {
			return err
		}
	}
	return nil
}

func checkExpr(n Node, e logical.Expr, have map[logical.ColID]sqltype.Type) error {
	var err error
	logical.Walk(e, func(x logical.Expr) bool {
		if x.Type().Kind == sqltype.Unknown {
			err = fmt.Errorf("%T has an expression of unknown type", n)
		}
		switch x := x.(type) {
		case *logical.Ref:
			if t, ok := have[x.Col.ID]; !ok || t != x.Col.Type {
				err = fmt.Errorf("%T reads column %d (%s), which its input does not pass up as %s", n, x.Col.ID, x.Col.Name, x.Col.Type)
			}
		case *logical.Predict:
			err = fmt.Errorf("%T calls a model", n)
		case *logical.Agg:
			if _, ok := n.(*HashAggregate); !ok || x.Distinct {
				err = fmt.Errorf("%T calls aggregate %s", n, x.Func)
			}
		}
		return err == nil
	})
	return err
}

// expressions are all that an operator evaluates.
func expressions(n Node) []logical.Expr {
	var out []logical.Expr
	named := func(es []NamedExpr) {
		for _, e := range es {
			out = append(out, e.Expr)
		}
	}
	add := func(es ...logical.Expr) {
		for _, e := range es {
			if e != nil {
				out = append(out, e)
			}
		}
	}
	switch n := n.(type) {
	case *Scan:
		add(n.Filter...)
	case *Filter:
		add(n.Conds...)
	case *Project:
		named(n.Exprs)
	case *Predict:
		for _, c := range n.Calls {
			add(c.Args...)
		}
	case *HashJoin:
		add(n.BuildKeys...)
		add(n.ProbeKeys...)
		add(n.Residual...)
	case *HashAggregate:
		named(n.Keys)
		for _, a := range n.Aggs {
			add(a.Agg)
		}
	case *Sort:
		for _, k := range n.Keys {
			add(k.Expr)
		}
		add(n.Limit, n.Offset)
	case *Limit:
		add(n.Count, n.Offset)
	case *Values:
		for _, r := range n.Rows {
			add(r...)
		}
	case *GenerateSeries:
		add(n.Start, n.Stop, n.Step)
	case *TableSink:
		add(n.Exprs...)
	case *Result:
		named(n.Exprs)
	}
	return out
}
