package refexec

import (
	"math/rand"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// scope evaluates expressions over rows of some columns.
type scope struct {
	*executor
	columns map[logical.ColID]int
}

func (e *executor) scope(cols []logical.Column) *scope {
	s := &scope{e, make(map[logical.ColID]int, len(cols))}
	for i, c := range cols {
		s.columns[c.ID] = i
	}
	return s
}

var (
	truth   = sqltype.Datum{I: 1}
	falsity = sqltype.Datum{}
)

func boolean(b bool) sqltype.Datum {
	if b {
		return truth
	}
	return falsity
}

// allTrue evaluates conjuncts in order, up to the first that is not true; if that hides errors, past those that raise.
func (s *scope) allTrue(conds []logical.Expr, r Row) (bool, error) {
	var raised error
	for _, c := range conds {
		switch v, err := s.eval(c, r); {
		case err != nil && !s.hiding:
			return false, err
		case err != nil && raised == nil:
			raised = err
		case err == nil && (v.Null || v.I == 0):
			return false, nil
		}
	}
	return raised == nil, raised
}

func (s *scope) eval(x logical.Expr, r Row) (sqltype.Datum, error) {
	switch x := x.(type) {
	case *logical.Ref:
		at, ok := s.columns[x.Col.ID]
		if !ok {
			return sqltype.NullDatum, sqlstate.New(sqlstate.InternalError, "column %d (%s) is not among the input's", x.Col.ID, x.Col.Name)
		}
		return r[at], nil
	case *logical.Const:
		return x.Value, nil
	case *logical.Param:
		if x.Index < 1 || x.Index > len(s.params) {
			return sqltype.NullDatum, sqlstate.New(sqlstate.UndefinedParameter, "there is no parameter $%d", x.Index)
		}
		return s.params[x.Index-1], nil
	case *logical.Call:
		v, err := s.evalCall(x, r)
		return v, positioned(err, x.Pos)
	case *logical.Cast:
		v, err := s.eval(x.Arg, r)
		if err != nil || v.Null {
			return v, err
		}
		v, err = cast(v, x.Arg.Type(), x.Typ, x.Explicit)
		return v, positioned(err, x.Pos)
	case *logical.Case:
		return s.evalCase(x, r)
	case *logical.InList:
		return s.evalIn(x, r)
	case *logical.Quantified:
		return s.evalQuantified(x, r)
	case *logical.Subscript:
		return s.evalSubscript(x, r)
	case *logical.Predict:
		values, err := s.called(x.Model, x.Choice, x.Args, x.Pos, r)
		if err != nil {
			return sqltype.NullDatum, err
		}
		return values[x.Output], nil
	}
	return sqltype.NullDatum, sqlstate.Unsupported("expression %T in the reference interpreter", x)
}

// positioned adds where in the statement the error came about, unless that is known.
func positioned(err error, pos int) error {
	if err == nil || pos == 0 {
		return err
	}
	e := sqlstate.Of(err)
	if e.Position != 0 {
		return err
	}
	return e.At(pos)
}

// call evaluates a model. A null argument makes every output null.
func (s *scope) call(m *logical.Model, args []logical.Expr, r Row) ([]sqltype.Datum, error) {
	var values []sqltype.Datum
	null := false
	for _, a := range args {
		v, err := s.eval(a, r)
		if err != nil {
			return nil, err
		}
		null = null || v.Null
		if hasElements(a.Type()) {
			values = append(values, scalars(v)...)
		} else {
			values = append(values, v)
		}
	}
	if !null {
		if s.models == nil {
			return nil, sqlstate.Unsupported("model %q without an interpreter of models", m.Name)
		}
		return s.models(m, values)
	}
	out := make([]sqltype.Datum, len(m.Outputs))
	for i := range out {
		out[i] = sqltype.NullDatum
	}
	return out, nil
}

// called are the outputs of a call of a model, or of one that the row chooses.
func (s *scope) called(m *logical.Model, c *logical.Choice, args []logical.Expr, pos int, r Row) ([]sqltype.Datum, error) {
	if c == nil {
		return s.call(m, args, r)
	}
	name, err := s.eval(args[0], r)
	if err != nil {
		return nil, err
	}
	out := make([]sqltype.Datum, len(c.Outputs))
	for i := range out {
		out[i] = sqltype.NullDatum
	}
	if name.Null {
		return out, nil
	}
	for i, o := range c.Candidates {
		if o.Model.Name == name.S {
			return out, s.choose(out, c, i, args[o.From:o.To], pos, r)
		}
	}
	for _, x := range c.Refused {
		if x.Name == name.S {
			return nil, sqlstate.New(sqlstate.UndefinedFunction, "%s", x.Why).At(pos)
		}
	}
	return nil, sqlstate.New(sqlstate.UndefinedObject, "model \"%s\" does not exist", name.S).At(pos)
}

// choose fills the outputs of a call with those of a candidate.
func (s *scope) choose(out []sqltype.Datum, c *logical.Choice, candidate int, args []logical.Expr, pos int, r Row) error {
	m := c.Candidates[candidate].Model
	values, err := s.call(m, args, r)
	if err != nil {
		return err
	}
	for i, o := range c.Outputs {
		k := o.Of[candidate]
		if values[k].Null {
			continue
		}
		v, err := cast(values[k], m.NativeType(k), m.Outputs[k].Type, true)
		if err == nil {
			v, err = cast(v, m.Outputs[k].Type, o.Typ, true)
		}
		if err != nil {
			return positioned(err, pos)
		}
		out[i] = v
	}
	return nil
}

func (s *scope) evalCase(x *logical.Case, r Row) (sqltype.Datum, error) {
	for _, w := range x.Whens {
		c, err := s.eval(w.Cond, r)
		if err != nil {
			return c, err
		}
		if !c.Null && c.I != 0 {
			return s.eval(w.Then, r)
		}
	}
	return s.eval(x.Else, r)
}

func (s *scope) evalIn(x *logical.InList, r Row) (sqltype.Datum, error) {
	v, err := s.eval(x.Arg, r)
	if err != nil || v.Null {
		return v, err
	}
	null := false
	for _, item := range x.List {
		w, err := s.eval(item, r)
		if err != nil {
			return w, err
		}
		if w.Null {
			null = true
		} else if sqltype.Compare(x.Arg.Type(), v, w) == 0 {
			return boolean(!x.Not), nil
		}
	}
	if null {
		return sqltype.NullDatum, nil
	}
	return boolean(x.Not), nil
}

func (s *scope) evalSubscript(x *logical.Subscript, r Row) (sqltype.Datum, error) {
	a, err := s.eval(x.Arg, r)
	if err != nil || a.Null {
		return sqltype.NullDatum, err
	}
	i, err := s.eval(x.Index, r)
	if err != nil || i.Null || i.I < 1 || i.I > int64(len(a.A)) {
		return sqltype.NullDatum, err
	}
	return a.A[i.I-1], nil
}

// evalCall computes what has its own rules for nulls here; all else is null when an argument is.
func (s *scope) evalCall(x *logical.Call, r Row) (sqltype.Datum, error) {
	switch x.Func {
	case logical.And, logical.Or:
		return s.evalLogic(x, r)
	case logical.Coalesce:
		for _, a := range x.Args {
			if v, err := s.eval(a, r); err != nil || !v.Null {
				return v, err
			}
		}
		return sqltype.NullDatum, nil
	case logical.Required:
		v, err := s.eval(x.Args[0], r)
		if err == nil && v.Null {
			err = sqlstate.New(sqlstate.NullValueNotAllowed, "%s", x.Args[1].(*logical.Const).Value.S).At(x.Pos)
		}
		return v, err
	case logical.Sized:
		return s.sized(x, r)
	case logical.MakeArray:
		var d sqltype.Datum
		for _, a := range x.Args {
			v, err := s.eval(a, r)
			if err != nil {
				return v, err
			}
			d.A = append(d.A, v)
		}
		return d, nil
	case logical.Random:
		return sqltype.Datum{F: rand.Float64()}, nil
	}
	args := make([]sqltype.Datum, len(x.Args))
	null := false
	for i, a := range x.Args {
		v, err := s.eval(a, r)
		if err != nil {
			return v, err
		}
		args[i] = v
		null = null || v.Null
	}
	if x.Func >= logical.ArrayConcat && x.Func <= logical.StringToArray {
		return logical.ArrayFunction(x, args)
	}
	if v, ok := nullAware(x, args); ok {
		return v, nil
	}
	if null {
		return sqltype.NullDatum, nil
	}
	return strict(x, args)
}

// evalLogic is AND or OR from left to right, up to what decides it.
func (s *scope) evalLogic(x *logical.Call, r Row) (sqltype.Datum, error) {
	or, null := x.Func == logical.Or, false
	for _, a := range x.Args {
		v, err := s.eval(a, r)
		if err != nil {
			return v, err
		}
		if v.Null {
			null = true
		} else if (v.I != 0) == or {
			return v, nil
		}
	}
	if null {
		return sqltype.NullDatum, nil
	}
	return boolean(!or), nil
}

func nullAware(x *logical.Call, a []sqltype.Datum) (sqltype.Datum, bool) {
	is := func(i int, want bool) bool { return !a[i].Null && (a[i].I != 0) == want }
	equal := func() bool {
		if a[0].Null || a[1].Null {
			return a[0].Null && a[1].Null
		}
		return sqltype.Compare(x.Args[0].Type(), a[0], a[1]) == 0
	}
	switch x.Func {
	case logical.IsNull:
		return boolean(a[0].Null), true
	case logical.IsNotNull:
		return boolean(!a[0].Null), true
	case logical.IsTrue:
		return boolean(is(0, true)), true
	case logical.IsNotTrue:
		return boolean(!is(0, true)), true
	case logical.IsFalse:
		return boolean(is(0, false)), true
	case logical.IsNotFalse:
		return boolean(!is(0, false)), true
	case logical.IsDistinct:
		return boolean(!equal()), true
	case logical.IsNotDistinct:
		return boolean(equal()), true
	case logical.NullIf:
		if !a[0].Null && !a[1].Null && equal() {
			return sqltype.NullDatum, true
		}
		return a[0], true
	case logical.Greatest, logical.Least:
		return extreme(x, a), true
	}
	return sqltype.NullDatum, false
}

// extreme is the greatest or least of the values that are not null.
func extreme(x *logical.Call, a []sqltype.Datum) sqltype.Datum {
	best := sqltype.NullDatum
	for _, v := range a {
		if v.Null {
			continue
		}
		if best.Null {
			best = v
			continue
		}
		c := sqltype.Compare(x.Typ, v, best)
		if x.Func == logical.Greatest && c > 0 || x.Func == logical.Least && c < 0 {
			best = v
		}
	}
	return best
}
