package dialect

import (
	"github.com/pingcap/tidb/pkg/parser/ast"
)

// query lowers a query: *ast.SelectStmt or *ast.SetOprStmt.
func (l *lowering) query(n ast.Node) *Query {
	switch x := n.(type) {
	case *ast.SelectStmt:
		return l.selectQuery(x)
	case *ast.SetOprStmt:
		return l.finish(l.setOps(x.SelectList.Selects), x.With, x.OrderBy)
	}
	panic(bail{unexpected(n)})
}

func (l *lowering) selectQuery(x *ast.SelectStmt) *Query {
	q := &Query{Body: l.selectBody(x)}
	q.Loc = Loc(q.Body.Pos())
	return l.finish(q, x.With, x.OrderBy)
}

// finish adds what stands around a query's body.
func (l *lowering) finish(q *Query, with *ast.WithClause, tail *ast.OrderByClause) *Query {
	if with != nil {
		q.With = l.with(with)
		q.Loc = q.With.Loc
	}
	if tail != nil {
		l.tail(q, tail)
	}
	return q
}

func (l *lowering) with(x *ast.WithClause) *With {
	var w *With
	for _, c := range x.CTEs {
		f, ok := l.placeholder(c.Name.O).ext.(*cteFrame)
		if !ok {
			panic(bail{unexpected(c)})
		}
		w = f.with
		f.cte.Query = l.query(c.Query.Query)
		w.CTEs = append(w.CTEs, f.cte)
	}
	return w
}

// tail fills in the clauses that the items of TiDB's ORDER BY carry.
func (l *lowering) tail(q *Query, x *ast.OrderByClause) {
	first, ok := x.Items[0].Expr.(*ast.ColumnNameExpr)
	if !ok {
		panic(bail{unexpected(x.Items[0].Expr)})
	}
	f := l.placeholder(first.Name.Name.O).ext.(*tailFrame)
	q.WithTies, q.Locking = f.ties, f.locking
	items := x.Items[1:]
	next := func() Expr {
		e := l.expr(items[0].Expr).e
		items = items[1:]
		return e
	}
	for _, p := range f.parts {
		switch p {
		case tailLimit:
			q.Limit = next()
		case tailOffset:
			q.Offset = next()
		default:
			for k := range f.sort {
				f.sort[k].Expr = next()
			}
			q.OrderBy = f.sort
		}
	}
}

// setOps lowers the operands of set operations, which TiDB keeps in a flat list: INTERSECT binds tighter than the others,
// and all associate to the left.
func (l *lowering) setOps(list []ast.Node) *Query {
	var left *Query // operands joined by UNION and EXCEPT so far
	var pending *SetOp
	term := l.setOperand(list[0])
	for _, n := range list[1:] {
		op := setOpOf(n)
		right := l.setOperand(n)
		if op.Kind == Intersect {
			term = op.join(term, right)
			continue
		}
		if pending != nil {
			term = pending.join(left, term)
		}
		left, pending, term = term, op, right
	}
	if pending != nil {
		term = pending.join(left, term)
	}
	return term
}

// join fills in the operands; the position is that of the first.
func (s *SetOp) join(l, r *Query) *Query {
	s.Loc, s.L, s.R = l.Loc, l, r
	return &Query{Loc: l.Loc, Body: s}
}

func setOpOf(n ast.Node) *SetOp {
	var t *ast.SetOprType
	switch x := n.(type) {
	case *ast.SelectStmt:
		t = x.AfterSetOperator
	case *ast.SetOprSelectList:
		t = x.AfterSetOperator
	}
	if t == nil {
		panic(bail{unexpected(n)})
	}
	switch *t {
	case ast.Union:
		return &SetOp{Kind: Union}
	case ast.UnionAll:
		return &SetOp{Kind: Union, All: true}
	case ast.Except:
		return &SetOp{Kind: Except}
	case ast.ExceptAll:
		return &SetOp{Kind: Except, All: true}
	case ast.Intersect:
		return &SetOp{Kind: Intersect}
	case ast.IntersectAll:
		return &SetOp{Kind: Intersect, All: true}
	}
	panic(bail{unexpected(*t)})
}

func (l *lowering) setOperand(n ast.Node) *Query {
	switch x := n.(type) {
	case *ast.SelectStmt:
		return l.selectQuery(x)
	case *ast.SetOprSelectList:
		return l.finish(l.setOps(x.Selects), x.With, x.OrderBy)
	}
	panic(bail{unexpected(n)})
}

func (l *lowering) selectBody(x *ast.SelectStmt) QueryBody {
	if x.Kind == ast.SelectStmtKindValues {
		return l.values(x)
	}
	f := l.selectFrame(x)
	s := f.sel
	fields := x.Fields.Fields[1:]
	for _, e := range fields[:f.distinctOn] {
		s.DistinctOn = append(s.DistinctOn, l.expr(e.Expr).e)
	}
	s.Targets = f.targets
	for k, e := range fields[f.distinctOn:] {
		s.Targets[k].Expr = l.expr(e.Expr).e
	}
	if !f.noFrom {
		s.From = l.from(x.From.TableRefs)
	}
	if x.Where != nil {
		s.Where = l.expr(x.Where).e
	}
	if x.GroupBy != nil {
		list := make([]Expr, len(x.GroupBy.Items))
		for k, item := range x.GroupBy.Items {
			list[k] = l.expr(item.Expr).e
		}
		s.GroupBy = groupItemsOf(list)
	}
	if x.Having != nil {
		l.expr(x.Having.Expr) // fills the frame in
	}
	return s
}

func (l *lowering) selectFrame(x *ast.SelectStmt) *selectFrame {
	if len(x.Fields.Fields) > 0 {
		if c, ok := x.Fields.Fields[0].Expr.(*ast.ColumnNameExpr); ok {
			if f, ok := l.placeholder(c.Name.Name.O).ext.(*selectFrame); ok {
				return f
			}
		}
	}
	panic(bail{unexpected(x)})
}

func (l *lowering) values(x *ast.SelectStmt) *Values {
	v := &Values{Rows: make([][]Expr, 0, len(x.Lists))}
	for k, row := range x.Lists {
		tok := 0
		if rows, i, ok := l.constantRows(row.Values[0]); ok {
			v.Rows = append(v.Rows, rows...)
			tok = i
		} else {
			first := l.expr(row.Values[0])
			v.Rows = append(v.Rows, append([]Expr{first.e}, l.exprs(row.Values[1:])...))
			tok = first.tok - 1
		}
		if k == 0 {
			v.Loc = l.loc(tok - 1) // tok is the first parenthesis, before it stands VALUES
		}
	}
	return v
}

// constantRows returns the rows of constants that n stands for, and their first token.
func (l *lowering) constantRows(n ast.ExprNode) (rows [][]Expr, tok int, ok bool) {
	c, ok := n.(*ast.ColumnNameExpr)
	if !ok {
		return nil, 0, false
	}
	h := l.placeholder(c.Name.Name.O)
	rows, ok = h.ext.([][]Expr)
	return rows, int(h.tok), ok
}

// fields lowers the select list of a SELECT without frame.
func (l *lowering) fields(x *ast.SelectStmt) []Expr {
	out := make([]Expr, len(x.Fields.Fields))
	for k, f := range x.Fields.Fields {
		out[k] = l.expr(f.Expr).e
	}
	return out
}
