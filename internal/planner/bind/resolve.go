package bind

import (
	"strings"

	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// anyKind in a candidate's arguments accepts every type without a conversion.
const anyKind kind = 201

// candidate is one operator or function that a name may stand for.
type candidate struct {
	// args are the declared argument kinds, which decide the choice.
	args []kind
	// to are the kinds the arguments are converted to once chosen; nil when they are args. They differ for operators
	// between two types (int4 = int8), which are bound to the one of their common type.
	to     []kind
	result kind
	fn     logical.Func
	// build makes the expression when it is more than a call of fn.
	build func(b *binder, c *candidate, args []logical.Expr, pos int) (logical.Expr, error)
	// lacks names what we do not have, for candidates that are listed only to be chosen as PostgreSQL would.
	lacks string
}

func (c *candidate) target(i int) kind {
	if c.to != nil {
		return c.to[i]
	}
	return c.args[i]
}

// choice is the outcome of choosing: exactly one of them.
type choice uint8

const (
	chosen choice = iota
	none
	ambiguous
)

// choose is PostgreSQL's resolution (its manual, chapter "Type Conversion") among candidates with the right number of
// arguments.
func choose(cands []*candidate, types []kind) (*candidate, choice) {
	if c := exactMatch(cands, types); c != nil {
		return c, chosen
	}
	fit := make([]*candidate, 0, len(cands))
	for _, c := range cands {
		if accepts(c, types) {
			fit = append(fit, c)
		}
	}
	if len(fit) == 0 {
		return nil, none
	}
	fit = keepBest(fit, func(c *candidate) int { return score(c, types, false) })
	fit = keepBest(fit, func(c *candidate) int { return score(c, types, true) })
	if len(fit) > 1 {
		fit = byUnknowns(fit, types)
	}
	if len(fit) != 1 {
		return nil, ambiguous
	}
	return fit[0], chosen
}

func exactMatch(cands []*candidate, types []kind) *candidate {
next:
	for _, c := range cands {
		for i, t := range types {
			if c.args[i] != t {
				continue next
			}
		}
		return c
	}
	return nil
}

func accepts(c *candidate, types []kind) bool {
	for i, t := range types {
		if c.args[i] == anyKind || c.args[i] == timestampTZ && (t == date || t == timestamp) {
			continue
		}
		if !canCast(t, c.args[i], implicit) {
			return false
		}
	}
	return true
}

// score counts the known arguments that match exactly, and with prefer also those that reach a preferred type of their
// category.
func score(c *candidate, types []kind, prefer bool) int {
	n := 0
	for i, t := range types {
		switch {
		case t == unknown:
		case c.args[i] == t:
			n++
		case prefer && preferred(c.args[i]) && category(c.args[i]) == category(t):
			n++
		}
	}
	return n
}

func keepBest(cands []*candidate, score func(*candidate) int) []*candidate {
	if len(cands) < 2 {
		return cands
	}
	best, out := -1, cands[:0:0]
	for _, c := range cands {
		s := score(c)
		if s > best {
			best, out = s, out[:0]
		}
		if s == best {
			out = append(out, c)
		}
	}
	return out
}

// byUnknowns breaks a tie with the arguments of unknown type: first by the category they must have, strings before others,
// then by taking all arguments to be of one type.
func byUnknowns(cands []*candidate, types []kind) []*candidate {
	unknowns := 0
	for _, t := range types {
		if t == unknown {
			unknowns++
		}
	}
	if unknowns == 0 {
		return cands
	}
	if byCategory, ok := unknownCategories(cands, types); ok {
		if len(byCategory) == 1 {
			return byCategory
		}
		if len(byCategory) > 0 {
			cands = byCategory
		}
	}
	return sameAsKnown(cands, types, unknowns)
}

func unknownCategories(cands []*candidate, types []kind) ([]*candidate, bool) {
	slot := make([]byte, len(types))
	wantPreferred := make([]bool, len(types))
	for i, t := range types {
		if t != unknown {
			continue
		}
		conflict := false
		for n, c := range cands {
			cat, pref := category(c.args[i]), preferred(c.args[i])
			switch {
			case n == 0:
				slot[i], wantPreferred[i] = cat, pref
			case cat == slot[i]:
				wantPreferred[i] = wantPreferred[i] || pref
			case cat == 'S':
				slot[i], wantPreferred[i] = cat, pref
			default:
				conflict = true
			}
		}
		if conflict && slot[i] != 'S' {
			return nil, false
		}
	}
	var out []*candidate
next:
	for _, c := range cands {
		for i, t := range types {
			if t == unknown && (category(c.args[i]) != slot[i] || wantPreferred[i] && !preferred(c.args[i])) {
				continue next
			}
		}
		out = append(out, c)
	}
	return out, true
}

// sameAsKnown takes unknown arguments to have the one type that the known ones have, if they have one.
func sameAsKnown(cands []*candidate, types []kind, unknowns int) []*candidate {
	if unknowns == len(types) {
		return cands
	}
	known := unknown
	for _, t := range types {
		if t == unknown {
			continue
		}
		if known != unknown && known != t {
			return cands
		}
		known = t
	}
	all := make([]kind, len(types))
	for i := range all {
		all[i] = known
	}
	var out []*candidate
	for _, c := range cands {
		if accepts(c, all) {
			out = append(out, c)
		}
	}
	if len(out) == 1 {
		return out
	}
	return cands
}

// chooseBinary resolves a binary operator, which first tries an unknown operand as being of the other's type.
func chooseBinary(cands []*candidate, l, r kind) (*candidate, choice) {
	switch {
	case l == unknown && r != unknown:
		if c := exactMatch(cands, []kind{r, r}); c != nil {
			return c, chosen
		}
	case r == unknown && l != unknown:
		if c := exactMatch(cands, []kind{l, l}); c != nil {
			return c, chosen
		}
	}
	return choose(cands, []kind{l, r})
}

func operatorError(ch choice, op string, types []sqltype.Type, pos int) error {
	sig := op + " " + typeName(types[len(types)-1])
	if len(types) == 2 {
		sig = typeName(types[0]) + " " + sig
	}
	if ch == ambiguous {
		return sqlstate.New(sqlstate.AmbiguousFunction, "operator is not unique: %s", sig).At(pos).
			WithHint("Could not choose a best candidate operator. You might need to add explicit type casts.")
	}
	hint := "No operator matches the given name and argument types. You might need to add explicit type casts."
	if len(types) == 1 {
		hint = "No operator matches the given name and argument type. You might need to add an explicit type cast."
	}
	return sqlstate.New(sqlstate.UndefinedFunction, "operator does not exist: %s", sig).At(pos).WithHint("%s", hint)
}

func functionError(ch choice, name string, types []sqltype.Type, pos int) error {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = typeName(t)
	}
	if ch == ambiguous {
		return sqlstate.New(sqlstate.AmbiguousFunction, "function %s(%s) is not unique", name, strings.Join(names, ", ")).At(pos).
			WithHint("Could not choose a best candidate function. You might need to add explicit type casts.")
	}
	return noFunction(name, names, pos)
}

func noFunction(name string, args []string, pos int) error {
	return sqlstate.New(sqlstate.UndefinedFunction, "function %s(%s) does not exist", name, strings.Join(args, ", ")).At(pos).
		WithHint("No function matches the given name and argument types. You might need to add explicit type casts.")
}

// typeName is the type as messages name it: without its modifier.
func typeName(t sqltype.Type) string {
	if t.Kind == array {
		return t.String()
	}
	return kindName(t.Kind)
}
