package logical

// Walk calls f for e and everything below it, parents first, until f returns false for a node, whose operands are then
// left out.
func Walk(e Expr, f func(Expr) bool) {
	if e == nil || !f(e) {
		return
	}
	switch e := e.(type) {
	case *Call:
		walkAll(e.Args, f)
	case *Cast:
		Walk(e.Arg, f)
	case *Case:
		for _, w := range e.Whens {
			Walk(w.Cond, f)
			Walk(w.Then, f)
		}
		Walk(e.Else, f)
	case *InList:
		Walk(e.Arg, f)
		walkAll(e.List, f)
	case *Quantified:
		Walk(e.Arg, f)
		Walk(e.Array, f)
	case *Subscript:
		Walk(e.Arg, f)
		Walk(e.Index, f)
	case *Predict:
		walkAll(e.Args, f)
	case *Agg:
		Walk(e.Arg, f)
	}
}

func walkAll(es []Expr, f func(Expr) bool) {
	for _, e := range es {
		Walk(e, f)
	}
}

// Rewrite rebuilds e bottom up: operands first, then f on the node over the new operands. It returns e itself where
// nothing changed, so that expressions without the thing looked for cost no memory.
func Rewrite(e Expr, f func(Expr) Expr) Expr {
	if e == nil {
		return nil
	}
	return f(mapOperands(e, func(x Expr) Expr { return Rewrite(x, f) }))
}

// RewriteDown rebuilds e top down: where f returns an expression it stands for the whole of its argument; where f returns
// nil the operands are looked at.
func RewriteDown(e Expr, f func(Expr) Expr) Expr {
	if e == nil {
		return nil
	}
	if r := f(e); r != nil {
		return r
	}
	return mapOperands(e, func(x Expr) Expr { return RewriteDown(x, f) })
}

// mapOperands applies f to the operands of e; it returns e itself when f changed none.
func mapOperands(e Expr, f func(Expr) Expr) Expr {
	switch x := e.(type) {
	case *Call:
		if args, changed := mapAll(x.Args, f); changed {
			c := *x
			c.Args = args
			return &c
		}
	case *Cast:
		if a := f(x.Arg); a != x.Arg {
			c := *x
			c.Arg = a
			return &c
		}
	case *Case:
		return mapCase(x, f)
	case *InList:
		a := f(x.Arg)
		if list, changed := mapAll(x.List, f); changed || a != x.Arg {
			return &InList{Arg: a, List: list, Not: x.Not}
		}
	case *Quantified:
		if a, of := f(x.Arg), f(x.Array); a != x.Arg || of != x.Array {
			c := *x
			c.Arg, c.Array = a, of
			return &c
		}
	case *Subscript:
		if a, i := f(x.Arg), f(x.Index); a != x.Arg || i != x.Index {
			return &Subscript{Arg: a, Index: i}
		}
	case *Predict:
		if args, changed := mapAll(x.Args, f); changed {
			c := *x
			c.Args = args
			return &c
		}
	case *Agg:
		return mapAgg(x, f)
	}
	return e
}

func mapCase(x *Case, f func(Expr) Expr) Expr {
	var whens []When
	for i, w := range x.Whens {
		n := When{f(w.Cond), f(w.Then)}
		if n == w {
			continue
		}
		if whens == nil {
			whens = append([]When(nil), x.Whens...)
		}
		whens[i] = n
	}
	els := f(x.Else)
	if whens == nil {
		if els == x.Else {
			return x
		}
		whens = x.Whens
	}
	return &Case{Whens: whens, Else: els, Typ: x.Typ}
}

func mapAgg(x *Agg, f func(Expr) Expr) Expr {
	if x.Arg == nil {
		return x
	}
	arg := f(x.Arg)
	if arg == x.Arg {
		return x
	}
	c := *x
	c.Arg = arg
	return &c
}

// mapAll applies f to a list; the list returned is es itself when nothing changed.
func mapAll(es []Expr, f func(Expr) Expr) (out []Expr, changed bool) {
	out = es
	for i, e := range es {
		n := f(e)
		if n == e {
			continue
		}
		if !changed {
			out, changed = append([]Expr(nil), es...), true
		}
		out[i] = n
	}
	return out, changed
}

// Substitute replaces references by the expressions that define them; a column without a definition stays.
func Substitute(e Expr, defs map[ColID]Expr) Expr {
	return Rewrite(e, func(x Expr) Expr {
		if r, ok := x.(*Ref); ok {
			if d, ok := defs[r.Col.ID]; ok {
				return d
			}
		}
		return x
	})
}

// ColSet is a set of columns.
type ColSet []uint64

// Add puts a column into the set.
func (s *ColSet) Add(id ColID) {
	w := int(id) / 64
	for len(*s) <= w {
		*s = append(*s, 0)
	}
	(*s)[w] |= 1 << (uint(id) % 64)
}

// Has reports whether the column is in the set.
func (s ColSet) Has(id ColID) bool {
	w := int(id) / 64
	return w < len(s) && s[w]&(1<<(uint(id)%64)) != 0
}

// AddRefs puts the columns that e reads into the set.
func (s *ColSet) AddRefs(e Expr) {
	Walk(e, func(x Expr) bool {
		if r, ok := x.(*Ref); ok {
			s.Add(r.Col.ID)
		}
		return true
	})
}

// SubsetOf reports whether every column of s is in t.
func (s ColSet) SubsetOf(t ColSet) bool {
	for i, w := range s {
		if i >= len(t) {
			if w != 0 {
				return false
			}
		} else if w&^t[i] != 0 {
			return false
		}
	}
	return true
}

// Empty reports whether the set has no column.
func (s ColSet) Empty() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

// RefsOf is the set of columns that e reads.
func RefsOf(e Expr) ColSet {
	var s ColSet
	s.AddRefs(e)
	return s
}

// SetOf is the set of these columns.
func SetOf(cols []Column) ColSet {
	var s ColSet
	for _, c := range cols {
		s.Add(c.ID)
	}
	return s
}

// PositionOf is the first position in the statement that an operation of e has; 0 if none is known.
func PositionOf(e Expr) int {
	pos := 0
	Walk(e, func(x Expr) bool {
		at := 0
		switch x := x.(type) {
		case *Call:
			at = x.Pos
		case *Cast:
			at = x.Pos
		case *Predict:
			at = x.Pos
		}
		if pos == 0 || at > 0 && at < pos {
			pos = at
		}
		return true
	})
	return pos
}

// IsVolatile reports whether two evaluations of e on the same row may differ.
func IsVolatile(e Expr) bool {
	found := false
	Walk(e, func(x Expr) bool {
		if c, ok := x.(*Call); ok && c.Func.Volatile() {
			found = true
		}
		return !found
	})
	return found
}

// HasPredict reports whether e calls a model.
func HasPredict(e Expr) bool {
	found := false
	Walk(e, func(x Expr) bool {
		if _, ok := x.(*Predict); ok {
			found = true
		}
		return !found
	})
	return found
}

// HasChoice reports whether e calls a model that the row names.
func HasChoice(e Expr) bool {
	found := false
	Walk(e, func(x Expr) bool {
		if p, ok := x.(*Predict); ok && p.Choice != nil {
			found = true
		}
		return !found
	})
	return found
}

// Conjuncts appends the operands of e's top-level ANDs to list.
func Conjuncts(list []Expr, e Expr) []Expr {
	if c, ok := e.(*Call); ok && c.Func == And {
		for _, a := range c.Args {
			list = Conjuncts(list, a)
		}
		return list
	}
	return append(list, e)
}
