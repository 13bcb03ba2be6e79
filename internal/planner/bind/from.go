package bind

import (
	"strings"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/catalog"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// from binds a FROM clause: the operators below the WHERE filter and the names they offer. No clause is one row without
// columns.
func (b *binder) from(items []dialect.FromItem, c *ctes) (logical.Node, *scope, error) {
	if len(items) == 0 {
		return oneRow(), &scope{}, nil
	}
	all := &scope{}
	nodes := make([]logical.Node, len(items))
	for i, it := range items {
		b.lateral = all
		n, s, err := b.fromItem(it, c)
		if err != nil {
			return nil, nil, err
		}
		if err := distinctAliases(all, s); err != nil {
			return nil, nil, err
		}
		nodes[i] = n
		all.add(s)
	}
	if len(nodes) == 1 {
		return nodes[0], all, nil
	}
	return &logical.Join{In: nodes}, all, nil
}

func oneRow() logical.Node { return &logical.Values{Rows: [][]logical.Expr{{}}} }

// distinctAliases refuses two FROM items of one name.
func distinctAliases(have, add *scope) error {
	for _, r := range add.relations {
		for _, h := range have.relations {
			if h.alias == r.alias && (h.schema == r.schema || h.schema == "" || r.schema == "") {
				return sqlstate.New(sqlstate.DuplicateAlias, "table name \"%s\" specified more than once", r.alias)
			}
		}
	}
	return nil
}

func (b *binder) fromItem(it dialect.FromItem, c *ctes) (logical.Node, *scope, error) {
	if b.relations++; b.relations > maxRelations {
		return nil, nil, sqlstate.New(sqlstate.StatementTooComplex, "the statement refers to more than %d relations",
			maxRelations).At(it.Pos())
	}
	if err := b.enter(it.Pos()); err != nil {
		return nil, nil, err
	}
	defer b.leave()
	switch it := it.(type) {
	case *dialect.TableRef:
		return b.tableRef(it, c)
	case *dialect.SubqueryRef:
		if it.Lateral {
			return nil, nil, sqlstate.Unsupported("LATERAL").At(it.Pos())
		}
		return b.derived(it.Query, it.Alias, c, it.Pos())
	case *dialect.FuncRef:
		return b.funcRef(it)
	case *dialect.Join:
		return b.join(it, c)
	}
	return nil, nil, sqlstate.Unsupported("this FROM item").At(it.Pos())
}

func (b *binder) tableRef(it *dialect.TableRef, c *ctes) (logical.Node, *scope, error) {
	if it.Sample != nil {
		return nil, nil, sqlstate.Unsupported("TABLESAMPLE").At(it.Sample.Pos())
	}
	if it.Name.Schema == "" {
		if cte := c.find(it.Name.Name); cte != nil {
			return b.cteRef(cte, it)
		}
	}
	if n, s, ok, err := b.viewRef(it); ok || err != nil {
		return n, s, err
	}
	t, err := b.table(it.Name)
	if err != nil {
		return nil, nil, err
	}
	snap, err := b.snapshot(t)
	if err != nil {
		return nil, nil, err
	}
	scan := &logical.Scan{Table: t, Snapshot: snap, Alias: t.Name, Ordinals: make([]int, len(t.Columns))}
	r := &relation{alias: t.Name, schema: t.Schema, table: t.Name}
	if it.Alias != nil {
		r.alias, r.schema = it.Alias.Name, ""
		scan.Alias = it.Alias.Name
	}
	scan.Cols = make([]logical.Column, len(t.Columns))
	for i, col := range t.Columns {
		scan.Ordinals[i] = i
		scan.Cols[i] = b.newColumn(col.Name, col.Type, !col.NotNull)
		scan.Cols[i].Table = scan.Alias
	}
	b.known.scan(scan)
	names, err := columnAliases(it.Alias, scan.Cols, r.alias)
	if err != nil {
		return nil, nil, err
	}
	return scan, relationScope(r, scan.Cols, names), nil
}

// table finds a table by name.
func (b *binder) table(n dialect.QualifiedName) (*catalog.Table, error) {
	if n.Catalog != "" && n.Catalog != b.env.Database {
		return nil, sqlstate.Unsupported("a cross-database reference: \"%s\"", n).At(n.Pos())
	}
	if t, ok := b.env.Catalog.Table(n.Schema, n.Name); ok {
		return t, nil
	}
	if n.Schema == "pg_catalog" || n.Schema == "information_schema" || n.Schema == "" && strings.HasPrefix(n.Name, "pg_") {
		return nil, sqlstate.Unsupported("the system catalog \"%s\"", n.Name).At(n.Pos())
	}
	return nil, sqlstate.New(sqlstate.UndefinedTable, "relation \"%s\" does not exist", n).At(n.Pos())
}

// columnAliases are the names of a FROM item's columns; an alias list may rename the first ones.
func columnAliases(a *dialect.Alias, cols []logical.Column, relation string) ([]string, error) {
	if a == nil || len(a.Columns) == 0 {
		return nil, nil
	}
	if len(a.Columns) > len(cols) {
		return nil, sqlstate.New(sqlstate.InvalidColumnReference, "table \"%s\" has %d columns available but %d columns specified",
			relation, len(cols), len(a.Columns))
	}
	names := make([]string, len(cols))
	for i, c := range cols {
		names[i] = c.Name
		if i < len(a.Columns) {
			names[i] = a.Columns[i].Text
		}
	}
	return names, nil
}

// derived binds a query in FROM.
func (b *binder) derived(q *dialect.Query, a *dialect.Alias, c *ctes, pos int) (logical.Node, *scope, error) {
	if a == nil {
		return nil, nil, sqlstate.New(sqlstate.SyntaxError, "subquery in FROM must have an alias").
			WithHint("For example, FROM (SELECT ...) [AS] foo.").At(pos)
	}
	n, outs, err := b.query(q, c, false)
	if err != nil {
		return nil, nil, err
	}
	return b.relationOf(n, outs, a, a.Name)
}

// relationOf makes a query's outputs the columns of a FROM item.
func (b *binder) relationOf(n logical.Node, outs []logical.NamedExpr, a *dialect.Alias, alias string) (logical.Node, *scope, error) {
	n, outs = b.materialize(n, outs, true)
	cols := make([]logical.Column, len(outs))
	for i, o := range outs {
		cols[i] = o.Expr.(*logical.Ref).Col
		cols[i].Name = o.Col.Name
	}
	names, err := columnAliases(a, cols, alias)
	if err != nil {
		return nil, nil, err
	}
	return n, relationScope(&relation{alias: alias}, cols, names), nil
}

// materialize puts a projection under outputs that are computed, so that each is a reference. Constants may stay as they
// are unless all is set.
func (b *binder) materialize(n logical.Node, outs []logical.NamedExpr, all bool) (logical.Node, []logical.NamedExpr) {
	var exprs []logical.NamedExpr
	var have logical.ColSet
	computed := false
	refs := make([]logical.NamedExpr, len(outs))
	for i, o := range outs {
		switch e := o.Expr.(type) {
		case *logical.Ref:
			if !have.Has(e.Col.ID) {
				have.Add(e.Col.ID)
				exprs = append(exprs, logical.NamedExpr{Col: e.Col, Expr: e})
			}
			refs[i] = o
			continue
		case *logical.Const, *logical.Param:
			if !all {
				refs[i] = o
				continue
			}
		}
		computed = true
		exprs = append(exprs, o)
		refs[i] = logical.NamedExpr{Col: o.Col, Expr: &logical.Ref{Col: o.Col}}
	}
	if !computed {
		return n, refs
	}
	return &logical.Project{Input: n, Exprs: exprs}, refs
}

// funcRef binds a function in FROM.
func (b *binder) funcRef(it *dialect.FuncRef) (logical.Node, *scope, error) {
	if it.RowsFrom || it.Columns != nil || len(it.Calls) != 1 {
		return nil, nil, sqlstate.Unsupported("ROWS FROM or a column definition list").At(it.Pos())
	}
	call, ok := it.Calls[0].Call.(*dialect.FuncCall)
	ok = ok && (call.Schema == "" || call.Schema == "pg_catalog")
	if ok && call.Name == "unnest" {
		if err := plainCall(call); err != nil {
			return nil, nil, err
		}
		return b.unnest(it, call)
	}
	if it.Ordinality {
		return nil, nil, sqlstate.Unsupported("WITH ORDINALITY of other functions than unnest").At(it.Pos())
	}
	if !ok || call.Name != "generate_series" {
		name := "this function"
		if call != nil {
			name = "function " + call.Name
		}
		return nil, nil, sqlstate.Unsupported("%s in FROM", name).At(it.Calls[0].Pos())
	}
	if err := plainCall(call); err != nil {
		return nil, nil, err
	}
	series, err := b.generateSeries(call)
	if err != nil {
		return nil, nil, err
	}
	r := &relation{alias: "generate_series"}
	if it.Alias != nil {
		r.alias = it.Alias.Name
		series.Col.Name = it.Alias.Name
	}
	series.Col.Table = r.alias
	names, err := columnAliases(it.Alias, []logical.Column{series.Col}, r.alias)
	if err != nil {
		return nil, nil, err
	}
	if names != nil {
		series.Col.Name = names[0]
	}
	return series, relationScope(r, []logical.Column{series.Col}, names), nil
}

// seriesCandidates are generate_series's types, with those we lack to be chosen as PostgreSQL does.
var seriesCandidates = []*candidate{{args: []kind{int4, int4, int4}, result: int4}, {args: []kind{int8, int8, int8}, result: int8},
	{args: []kind{numeric, numeric, numeric}, result: numeric},
	{args: []kind{timestamp, timestamp, interval}, lacks: "generate_series of timestamps"},
	{args: []kind{timestampTZ, timestampTZ, interval}, lacks: "generate_series of timestamps"}}

func (b *binder) generateSeries(x *dialect.FuncCall) (*logical.GenerateSeries, error) {
	args, types, err := b.positional(&place{scope: b.lateral, clause: "functions in FROM"}, x)
	if err != nil {
		return nil, err
	}
	var c *candidate
	ch := none
	if len(args) == 2 || len(args) == 3 {
		cands := seriesCandidates
		if len(args) == 2 {
			cands = cands[:3] // there is none of two timestamps
		}
		c, ch = choose(cands, kindsOf(types))
	}
	if ch != chosen {
		return nil, functionError(ch, x.Name, types, x.Pos())
	}
	if c.lacks != "" {
		return nil, sqlstate.Unsupported("%s", c.lacks).At(x.Pos())
	}
	if err := b.convert(c, args, func(i int) int { return start(x.Args[i].Value) }); err != nil {
		return nil, err
	}
	for i, a := range args {
		if refs := logical.RefsOf(a); !refs.Empty() {
			return nil, sqlstate.Unsupported("generate_series over columns of other FROM items").At(start(x.Args[i].Value))
		}
		if logical.HasPredict(a) || logical.IsVolatile(a) {
			return nil, sqlstate.Unsupported("a volatile argument of generate_series").At(x.Args[i].Pos())
		}
	}
	s := &logical.GenerateSeries{Start: args[0], Stop: args[1], Col: b.newColumn(x.Name, sqltype.Of(c.result), false)}
	if len(args) == 3 {
		s.Step = args[2]
		return s, nil
	}
	one := sqltype.Datum{I: 1}
	if c.result == numeric {
		one = sqltype.Datum{N: sqltype.DecimalFromInt(1)}
	}
	s.Step = &logical.Const{Value: one, Typ: sqltype.Of(c.result)}
	return s, nil
}
