package logical

import "github.com/flernd/flernd/internal/storage/sqltype"

// Quantified is arg op ANY (array), or ALL: true if op holds for any element, or for all. Op takes the types of Arg and of the
// elements, which are the same for comparisons. NULLs count as they do in OR and AND; no elements make ANY false and ALL true.
type Quantified struct {
	Op         Func
	All        bool
	Arg, Array Expr
	Pos        int
}

// Type is boolean.
func (e *Quantified) Type() sqltype.Type { return sqltype.Of(sqltype.Bool) }

// Nullable is true: elements may be null.
func (e *Quantified) Nullable() bool { return true }

// mostListed is how many elements of a constant array are looked up.
const mostListed = 1 << 20

// TooLong tells of a constant array that it has too many elements to be a list.
func (e *Quantified) TooLong() bool {
	array, ok := e.Array.(*Const)
	return ok && len(array.Value.A) > mostListed && (e.Op == Eq || e.Op == Ne)
}

// mostPatterns is how many elements of a constant array a function is called with that is no comparison.
const mostPatterns = 100

// Known is what a Quantified means whose array is a constant: at most one comparison, or a list; ok is false for other arrays.
func (e *Quantified) Known() (x Expr, ok bool) {
	array, ok := e.Array.(*Const)
	if !ok {
		return nil, false
	}
	decided := NullConst(e.Type())
	if !array.Value.Null && len(array.Value.A) == 0 {
		decided = boolConst(e.All)
	}
	var there []sqltype.Datum
	for _, d := range array.Value.A {
		if !d.Null {
			there = append(there, d)
		}
	}
	if len(there) == 0 {
		return decided, !MayRaise(e.Arg)
	}
	elem := array.Typ.Element()
	if e.TooLong() {
		return nil, false
	}
	if e.Op == Eq && !e.All || e.Op == Ne && e.All {
		in := &InList{Arg: e.Arg, Not: e.All, List: make([]Expr, len(array.Value.A))}
		for i, d := range array.Value.A {
			in.List[i] = &Const{Value: d, Typ: elem}
		}
		return in, true
	}
	terms, ok := e.terms(there, elem)
	if len(there) < len(array.Value.A) {
		terms = append(terms, NullConst(e.Type()))
	}
	switch {
	case !ok:
		return nil, false
	case len(terms) == 1:
		return terms[0], true
	}
	return &Call{Func: e.joins(), Args: terms, Typ: e.Type(), Pos: e.Pos}, true
}

func (e *Quantified) joins() Func {
	if e.All {
		return And
	}
	return Or
}

// terms are conditions which, joined by OR or AND, are the whole for some elements that are not null.
func (e *Quantified) terms(elements []sqltype.Datum, t sqltype.Type) (terms []Expr, ok bool) {
	least, greatest := elements[0], elements[0]
	if e.Op >= Eq && e.Op <= Ge {
		for _, d := range elements[1:] {
			if sqltype.Compare(t, d, least) < 0 {
				least = d
			}
			if sqltype.Compare(t, d, greatest) > 0 {
				greatest = d
			}
		}
	}
	call := func(d sqltype.Datum) Expr {
		c := &Call{Func: e.Op, Args: []Expr{e.Arg, &Const{Value: d, Typ: t}}, Typ: e.Type(), Pos: e.Pos}
		if e.Op >= Like && e.Op <= NotILike {
			c.Args = append(c.Args, &Const{Value: sqltype.Datum{S: "\\"}, Typ: sqltype.Of(sqltype.Text)})
		}
		return c
	}
	switch {
	case e.Op == Eq || e.Op == Ne: // = ALL, <> ANY
		if sqltype.Compare(t, least, greatest) == 0 {
			return []Expr{call(least)}, true
		}
		known := &Call{Func: IsNotNull, Args: []Expr{e.Arg}, Typ: e.Type(), Pos: e.Pos}
		if e.All {
			known.Func = IsNull
		}
		return []Expr{known, NullConst(e.Type())}, true
	case (e.Op == Lt || e.Op == Le) == e.All && e.Op >= Eq && e.Op <= Ge:
		return []Expr{call(least)}, true
	case e.Op >= Eq && e.Op <= Ge:
		return []Expr{call(greatest)}, true
	case len(elements) > mostPatterns || IsVolatile(e.Arg) || HasPredict(e.Arg):
		return nil, false
	}
	for _, d := range elements {
		terms = append(terms, call(d))
	}
	return terms, true
}
