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

// model binds a model called as a function: with its inputs by position or by name, or with a row whose columns have their
// names. An array or a vector is all the scalars of an input tensor. Arguments convert as in an assignment: a model's inputs
// are mostly real, and columns of double precision or numeric go into them. What would lose its fraction does not.
func (b *binder) model(p *place, x *dialect.FuncCall, m *logical.Model) (logical.Expr, error) {
	given, err := b.modelArguments(p, x, x.Args)
	if err != nil {
		return nil, err
	}
	return b.modelCall(x, m, given)
}

// arguments are what a call of a model is written with, bound, before a model says what they are for.
type arguments struct {
	row    *relation // the columns of which are arguments by their names; nil if there is none
	rowPos int
	list   []argument
}

type argument struct {
	name     string // "" by position
	e        logical.Expr
	pos      int // of the argument
	valuePos int // of its value
}

// modelArguments binds the arguments of a call.
func (b *binder) modelArguments(p *place, x *dialect.FuncCall, args []dialect.Arg) (given arguments, err error) {
	if err := plainCall(x); err != nil {
		return given, err
	}
	if given.row, err = b.rowArgument(p, args); err != nil {
		return given, err
	}
	if given.row != nil {
		given.rowPos = args[0].Value.Pos()
		args = args[1:]
	}
	for _, a := range args {
		if a.Variadic {
			return given, sqlstate.Unsupported("VARIADIC").At(a.Pos())
		}
		e, err := b.expr(p, a.Value)
		if err != nil {
			return given, err
		}
		given.list = append(given.list, argument{a.Name, e, a.Pos(), start(a.Value)})
	}
	return given, nil
}

// modelCall is the call of a model with these arguments.
func (b *binder) modelCall(x *dialect.FuncCall, m *logical.Model, given arguments) (*logical.Predict, error) {
	count := len(given.list)
	if given.row != nil {
		count++
	}
	c := &modelCall{b: b, m: m, args: make([]logical.Expr, len(m.Inputs)), covered: make([]bool, len(m.Inputs)), given: count,
		whole: count == len(m.Tensors) && len(m.Tensors) < len(m.Inputs)}
	next, named := 0, given.row != nil
	for _, a := range given.list {
		slot := next
		switch {
		case a.name != "":
			named = true
			if slot = inputNamed(m, a.name); slot < 0 {
				return nil, sqlstate.New(sqlstate.UndefinedFunction, "model \"%s\" has no argument named \"%s\"", m.Name,
					a.name).WithHint("%s", signature(m)).At(a.pos)
			}
		case named:
			return nil, sqlstate.New(sqlstate.SyntaxError, "positional argument cannot follow named argument").At(a.pos)
		case next >= len(m.Inputs):
			return nil, c.wrongNumber(x)
		}
		var err error
		if next, err = c.take(slot, a.e, a.pos, a.valuePos); err != nil {
			return nil, err
		}
	}
	if given.row != nil {
		if err := c.fromRow(given.row, given.rowPos); err != nil {
			return nil, err
		}
	}
	return c.predict(x)
}

// modelCall gathers the arguments of a call.
type modelCall struct {
	b       *binder
	m       *logical.Model
	given   int            // how many arguments the call has
	args    []logical.Expr // by input; of an array, at the first that it covers
	covered []bool         // inputs that have a value
	whole   bool           // there are as many arguments as tensors: untyped ones are arrays
}

func (c *modelCall) wrongNumber(x *dialect.FuncCall) error {
	return sqlstate.New(sqlstate.UndefinedFunction, "model \"%s\" takes %d arguments, not %d", c.m.Name, len(c.m.Inputs),
		c.given).WithHint("%s", signature(c.m)).At(x.Pos())
}

func (c *modelCall) predict(x *dialect.FuncCall) (*logical.Predict, error) {
	call := &logical.Predict{Model: c.m, Pos: x.Pos()}
	for i, e := range c.args {
		if !c.covered[i] {
			return nil, c.wrongNumber(x)
		}
		if e != nil {
			call.Args = append(call.Args, e)
		}
	}
	return call, nil
}

// take gives the inputs from slot on an argument, whose value stands at pos: one input, or those of a tensor. It returns the
// one after them.
func (c *modelCall) take(slot int, e logical.Expr, at, pos int) (next int, err error) {
	width, k := 1, e.Type().Kind
	tensor, first := c.m.TensorAt(slot)
	array := c.m.Inputs[slot].Type.Kind == array || k == array || k == vector || k == unknown && c.whole && tensor.Width > 1
	if array {
		if !first {
			return 0, c.mismatch(slot, e.Type(), pos)
		}
		width = tensor.Width
	}
	for i := slot; i < slot+width; i++ {
		if c.covered[i] {
			return 0, sqlstate.New(sqlstate.SyntaxError, "argument name \"%s\" used more than once", c.m.Inputs[i].Name).At(at)
		}
		c.covered[i] = true
	}
	if array {
		c.args[slot], err = c.array(slot, tensor, e, pos)
	} else {
		c.args[slot], err = c.scalar(slot, e, pos)
	}
	return slot + width, err
}

func (c *modelCall) mismatch(slot int, t sqltype.Type, pos int) error {
	in := c.m.Inputs[slot]
	return sqlstate.New(sqlstate.UndefinedFunction, "argument \"%s\" of model \"%s\" is of type %s but expression is of type %s",
		in.Name, c.m.Name, typeName(in.Type), typeName(t)).WithHint("%s", signature(c.m)).At(pos)
}

// losesFraction tells of numbers that an integer input does not take.
func losesFraction(in, from kind) bool { return in.IsInteger() && (from.IsFloat() || from == numeric) }

func (c *modelCall) scalar(slot int, e logical.Expr, pos int) (logical.Expr, error) {
	in := c.m.Inputs[slot]
	out, ok, err := c.b.coerce(e, in.Type, assignment, pos)
	if from := e.Type().Kind; err == nil && (!ok || in.Type.Kind.IsString() && !from.IsString() && from != unknown ||
		losesFraction(in.Type.Kind, from)) {
		err = c.mismatch(slot, e.Type(), pos)
	}
	if err != nil {
		return nil, err
	}
	return withoutNull(out, c.m, slot, pos), nil
}

// array converts an array or a vector to elements of the input's type and has its length checked.
func (c *modelCall) array(slot int, tensor logical.Tensor, e logical.Expr, pos int) (logical.Expr, error) {
	in, width := c.m.Inputs[slot].Type, tensor.Width
	if in.Kind == array {
		in, width = in.Element(), int(in.Len)
	}
	if !sqltype.StorableElement(in.Kind) {
		return nil, sqlstate.Unsupported("an array for an input of type %s", in).At(pos)
	}
	from := e.Type()
	if from.Kind != array && from.Kind != vector && from.Kind != unknown {
		return nil, c.mismatch(slot, from, pos)
	}
	if from.Kind == vector && in.Kind != float4 {
		e, from = &logical.Cast{Arg: e, Typ: sqltype.ArrayOf(float4, 0), Pos: pos}, sqltype.ArrayOf(float4, 0)
	}
	subject := fmt.Sprintf("argument \"%s\" of model \"%s\"", tensor.Name, c.m.Name)
	if n := max(from.Len, 0) + max(from.Mod, 0); n > 0 && int(n) != width {
		return nil, sqlstate.New(sqlstate.DataException, "%s must have %d elements, not %d", subject, width, n).At(pos)
	}
	if from.Kind != vector {
		out, ok, err := c.b.coerce(e, sqltype.ArrayOf(in.Kind, 0), assignment, pos)
		if err == nil && (!ok || losesFraction(in.Kind, from.Elem) || in.Kind == text && from.Kind == array && from.Elem != text) {
			err = c.mismatch(slot, from, pos)
		}
		if err != nil {
			return nil, err
		}
		e = out
	}
	policies := make([]byte, width)
	for i := range policies {
		policies[i] = "nae"[c.m.NullPolicyOf(slot+min(i, tensor.Width-1))]
	}
	switch {
	case !e.Nullable():
	case c.m.NullPolicyOf(slot) == logical.NullIsError:
		e = withoutNull(e, c.m, slot, pos)
	case c.m.NullPolicyOf(slot) == logical.NullIsNaN:
		e = c.orNaNs(e, width, in.Kind, pos)
	}
	return &logical.Call{Func: logical.Sized, Args: []logical.Expr{e, textConst(subject), textConst(string(policies))}, Typ: e.Type(), Pos: pos}, nil
}

// orNaNs is an array, or one of NaNs where it is NULL.
func (c *modelCall) orNaNs(e logical.Expr, width int, k kind, pos int) logical.Expr {
	t := sqltype.ArrayOf(k, 0)
	if e.Type().Kind == vector {
		e = &logical.Cast{Arg: e, Typ: t, Pos: pos}
	}
	nans := sqltype.Datum{A: make([]sqltype.Datum, width)}
	for i := range nans.A {
		nans.A[i].F = math.NaN()
	}
	return &logical.Call{Func: logical.Coalesce, Args: []logical.Expr{e, &logical.Const{Value: nans, Typ: t}}, Typ: t, Pos: pos}
}

// rowArgument is the FROM item of a first argument t or t.*: a row whose columns are arguments by their names.
func (b *binder) rowArgument(p *place, args []dialect.Arg) (*relation, error) {
	if len(args) == 0 || args[0].Name != "" {
		return nil, nil
	}
	return b.row(p, args[0].Value)
}

// row is the FROM item that an expression t or t.* is a row of, nil for any other expression.
func (b *binder) row(p *place, x dialect.Expr) (*relation, error) {
	ref, ok := x.(*dialect.ColumnRef)
	if !ok || p.scope == nil {
		return nil, nil
	}
	if ref.Star {
		if len(ref.Names) == 0 {
			return nil, nil
		}
		return b.relation(p.scope, append(ref.Names[:len(ref.Names):len(ref.Names)], dialect.Name{}), ref.Pos())
	}
	if len(ref.Names) != 1 {
		return nil, nil
	}
	for _, it := range p.scope.visible {
		if it.name == ref.Names[0].Text {
			return nil, nil // a column of that name comes first, as in PostgreSQL
		}
	}
	for _, r := range p.scope.relations {
		if r.alias == ref.Names[0].Text {
			return b.relation(p.scope, []dialect.Name{ref.Names[0], {}}, ref.Pos())
		}
	}
	return nil, nil
}

// fromRow takes the inputs that have no value yet from the columns of their names: a tensor as a whole from an array, else its
// scalars. Other columns of the row do not matter.
func (c *modelCall) fromRow(rel *relation, pos int) error {
	for slot := 0; slot < len(c.m.Inputs); {
		tensor, first := c.m.TensorAt(slot)
		if c.covered[slot] {
			slot++
			continue
		}
		e, err := c.b.columnOf(rel, c.m.Inputs[slot].Name, pos)
		if err == nil && e == nil && c.m.Written != nil && c.m.Written[slot] != "" {
			e, err = c.b.columnOf(rel, c.m.Written[slot], pos)
		}
		if err == nil && e == nil && first {
			if e, err = c.b.columnOf(rel, tensor.Name, pos); e != nil && e.Type().Kind != array && e.Type().Kind != vector {
				e = nil
			}
		}
		if err == nil && e == nil {
			err = sqlstate.New(sqlstate.UndefinedColumn, "\"%s\" has no column \"%s\", which model \"%s\" takes", rel.alias,
				c.m.Inputs[slot].Name, c.m.Name).WithHint("%s", signature(c.m)).At(pos)
		}
		if err != nil {
			return err
		}
		if slot, err = c.take(slot, e, pos, pos); err != nil {
			return err
		}
	}
	return nil
}

// columnOf is the column of a FROM item, nil if it has none of that name.
func (b *binder) columnOf(rel *relation, name string, pos int) (e logical.Expr, err error) {
	for _, it := range rel.items {
		if it.name != name {
			continue
		}
		if e != nil {
			return nil, sqlstate.New(sqlstate.AmbiguousColumn, "column reference \"%s\" is ambiguous", name).At(pos)
		}
		e = b.use(it, pos)
	}
	return e, nil
}

// withoutNull does to a NULL argument what the model's policy says, where that is other than to make the call NULL.
func withoutNull(e logical.Expr, m *logical.Model, slot, pos int) logical.Expr {
	if !e.Nullable() {
		return e
	}
	switch m.NullPolicyOf(slot) {
	case logical.NullIsNaN:
		if e.Type().Kind == sqltype.Text {
			return &logical.Call{Func: logical.Coalesce, Args: []logical.Expr{e, textConst(m.MissingText)}, Typ: e.Type(), Pos: pos}
		}
		return orNaN(e, pos)
	case logical.NullIsError:
		message := fmt.Sprintf("argument \"%s\" of model \"%s\" must not be NULL", m.Inputs[slot].Name, m.Name)
		return &logical.Call{Func: logical.Required, Args: []logical.Expr{e, textConst(message)}, Typ: e.Type(), Pos: pos}
	}
	return e
}

// orNaN is a float, or NaN where it is NULL. A real becomes NaN before it is widened: models of trees take the reals as they
// are where all their features have been widened.
func orNaN(e logical.Expr, pos int) logical.Expr {
	if cast, ok := e.(*logical.Cast); ok && cast.Typ.Kind == sqltype.Float8 && cast.Arg.Type().Kind == sqltype.Float4 {
		wide := *cast
		wide.Arg = orNaN(cast.Arg, pos)
		return &wide
	}
	t := e.Type()
	nan := &logical.Const{Value: sqltype.Datum{F: math.NaN()}, Typ: t}
	return &logical.Call{Func: logical.Coalesce, Args: []logical.Expr{e, nan}, Typ: t, Pos: pos}
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

// inputNamed is the number of an input, or of the first one of a tensor.
func inputNamed(m *logical.Model, name string) int {
	for i, c := range m.Inputs {
		if c.Name == name {
			return i
		}
	}
	at := 0
	for _, t := range m.Tensors {
		if t.Name == name {
			return at
		}
		at += t.Width
	}
	for i := range m.Inputs {
		if m.WrittenAs(i, name) {
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
