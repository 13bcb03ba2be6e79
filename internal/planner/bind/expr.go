package bind

import (
	"math"
	"math/big"
	"strings"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// place tells an expression's binder what is allowed where it stands.
type place struct {
	scope *scope
	// clause is what messages call it ("WHERE").
	clause string
	// aggs allows aggregate calls.
	aggs bool
	// inAgg is set below an aggregate call.
	inAgg bool
	// given are conditions that a row meets for which the expression counts: those of the branches of CASE around it.
	given []logical.Expr
}

// expr binds an expression. The result may be of unknown type: the caller's context decides.
func (b *binder) expr(p *place, x dialect.Expr) (logical.Expr, error) {
	if err := b.enter(x.Pos()); err != nil {
		return nil, err
	}
	defer b.leave()
	switch x := x.(type) {
	case *dialect.ColumnRef:
		if x.Star {
			return nil, sqlstate.New(sqlstate.SyntaxError, "row expansion via \"*\" is not supported here").At(x.Pos())
		}
		return b.column(p.scope, x)
	case *dialect.Const:
		return b.literal(x)
	case *dialect.Param:
		return b.param(x)
	case *dialect.Unary:
		return b.unary(p, x)
	case *dialect.Binary:
		return b.binary(p, x)
	case *dialect.BoolOp:
		return b.boolOp(p, x)
	case *dialect.Not:
		arg, err := b.condition(p, x.X, "NOT")
		if err != nil {
			return nil, err
		}
		return &logical.Call{Func: logical.Not, Args: []logical.Expr{arg}, Typ: sqltype.Of(boolean), Pos: x.Pos()}, nil
	case *dialect.Cast:
		return b.cast(p, x)
	case *dialect.Case:
		return b.caseExpr(p, x)
	case *dialect.FuncCall:
		return b.call(p, x)
	case *dialect.Subscript:
		return b.subscript(p, x)
	case *dialect.Array:
		return b.array(p, x, nil)
	case *dialect.Field:
		return b.field(p, x)
	case *dialect.SQLValue:
		return b.sqlValue(x)
	case *dialect.Collate:
		return b.collate(p, x)
	}
	if e, err, ok := b.predicate(p, x); ok {
		return e, err
	}
	return nil, unsupportedExpr(x)
}

// unsupportedExpr names what we lack.
func unsupportedExpr(x dialect.Expr) error {
	what := "this expression"
	switch x := x.(type) {
	case *dialect.Default:
		return sqlstate.New(sqlstate.SyntaxError, "DEFAULT is not allowed in this context").At(x.Pos())
	case *dialect.Subquery:
		what = [...]string{"a subquery as a value", "EXISTS", "ARRAY of a subquery"}[x.Kind]
	case *dialect.Quantified:
		what = "ANY or ALL"
	case *dialect.AtTimeZone:
		what = "AT TIME ZONE"
	case *dialect.Grouping:
		what = "GROUPING"
	case *dialect.Row:
		what = "a row value"
	}
	return sqlstate.Unsupported("%s", what).At(x.Pos())
}

// literal binds a constant: strings and NULL stay unknown, integers take the narrowest of int4, int8 and numeric.
func (b *binder) literal(c *dialect.Const) (logical.Expr, error) {
	switch c.Kind {
	case dialect.NullConst:
		return &logical.Const{Value: sqltype.NullDatum, Typ: sqltype.Of(unknown)}, nil
	case dialect.BoolConst:
		var v int64
		if c.Text == "true" {
			v = 1
		}
		return &logical.Const{Value: sqltype.Datum{I: v}, Typ: sqltype.Of(boolean)}, nil
	case dialect.StringConst:
		return &logical.Const{Value: sqltype.Datum{S: c.Text}, Typ: sqltype.Of(unknown)}, nil
	case dialect.NumberConst:
		return number(c)
	}
	return nil, sqlstate.Unsupported("a bit string constant").At(c.Pos())
}

func number(c *dialect.Const) (logical.Expr, error) {
	if !strings.ContainsAny(c.Text, ".eE") && len(c.Text) < 21 {
		if v, ok := new(big.Int).SetString(c.Text, 10); ok && v.IsInt64() {
			i := v.Int64()
			k := int8
			if i >= math.MinInt32 && i <= math.MaxInt32 {
				k = int4
			}
			return &logical.Const{Value: sqltype.Datum{I: i}, Typ: sqltype.Of(k)}, nil
		}
	}
	d, err := sqltype.ParseDecimal(c.Text)
	if err != nil {
		return nil, sqlstate.Of(err).At(c.Pos())
	}
	return &logical.Const{Value: sqltype.Datum{N: d}, Typ: sqltype.Of(numeric)}, nil
}

func (b *binder) param(x *dialect.Param) (logical.Expr, error) {
	if x.N < 1 || x.N > maxParams {
		return nil, sqlstate.New(sqlstate.UndefinedParameter, "there is no parameter $%d", x.N).At(x.Pos())
	}
	for len(b.params) < x.N {
		b.params = append(b.params, sqltype.Of(unknown))
	}
	return &logical.Param{Index: x.N, Typ: b.params[x.N-1]}, nil
}

// condition binds an expression that must be boolean.
func (b *binder) condition(p *place, x dialect.Expr, clause string) (logical.Expr, error) {
	e, err := b.expr(p, x)
	if err != nil {
		return nil, err
	}
	return b.toBoolean(e, clause, start(x))
}

func (b *binder) boolOp(p *place, x *dialect.BoolOp) (logical.Expr, error) {
	fn, clause := logical.And, "AND"
	if x.Or {
		fn, clause = logical.Or, "OR"
	}
	args := make([]logical.Expr, len(x.Args))
	for i, a := range x.Args {
		var err error
		if args[i], err = b.condition(p, a, clause); err != nil {
			return nil, err
		}
	}
	return &logical.Call{Func: fn, Args: args, Typ: sqltype.Of(boolean), Pos: x.Pos()}, nil
}

func checkOperatorSchema(schema, op string, pos int) error {
	if schema != "" && schema != "pg_catalog" {
		return sqlstate.New(sqlstate.UndefinedFunction, "operator does not exist: %s.%s", schema, op).At(pos)
	}
	return nil
}

func (b *binder) unary(p *place, x *dialect.Unary) (logical.Expr, error) {
	if err := checkOperatorSchema(x.Schema, x.Op, x.Pos()); err != nil {
		return nil, err
	}
	arg, err := b.expr(p, x.X)
	if err != nil {
		return nil, err
	}
	t := arg.Type()
	c, ch := choose(prefixOperators[x.Op], []kind{t.Kind})
	if ch != chosen {
		return nil, operatorError(ch, x.Op, []sqltype.Type{t}, x.Pos())
	}
	if arg, err = b.to(arg, c.args[0], start(x.X)); err != nil || c.fn == unaryPlus {
		return arg, err
	}
	return &logical.Call{Func: c.fn, Args: []logical.Expr{arg}, Typ: sqltype.Of(c.result), Pos: x.Pos()}, nil
}

func (b *binder) binary(p *place, x *dialect.Binary) (logical.Expr, error) {
	if err := checkOperatorSchema(x.Schema, x.Op, x.Pos()); err != nil {
		return nil, err
	}
	l, err := b.operand(p, x.L)
	if err != nil {
		return nil, err
	}
	r, err := b.operand(p, x.R)
	if err != nil {
		return nil, err
	}
	return b.operator(x.Op, l, r, start(x.L), start(x.R), x.Pos())
}

// operand binds an operand of an operator.
func (b *binder) operand(p *place, x dialect.Expr) (logical.Expr, error) {
	if r, ok := x.(*dialect.Row); ok {
		return nil, sqlstate.Unsupported("a comparison of rows").At(r.Pos())
	}
	return b.expr(p, x)
}

// operator applies a binary operator to bound operands.
func (b *binder) operator(op string, l, r logical.Expr, lpos, rpos, pos int) (logical.Expr, error) {
	if l.Type().Kind == array || r.Type().Kind == array {
		return b.arrayOperator(op, l, r, lpos, rpos, pos)
	}
	cands := binaryOperators[op]
	c, ch := chooseBinary(cands, l.Type().Kind, r.Type().Kind)
	if ch != chosen {
		if knownOperators[op] && len(cands) == 0 {
			return nil, sqlstate.Unsupported("operator %s", op).At(pos)
		}
		return nil, operatorError(ch, op, []sqltype.Type{l.Type(), r.Type()}, pos)
	}
	if c.lacks != "" {
		return nil, sqlstate.Unsupported("%s", c.lacks).At(pos)
	}
	args := []logical.Expr{l, r}
	if err := b.convert(c, args, func(i int) int { return [2]int{lpos, rpos}[i] }); err != nil {
		return nil, err
	}
	if swapped(c) {
		args[0], args[1] = args[1], args[0]
	}
	if _, like := likeOperators[op]; like {
		args = append(args, textConst("\\"))
	}
	return &logical.Call{Func: c.fn, Args: args, Typ: sqltype.Of(c.result), Pos: pos}, nil
}

// convert brings arguments to what the chosen candidate takes.
func (b *binder) convert(c *candidate, args []logical.Expr, pos func(int) int) error {
	for i, e := range args {
		declared := c.args[i]
		if declared == anyKind {
			declared = text
		}
		var err error
		if e.Type().Kind == unknown {
			if e, err = b.to(e, declared, pos(i)); err != nil {
				return err
			}
		}
		if e, err = b.to(e, c.target(i), pos(i)); err != nil {
			return err
		}
		args[i] = e
	}
	return nil
}

// knownOperators are operators of PostgreSQL for types we lack: refused as such where nothing else fits.
var knownOperators = map[string]bool{"->": true, "->>": true, "#>": true, "#>>": true, "@>": true, "<@": true, "?": true,
	"?|": true, "?&": true, "&&": true, "@@": true, "<->": true, "<=>": true, "<#>": true, "||/": true, "-|-": true, "&<": true,
	"&>": true, "<<|": true, "|>>": true}

func textConst(s string) *logical.Const {
	return &logical.Const{Value: sqltype.Datum{S: s}, Typ: sqltype.Of(text)}
}

func (b *binder) cast(p *place, x *dialect.Cast) (logical.Expr, error) {
	t, err := TypeOf(x.Type)
	if err != nil {
		return nil, err
	}
	var e logical.Expr
	if a, ok := x.X.(*dialect.Array); ok && t.Kind == array {
		e, err = b.array(p, a, &t)
	} else if call, output, ok := b.isChosen(x.X); ok {
		e, err = b.predictChosen(p, call, output, carrier(t))
	} else {
		e, err = b.expr(p, x.X)
	}
	if err != nil {
		return nil, err
	}
	return b.castExplicit(e, t, start(x.X), x.Pos())
}

func (b *binder) caseExpr(p *place, x *dialect.Case) (logical.Expr, error) {
	whens := make([]logical.When, len(x.Whens))
	var arg logical.Expr
	var err error
	if x.Arg != nil {
		if arg, err = b.caseArg(p, x.Arg); err != nil {
			return nil, err
		}
		if err := b.share(arg, len(x.Whens), x.Pos()); err != nil {
			return nil, err
		}
	}
	// The branches' common type starts from ELSE, as in PostgreSQL.
	results, positions := make([]logical.Expr, 1, len(whens)+1), make([]int, 1, len(whens)+1)
	for i, w := range x.Whens {
		if arg == nil {
			whens[i].Cond, err = b.condition(p, w.Cond, "CASE/WHEN")
		} else {
			whens[i].Cond, err = b.caseEquals(p, arg, start(x.Arg), w)
		}
		if err != nil {
			return nil, err
		}
		branch := *p
		branch.given = logical.Conjuncts(p.given[:len(p.given):len(p.given)], whens[i].Cond)
		r, err := b.expr(&branch, w.Result)
		if err != nil {
			return nil, err
		}
		results, positions = append(results, r), append(positions, start(w.Result))
	}
	results[0] = &logical.Const{Value: sqltype.NullDatum, Typ: sqltype.Of(unknown)}
	if x.Else != nil {
		if results[0], err = b.expr(p, x.Else); err != nil {
			return nil, err
		}
		positions[0] = start(x.Else)
	}
	t, err := b.unify("CASE", results, func(i int) int { return positions[i] })
	if err != nil {
		return nil, err
	}
	for i := range whens {
		whens[i].Then = results[i+1]
	}
	return &logical.Case{Whens: whens, Else: results[0], Typ: t}, nil
}

func (b *binder) caseArg(p *place, x dialect.Expr) (logical.Expr, error) {
	arg, err := b.expr(p, x)
	if err != nil {
		return nil, err
	}
	if logical.IsVolatile(arg) {
		return nil, sqlstate.Unsupported("CASE of a volatile expression").At(x.Pos())
	}
	if arg.Type().Kind == unknown {
		return b.coerceUnknown(arg, sqltype.Of(text), x.Pos())
	}
	return arg, nil
}

func (b *binder) caseEquals(p *place, arg logical.Expr, argPos int, w dialect.When) (logical.Expr, error) {
	r, err := b.operand(p, w.Cond)
	if err != nil {
		return nil, err
	}
	return b.operator("=", arg, r, argPos, start(w.Cond), w.Pos())
}

func (b *binder) subscript(p *place, x *dialect.Subscript) (logical.Expr, error) {
	if x.Slice {
		return b.slice(p, x)
	}
	arg, err := b.subscripted(p, x)
	if err != nil {
		return nil, err
	}
	index, err := b.subscriptIndex(p, x.Index)
	if err != nil {
		return nil, err
	}
	return &logical.Subscript{Arg: arg, Index: index}, nil
}

// subscripted binds the array before the brackets.
func (b *binder) subscripted(p *place, x *dialect.Subscript) (logical.Expr, error) {
	if x.More {
		return nil, sqlstate.Unsupported("more than one subscript of an array").At(x.Pos())
	}
	arg, err := b.expr(p, x.X)
	if err == nil && arg.Type().Kind != array {
		err = sqlstate.New(sqlstate.DatatypeMismatch, "cannot subscript type %s because it does not support subscripting",
			typeName(arg.Type())).At(start(x.X))
	}
	return arg, err
}

func (b *binder) subscriptIndex(p *place, x dialect.Expr) (logical.Expr, error) {
	i, err := b.expr(p, x)
	if err != nil {
		return nil, err
	}
	index, ok, err := b.coerce(i, sqltype.Of(int4), assignment, start(x))
	if err == nil && !ok {
		err = sqlstate.New(sqlstate.DatatypeMismatch, "array subscript must have type integer").At(start(x))
	}
	return index, err
}

// field is (m(x)).name: another output of a model call.
func (b *binder) field(p *place, x *dialect.Field) (logical.Expr, error) {
	if x.Star {
		return nil, sqlstate.New(sqlstate.SyntaxError, "row expansion via \"*\" is not supported here").At(x.Pos())
	}
	if call, output, ok := b.isChosen(x); ok {
		return b.predictChosen(p, call, output, nil)
	}
	arg, err := b.expr(p, x.X)
	if err != nil {
		return nil, err
	}
	call, ok := arg.(*logical.Predict)
	if !ok || call.Choice != nil {
		return nil, sqlstate.New(sqlstate.WrongObjectType, "column notation .%s applied to type %s, which is not a composite type",
			x.Name, typeName(arg.Type())).At(start(x.X))
	}
	for i, o := range call.Model.Outputs {
		if o.Name == x.Name {
			c := *call
			c.Output = i
			return &c, nil
		}
	}
	names := make([]string, len(call.Model.Outputs))
	for i, o := range call.Model.Outputs {
		names[i] = o.Name
	}
	return nil, sqlstate.New(sqlstate.UndefinedColumn, "column \"%s\" not found in the outputs of model \"%s\"", x.Name,
		call.Model.Name).WithHint("The model's outputs are %s.", strings.Join(names, ", ")).At(start(x.X))
}

// collate accepts the collations that compare bytewise, as all text does here.
func (b *binder) collate(p *place, x *dialect.Collate) (logical.Expr, error) {
	e, err := b.expr(p, x.X)
	if err != nil {
		return nil, err
	}
	switch x.Collation.Name {
	case "C", "POSIX", "default", "ucs_basic":
	default:
		return nil, sqlstate.Unsupported("collation \"%s\"", x.Collation.Name).At(x.Collation.Pos())
	}
	if e.Type().Kind == unknown {
		return b.coerceUnknown(e, sqltype.Of(text), start(x.X))
	}
	if !e.Type().Kind.IsString() {
		return nil, sqlstate.New(sqlstate.DatatypeMismatch, "collations are not supported by type %s", typeName(e.Type())).At(x.Pos())
	}
	return e, nil
}
