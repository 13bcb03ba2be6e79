package dialect

import "fmt"

func (f *formatter) query(q *Query) {
	if q.With != nil {
		f.with(q.With)
	}
	switch b := q.Body.(type) {
	case *Select:
		f.sel(b)
	case *Values:
		f.print("VALUES ")
		f.each(len(b.Rows), func(k int) { f.list("(", b.Rows[k], ")") })
	case *SetOp:
		f.setOperand(b.L)
		f.print([...]string{" UNION ", " INTERSECT ", " EXCEPT "}[b.Kind])
		f.when(b.All, "ALL ")
		f.setOperand(b.R)
	}
	f.when(len(q.OrderBy) > 0, " ")
	f.orderBy(q.OrderBy)
	if q.Limit != nil {
		if q.WithTies {
			f.print(" FETCH FIRST (")
			f.expr(q.Limit)
			f.print(") ROWS WITH TIES")
		} else {
			f.print(" LIMIT ")
			f.expr(q.Limit)
		}
	}
	if q.Offset != nil {
		f.print(" OFFSET ")
		f.expr(q.Offset)
	}
	for _, l := range q.Locking {
		f.locking(l)
	}
}

func (f *formatter) setOperand(q *Query) {
	f.print("(")
	f.query(q)
	f.print(")")
}

func (f *formatter) locking(l Locking) {
	f.print([...]string{" FOR KEY SHARE", " FOR SHARE", " FOR NO KEY UPDATE", " FOR UPDATE"}[l.Strength])
	f.when(len(l.Of) > 0, " OF ")
	f.each(len(l.Of), func(k int) { f.qualified(l.Of[k]) })
	f.when(l.NoWait, " NOWAIT")
	f.when(l.SkipLocked, " SKIP LOCKED")
}

func (f *formatter) with(w *With) {
	f.print("WITH ")
	f.when(w.Recursive, "RECURSIVE ")
	f.each(len(w.CTEs), func(k int) {
		c := w.CTEs[k]
		f.print(quoteIdent(c.Name))
		if len(c.Columns) > 0 {
			f.names(c.Columns)
		}
		f.print(" AS ", [...]string{"", "MATERIALIZED ", "NOT MATERIALIZED "}[c.Materialize], "(")
		f.query(c.Query)
		f.print(")")
	})
	f.print(" ")
}

func (f *formatter) sel(s *Select) {
	f.print("SELECT")
	f.when(s.Distinct, " DISTINCT")
	if s.DistinctOn != nil {
		f.list(" DISTINCT ON (", s.DistinctOn, ")")
	}
	f.when(len(s.Targets) > 0, " ")
	f.targets(s.Targets)
	if s.From != nil {
		f.print(" FROM ")
		f.each(len(s.From), func(k int) { f.fromItem(s.From[k]) })
	}
	if s.Where != nil {
		f.print(" WHERE ")
		f.expr(s.Where)
	}
	if s.GroupBy != nil {
		f.print(" GROUP BY ")
		f.when(s.GroupByDistinct, "DISTINCT ")
		f.each(len(s.GroupBy), func(k int) { f.groupItem(s.GroupBy[k]) })
	}
	if s.Having != nil {
		f.print(" HAVING ")
		f.expr(s.Having)
	}
	f.when(len(s.Windows) > 0, " WINDOW ")
	f.each(len(s.Windows), func(k int) {
		f.print(quoteIdent(s.Windows[k].Name), " AS ")
		f.window(&s.Windows[k])
	})
}

func (f *formatter) targets(list []Target) {
	f.each(len(list), func(k int) {
		f.expr(list[k].Expr)
		if list[k].Label != "" {
			f.print(" AS ", quoteIdent(list[k].Label))
		}
	})
}

func (f *formatter) groupItem(g GroupItem) {
	switch g.Kind {
	case GroupExpr:
		f.expr(g.Expr)
		return
	case GroupEmpty:
		f.print("()")
		return
	}
	f.print([...]string{"", "", "ROLLUP (", "CUBE (", "GROUPING SETS ("}[g.Kind])
	f.each(len(g.Items), func(k int) { f.groupItem(g.Items[k]) })
	f.print(")")
}

func (f *formatter) fromItem(n FromItem) {
	switch x := n.(type) {
	case *TableRef:
		f.when(x.Only, "ONLY ")
		f.qualified(x.Name)
		f.alias(x.Alias)
		if x.Sample != nil {
			f.list(" TABLESAMPLE "+x.Sample.Method+" (", x.Sample.Args, ")")
			if x.Sample.Seed != nil {
				f.list(" REPEATABLE (", []Expr{x.Sample.Seed}, ")")
			}
		}
	case *SubqueryRef:
		f.when(x.Lateral, "LATERAL ")
		f.print("(")
		f.query(x.Query)
		f.print(")")
		f.alias(x.Alias)
	case *FuncRef:
		f.funcRef(x)
	case *Join:
		f.join(x)
	default:
		f.print(fmt.Sprintf("?%T", n))
	}
}

func (f *formatter) alias(a *Alias) {
	if a == nil {
		return
	}
	f.print(" AS ", quoteIdent(a.Name))
	if len(a.Columns) > 0 {
		f.names(a.Columns)
	}
}

func (f *formatter) funcRef(x *FuncRef) {
	f.when(x.Lateral, "LATERAL ")
	f.when(x.RowsFrom, "ROWS FROM (")
	f.each(len(x.Calls), func(k int) {
		f.expr(x.Calls[k].Call)
		if x.Calls[k].Columns != nil {
			f.print(" AS ")
			f.columnDefs(x.Calls[k].Columns)
		}
	})
	f.when(x.RowsFrom, ")")
	f.when(x.Ordinality, " WITH ORDINALITY")
	f.alias(x.Alias)
	if x.Columns != nil {
		f.when(x.Alias == nil, " AS ")
		f.columnDefs(x.Columns)
	}
}

func (f *formatter) columnDefs(cols []ColumnDef) {
	f.print("(")
	f.each(len(cols), func(k int) { f.columnDef(cols[k]) })
	f.print(")")
}

func (f *formatter) join(x *Join) {
	f.print("(")
	f.fromItem(x.L)
	f.when(x.Natural, " NATURAL")
	f.print([...]string{" JOIN ", " LEFT JOIN ", " RIGHT JOIN ", " FULL JOIN ", " CROSS JOIN "}[x.Kind])
	f.fromItem(x.R)
	if x.On != nil {
		f.print(" ON ")
		f.expr(x.On)
	}
	if x.Using != nil {
		f.print(" USING ")
		f.names(x.Using)
		f.alias(x.UsingAlias)
	}
	f.print(")")
	f.alias(x.Alias)
}
