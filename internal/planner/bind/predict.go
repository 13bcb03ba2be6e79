package bind

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// predictFunction is the function that calls a model by a name that may be data.
const predictFunction = "predict"

// predictNamed is predict(name, …): the call of the model of that name, which is a constant or data.
func (b *binder) predictNamed(p *place, x *dialect.FuncCall) (logical.Expr, error) {
	first := x.Args[0]
	name, ok := first.Value.(*dialect.Const)
	if !ok || name.Kind != dialect.StringConst || first.Name != "" || first.Variadic {
		return b.predictChosen(p, x, "", nil)
	}
	m, err := b.env.Catalog.Model(name.Text)
	if err != nil {
		return nil, sqlstate.Of(err).At(first.Pos())
	}
	if m == nil {
		return nil, sqlstate.New(sqlstate.UndefinedObject, "model \"%s\" does not exist", name.Text).At(first.Pos())
	}
	call := *x
	call.Name, call.Args = name.Text, x.Args[1:]
	return b.model(p, &call, m)
}

// maxCandidates bounds the models that one call chooses from.
const maxCandidates = 1000

// isChosen reports whether an expression is a call predict(name, …) whose name is data, or an output of it.
func (b *binder) isChosen(x dialect.Expr) (call *dialect.FuncCall, output string, ok bool) {
	if f, isField := x.(*dialect.Field); isField && !f.Star {
		x, output = f.X, f.Name
	}
	call, ok = x.(*dialect.FuncCall)
	if !ok || call.Name != predictFunction || call.Schema != "" || len(call.Args) == 0 || call.Over != nil {
		return nil, "", false
	}
	name, constant := call.Args[0].Value.(*dialect.Const)
	return call, output, !constant || name.Kind != dialect.StringConst
}

// predictChosen is predict(name, …) where each row has the name of its model: one of those that there are now, take these arguments
// and return what can be one column: their output of that name, or the first. as is the type that a cast around the call asks for, nil if
// there is none.
func (b *binder) predictChosen(p *place, x *dialect.FuncCall, output string, as *sqltype.Type) (logical.Expr, error) {
	if first := x.Args[0]; first.Name != "" || first.Variadic {
		return nil, sqlstate.New(sqlstate.SyntaxError, "the first argument of predict is the model's name").At(first.Pos())
	}
	if b.early {
		return nil, b.tooEarly()
	}
	bound, err := b.expr(p, x.Args[0].Value)
	if err != nil {
		return nil, err
	}
	at := start(x.Args[0].Value)
	name, ok, err := b.coerce(bound, sqltype.Of(text), implicit, at)
	if err == nil && !ok {
		err = sqlstate.New(sqlstate.DatatypeMismatch, "the name of a model must be text, not %s", typeName(bound.Type())).At(at)
	}
	if err != nil {
		return nil, err
	}
	given, err := b.modelArguments(p, x, x.Args[1:])
	if err != nil {
		return nil, err
	}
	c := &choosing{b: b, x: x, given: given, output: output, as: as}
	c.among(b.naming(p, byContents).names(name))
	var typ sqltype.Type
	if len(c.calls) > 0 {
		typ, err = c.settleType()
	} else {
		typ, err = c.typeOfNone(p, name)
	}
	if err != nil {
		return nil, err
	}
	return c.settle(name, typ)
}

// typeOfNone is the type of a call that no model is a candidate of, by what is in a table or what a condition leaves of it: a query over
// an empty table is no error. Models that could be named say it.
func (c *choosing) typeOfNone(p *place, name logical.Expr) (t sqltype.Type, err error) {
	like := *c
	for by := byConditions; by >= byConstants && len(like.calls) == 0; by-- {
		names := c.b.naming(p, by).names(name)
		if len(names) == 0 && by == byConstants {
			names = c.b.env.Catalog.Models() // the name is NULL
		}
		like.among(names)
	}
	if len(like.calls) == 0 {
		return t, like.none()
	}
	return like.settleType()
}

// choosing gathers the candidates of a call.
type choosing struct {
	b       *binder
	x       *dialect.FuncCall
	given   arguments
	output  string
	as      *sqltype.Type
	names   []string           // that are considered
	calls   []*logical.Predict // of the candidates
	refused []logical.Refusal
}

// among considers the models of these names.
func (c *choosing) among(names []string) {
	c.names, c.calls, c.refused = names, nil, nil
	for _, name := range names {
		c.consider(name)
	}
}

// consider makes a model of that name, if there is one, a candidate, or notes why it is none.
func (c *choosing) consider(name string) {
	m, err := c.b.env.Catalog.Signature(name)
	if m == nil && err == nil {
		return
	}
	var call *logical.Predict
	if err == nil {
		call, err = c.b.modelCall(c.x, m, c.given)
	}
	if err == nil {
		err = c.returns(call)
	}
	if err != nil {
		c.refuse(name, sqlstate.Of(err).Message)
		return
	}
	c.calls = append(c.calls, call)
}

// returns finds the output of a model that the call is to give, and refuses one that is nothing for it.
func (c *choosing) returns(call *logical.Predict) error {
	m := call.Model
	if c.output != "" {
		named := func(o logical.Column) bool { return o.Name == c.output }
		if call.Output = slices.IndexFunc(m.Outputs, named); call.Output < 0 {
			return sqlstate.New(sqlstate.UndefinedFunction, "model \"%s\" has no output named \"%s\"", m.Name, c.output)
		}
	}
	t := call.Type()
	if resultClass(t) == classes {
		return sqlstate.New(sqlstate.UndefinedFunction, "model \"%s\" returns %s, which predict with a name that is not a constant does not", m.Name, typeName(t))
	}
	if c.as != nil && t != *c.as && !convertible(t, *c.as, explicit) {
		return sqlstate.New(sqlstate.UndefinedFunction, "model \"%s\" returns %s, which cannot be cast to %s", m.Name, typeName(t), typeName(*c.as))
	}
	return nil
}

func (c *choosing) refuse(name, why string) {
	c.refused = append(c.refused, logical.Refusal{Name: name, Why: why})
}

// none is the error for a call without candidates.
func (c *choosing) none() error {
	if len(c.names) == 1 && len(c.refused) == 0 {
		return sqlstate.New(sqlstate.UndefinedObject, "model \"%s\" does not exist", c.names[0]).At(c.x.Pos())
	}
	e := sqlstate.New(sqlstate.UndefinedFunction, "no model takes the arguments of predict").At(c.x.Pos())
	if len(c.refused) > 0 {
		e = e.WithDetail("%s.", c.refused[0].Why)
	}
	return e
}

// settle makes the call of the candidates, which are read for it.
func (c *choosing) settle(name logical.Expr, typ sqltype.Type) (logical.Expr, error) {
	if len(c.calls) > maxCandidates {
		return nil, sqlstate.New(sqlstate.ProgramLimitExceeded, "predict would choose among %d models, more than %d", len(c.calls), maxCandidates).
			WithHint("A condition on the name, or a list of constants as the names, leaves only these models.").At(c.x.Pos())
	}
	choice, args := &logical.Choice{}, []logical.Expr{name}
	output := logical.ChosenOutput{Name: c.output, Typ: typ}
	for _, call := range c.calls {
		model, err := c.b.env.Catalog.Model(call.Model.Name)
		if err != nil {
			c.refuse(call.Model.Name, sqlstate.Of(err).Message)
			continue
		}
		candidate := logical.Candidate{Model: model}
		if candidate.From, candidate.To, args, err = c.place(choice, args, call.Args); err != nil {
			return nil, err
		}
		choice.Candidates = append(choice.Candidates, candidate)
		output.Of = append(output.Of, call.Output)
	}
	choice.Outputs = []logical.ChosenOutput{output}
	slices.SortFunc(c.refused, func(a, b logical.Refusal) int { return cmp.Compare(a.Name, b.Name) })
	choice.Refused = c.refused
	return &logical.Predict{Choice: choice, Args: args, Pos: c.x.Pos()}, nil
}

// place finds where among all arguments a candidate's are: another's, if they are the same.
func (c *choosing) place(choice *logical.Choice, all, args []logical.Expr) (from, to int, out []logical.Expr, err error) {
	for _, o := range choice.Candidates {
		if slices.EqualFunc(all[o.From:o.To], args, logical.Equal) {
			return o.From, o.To, all, nil
		}
	}
	for _, a := range args {
		if err := c.b.share(a, 1, c.x.Pos()); err != nil {
			return 0, 0, all, err
		}
	}
	return len(all), len(all) + len(args), append(all, args...), nil
}

// The classes of results: those of one class are converted to one type.
const (
	numbers = iota
	texts
	truths
	arrays
	classes
)

func resultClass(t sqltype.Type) int {
	switch k := t.Kind; {
	case k.IsInteger() || k.IsFloat():
		return numbers
	case k.IsString():
		return texts
	case k == boolean:
		return truths
	case k == array && sqltype.StorableElement(t.Elem):
		return arrays
	}
	return classes
}

// carrier is the type in which a call has values for a cast to t; nil if there is none such.
func carrier(t sqltype.Type) *sqltype.Type {
	switch {
	case t.Kind.IsString():
		t = sqltype.Of(text)
	case t.Kind == vector:
		t = sqltype.ArrayOf(float4, 0)
	case resultClass(t) == arrays:
		t = sqltype.ArrayOf(t.Elem, 0)
	case resultClass(t) == classes:
		return nil
	}
	return &t
}

// settleType chooses the call's type: that of the cast around it; else that of numbers if a candidate returns a number, else of texts,
// truth values, arrays, the first of which there is one, and within it as of the branches of a CASE. Candidates that return something
// else are refused.
func (c *choosing) settleType() (t sqltype.Type, err error) {
	if c.as != nil {
		return *c.as, nil
	}
	classOf := func(call *logical.Predict) int { return resultClass(call.Type()) }
	class := classes
	for _, call := range c.calls {
		class = min(class, classOf(call))
	}
	var same []logical.Expr
	for _, call := range c.calls {
		switch t := call.Type(); {
		case resultClass(t) != class:
		case class == arrays:
			same = append(same, &logical.Const{Typ: sqltype.Of(t.Elem)})
		default:
			same = append(same, &logical.Const{Typ: t})
		}
	}
	t, ok, err := commonType("", same, func(int) int { return 0 })
	if err != nil || !ok {
		return t, sqlstate.New(sqlstate.DatatypeMismatch, "the results of the models that predict chooses from have no common type").
			WithHint("A cast around the call says which type it has: predict(…)::text.").At(c.x.Pos())
	}
	switch {
	case class == texts:
		t = sqltype.Of(text)
	case class == arrays:
		t = sqltype.ArrayOf(t.Kind, 0)
	}
	for _, call := range c.calls {
		if m := call.Model; classOf(call) != class {
			c.refuse(m.Name, fmt.Sprintf("model \"%s\" returns %s, others that take the same arguments %s; predict(…)::text returns both", m.Name,
				typeName(call.Type()), typeName(t)))
		}
	}
	c.calls = slices.DeleteFunc(c.calls, func(call *logical.Predict) bool { return classOf(call) != class })
	return t, nil
}
