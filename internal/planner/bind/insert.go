package bind

import (
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// insert binds INSERT.
func (b *binder) insert(s *dialect.Insert) (logical.Node, error) {
	switch {
	case s.OnConflict != nil:
		return nil, sqlstate.Unsupported("ON CONFLICT").At(s.OnConflict.Pos())
	case len(s.Returning) > 0:
		return nil, sqlstate.Unsupported("RETURNING").At(s.Returning[0].Pos())
	case s.Overriding != "":
		return nil, sqlstate.Unsupported("OVERRIDING").At(s.Pos())
	}
	t, err := b.table(s.Table)
	if err != nil {
		return nil, err
	}
	snap, err := b.snapshot(t)
	if err != nil {
		return nil, err
	}
	cols, err := insertColumns(t, s)
	if err != nil {
		return nil, err
	}
	sink := &logical.TableSink{Table: t, Snapshot: snap, Exprs: make([]logical.Expr, len(t.Columns))}
	for i, c := range t.Columns {
		sink.Exprs[i] = &logical.Const{Value: sqltype.NullDatum, Typ: c.Type}
	}
	if s.Source == nil {
		sink.Input = oneRow()
		return sink, nil
	}
	c, err := b.with(s.With, nil)
	if err != nil {
		return nil, err
	}
	if v, ok := s.Source.Body.(*dialect.Values); ok && plainValues(s.Source) {
		return sink, b.insertValues(sink, s, v, cols)
	}
	return sink, b.insertQuery(sink, s, c, cols)
}

func plainValues(q *dialect.Query) bool {
	return q.With == nil && q.OrderBy == nil && q.Limit == nil && q.Offset == nil
}

// insertColumns are the ordinals of the columns that the source fills, in its order.
func insertColumns(t *catalog.Table, s *dialect.Insert) ([]int, error) {
	if s.Columns == nil {
		cols := make([]int, len(t.Columns))
		for i := range cols {
			cols[i] = i
		}
		return cols, nil
	}
	cols := make([]int, len(s.Columns))
	for i, c := range s.Columns {
		if len(c.Path) > 0 {
			return nil, sqlstate.Unsupported("assigning to a part of column \"%s\"", c.Text).At(c.Pos())
		}
		o, err := tableColumn(t, c.Name)
		if err != nil {
			return nil, err
		}
		for _, have := range cols[:i] {
			if have == o {
				return nil, sqlstate.New(sqlstate.DuplicateColumn, "column \"%s\" specified more than once", c.Text).At(c.Pos())
			}
		}
		cols[i] = o
	}
	return cols, nil
}

func tableColumn(t *catalog.Table, n dialect.Name) (int, error) {
	for i, c := range t.Columns {
		if c.Name == n.Text {
			return i, nil
		}
	}
	return 0, sqlstate.New(sqlstate.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", n.Text, t.Name).At(n.Pos())
}

// checkWidth compares the number of values with the number of columns they go to.
func checkWidth(s *dialect.Insert, cols []int, n int, pos func(int) int) error {
	if n > len(cols) {
		return sqlstate.New(sqlstate.SyntaxError, "INSERT has more expressions than target columns").At(pos(len(cols)))
	}
	if n < len(cols) && s.Columns != nil {
		return sqlstate.New(sqlstate.SyntaxError, "INSERT has more target columns than expressions").At(s.Columns[n].Pos())
	}
	return nil
}

// assign converts a value to the type of the column it goes to.
func (b *binder) assign(e logical.Expr, c catalog.Column, pos int) (logical.Expr, error) {
	out, ok, err := b.coerce(e, c.Type, assignment, pos)
	if err == nil && !ok {
		err = sqlstate.New(sqlstate.DatatypeMismatch, "column \"%s\" is of type %s but expression is of type %s", c.Name,
			typeName(c.Type), typeName(e.Type())).WithHint("You will need to rewrite or cast the expression.").At(pos)
	}
	return out, err
}

func (b *binder) insertValues(sink *logical.TableSink, s *dialect.Insert, v *dialect.Values, cols []int) error {
	b.inserting = sink.Table
	width := len(v.Rows[0])
	node := &logical.Values{Rows: make([][]logical.Expr, len(v.Rows)), Cols: make([]logical.Column, width)}
	p := &place{clause: "VALUES"}
	for i, r := range v.Rows {
		if len(r) != width {
			at := v.Pos()
			if len(r) > 0 {
				at = r[0].Pos()
			}
			return sqlstate.New(sqlstate.SyntaxError, "VALUES lists must all be the same length").At(at)
		}
		if err := checkWidth(s, cols, width, func(j int) int { return start(r[j]) }); err != nil {
			return err
		}
		node.Rows[i] = make([]logical.Expr, width)
		for j, x := range r {
			e, err := b.insertValue(p, x, sink.Table.Columns[cols[j]], len(v.Rows) > 1)
			if err != nil {
				return err
			}
			node.Rows[i][j] = e
		}
	}
	if len(node.Rows) == 1 {
		for j, e := range node.Rows[0] {
			sink.Exprs[cols[j]] = e
		}
		sink.Input = oneRow()
		return nil
	}
	for j := range node.Cols {
		c := sink.Table.Columns[cols[j]]
		nullable := false
		for i := range node.Rows {
			nullable = nullable || node.Rows[i][j].Nullable()
		}
		node.Cols[j] = b.newColumn(c.Name, c.Type, nullable)
		sink.Exprs[cols[j]] = &logical.Ref{Col: node.Cols[j]}
	}
	sink.Input = node
	return nil
}

func (b *binder) insertValue(p *place, x dialect.Expr, c catalog.Column, many bool) (logical.Expr, error) {
	if _, ok := x.(*dialect.Default); ok {
		return &logical.Const{Value: sqltype.NullDatum, Typ: c.Type}, nil
	}
	e, err := b.expr(p, x)
	if err != nil {
		return nil, err
	}
	if many && logical.HasPredict(e) {
		return nil, sqlstate.Unsupported("a model call in VALUES of several rows").At(x.Pos())
	}
	return b.assign(e, c, start(x))
}

func (b *binder) insertQuery(sink *logical.TableSink, s *dialect.Insert, c *ctes, cols []int) error {
	n, outs, err := b.query(s.Source, c, true)
	if err != nil {
		return err
	}
	pos := func(i int) int { return targetPos(s.Source, i) }
	if err := checkWidth(s, cols, len(outs), pos); err != nil {
		return err
	}
	for i, o := range outs {
		if sink.Exprs[cols[i]], err = b.assign(o.Expr, sink.Table.Columns[cols[i]], pos(i)); err != nil {
			return err
		}
	}
	sink.Input = n
	return nil
}

// targetPos is the place of a query's i-th output, the query's own when stars hide it.
func targetPos(q *dialect.Query, i int) int {
	if s, ok := q.Body.(*dialect.Select); ok && i < len(s.Targets) {
		for _, t := range s.Targets[:i+1] {
			if c, ok := t.Expr.(*dialect.ColumnRef); ok && c.Star {
				return start(t.Expr)
			}
		}
		return start(s.Targets[i].Expr)
	}
	return q.Pos()
}
