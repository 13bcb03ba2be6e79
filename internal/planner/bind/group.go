package bind

import (
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// groupBy binds GROUP BY and HAVING, and finds out whether the query is grouped.
func (b *binder) groupBy(q *selecting, s *dialect.Select) error {
	for _, g := range s.GroupBy {
		if g.Kind == dialect.GroupEmpty {
			continue
		}
		if g.Kind != dialect.GroupExpr {
			return sqlstate.Unsupported("%s", [...]string{dialect.GroupRollup: "ROLLUP", dialect.GroupCube: "CUBE",
				dialect.GroupSets: "GROUPING SETS"}[g.Kind]).At(g.Pos())
		}
		e, err := b.groupItem(q, g.Expr)
		if err != nil {
			return err
		}
		if !hasOrder(e.Type().Kind) {
			return sqlstate.Unsupported("GROUP BY of type %s", typeName(e.Type())).At(start(g.Expr))
		}
		q.groups = append(q.groups, e)
	}
	if s.Having != nil {
		cond, err := b.condition(&place{scope: q.scope, clause: "HAVING", aggs: true}, s.Having, "HAVING")
		if err != nil {
			return err
		}
		q.having = logical.Conjuncts(nil, cond)
	}
	q.grouped = s.GroupBy != nil || s.Having != nil
	for _, t := range q.targets {
		q.grouped = q.grouped || containsAgg(t.expr)
	}
	for _, o := range q.order {
		q.grouped = q.grouped || containsAgg(o.expr)
	}
	return nil
}

// groupItem resolves an item of GROUP BY: input columns before output names, then output numbers, then expressions.
func (b *binder) groupItem(q *selecting, x dialect.Expr) (logical.Expr, error) {
	var e logical.Expr
	switch x := x.(type) {
	case *dialect.ColumnRef:
		if len(x.Names) == 1 && !x.Star && !inputNamedColumn(q.scope, x.Names[0].Text) {
			i, err := outputNamed(q, x.Names[0].Text, "GROUP BY", x.Pos())
			if err != nil {
				return nil, err
			}
			if i >= 0 {
				e = q.targets[i].expr
			}
		}
	case *dialect.Const:
		i, err := outputAt(q, x, "GROUP BY")
		if err != nil {
			return nil, err
		}
		if i >= 0 {
			e = q.targets[i].expr
		}
	}
	if e != nil {
		if containsAgg(e) {
			return nil, sqlstate.New(sqlstate.GroupingError, "aggregate functions are not allowed in GROUP BY").At(x.Pos())
		}
		return e, nil
	}
	e, err := b.expr(&place{scope: q.scope, clause: "GROUP BY"}, x)
	if err == nil && e.Type().Kind == unknown {
		e, err = b.coerceUnknown(e, sqltype.Of(text), x.Pos())
	}
	return e, err
}

func inputNamedColumn(s *scope, name string) bool {
	for _, it := range s.visible {
		if it.name == name {
			return true
		}
	}
	return false
}

// grouper replaces expressions over the input of an Aggregate by references to what it yields.
type grouper struct {
	b    *binder
	node *logical.Aggregate
	err  error
}

// aggregateOver puts the Aggregate operator below targets, HAVING and ORDER BY and expresses these over its columns.
func (b *binder) aggregateOver(q *selecting) error {
	g := &grouper{b: b, node: &logical.Aggregate{Input: q.node}}
	for _, e := range q.groups {
		g.addKey(e)
	}
	for i := range q.targets {
		q.targets[i].expr = g.over(q.targets[i].expr)
	}
	for i := range q.having {
		q.having[i] = g.over(q.having[i])
	}
	for i := range q.order {
		q.order[i].expr = g.over(q.order[i].expr)
	}
	if g.err != nil {
		return g.err
	}
	q.node = g.node
	if len(q.having) > 0 {
		q.node = &logical.Filter{Input: q.node, Conds: q.having}
	}
	return nil
}

func (g *grouper) addKey(e logical.Expr) {
	for _, k := range g.node.Keys {
		if logical.Equal(k.Expr, e) {
			return
		}
	}
	name := ""
	if r, ok := e.(*logical.Ref); ok {
		name = r.Col.Name
	}
	g.node.Keys = append(g.node.Keys, g.b.named(name, e))
}

func (g *grouper) over(e logical.Expr) logical.Expr {
	return logical.RewriteDown(e, func(x logical.Expr) logical.Expr {
		for _, k := range g.node.Keys {
			if logical.Equal(k.Expr, x) {
				return &logical.Ref{Col: k.Col}
			}
		}
		switch x := x.(type) {
		case *logical.Agg:
			return g.aggregate(x)
		case *logical.Ref:
			if g.err == nil {
				p := g.b.place(x)
				g.err = sqlstate.New(sqlstate.GroupingError,
					"column \"%s\" must appear in the GROUP BY clause or be used in an aggregate function", p.text).At(p.pos)
			}
			return x
		}
		return nil
	})
}

// aggregate yields the column of an aggregate call; equal calls share one unless they draw random numbers.
func (g *grouper) aggregate(x *logical.Agg) logical.Expr {
	for _, a := range g.node.Aggs {
		if logical.Equal(a.Agg, x) && !logical.IsVolatile(x) {
			return &logical.Ref{Col: a.Col}
		}
	}
	col := g.b.newColumn(x.Func.String(), x.Typ, x.Nullable())
	g.node.Aggs = append(g.node.Aggs, logical.NamedAgg{Col: col, Agg: x})
	return &logical.Ref{Col: col}
}
