package dialect

import (
	"strconv"

	"github.com/pingcap/tidb/pkg/parser/ast"
	"github.com/pingcap/tidb/pkg/parser/opcode"
)

// lowering turns TiDB's tree of a unit's generated text into ours: it fills the placeholders in, and gives the infix
// operators that TiDB parsed their nodes.
type lowering struct {
	*unit
}

// lowered is an expression with its first token, from which the token of an operator left of it follows.
type lowered struct {
	e   Expr
	tok int
}

// placeholder returns the hole that a name stands for.
func (l *lowering) placeholder(name string) *hole {
	n, err := strconv.Atoi(name[1:])
	if err != nil || n >= len(l.holes) {
		panic(bail{unexpected(name)})
	}
	return &l.holes[n]
}

// expr lowers one expression.
func (l *lowering) expr(n ast.ExprNode) lowered {
	switch x := n.(type) {
	case *ast.ColumnNameExpr:
		h := l.placeholder(x.Name.Name.O)
		return lowered{h.leaf, int(h.tok)}
	case *ast.FuncCallExpr:
		return l.call(x)
	case *ast.ParenthesesExpr:
		return l.expr(x.Expr)
	case *ast.BinaryOperationExpr:
		return l.infix(x)
	case *ast.PatternInExpr:
		return l.apply(l.expr(x.Expr), x.List[0])
	case *ast.SubqueryExpr:
		return lowered{e: &Subquery{Query: l.query(x.Query)}}
	}
	panic(bail{unexpected(n)})
}

// exprs lowers a list.
func (l *lowering) exprs(list []ast.ExprNode) []Expr {
	if len(list) == 0 {
		return nil
	}
	out := make([]Expr, len(list))
	for k, n := range list {
		out[k] = l.expr(n).e
	}
	return out
}

// call lowers a placeholder with operands.
func (l *lowering) call(x *ast.FuncCallExpr) lowered {
	h := l.placeholder(x.FnName.O)
	if !h.wraps {
		return lowered{h.build(l.exprs(x.Args)), int(h.tok)}
	}
	first := l.expr(x.Args[0])
	args := append([]Expr{first.e}, l.exprs(x.Args[1:])...)
	return lowered{h.build(args), first.tok}
}

// apply lowers the placeholder call right of an infix operator that carries it.
func (l *lowering) apply(left lowered, right ast.ExprNode) lowered {
	x, ok := right.(*ast.FuncCallExpr)
	if !ok {
		panic(bail{unexpected(right)})
	}
	h := l.placeholder(x.FnName.O)
	return lowered{h.apply(left.e, l.exprs(x.Args)), left.tok}
}

// isApplied tells whether n is a placeholder that wants the left operand.
func (l *lowering) isApplied(n ast.ExprNode) bool {
	x, ok := n.(*ast.FuncCallExpr)
	return ok && l.placeholder(x.FnName.O).apply != nil
}

// infix lowers a chain of infix operators. It walks down the left operands in a loop, since chains may be long.
func (l *lowering) infix(x *ast.BinaryOperationExpr) lowered {
	ops := []*ast.BinaryOperationExpr{x}
	n := x.L
	for {
		b, ok := n.(*ast.BinaryOperationExpr)
		if !ok {
			break
		}
		ops = append(ops, b)
		n = b.L
	}
	left := l.expr(n)
	for k := len(ops) - 1; k >= 0; k-- {
		left = l.infixStep(left, ops[k])
	}
	return left
}

// opText names the operators that TiDB parses for us.
var opText = map[opcode.Op]string{
	opcode.Plus: "+", opcode.Minus: "-", opcode.Mul: "*", opcode.Div: "/", opcode.Mod: "%", opcode.Xor: "^",
	opcode.EQ: "=", opcode.NE: "<>", opcode.LT: "<", opcode.LE: "<=", opcode.GT: ">", opcode.GE: ">=",
}

func (l *lowering) infixStep(left lowered, b *ast.BinaryOperationExpr) lowered {
	if l.isApplied(b.R) {
		return l.apply(left, b.R)
	}
	right := l.expr(b.R)
	loc := l.loc(right.tok - 1)
	switch b.Op {
	case opcode.LogicAnd, opcode.LogicOr:
		return lowered{boolOp(loc, b.Op == opcode.LogicOr, left.e, right.e), left.tok}
	}
	op, ok := opText[b.Op]
	if !ok {
		panic(bail{unexpected(b.Op)})
	}
	return lowered{&Binary{Loc: loc, Op: op, L: left.e, R: right.e}, left.tok}
}

// boolOp joins two conditions; a chain of the same operator is one flat node, as in PostgreSQL.
func boolOp(loc Loc, or bool, left, right Expr) Expr {
	if b, ok := left.(*BoolOp); ok && b.Or == or {
		b.Args = append(b.Args, right)
		return b
	}
	return &BoolOp{Loc: loc, Or: or, Args: []Expr{left, right}}
}
