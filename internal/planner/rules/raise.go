package rules

import (
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// mayRaise reports whether evaluating e can end the query with an error. It errs on the side of true.
func mayRaise(e logical.Expr) bool {
	found := false
	logical.Walk(e, func(x logical.Expr) bool {
		switch x := x.(type) {
		case *logical.Call:
			found = found || !totalFunc(x)
		case *logical.Cast:
			found = found || !totalCast(x.Arg.Type(), x.Typ)
		}
		return !found
	})
	return found
}

// totalFunc tells the functions that have a result for all arguments.
func totalFunc(c *logical.Call) bool {
	switch {
	case c.Func >= logical.Eq && c.Func <= logical.IsNotDistinct:
		return true
	case c.Func == logical.Like || c.Func == logical.NotLike || c.Func == logical.ILike || c.Func == logical.NotILike:
		_, constant := c.Args[1].(*logical.Const) // a pattern may end in its escape character
		p, _ := c.Args[1].(*logical.Const)
		return constant && (p.Value.Null || len(p.Value.S) == 0 || p.Value.S[len(p.Value.S)-1] != '\\')
	}
	switch c.Func {
	case logical.Coalesce, logical.NullIf, logical.Greatest, logical.Least, logical.Length, logical.StartsWith, logical.Random,
		logical.BitAnd, logical.BitOr, logical.BitXor, logical.BitNot, logical.Extract, logical.DatePart:
		return true
	}
	return false
}

// totalCast tells the casts that have a result for all values.
func totalCast(from, to sqltype.Type) bool {
	if to.HasMod() {
		return false
	}
	switch to.Kind {
	case sqltype.Int4:
		return from.Kind == sqltype.Int2 || from.Kind == sqltype.Bool
	case sqltype.Int8:
		return from.Kind == sqltype.Int2 || from.Kind == sqltype.Int4
	case sqltype.Float4:
		return from.Kind.IsInteger()
	case sqltype.Float8:
		return from.Kind.IsInteger() || from.Kind == sqltype.Float4
	case sqltype.Numeric:
		return from.Kind.IsNumber()
	case sqltype.Text, sqltype.Varchar, sqltype.Char:
		return true
	case sqltype.Bool:
		return from.Kind == sqltype.Int4
	}
	return false // a date may be out of a timestamp's range
}
