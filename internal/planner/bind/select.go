package bind

import (
	"strconv"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

func (b *binder) selectStmt(s *dialect.SelectStmt) (logical.Node, error) {
	if sel, ok := s.Query.Body.(*dialect.Select); ok && sel.Into != nil {
		return nil, sqlstate.Unsupported("SELECT INTO").At(sel.Into.Pos())
	}
	return b.queryResult(s.Query)
}

// queryResult binds a query whose rows leave the plan.
func (b *binder) queryResult(q *dialect.Query) (logical.Node, error) {
	n, outs, err := b.query(q, nil, false)
	if err != nil {
		return nil, err
	}
	var have logical.ColSet
	exprs := make([]logical.NamedExpr, len(outs))
	for i, o := range outs {
		if have.Has(o.Col.ID) {
			name := o.Col.Name
			o.Col = b.newColumn(name, o.Col.Type, o.Col.Nullable)
		}
		have.Add(o.Col.ID)
		exprs[i] = o
	}
	return &logical.Result{Input: n, Exprs: exprs}, nil
}

// query binds a query expression: an operator, and the query's outputs as expressions over it. With keepUnknown literals
// of unknown type stay so where they can (INSERT … SELECT gives them the column's type).
func (b *binder) query(q *dialect.Query, c *ctes, keepUnknown bool) (logical.Node, []logical.NamedExpr, error) {
	if err := b.enter(q.Pos()); err != nil {
		return nil, nil, err
	}
	defer b.leave()
	outer := b.lateral
	b.lateral = nil
	defer func() { b.lateral = outer }()
	c, err := b.with(q.With, c)
	if err != nil {
		return nil, nil, err
	}
	if len(q.Locking) > 0 {
		return nil, nil, sqlstate.Unsupported("a locking clause").At(q.Locking[0].Pos())
	}
	var n logical.Node
	var outs []logical.NamedExpr
	var s *scope
	switch body := q.Body.(type) {
	case *dialect.Select:
		n, outs, s, err = b.selectBody(body, q.OrderBy, c, keepUnknown)
	case *dialect.Values:
		n, outs, err = b.values(body, q.OrderBy)
	case *dialect.SetOp:
		err = sqlstate.Unsupported("%s", [...]string{"UNION", "INTERSECT", "EXCEPT"}[body.Kind]).At(body.Pos())
	default:
		err = sqlstate.Unsupported("this query").At(q.Pos())
	}
	if err != nil {
		return nil, nil, err
	}
	n, err = b.limit(q, n, s)
	return n, outs, err
}

// limit puts LIMIT and OFFSET on top.
func (b *binder) limit(q *dialect.Query, n logical.Node, s *scope) (logical.Node, error) {
	if q.WithTies {
		return nil, sqlstate.Unsupported("FETCH FIRST ... WITH TIES").At(q.Limit.Pos())
	}
	if q.Limit == nil && q.Offset == nil {
		return n, nil
	}
	out := &logical.Limit{Input: n}
	var err error
	if out.Count, err = b.rowCount(q.Limit, "LIMIT", s); err != nil {
		return nil, err
	}
	out.Offset, err = b.rowCount(q.Offset, "OFFSET", s)
	return out, err
}

func (b *binder) rowCount(x dialect.Expr, clause string, s *scope) (logical.Expr, error) {
	if x == nil {
		return nil, nil
	}
	e, err := b.expr(&place{scope: s, clause: clause}, x)
	if err != nil {
		return nil, err
	}
	if refs := logical.RefsOf(e); !refs.Empty() {
		return nil, sqlstate.New(sqlstate.InvalidColumnReference, "argument of %s must not contain variables", clause).At(start(x))
	}
	if logical.IsVolatile(e) || logical.HasPredict(e) {
		return nil, sqlstate.Unsupported("a volatile argument of %s", clause).At(start(x))
	}
	out, ok, err := b.coerce(e, sqltype.Of(int8), assignment, start(x))
	if err == nil && !ok {
		err = sqlstate.New(sqlstate.DatatypeMismatch, "argument of %s must be type bigint, not type %s", clause,
			typeName(e.Type())).At(start(x))
	}
	return out, err
}

// target is an item of the select list.
type target struct {
	name string
	expr logical.Expr
	pos  int
}

// sortItem is an item of ORDER BY: one of the targets, or an expression that is none.
type sortItem struct {
	target int // -1 if none
	expr   logical.Expr
	key    logical.SortKey
	pos    int
}

// selecting is a SELECT while it is bound.
type selecting struct {
	node    logical.Node
	scope   *scope
	targets []target
	groups  []logical.Expr
	having  []logical.Expr
	order   []sortItem
	grouped bool
}

func (b *binder) selectBody(s *dialect.Select, order []dialect.SortBy, c *ctes, keepUnknown bool) (logical.Node, []logical.NamedExpr, *scope, error) {
	if err := unsupportedClauses(s); err != nil {
		return nil, nil, nil, err
	}
	q := &selecting{}
	var err error
	if q.node, q.scope, err = b.from(s.From, c); err != nil {
		return nil, nil, nil, err
	}
	if s.Where != nil {
		conds, err := b.conjuncts(&place{scope: q.scope, clause: "WHERE"}, s.Where, "WHERE")
		if err != nil {
			return nil, nil, nil, err
		}
		q.node = &logical.Filter{Input: q.node, Conds: conds}
	}
	if err := b.targets(q, s.Targets, keepUnknown && len(order) == 0 && !s.Distinct); err != nil {
		return nil, nil, nil, err
	}
	if err := b.orderBy(q, order, s.Distinct); err != nil {
		return nil, nil, nil, err
	}
	if err := b.groupBy(q, s); err != nil {
		return nil, nil, nil, err
	}
	if q.grouped {
		if err := b.aggregateOver(q); err != nil {
			return nil, nil, nil, err
		}
	}
	n, outs := b.outputs(q, s.Distinct)
	return n, outs, q.scope, nil
}

func unsupportedClauses(s *dialect.Select) error {
	switch {
	case len(s.DistinctOn) > 0:
		return sqlstate.Unsupported("SELECT DISTINCT ON").At(s.DistinctOn[0].Pos())
	case len(s.Windows) > 0:
		return sqlstate.Unsupported("the WINDOW clause").At(s.Windows[0].Pos())
	case s.GroupByDistinct:
		return sqlstate.Unsupported("GROUP BY DISTINCT").At(s.Pos())
	}
	return nil
}

// targets binds the select list.
func (b *binder) targets(q *selecting, list []dialect.Target, keepUnknown bool) error {
	p := &place{scope: q.scope, clause: "SELECT", aggs: true}
	for _, t := range list {
		star, err := b.expandStar(q, t)
		if err != nil {
			return err
		}
		if star {
			continue
		}
		e, err := b.expr(p, t.Expr)
		if err != nil {
			return err
		}
		if e.Type().Kind == unknown && !keepUnknown {
			if e, err = b.coerceUnknown(e, sqltype.Of(text), start(t.Expr)); err != nil {
				return err
			}
		}
		name := t.Label
		if name == "" {
			name = columnName(t.Expr)
		}
		q.targets = append(q.targets, target{name, e, start(t.Expr)})
	}
	if len(q.targets) > maxTargets {
		return sqlstate.New(sqlstate.TooManyColumns, "target lists can have at most %d entries", maxTargets)
	}
	return nil
}

// expandStar expands * and t.* and (m(x)).*; it reports whether t was one of them.
func (b *binder) expandStar(q *selecting, t dialect.Target) (bool, error) {
	var items []item
	switch x := t.Expr.(type) {
	case *dialect.ColumnRef:
		if !x.Star {
			return false, nil
		}
		items = q.scope.visible
		if len(x.Names) > 0 {
			r, err := b.relation(q.scope, append(x.Names[:len(x.Names):len(x.Names)], dialect.Name{Text: "*"}), x.Pos())
			if err != nil {
				return true, err
			}
			items = r.items
		} else if len(q.scope.relations) == 0 {
			return true, sqlstate.New(sqlstate.SyntaxError, "SELECT * with no tables specified is not valid").At(x.Pos())
		}
	case *dialect.Field:
		if !x.Star {
			return false, nil
		}
		return true, b.expandModel(q, x)
	default:
		return false, nil
	}
	for _, it := range items {
		q.targets = append(q.targets, target{it.name, b.use(it, start(t.Expr)), start(t.Expr)})
	}
	return true, nil
}

func (b *binder) expandModel(q *selecting, x *dialect.Field) error {
	e, err := b.expr(&place{scope: q.scope, clause: "SELECT", aggs: true}, x.X)
	if err != nil {
		return err
	}
	call, ok := e.(*logical.Predict)
	if !ok {
		return sqlstate.New(sqlstate.WrongObjectType, "type %s is not composite", typeName(e.Type())).At(start(x.X))
	}
	if call.Choice != nil {
		return sqlstate.Unsupported("row expansion of a model whose name is not a constant").At(start(x.X))
	}
	for i, o := range call.Model.Outputs {
		c := *call
		c.Output = i
		q.targets = append(q.targets, target{o.Name, &c, x.Pos()})
	}
	return nil
}

// orderBy resolves ORDER BY: output columns by number or name first, then expressions over the input.
func (b *binder) orderBy(q *selecting, order []dialect.SortBy, distinct bool) error {
	for _, o := range order {
		if o.Using != "" && o.Using != "<" && o.Using != ">" {
			return sqlstate.Unsupported("ORDER BY USING %s", o.Using).At(o.Pos())
		}
		it, err := b.sortItem(q, o.Expr, "ORDER BY")
		if err != nil {
			return err
		}
		if distinct && it.target < 0 {
			return sqlstate.New(sqlstate.InvalidColumnReference,
				"for SELECT DISTINCT, ORDER BY expressions must appear in select list").At(start(o.Expr))
		}
		if !hasOrder(it.expr.Type().Kind) {
			return sqlstate.Unsupported("ORDER BY of type %s", typeName(it.expr.Type())).At(start(o.Expr))
		}
		it.key.Desc = o.Desc || o.Using == ">"
		it.key.NullsFirst = o.Nulls == dialect.NullsFirst || o.Nulls == dialect.NullsDefault && it.key.Desc
		q.order = append(q.order, it)
	}
	return nil
}

// sortItem resolves an item of ORDER BY (SQL92 names and numbers, then SQL99 expressions).
func (b *binder) sortItem(q *selecting, x dialect.Expr, clause string) (sortItem, error) {
	it := sortItem{target: -1, pos: x.Pos()}
	switch x := x.(type) {
	case *dialect.ColumnRef:
		if len(x.Names) == 1 && !x.Star {
			i, err := outputNamed(q, x.Names[0].Text, clause, x.Pos())
			if err != nil {
				return it, err
			}
			it.target = i
		}
	case *dialect.Const:
		i, err := outputAt(q, x, clause)
		if err != nil {
			return it, err
		}
		it.target = i
	}
	if it.target >= 0 {
		it.expr = q.targets[it.target].expr
		return it, nil
	}
	e, err := b.expr(&place{scope: q.scope, clause: clause, aggs: true}, x)
	if err == nil && e.Type().Kind == unknown {
		e, err = b.coerceUnknown(e, sqltype.Of(text), x.Pos())
	}
	if err != nil {
		return it, err
	}
	it.expr = e
	for i, t := range q.targets {
		if logical.Equal(t.expr, e) {
			it.target = i
			break
		}
	}
	return it, nil
}

// outputNamed finds the target with this label, -1 if there is none.
func outputNamed(q *selecting, name, clause string, pos int) (int, error) {
	found := -1
	for i, t := range q.targets {
		if t.name != name {
			continue
		}
		if found >= 0 && !logical.Equal(q.targets[found].expr, t.expr) {
			return -1, sqlstate.New(sqlstate.AmbiguousColumn, "%s \"%s\" is ambiguous", clause, name).At(pos)
		}
		if found < 0 {
			found = i
		}
	}
	return found, nil
}

// outputAt finds the target that a constant in ORDER BY or GROUP BY numbers.
func outputAt(q *selecting, c *dialect.Const, clause string) (int, error) {
	if c.Kind == dialect.NumberConst {
		if n, err := strconv.Atoi(c.Text); err == nil {
			if n < 1 || n > len(q.targets) {
				return -1, sqlstate.New(sqlstate.InvalidColumnReference, "%s position %d is not in select list", clause, n).At(c.Pos())
			}
			return n - 1, nil
		}
	}
	if c.Kind == dialect.BoolConst {
		return -1, nil
	}
	return -1, sqlstate.New(sqlstate.SyntaxError, "non-integer constant in %s", clause).At(c.Pos())
}

// outputs makes the operators above grouping: DISTINCT and ORDER BY over what the targets compute.
func (b *binder) outputs(q *selecting, distinct bool) (logical.Node, []logical.NamedExpr) {
	outs := make([]logical.NamedExpr, len(q.targets))
	for i, t := range q.targets {
		outs[i] = b.named(t.name, t.expr)
	}
	if !distinct && len(q.order) == 0 {
		return q.node, outs
	}
	all := append([]logical.NamedExpr(nil), outs...)
	for i := range q.order {
		if q.order[i].target < 0 {
			q.order[i].target = len(all)
			all = append(all, b.named("", q.order[i].expr))
		}
	}
	n, refs := b.materialize(q.node, all, distinct)
	if distinct {
		n = distinctRows(n, refs)
	}
	sort := &logical.Sort{Input: n}
	for _, it := range q.order {
		it.key.Expr = refs[it.target].Expr
		if _, constant := it.key.Expr.(*logical.Const); constant || hasKey(sort.Keys, it.key.Expr) {
			continue
		}
		sort.Keys = append(sort.Keys, it.key)
	}
	if len(sort.Keys) > 0 {
		n = sort
	}
	return n, refs[:len(outs)]
}

func hasKey(keys []logical.SortKey, e logical.Expr) bool {
	for _, k := range keys {
		if logical.Equal(k.Expr, e) {
			return true
		}
	}
	return false
}

// named gives an expression an output column; a reference keeps its own, under the output's name.
func (b *binder) named(name string, e logical.Expr) logical.NamedExpr {
	if r, ok := e.(*logical.Ref); ok {
		col := r.Col
		col.Name = name
		return logical.NamedExpr{Col: col, Expr: e}
	}
	col := b.newColumn(name, e.Type(), e.Nullable())
	b.known.define(col, e)
	return logical.NamedExpr{Col: col, Expr: e}
}

func distinctRows(n logical.Node, outs []logical.NamedExpr) logical.Node {
	agg := &logical.Aggregate{Input: n}
	var have logical.ColSet
	for _, o := range outs {
		r := o.Expr.(*logical.Ref)
		if !have.Has(r.Col.ID) {
			have.Add(r.Col.ID)
			agg.Keys = append(agg.Keys, logical.NamedExpr{Col: r.Col, Expr: r})
		}
	}
	return agg
}

// values binds VALUES.
func (b *binder) values(v *dialect.Values, order []dialect.SortBy) (logical.Node, []logical.NamedExpr, error) {
	width := len(v.Rows[0])
	rows := make([][]logical.Expr, len(v.Rows))
	p := &place{clause: "VALUES"}
	for i, r := range v.Rows {
		if len(r) != width {
			at := v.Pos()
			if len(r) > 0 {
				at = r[0].Pos()
			}
			return nil, nil, sqlstate.New(sqlstate.SyntaxError, "VALUES lists must all be the same length").At(at)
		}
		rows[i] = make([]logical.Expr, width)
		for j, x := range r {
			e, err := b.expr(p, x)
			if err != nil {
				return nil, nil, err
			}
			if logical.HasPredict(e) {
				return nil, nil, sqlstate.Unsupported("a model call in VALUES").At(x.Pos())
			}
			rows[i][j] = e
		}
	}
	node := &logical.Values{Rows: rows, Cols: make([]logical.Column, width)}
	q := &selecting{node: node}
	column := make([]logical.Expr, len(rows))
	r := &relation{alias: "*VALUES*"}
	for j := range node.Cols {
		for i := range rows {
			column[i] = rows[i][j]
		}
		t, err := b.unify("VALUES", column, func(i int) int { return start(v.Rows[i][j]) })
		if err != nil {
			return nil, nil, err
		}
		nullable := false
		for i := range rows {
			rows[i][j] = column[i]
			nullable = nullable || column[i].Nullable()
		}
		node.Cols[j] = b.newColumn("column"+strconv.Itoa(j+1), t, nullable)
		q.targets = append(q.targets, target{node.Cols[j].Name, &logical.Ref{Col: node.Cols[j]}, v.Pos()})
	}
	b.known.list(node)
	q.scope = relationScope(r, node.Cols, nil)
	if err := b.orderBy(q, order, false); err != nil {
		return nil, nil, err
	}
	n, outs := b.outputs(q, false)
	return n, outs, nil
}
