package bind

import "github.com/flernd/flernd/internal/planner/dialect"

// start is where the text of an expression begins, which errors about its type point to. (An infix expression's own
// position is its operator, which errors about the operator point to.)
func start(x dialect.Expr) int {
	var first dialect.Expr
	switch x := x.(type) {
	case *dialect.Binary:
		first = x.L
	case *dialect.BoolOp:
		first = x.Args[0]
	case *dialect.Cast:
		first = x.X
	case *dialect.Is:
		first = x.X
	case *dialect.IsDistinct:
		first = x.L
	case *dialect.In:
		first = x.X
	case *dialect.Between:
		first = x.X
	case *dialect.PatternMatch:
		first = x.X
	case *dialect.Quantified:
		first = x.L
	case *dialect.Subscript:
		first = x.X
	case *dialect.Field:
		first = x.X
	case *dialect.Collate:
		first = x.X
	case *dialect.AtTimeZone:
		first = x.X
	}
	if first == nil {
		return x.Pos()
	}
	return min(x.Pos(), start(first))
}
