package cgen

import (
	"fmt"
	"strings"

	"github.com/flernd/flernd/internal/compile/staged"
)

// kernelCall prints a kernel call.
func (p *printer) kernelCall(n *staged.Node) {
	args := make([]string, len(n.Kernel.Args))
	for i, a := range n.Kernel.Args {
		args[i] = p.kernelArg(n, a)
	}
	p.line("%s(%s);", n.Kernel.Func, strings.Join(args, ", "))
}

func (p *printer) kernelArg(call *staged.Node, a staged.Arg) string {
	switch a.Mark {
	case staged.ArgWorker:
		return "w"
	case staged.ArgN:
		return p.use(call.Block.N)
	case staged.ArgNull:
		return "NULL"
	case staged.ArgOut:
		return p.outArray(call, a.Out)
	case staged.ArgOutList:
		names := make([]string, len(call.Kernel.Outs))
		for i := range names {
			names[i] = p.outArray(call, i)
		}
		return fmt.Sprintf("(%s*const[]){%s}", ctype(call.Type), strings.Join(names, ", "))
	case staged.ArgList:
		names := make([]string, len(a.List))
		for i, n := range a.List {
			names[i] = p.array(n)
		}
		return fmt.Sprintf("(const %s*const[]){%s}", ctype(a.List[0].Type), strings.Join(names, ", "))
	}
	if a.Node.Lanes {
		return p.array(a.Node)
	}
	return p.use(a.Node)
}

// outArray is the array of a call's k-th output. Outputs that nothing reads have an array too: kernels fill all.
func (p *printer) outArray(call *staged.Node, k int) string {
	if k == 0 {
		return p.arrays[call]
	}
	return p.outs[call][k]
}

// primKernel prints a primitive as a kernel over the whole block.
func (p *printer) primKernel(n *staged.Node) {
	dst, rows := p.arrays[n], p.use(n.Block.N)
	switch n.Op {
	case staged.OpHead:
		p.line("flk_ones_m(%s, %s);", dst, rows)
		return
	case staged.OpLut:
		args := []string{dst}
		for _, a := range n.Args { // the table, the limit as a number, the codes
			if a.Lanes {
				args = append(args, p.array(a))
			} else {
				args = append(args, p.use(a))
			}
		}
		p.line("flk_%s(%s, %s);", n.Name, strings.Join(args, ", "), rows)
		return
	}
	var args []string
	bc, bit := 0, 0
	masksOnly := true
	for _, a := range n.Args {
		args = append(args, p.operand(a))
		if a.Type == staged.TMask {
			continue
		}
		masksOnly = false
		if !a.Lanes {
			bc |= 1 << bit
		}
		bit++
	}
	if masksOnly {
		p.line("flk_%s(%s, %s, %s);", n.Name, dst, strings.Join(args, ", "), rows)
		return
	}
	p.line("flk_%s(%s, %s, %d, %s);", n.Name, dst, strings.Join(args, ", "), bc, rows)
}

// operand is a kernel's operand: an array, or the address of a scalar.
func (p *printer) operand(n *staged.Node) string {
	if n.Lanes {
		return p.array(n)
	}
	if n.Type.Kind == staged.Pointer || n.Op == staged.OpNull {
		return p.use(n)
	}
	return fmt.Sprintf("&(%s){%s}", ctype(n.Type), p.use(n))
}

// effectKernel prints a fusing statement by kernels.
func (p *printer) effectKernel(st staged.Stmt) {
	switch st := st.(type) {
	case *staged.Reduce:
		n := p.use(st.Mask.Block.N)
		if st.Op == "count" {
			p.line("%s += flk_count(%s, %s);", p.place(st.Into), p.array(st.Mask), n)
			return
		}
		if st.Op == "field" {
			p.combine(st, fmt.Sprintf("flk_field_i32(%s, %s, %d, %d, %s)", p.array(st.Value), p.array(st.Mask), st.Shift, st.Bits, n))
			return
		}
		value := fmt.Sprintf("flk_%s(%s, %s, %s)", reduction(st), p.array(st.Value), p.array(st.Mask), n)
		p.combine(st, value)
	case *staged.StoreLanes:
		n := p.use(st.Value.Block.N)
		size := st.Value.Type.Size()
		if st.Value.Type == staged.TMask {
			p.line("fl_copy((u8 *)%s, (const u8 *)%s, (%s + 63) / 64 * 8);", p.use(st.Ptr), p.array(st.Value), n)
			return
		}
		p.line("fl_copy((u8 *)%s, (const u8 *)%s, (u64)%s * %d);", p.use(st.Ptr), p.array(st.Value), n, size)
	case *staged.RaiseIf:
		p.line("if (flk_count(%s, %s)) fl_raise(w, %s, %d, %s);", p.array(st.Mask), p.use(st.Mask.Block.N), quote(st.SQLState),
			st.Position, quote(st.Message))
	default:
		panic(fmt.Sprintf("cgen: statement %T", st))
	}
}

func adds(op string) bool { return strings.HasPrefix(op, "sum") || op == "field" }

// combine adds a block's partial result to where a reduction goes.
func (p *printer) combine(st *staged.Reduce, value string) {
	into := p.place(st.Into)
	switch {
	case adds(st.Op) && st.Into.Type() == staged.FloatSum.Type():
		p.line("fl_fsum_add(w, &%s, %s);", into, value)
	case adds(st.Op) && st.Into.Type() == staged.TI128:
		p.line("%s = fl_i128_add_i64(%s, %s);", into, into, value)
	case adds(st.Op):
		p.line("%s += %s;", into, value)
	case st.Op == "or":
		p.line("%s |= %s;", into, value)
	case st.Op == "min" || st.Op == "max":
		p.line("%s = fl_%s_of_%s(%s, %s);", into, st.Op, st.Into.Type().Suffix(), into, value)
	default:
		panic("cgen: reduction " + st.Op)
	}
}
