package bind

import "github.com/flernd/flernd/internal/planner/dialect"

// columnName is the name PostgreSQL gives an output column without a label.
func columnName(x dialect.Expr) string {
	if name, _ := figureName(x); name != "" {
		return name
	}
	return "?column?"
}

// figureName returns a name and how good it is: 2 for a name of something, 1 for a type's or CASE, which give way to a
// better one inside.
func figureName(x dialect.Expr) (string, int) {
	switch x := x.(type) {
	case *dialect.ColumnRef:
		if len(x.Names) > 0 && !x.Star {
			return x.Names[len(x.Names)-1].Text, 2
		}
	case *dialect.Field:
		if !x.Star {
			return x.Name, 2
		}
	case *dialect.Subscript:
		return figureName(x.X)
	case *dialect.FuncCall:
		return x.Name, 2
	case *dialect.Cast:
		if name, strength := figureName(x.X); strength > 1 {
			return name, strength
		}
		return x.Type.Name, 1
	case *dialect.Collate:
		return figureName(x.X)
	case *dialect.Case:
		if x.Else != nil {
			if name, strength := figureName(x.Else); strength > 1 {
				return name, strength
			}
		}
		return "case", 1
	case *dialect.SQLValue:
		return x.Name, 2
	case *dialect.AtTimeZone:
		return "timezone", 2
	case *dialect.Coalesce:
		return "coalesce", 2
	case *dialect.MinMax:
		if x.Least {
			return "least", 2
		}
		return "greatest", 2
	case *dialect.NullIf:
		return "nullif", 2
	case *dialect.Array:
		return "array", 2
	case *dialect.Row:
		return "row", 2
	}
	return "", 0
}
