package logical

import (
	"strings"

	"github.com/flernd/flernd/internal/storage/sqltype"
)

// MayRaise reports whether evaluating e can end the query with an error. It errs on the side of true.
func MayRaise(e Expr) bool {
	found := false
	Walk(e, func(x Expr) bool {
		switch x := x.(type) {
		case *Call:
			found = found || !totalFunc(x)
		case *Cast:
			found = found || !TotalCast(x.Arg.Type(), x.Typ)
		case *Predict:
			found = found || x.Choice != nil || !TotalCast(x.Model.NativeType(x.Output), x.Type())
		}
		return !found
	})
	return found
}

// totalFunc tells the functions that have a result for all arguments.
func totalFunc(c *Call) bool {
	if c.Func >= Eq && c.Func <= IsNotDistinct {
		return true
	}
	switch c.Func {
	case Like, NotLike, ILike, NotILike:
		return totalPattern(c)
	case Substring:
		return len(c.Args) == 2 || !negative(c.Args[2])
	case Upper, Lower, Trim, LTrim, RTrim, Left, Right, Position:
		return true
	case MakeArray, ArrayLength, Cardinality, ArrayPosition, ArrayContains, ArrayOverlaps:
		return true
	case Coalesce, NullIf, Greatest, Least, Length, StartsWith, Random,
		BitAnd, BitOr, BitXor, BitNot, Extract, DatePart:
		return true
	}
	return false
}

// totalPattern tells of LIKE whether its pattern cannot end in its escape character.
func totalPattern(c *Call) bool {
	pattern, ok := c.Args[1].(*Const)
	if !ok {
		return false
	}
	escape := "\\"
	if len(c.Args) > 2 {
		e, ok := c.Args[2].(*Const)
		if !ok {
			return false
		}
		escape = e.Value.S
	}
	return pattern.Value.Null || escape == "" || !strings.HasSuffix(pattern.Value.S, escape)
}

// negative tells whether a number is, or may be, below zero.
func negative(e Expr) bool {
	c, ok := e.(*Const)
	return !ok || c.Value.I < 0
}

// TotalCast tells the casts that have a result for all values.
func TotalCast(from, to sqltype.Type) bool {
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
