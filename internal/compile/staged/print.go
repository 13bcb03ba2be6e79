package staged

import (
	"fmt"
	"strconv"
	"strings"
)

// String prints a function's staged code for people: each value once, where it is first needed, as "v<ID> type = …", with
// the name it has in the C text behind it. Values of a block's rows have a type with brackets (i64[]).
func (f *Func) String() string {
	p := &textPrinter{shown: map[*Node]bool{}}
	params := make([]string, len(f.Params))
	for i, v := range f.Params {
		params[i] = p.ref(v) + " " + typeText(v.Type)
	}
	returns := ""
	if f.Returns != nil && f.Returns.Kind != Void {
		returns = " " + typeText(f.Returns)
	}
	p.line("func %s(%s)%s {", f.Name, strings.Join(params, ", "), returns)
	p.body(f.Body)
	p.line("}")
	return p.out.String()
}

type textPrinter struct {
	out   strings.Builder
	depth int
	shown map[*Node]bool
}

func (p *textPrinter) line(format string, args ...any) {
	p.out.WriteString(strings.Repeat("  ", p.depth))
	fmt.Fprintf(&p.out, format, args...)
	p.out.WriteByte('\n')
}

// body prints a scope; values that were first shown in it are not known behind it.
func (p *textPrinter) body(b *Body) {
	if b == nil {
		return
	}
	outer := p.shown
	p.shown = make(map[*Node]bool, len(outer))
	for n := range outer {
		p.shown[n] = true
	}
	p.depth++
	for _, s := range b.Stmts {
		p.stmt(s)
	}
	p.depth--
	p.shown = outer
}

func (p *textPrinter) stmt(s Stmt) {
	switch s := s.(type) {
	case *Let:
		p.define(s.Node)
	case *Declare:
		switch {
		case s.Var.Op != OpVar:
			p.define(s.Var)
		case s.Init == nil:
			p.line("var %s %s", s.Var.Name, typeText(s.Var.Type))
		default:
			init := p.use(s.Init)
			p.line("var %s %s = %s", s.Var.Name, typeText(s.Var.Type), init)
		}
	case *Assign:
		p.line("%s = %s", p.use(s.Var), p.use(s.Value))
	case *Store:
		value := p.use(s.Value)
		p.line("%s = %s", p.place(s.To), value)
	case *If:
		p.line("if %s {", p.use(s.Cond))
		p.body(s.Then)
		if s.Else != nil && len(s.Else.Stmts) > 0 {
			p.line("} else {")
			p.body(s.Else)
		}
		p.line("}")
	case *For:
		from, to, step := p.use(s.From), p.use(s.To), ""
		if s.Step != nil {
			step = " by " + p.use(s.Step)
		}
		p.line("for %s from %s to %s%s {", s.Var.Name, from, to, step)
		p.body(s.Body)
		p.line("}")
	case *Forever:
		p.line("forever {")
		p.body(s.Body)
		p.line("}")
	case *Break:
		p.line("break")
	case *Continue:
		p.line("continue")
	case *Return:
		if s.Value == nil {
			p.line("return")
		} else {
			p.line("return %s", p.use(s.Value))
		}
	case *CallStmt:
		p.define(s.Node)
	case *Rows:
		p.line("rows %s of %s {", s.Var.Name, p.use(s.Mask))
		p.body(s.Body)
		p.line("}")
	case *KernelStmt:
		p.define(s.Node)
	case *Reduce:
		value, mask := p.use(s.Value), p.use(s.Mask)
		op := s.Op
		if op == "field" {
			op = fmt.Sprintf("field %d+%d ", s.Shift, s.Bits)
		}
		p.line("%s reduce %s(%s) where %s", p.place(s.Into), op, value, mask)
	case *StoreLanes:
		ptr := p.use(s.Ptr)
		p.line("store %s, %s", ptr, p.use(s.Value))
	case *RaiseIf:
		p.line("raise %s %q at %d where %s", s.SQLState, s.Message, s.Position, p.use(s.Mask))
	case *Comment:
		p.line("// %s", s.Text)
	default:
		p.line("%T", s)
	}
}

// place shows a scalar in memory.
func (p *textPrinter) place(to Place) string {
	switch {
	case to.Var != nil:
		return to.Var.Name
	case to.Index != nil:
		return p.use(to.Ptr) + "[" + p.use(to.Index) + "]"
	case to.Field != "":
		return p.use(to.Ptr) + "->" + to.Field
	}
	return "*" + p.use(to.Ptr)
}

// use returns how a value is referred to, having shown it.
func (p *textPrinter) use(n *Node) string {
	if n == nil {
		return "all"
	}
	p.define(n)
	return p.ref(n)
}

// ref is a value's name, or the value itself where it is that short.
func (p *textPrinter) ref(n *Node) string {
	switch n.Op {
	case OpConst:
		if n.Type.IsFloat() {
			return strconv.FormatFloat(n.F, 'g', -1, 64)
		}
		return strconv.FormatInt(n.Imm, 10)
	case OpString:
		return strconv.Quote(n.Name)
	case OpNull:
		return "null"
	case OpVar, OpFuncAddr:
		return n.Name
	case OpHead:
		return "head"
	}
	return "v" + strconv.Itoa(n.ID)
}

// define shows a value and what it is made of, unless they were shown.
func (p *textPrinter) define(n *Node) {
	if n == nil || p.shown[n] {
		return
	}
	p.shown[n] = true
	switch n.Op {
	case OpConst, OpString, OpNull, OpVar, OpFuncAddr, OpHead:
		return
	}
	hint := ""
	if n.Hint != "" {
		hint = "  // " + n.Hint
	}
	value := p.operation(n)
	if n.Type == nil || n.Type.Kind == Void {
		p.line("%s%s", value, hint)
		return
	}
	lanes := ""
	if n.Lanes {
		lanes = "[]"
	}
	p.line("%s %s%s = %s%s", p.ref(n), typeText(n.Type), lanes, value, hint)
}

// operation shows what a value is computed by.
func (p *textPrinter) operation(n *Node) string {
	if n.Op == OpKernel && n.Kernel != nil {
		return p.kernel(n.Kernel)
	}
	args := make([]string, 0, len(n.Args)+1)
	for _, a := range n.Args {
		args = append(args, p.use(a))
	}
	for _, v := range n.Vecs {
		args = append(args, p.vec(v))
	}
	list := strings.Join(args, ", ")
	switch n.Op {
	case OpField, OpFieldAddr:
		return map[Op]string{OpField: "", OpFieldAddr: "&"}[n.Op] + list + "->" + n.Name
	case OpIndex, OpIndexAddr:
		return map[Op]string{OpIndex: "", OpIndexAddr: "&"}[n.Op] + args[0] + "[" + strings.Join(args[1:], "][") + "]"
	case OpSizeof:
		return "sizeof(" + typeText(n.Of) + ")"
	case OpRoom:
		return fmt.Sprintf("%d bytes of scratch", n.Imm)
	case OpOut:
		return fmt.Sprintf("output %d of %s", n.Imm, list)
	}
	name := n.Name
	if what := opNames[n.Op]; what != "" {
		name = strings.TrimSuffix(what+" "+name, " ")
	}
	return name + "(" + list + ")"
}

// opNames are the operations that a name alone does not tell.
var opNames = map[Op]string{OpAt: "at", OpArray: "array", OpVecs: "vecs", OpList: "list", OpTemp: "temp", OpLoad: "load",
	OpLut: "look up", OpScratch: "scratch"}

func (p *textPrinter) vec(v VecDesc) string {
	var parts []string
	for _, e := range v.Elems {
		parts = append(parts, p.vec(e))
	}
	if v.Data != nil {
		parts = append(parts, p.use(v.Data))
	}
	if v.Valid != nil {
		parts = append(parts, "valid "+p.use(v.Valid))
	}
	return v.Kind + "{" + strings.Join(parts, ", ") + "}"
}

// kernel shows a call of a block kernel.
func (p *textPrinter) kernel(k *Kernel) string {
	args := make([]string, len(k.Args))
	for i, a := range k.Args {
		switch a.Mark {
		case ArgWorker:
			args[i] = "worker"
		case ArgN:
			args[i] = "n"
		case ArgOut:
			args[i] = "out " + strconv.Itoa(a.Out)
		case ArgOutList:
			args[i] = "outs"
		case ArgNull:
			args[i] = "null"
		case ArgList:
			items := make([]string, len(a.List))
			for j, item := range a.List {
				items[j] = p.use(item)
			}
			args[i] = "[" + strings.Join(items, ", ") + "]"
		default:
			args[i] = p.use(a.Node)
		}
	}
	return "kernel " + k.Func + "(" + strings.Join(args, ", ") + ")"
}

func typeText(t *Type) string {
	switch {
	case t == nil:
		return "void"
	case t.Kind == Pointer:
		return "*" + typeText(t.To)
	case t.Kind == StructKind:
		return t.Struct.Name
	case t.Kind == Mask:
		return "mask"
	}
	return t.Suffix()
}
