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

// predictNamed is predict(name, …): the call of the model of that name, which is a constant or data.
func (b *binder) predictNamed(p *place, x *dialect.FuncCall) (logical.Expr, error) {
	first := x.Args[0]
	if first.Name != "" || first.Variadic {
		return nil, sqlstate.New(sqlstate.SyntaxError, "the first argument of predict is the model's name").At(first.Pos())
	}
	name, ok := first.Value.(*dialect.Const)
	if !ok || name.Kind != dialect.StringConst {
		return b.predictChosen(p, x)
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

// predictChosen is predict(name, …) where each row has the name of its model: one of those that there are now, take these arguments
// and return what can be one column.
func (b *binder) predictChosen(p *place, x *dialect.FuncCall) (logical.Expr, error) {
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
	c := &choosing{b: b, x: x, given: given, choice: &logical.Choice{}, args: []logical.Expr{name}}
	for _, name := range b.namesOf(name) {
		if err := c.consider(name); err != nil {
			return nil, err
		}
	}
	if err := c.settleType(); err != nil {
		return nil, err
	}
	return &logical.Predict{Choice: c.choice, Args: c.args, Pos: x.Pos()}, nil
}

// namesOf are the models that an expression may name, in order: all, unless it is a column of constants.
func (b *binder) namesOf(name logical.Expr) []string {
	if ref, ok := name.(*logical.Ref); ok {
		if list, ok := b.listed[ref.Col.ID]; ok {
			return slices.Compact(slices.Sorted(slices.Values(list)))
		}
	}
	return b.env.Catalog.Models()
}

// list notes the texts of a column of constants.
func (b *binder) list(values *logical.Values) {
	for j, col := range values.Cols {
		var texts []string
		for _, row := range values.Rows {
			c, ok := row[j].(*logical.Const)
			if !ok || !c.Typ.Kind.IsString() {
				texts = nil
				break
			}
			if !c.Value.Null {
				texts = append(texts, c.Value.S)
			}
		}
		if texts != nil {
			if b.listed == nil {
				b.listed = map[logical.ColID][]string{}
			}
			b.listed[col.ID] = texts
		}
	}
}

// choosing gathers the candidates of a call.
type choosing struct {
	b      *binder
	x      *dialect.FuncCall
	given  arguments
	choice *logical.Choice
	args   []logical.Expr // the name, and the candidates' arguments
}

// consider makes a model of that name, if there is one, a candidate, or notes why it is none.
func (c *choosing) consider(name string) error {
	m, err := c.b.env.Catalog.Model(name)
	if m == nil && err == nil {
		return nil
	}
	var call *logical.Predict
	if err == nil {
		call, err = c.b.modelCall(c.x, m, c.given)
	}
	if err == nil && resultClass(m.Outputs[0].Type) == classes {
		err = sqlstate.New(sqlstate.UndefinedFunction, "model \"%s\" returns %s, which predict with a name that is not a constant does not", name,
			typeName(m.Outputs[0].Type))
	}
	if err != nil {
		c.refuse(name, sqlstate.Of(err).Message)
		return nil
	}
	if len(c.choice.Candidates) == maxCandidates {
		return sqlstate.New(sqlstate.ProgramLimitExceeded, "predict would choose among more than %d models", maxCandidates).
			WithHint("A list of constants as the names (VALUES, flern.models with a condition is one) leaves only these models.").At(c.x.Pos())
	}
	candidate := logical.Candidate{Model: m}
	candidate.From, candidate.To, err = c.place(call.Args)
	c.choice.Candidates = append(c.choice.Candidates, candidate)
	return err
}

func (c *choosing) refuse(name, why string) {
	c.choice.Refused = append(c.choice.Refused, logical.Refusal{Name: name, Why: why})
}

// place finds where among the call's arguments a candidate's are: another's, if they are the same.
func (c *choosing) place(args []logical.Expr) (from, to int, err error) {
	for _, o := range c.choice.Candidates {
		if slices.EqualFunc(c.args[o.From:o.To], args, logical.Equal) {
			return o.From, o.To, nil
		}
	}
	for _, a := range args {
		if err := c.b.share(a, 1, c.x.Pos()); err != nil {
			return 0, 0, err
		}
	}
	from = len(c.args)
	c.args = append(c.args, args...)
	return from, len(c.args), nil
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

// settleType chooses the call's type: that of numbers if a candidate returns a number, else of texts, truth values, arrays, the first of
// which there is one; within it, as of the branches of a CASE. Candidates that return something else are refused.
func (c *choosing) settleType() error {
	class := classes
	for _, m := range c.choice.Candidates {
		class = min(class, resultClass(m.Model.Outputs[0].Type))
	}
	if class == classes {
		e := sqlstate.New(sqlstate.UndefinedFunction, "no model takes the arguments of predict").At(c.x.Pos())
		if r := c.choice.Refused; len(r) > 0 {
			e = e.WithDetail("%s.", r[0].Why)
		}
		return e
	}
	var same []logical.Expr
	for _, m := range c.choice.Candidates {
		switch t := m.Model.Outputs[0].Type; {
		case resultClass(t) != class:
		case class == arrays:
			same = append(same, &logical.Const{Typ: sqltype.Of(t.Elem)})
		default:
			same = append(same, &logical.Const{Typ: t})
		}
	}
	t, ok, err := commonType("", same, func(int) int { return 0 })
	if err != nil || !ok {
		return sqlstate.New(sqlstate.DatatypeMismatch, "the results of the models that predict chooses from have no common type").At(c.x.Pos())
	}
	switch {
	case class == texts:
		t = sqltype.Of(text)
	case class == arrays:
		t = sqltype.ArrayOf(t.Kind, 0)
	}
	c.choice.Typ = t
	fits := func(m logical.Candidate) bool { return resultClass(m.Model.Outputs[0].Type) == class }
	for _, m := range c.choice.Candidates {
		if !fits(m) {
			c.refuse(m.Model.Name, fmt.Sprintf("model \"%s\" returns %s, others that take the same arguments %s", m.Model.Name,
				typeName(m.Model.Outputs[0].Type), typeName(t)))
		}
	}
	c.choice.Candidates = slices.DeleteFunc(c.choice.Candidates, func(m logical.Candidate) bool { return !fits(m) })
	slices.SortFunc(c.choice.Refused, func(a, b logical.Refusal) int { return cmp.Compare(a.Name, b.Name) })
	return nil
}
