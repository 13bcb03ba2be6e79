package bind

import (
	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// unnest binds unnest(a, …) in FROM, of arrays without columns: the elements at 1, 2, … up to the longest array's length, which is
// generate_series with subscripts.
func (b *binder) unnest(it *dialect.FuncRef, x *dialect.FuncCall) (logical.Node, *scope, error) {
	arrays, err := b.unnested(x)
	if err != nil {
		return nil, nil, err
	}
	lengths := make([]logical.Expr, len(arrays))
	for i, a := range arrays {
		lengths[i] = &logical.Call{Func: logical.Cardinality, Args: []logical.Expr{a}, Typ: sqltype.Of(int4), Pos: x.Pos()}
	}
	longest := &logical.Call{Func: logical.Greatest, Args: lengths, Typ: sqltype.Of(int4), Pos: x.Pos()}
	series := &logical.GenerateSeries{Start: intConst(1), Stop: longest, Step: intConst(1), Col: b.newColumn("ordinality", sqltype.Of(int4), false)}
	at := &logical.Ref{Col: series.Col}
	r := &relation{alias: "unnest"}
	name := "unnest"
	if it.Alias != nil {
		r.alias = it.Alias.Name
		if len(arrays) == 1 {
			name = it.Alias.Name
		}
	}
	var exprs []logical.NamedExpr
	add := func(name string, e logical.Expr) {
		col := b.newColumn(name, e.Type(), e.Nullable())
		col.Table = r.alias
		exprs = append(exprs, logical.NamedExpr{Col: col, Expr: e})
	}
	for _, a := range arrays {
		add(name, &logical.Subscript{Arg: a, Index: at})
	}
	if it.Ordinality {
		add("ordinality", &logical.Cast{Arg: at, Typ: sqltype.Of(int8), Pos: x.Pos()})
	}
	cols := make([]logical.Column, len(exprs))
	for i, e := range exprs {
		cols[i] = e.Col
	}
	names, err := columnAliases(it.Alias, cols, r.alias)
	if err != nil {
		return nil, nil, err
	}
	for i, n := range names {
		exprs[i].Col.Name, cols[i].Name = n, n
	}
	return &logical.Project{Input: series, Exprs: exprs}, relationScope(r, cols, names), nil
}

// unnested binds the arrays.
func (b *binder) unnested(x *dialect.FuncCall) ([]logical.Expr, error) {
	args, types, err := b.positional(&place{scope: b.lateral, clause: "functions in FROM"}, x)
	if err != nil {
		return nil, err
	}
	if len(args) == 0 {
		return nil, functionError(none, x.Name, types, x.Pos())
	}
	for i, a := range args {
		switch {
		case types[i].Kind == unknown:
			return nil, functionError(ambiguous, x.Name, types[i:i+1], x.Pos())
		case types[i].Kind != array:
			return nil, functionError(none, x.Name, types[i:i+1], x.Pos())
		case !logical.RefsOf(a).Empty():
			return nil, sqlstate.Unsupported("unnest over columns of other FROM items").At(start(x.Args[i].Value))
		case logical.HasPredict(a) || logical.IsVolatile(a):
			return nil, sqlstate.Unsupported("a volatile argument of unnest").At(x.Args[i].Pos())
		}
	}
	return args, nil
}
