package cgen

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/flernd/flernd/internal/compile/staged"
)

// operators maps pure scalar operators to C.
var operators = map[string]string{"add": "%s + %s", "sub": "%s - %s", "mul": "%s * %s", "div": "%s / %s", "mod": "%s %% %s",
	"and": "%s & %s", "or": "%s | %s", "xor": "%s ^ %s", "shl": "%s << %s", "shr": "%s >> %s", "eq": "%s == %s",
	"ne": "%s != %s", "lt": "%s < %s", "le": "%s <= %s", "gt": "%s > %s", "ge": "%s >= %s", "land": "%s && %s",
	"lor": "%s || %s", "not": "!%s", "neg": "-%s", "sel": "%s ? %s : %s"}

// expr is the C expression that computes a scalar node from its operands' names.
func (p *printer) expr(n *staged.Node) string {
	switch n.Op {
	case staged.OpScalar:
		if n.Name == "cast" {
			return fmt.Sprintf("(%s)%s", ctype(n.Type), p.use(n.Args[0]))
		}
		args := make([]any, len(n.Args))
		for i, a := range n.Args {
			args[i] = p.use(a)
		}
		return fmt.Sprintf(operators[n.Name], args...)
	case staged.OpField:
		return fmt.Sprintf("%s->%s", p.use(n.Args[0]), n.Name)
	case staged.OpFieldAddr:
		return fmt.Sprintf("(%s)&%s->%s", ctype(n.Type), p.use(n.Args[0]), n.Name)
	case staged.OpIndex:
		return fmt.Sprintf("%s[%s]", p.use(n.Args[0]), p.use(n.Args[1]))
	case staged.OpIndexAddr:
		return fmt.Sprintf("%s + %s", p.use(n.Args[0]), p.use(n.Args[1]))
	case staged.OpCall:
		args := make([]string, len(n.Args))
		for i, a := range n.Args {
			args[i] = p.use(a)
		}
		return fmt.Sprintf("%s(%s)", n.Name, strings.Join(args, ", "))
	case staged.OpAt:
		lanes, row := n.Args[0], p.use(n.Args[1])
		if lanes.Type == staged.TMask {
			return fmt.Sprintf("(i32)(%s[%s >> 6] >> (%s & 63) & 1)", p.array(lanes), row, row)
		}
		return fmt.Sprintf("%s[%s]", p.array(lanes), row)
	case staged.OpRoom:
		return fmt.Sprintf("w->scratch + %d", p.room(int(n.Imm)))
	case staged.OpArray:
		return fmt.Sprintf("(%s)%s", ctype(n.Type), p.array(n.Args[0]))
	}
	panic(fmt.Sprintf("cgen: scalar op %d", n.Op))
}

// use is how a scalar operand is written: a literal or a name.
func (p *printer) use(n *staged.Node) string {
	switch n.Op {
	case staged.OpConst:
		return literal(n)
	case staged.OpString:
		return "(const u8 *)" + quote(n.Name)
	case staged.OpNull:
		return fmt.Sprintf("(%s)0", ctype(n.Type))
	case staged.OpFuncAddr:
		return n.Name
	case staged.OpSizeof:
		return "sizeof(" + ctype(n.Of) + ")"
	}
	return p.name(n)
}

func literal(n *staged.Node) string {
	switch n.Type.Kind {
	case staged.F32:
		return float(n.F, 32, "f")
	case staged.F64:
		return float(n.F, 64, "")
	case staged.I64:
		if n.Imm == -1<<63 {
			return "(-9223372036854775807l - 1)"
		}
		return parenthesise(fmt.Sprintf("%dl", n.Imm))
	case staged.U64:
		return fmt.Sprintf("%dul", uint64(n.Imm))
	case staged.U32:
		return fmt.Sprintf("%du", uint32(n.Imm))
	case staged.I32:
		if n.Imm == -1<<31 {
			return "(-2147483647 - 1)"
		}
	}
	return parenthesise(strconv.FormatInt(n.Imm, 10))
}

// float is a literal, or the constant expression of what has none.
func float(v float64, bits int, suffix string) string {
	zero := "0.0" + suffix
	switch {
	case math.IsNaN(v):
		return "(" + zero + " / " + zero + ")"
	case math.IsInf(v, 1):
		return "(1.0 / " + zero + ")"
	case math.IsInf(v, -1):
		return "(-1.0 / " + zero + ")"
	}
	return strconv.FormatFloat(v, 'x', -1, bits) + suffix
}

func parenthesise(s string) string {
	if strings.HasPrefix(s, "-") {
		return "(" + s + ")"
	}
	return s
}

// array is the address of a lane value's array: where it was stored, or the column itself.
func (p *printer) array(n *staged.Node) string {
	if n.Op == staged.OpLoad {
		return p.use(n.Args[0])
	}
	if s, ok := p.arrays[n]; ok {
		return s
	}
	panic("cgen: " + n.Name + " is not in memory")
}

// place is a scalar in memory as an lvalue.
func (p *printer) place(pl staged.Place) string {
	switch {
	case pl.Var != nil:
		return p.use(pl.Var)
	case pl.Field != "" && pl.Index != nil:
		return fmt.Sprintf("%s->%s[%s]", p.use(pl.Ptr), pl.Field, p.use(pl.Index))
	case pl.Field != "":
		return fmt.Sprintf("%s->%s", p.use(pl.Ptr), pl.Field)
	}
	return fmt.Sprintf("%s[%s]", p.use(pl.Ptr), p.use(pl.Index))
}
