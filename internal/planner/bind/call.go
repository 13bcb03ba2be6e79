package bind

import (
	"cmp"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// call binds a function call: an aggregate, a function of the session, a scalar function, or a model.
func (b *binder) call(p *place, x *dialect.FuncCall) (logical.Expr, error) {
	if x.Over != nil {
		return nil, sqlstate.Unsupported("a window function").At(x.Pos())
	}
	if x.Schema != "" && x.Schema != "pg_catalog" && x.Schema != "public" {
		return nil, sqlstate.New(sqlstate.InvalidSchemaName, "schema \"%s\" does not exist", x.Schema).At(x.Pos())
	}
	if x.Schema != "public" {
		if agg, ok := aggregates[x.Name]; ok {
			return b.aggregate(p, x, agg)
		}
		if cands, ok := arrayFunctions[x.Name]; ok {
			return b.arrayFunction(p, x, cands)
		}
		if cands, ok := scalarFunctions[x.Name]; ok {
			return b.scalar(p, x, cands)
		}
		if systemFunctions[x.Name] {
			return b.systemFunction(p, x)
		}
		if x.Name == predictFunction && x.Schema == "" && len(x.Args) > 0 {
			return b.predictNamed(p, x)
		}
	}
	if x.Schema != "pg_catalog" {
		m, err := b.env.Catalog.Model(x.Name)
		if err != nil {
			return nil, sqlstate.Of(err).At(x.Pos())
		}
		if m != nil {
			return b.model(p, x, m)
		}
	}
	if err := lackingFunction(x); err != nil {
		return nil, err
	}
	return nil, b.unknownFunction(p, x)
}

// unknownFunction is the error for a name that stands for nothing; it shows the arguments' types.
func (b *binder) unknownFunction(p *place, x *dialect.FuncCall) error {
	args := make([]string, len(x.Args))
	for i, a := range x.Args {
		rel, err := b.row(p, a.Value)
		switch {
		case err != nil:
			return err
		case rel != nil:
			args[i] = cmp.Or(rel.table, "record")
		default:
			e, err := b.expr(p, a.Value)
			if err != nil {
				return err
			}
			args[i] = typeName(e.Type())
		}
		if a.Name != "" {
			args[i] = a.Name + " => " + args[i]
		}
	}
	name := x.Name
	if x.Schema != "" {
		name = x.Schema + "." + name
	}
	return noFunction(name, args, x.Pos())
}

// plainCall refuses what only aggregates take.
func plainCall(x *dialect.FuncCall) error {
	switch {
	case x.Star:
		return sqlstate.New(sqlstate.WrongObjectType, "%s(*) specified, but %s is not an aggregate function", x.Name, x.Name).At(x.Pos())
	case x.Distinct:
		return sqlstate.New(sqlstate.WrongObjectType, "DISTINCT specified, but %s is not an aggregate function", x.Name).At(x.Pos())
	case x.WithinGroup:
		return sqlstate.New(sqlstate.WrongObjectType, "WITHIN GROUP specified, but %s is not an aggregate function", x.Name).At(x.Pos())
	case len(x.OrderBy) > 0:
		return sqlstate.New(sqlstate.WrongObjectType, "ORDER BY specified, but %s is not an aggregate function", x.Name).At(x.Pos())
	case x.Filter != nil:
		return sqlstate.New(sqlstate.WrongObjectType, "FILTER specified, but %s is not an aggregate function", x.Name).At(x.Pos())
	}
	return nil
}

// positional binds the arguments of a call that has no names for them.
func (b *binder) positional(p *place, x *dialect.FuncCall) ([]logical.Expr, []sqltype.Type, error) {
	args, types := make([]logical.Expr, len(x.Args)), make([]sqltype.Type, len(x.Args))
	for i, a := range x.Args {
		if a.Variadic {
			return nil, nil, sqlstate.Unsupported("VARIADIC").At(a.Pos())
		}
		if a.Name != "" {
			return nil, nil, sqlstate.Unsupported("calling %s with named arguments", x.Name).At(a.Pos())
		}
		e, err := b.expr(p, a.Value)
		if err != nil {
			return nil, nil, err
		}
		args[i], types[i] = e, e.Type()
	}
	return args, types, nil
}

func kindsOf(types []sqltype.Type) []kind {
	ks := make([]kind, len(types))
	for i, t := range types {
		ks[i] = t.Kind
	}
	return ks
}

func (b *binder) scalar(p *place, x *dialect.FuncCall, cands []*candidate) (logical.Expr, error) {
	if x.Star && len(cands[0].args) > 0 {
		return nil, functionError(none, x.Name, nil, x.Pos())
	}
	if err := plainCall(x); err != nil {
		return nil, err
	}
	args, types, err := b.positional(p, x)
	if err != nil {
		return nil, err
	}
	fit := make([]*candidate, 0, len(cands))
	for _, c := range cands {
		if len(c.args) == len(args) {
			fit = append(fit, c)
		}
	}
	c, ch := choose(fit, kindsOf(types))
	if ch != chosen {
		name := x.Name
		if x.Special {
			name = "pg_catalog." + name
		}
		return nil, functionError(ch, name, types, x.Pos())
	}
	if c.lacks != "" {
		return nil, sqlstate.Unsupported("%s", c.lacks).At(x.Pos())
	}
	if err := b.convert(c, args, func(i int) int { return start(x.Args[i].Value) }); err != nil {
		return nil, err
	}
	if c.build != nil {
		return c.build(b, c, args, x.Pos())
	}
	call := &logical.Call{Func: c.fn, Args: args, Typ: sqltype.Of(c.result), Pos: x.Pos()}
	switch c.fn {
	case logical.Extract, logical.DatePart, logical.DateTrunc:
		return call, checkTimeField(call, x)
	}
	return call, nil
}

// trimBlanks binds trim(x) to the trim of blanks.
func trimBlanks(fn logical.Func) func(*binder, *candidate, []logical.Expr, int) (logical.Expr, error) {
	return func(_ *binder, _ *candidate, args []logical.Expr, pos int) (logical.Expr, error) {
		return &logical.Call{Func: fn, Args: []logical.Expr{args[0], textConst(" ")}, Typ: sqltype.Of(text), Pos: pos}, nil
	}
}

func buildCastTo(k kind) func(*binder, *candidate, []logical.Expr, int) (logical.Expr, error) {
	return func(b *binder, _ *candidate, args []logical.Expr, pos int) (logical.Expr, error) {
		return b.castExplicit(args[0], sqltype.Of(k), pos, pos)
	}
}

func buildPi(*binder, *candidate, []logical.Expr, int) (logical.Expr, error) {
	return &logical.Const{Value: sqltype.Datum{F: 3.141592653589793}, Typ: sqltype.Of(float8)}, nil
}
