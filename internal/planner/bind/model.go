package bind

import (
	"fmt"
	"math"
	"strings"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// model binds a model called as a function, positionally or by name. Arguments convert as in an assignment: a model's
// inputs are mostly real, and columns of double precision or numeric go into them. What would lose its fraction does not.
func (b *binder) model(p *place, x *dialect.FuncCall, m *logical.Model) (logical.Expr, error) {
	if err := plainCall(x); err != nil {
		return nil, err
	}
	if len(x.Args) != len(m.Inputs) {
		return nil, sqlstate.New(sqlstate.UndefinedFunction, "model \"%s\" takes %d arguments, not %d", m.Name, len(m.Inputs),
			len(x.Args)).WithHint("%s", signature(m)).At(x.Pos())
	}
	args := make([]logical.Expr, len(m.Inputs))
	named := false
	for i, a := range x.Args {
		if a.Variadic {
			return nil, sqlstate.Unsupported("VARIADIC").At(a.Pos())
		}
		slot := i
		switch {
		case a.Name != "":
			named = true
			if slot = inputNamed(m, a.Name); slot < 0 {
				return nil, sqlstate.New(sqlstate.UndefinedFunction, "model \"%s\" has no argument named \"%s\"", m.Name,
					a.Name).WithHint("%s", signature(m)).At(a.Pos())
			}
		case named:
			return nil, sqlstate.New(sqlstate.SyntaxError, "positional argument cannot follow named argument").At(a.Pos())
		}
		if args[slot] != nil {
			return nil, sqlstate.New(sqlstate.SyntaxError, "argument name \"%s\" used more than once", m.Inputs[slot].Name).At(a.Pos())
		}
		e, err := b.modelArg(p, a, m, slot)
		if err != nil {
			return nil, err
		}
		args[slot] = e
	}
	return &logical.Predict{Model: m, Args: args, Pos: x.Pos()}, nil
}

func (b *binder) modelArg(p *place, a dialect.Arg, m *logical.Model, slot int) (logical.Expr, error) {
	e, err := b.expr(p, a.Value)
	if err != nil {
		return nil, err
	}
	in := m.Inputs[slot]
	out, ok, err := b.coerce(e, in.Type, assignment, start(a.Value))
	if from := e.Type().Kind; err == nil && (!ok || in.Type.Kind.IsString() && !from.IsString() && from != unknown ||
		in.Type.Kind.IsInteger() && (from.IsFloat() || from == numeric)) {
		err = sqlstate.New(sqlstate.UndefinedFunction, "argument \"%s\" of model \"%s\" is of type %s but expression is of type %s",
			in.Name, m.Name, typeName(in.Type), typeName(e.Type())).WithHint("%s", signature(m)).At(start(a.Value))
	}
	if err != nil {
		return nil, err
	}
	return withoutNull(out, m, slot, start(a.Value)), nil
}

// withoutNull does to a NULL argument what the model's policy says, where that is other than to make the call NULL.
func withoutNull(e logical.Expr, m *logical.Model, slot, pos int) logical.Expr {
	if !e.Nullable() {
		return e
	}
	t := e.Type()
	switch m.NullPolicyOf(slot) {
	case logical.NullIsNaN:
		nan := &logical.Const{Value: sqltype.Datum{F: math.NaN()}, Typ: t}
		return &logical.Call{Func: logical.Coalesce, Args: []logical.Expr{e, nan}, Typ: t, Pos: pos}
	case logical.NullIsError:
		message := fmt.Sprintf("argument \"%s\" of model \"%s\" must not be NULL", m.Inputs[slot].Name, m.Name)
		return &logical.Call{Func: logical.Required, Args: []logical.Expr{e, textConst(message)}, Typ: t, Pos: pos}
	}
	return e
}

// CheckReturns refuses types of RETURNS that the model's outputs cannot be cast to.
func CheckReturns(m *logical.Model) error {
	for i, o := range m.Outputs {
		if from := m.NativeType(i); from != o.Type {
			col := &logical.Ref{Col: logical.Column{ID: 1, Type: from}}
			if _, err := newBinder(Env{}).castExplicit(col, o.Type, 0, 0); err != nil {
				return sqlstate.Of(err).WithDetail("Output \"%s\" of model \"%s\" is of type %s.", o.Name, m.Name, typeName(from))
			}
		}
	}
	return nil
}

func inputNamed(m *logical.Model, name string) int {
	for i, c := range m.Inputs {
		if c.Name == name {
			return i
		}
	}
	return -1
}

// signature tells how to call a model.
func signature(m *logical.Model) string {
	var s strings.Builder
	s.WriteString("The model's signature is " + m.Name + "(")
	for i, c := range m.Inputs {
		if i == 20 && len(m.Inputs) > 24 {
			s.WriteString(", …")
			break
		}
		if i > 0 {
			s.WriteString(", ")
		}
		s.WriteString(c.Name + " " + c.Type.String())
	}
	s.WriteString(").")
	return s.String()
}
