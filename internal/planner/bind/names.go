package bind

import (
	"slices"

	"github.com/flernd/flernd/internal/planner/dialect"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/storage/table"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// What names a call predict(name, …) may meet is known in part when it is bound: from constants, from conditions below it, from the
// texts that a table's column has. Each only ever leaves names out that no row of the call can have.

// Bounds on what is looked at. Beyond them less is known, no more.
const (
	maxTexts     = 4096 // of a column
	maxFacts     = 1000
	maxFactSize  = 2000 // nodes of a condition
	maxNameDepth = 50   // columns that are computed of columns
)

// known is what the binder has learnt of columns of texts.
type known struct {
	listed map[logical.ColID][]string     // texts of columns of constants
	stored map[logical.ColID]storedColumn // columns of tables
	defs   map[logical.ColID]logical.Expr // columns that are computed
	// facts are conditions over columns of texts alone that all rows above have passed: any expression bound later that reads these
	// columns stands above.
	facts []logical.Expr
}

type storedColumn struct {
	snapshot *table.Snapshot
	ordinal  int
}

func isText(t sqltype.Type) bool { return t.Kind == text || t.Kind == varchar }

// list notes the texts of a column of constants.
func (k *known) list(values *logical.Values) {
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
			if k.listed == nil {
				k.listed = map[logical.ColID][]string{}
			}
			k.listed[col.ID] = texts
		}
	}
}

// scan notes a table's columns of texts.
func (k *known) scan(n *logical.Scan) {
	for i, col := range n.Cols {
		if isText(col.Type) {
			if k.stored == nil {
				k.stored = map[logical.ColID]storedColumn{}
			}
			k.stored[col.ID] = storedColumn{n.Snapshot, n.Ordinals[i]}
		}
	}
}

// define notes a column that is computed.
func (k *known) define(col logical.Column, e logical.Expr) {
	if isText(col.Type) {
		if k.defs == nil {
			k.defs = map[logical.ColID]logical.Expr{}
		}
		k.defs[col.ID] = e
	}
}

// learn notes the conditions that are facts about columns of texts.
func (k *known) learn(conds []logical.Expr) {
	for _, c := range conds {
		if len(k.facts) < maxFacts && aboutTexts(c) {
			k.facts = append(k.facts, c)
		}
	}
}

// aboutTexts reports whether a condition is of one column of texts, or the equality of two.
func aboutTexts(c logical.Expr) bool {
	if _, _, ok := equality(c); ok {
		return true
	}
	var col logical.ColID
	size, good := 0, !logical.IsVolatile(c) && !logical.HasPredict(c)
	logical.Walk(c, func(x logical.Expr) bool {
		if r, ok := x.(*logical.Ref); ok {
			good = good && isText(r.Col.Type) && (col == 0 || col == r.Col.ID)
			col = r.Col.ID
		}
		size++
		return good && size <= maxFactSize
	})
	return good && col != 0 && size <= maxFactSize
}

// equality is a = b of columns of texts.
func equality(c logical.Expr) (a, b logical.ColID, ok bool) {
	call, isCall := c.(*logical.Call)
	if !isCall || call.Func != logical.Eq {
		return 0, 0, false
	}
	l, lok := textColumn(call.Args[0])
	r, rok := textColumn(call.Args[1])
	return l, r, lok && rok
}

// textColumn is a column of texts, as it is or converted from varchar.
func textColumn(e logical.Expr) (logical.ColID, bool) {
	if c, ok := e.(*logical.Cast); ok && isText(c.Typ) && !c.Typ.HasMod() {
		e = c.Arg
	}
	r, ok := e.(*logical.Ref)
	return colOf(r, ok), ok && isText(r.Col.Type)
}

func colOf(r *logical.Ref, ok bool) logical.ColID {
	if !ok {
		return 0
	}
	return r.Col.ID
}

// conjuncts binds the operands of AND of a WHERE or ON. Those that call models by names that are data come last: by then the others
// have told of the names.
func (b *binder) conjuncts(p *place, x dialect.Expr, clause string) ([]logical.Expr, error) {
	parts := []dialect.Expr{x}
	if and, ok := x.(*dialect.BoolOp); ok && !and.Or {
		parts, clause = and.Args, "AND"
	}
	bound := make([][]logical.Expr, len(parts))
	for _, early := range []bool{true, false} {
		for i, part := range parts {
			if bound[i] != nil {
				continue
			}
			b.early, b.metChoice = early && len(parts) > 1, false
			e, err := b.condition(p, part, clause)
			if b.early = false; b.metChoice {
				continue
			}
			if err != nil {
				return nil, err
			}
			bound[i] = logical.Conjuncts(nil, e)
			b.known.learn(bound[i])
		}
	}
	return slices.Concat(bound...), nil
}

// tooEarly postpones the binding of a conjunct.
func (b *binder) tooEarly() error {
	b.metChoice = true
	return sqlstate.New(sqlstate.InternalError, "a call was bound too early")
}

// naming finds what a name can be.
type naming struct {
	k      *known
	facts  []logical.Expr
	models func() []string // all that there are
	stored bool            // tables' contents are looked at
	depth  int
}

// What is looked at: constants, also conditions, also tables' contents.
const (
	byConstants = iota
	byConditions
	byContents
)

// naming is for an expression at a place.
func (b *binder) naming(p *place, by int) *naming {
	n := &naming{k: &b.known, models: b.env.Catalog.Models, stored: by == byContents}
	if by >= byConditions {
		n.facts = b.known.facts
		for _, c := range p.given {
			if aboutTexts(c) {
				n.facts = append(n.facts[:len(n.facts):len(n.facts)], c)
			}
		}
	}
	return n
}

// names are the models that an expression may name, in order; some of them need not exist.
func (n *naming) names(e logical.Expr) []string {
	return slices.Compact(slices.Sorted(slices.Values(n.of(e))))
}

func (n *naming) of(e logical.Expr) []string {
	if col, ok := textColumn(e); ok {
		texts, ok := n.texts(col)
		if !ok {
			texts = n.filtered(n.models(), n.class(col))
		}
		return texts
	}
	switch x := e.(type) {
	case *logical.Case:
		all := n.of(x.Else)
		for _, w := range x.Whens {
			all = append(all, n.of(w.Then)...)
		}
		return all
	case *logical.Call:
		if x.Func == logical.Coalesce {
			var all []string
			for _, a := range x.Args {
				all = append(all, n.of(a)...)
			}
			return all
		}
	}
	if texts, ok := n.computed(e); ok {
		return texts
	}
	return n.models()
}

// texts are all that a column can have; ok is false if they are not known.
func (n *naming) texts(col logical.ColID) (texts []string, ok bool) {
	class := n.class(col)
	for _, c := range class {
		own, known := n.own(c)
		switch {
		case known && ok:
			texts = slices.DeleteFunc(slices.Clone(texts), func(s string) bool { return !slices.Contains(own, s) })
		case known:
			texts, ok = own, true
		}
	}
	return n.filtered(texts, class), ok
}

// own are the texts of a column by what it is, whatever conditions say.
func (n *naming) own(col logical.ColID) ([]string, bool) {
	if list, ok := n.k.listed[col]; ok {
		return list, len(list) <= maxTexts
	}
	if s, ok := n.k.stored[col]; ok && n.stored {
		return s.snapshot.Texts(s.ordinal, maxTexts)
	}
	if def, ok := n.k.defs[col]; ok && n.depth < maxNameDepth {
		n.depth++
		defer func() { n.depth-- }()
		return n.computed(def)
	}
	return nil, false
}

// computed are the values of an expression of one column of texts, or of none.
func (n *naming) computed(e logical.Expr) (texts []string, ok bool) {
	if logical.IsVolatile(e) || logical.HasPredict(e) || !e.Type().Kind.IsString() {
		return nil, false
	}
	var ref *logical.Ref
	one := true
	logical.Walk(e, func(x logical.Expr) bool {
		if r, isRef := x.(*logical.Ref); isRef {
			one = one && isText(r.Col.Type) && (ref == nil || ref.Col.ID == r.Col.ID)
			ref = r
		}
		return one
	})
	if !one {
		return nil, false
	}
	values := []sqltype.Datum{sqltype.NullDatum}
	if ref != nil {
		of, known := n.texts(ref.Col.ID)
		if !known {
			return nil, false
		}
		for _, s := range of {
			values = append(values, sqltype.Datum{S: s})
		}
	}
	for _, v := range values {
		c, constant := valueAt(e, ref, v)
		if !constant {
			return nil, false
		}
		if !c.Value.Null {
			texts = append(texts, c.Value.S)
		}
	}
	return texts, true
}

// valueAt is an expression where its only column has a value.
func valueAt(e logical.Expr, ref *logical.Ref, v sqltype.Datum) (*logical.Const, bool) {
	if ref != nil {
		e = logical.Substitute(e, map[logical.ColID]logical.Expr{ref.Col.ID: &logical.Const{Value: v, Typ: ref.Col.Type}})
	}
	e = logical.Rewrite(e, func(x logical.Expr) logical.Expr {
		if c, ok := logical.Fold(x); ok {
			return c
		}
		return x
	})
	c, ok := e.(*logical.Const)
	return c, ok
}

// class are the columns that facts say are equal to one, itself among them.
func (n *naming) class(col logical.ColID) []logical.ColID {
	class := []logical.ColID{col}
	for i := 0; i < len(class); i++ {
		for _, f := range n.facts {
			if a, b, ok := equality(f); ok {
				if b == class[i] {
					a, b = b, a
				}
				if a == class[i] && !slices.Contains(class, b) {
					class = append(class, b)
				}
			}
		}
	}
	return class
}

// filtered leaves out the texts that a fact about one of the columns, which are equal, excludes.
func (n *naming) filtered(texts []string, class []logical.ColID) []string {
	for _, f := range n.facts {
		if _, _, ok := equality(f); ok {
			continue
		}
		var ref *logical.Ref
		logical.Walk(f, func(x logical.Expr) bool {
			if r, ok := x.(*logical.Ref); ok {
				ref = r
			}
			return ref == nil
		})
		if !slices.Contains(class, ref.Col.ID) {
			continue
		}
		texts = slices.DeleteFunc(slices.Clone(texts), func(s string) bool {
			c, ok := valueAt(f, ref, sqltype.Datum{S: s})
			return ok && !logical.IsConst(c, true)
		})
	}
	return texts
}
