package cgen

import (
	"fmt"
	"strings"

	"github.com/flernd/flernd/internal/compile/staged"
)

// stmt prints a statement with its scheduled bodies. Effects over lanes come here in the fast tier only.
func (p *printer) stmt(u *unit) {
	switch st := u.stmt.(type) {
	case *staged.Let:
		switch st.Node.Op {
		case staged.OpVecs:
			p.vecs(st.Node)
			return
		case staged.OpTemp:
			p.line("%s[1]; %s[0] = %s;", declare(st.Node.Type.To, p.name(st.Node)), p.name(st.Node), p.use(st.Node.Args[0]))
			return
		case staged.OpList:
			args := make([]string, len(st.Node.Args))
			for i, a := range st.Node.Args {
				args[i] = p.use(a)
			}
			p.line("%sconst %s[] = {%s};", ctype(st.Node.Type.To), p.name(st.Node), strings.Join(args, ", "))
			return
		}
		e := p.expr(st.Node)
		p.line("%s = %s;", declare(st.Node.Type, p.name(st.Node)), e)
	case *staged.Declare:
		if st.Init == nil {
			e := p.expr(st.Var)
			p.line("%s = %s;", declare(st.Var.Type, p.name(st.Var)), e)
			return
		}
		p.line("%s = %s;", declare(st.Var.Type, p.name(st.Var)), p.use(st.Init))
	case *staged.Assign:
		p.line("%s = %s;", p.use(st.Var), p.use(st.Value))
	case *staged.Store:
		p.line("%s = %s;", p.place(st.To), p.use(st.Value))
	case *staged.If:
		p.line("if (%s) {", p.use(st.Cond))
		p.block(u.bodies[0])
		if st.Else != nil {
			p.line("} else {")
			p.block(u.bodies[1])
		}
		p.line("}")
	case *staged.For:
		v := p.name(st.Var)
		p.line("for (%s = %s; %s < %s; %s += %s) {", declare(st.Var.Type, v), p.use(st.From), v, p.use(st.To), v, p.use(st.Step))
		p.block(u.bodies[0])
		p.line("}")
	case *staged.Forever:
		p.line("for (;;) {")
		p.block(u.bodies[0])
		p.line("}")
	case *staged.Break:
		p.line("break;")
	case *staged.Continue:
		p.line("continue;")
	case *staged.Return:
		if st.Value == nil {
			p.line("return;")
		} else {
			p.line("return %s;", p.use(st.Value))
		}
	case *staged.CallStmt:
		p.line("%s;", p.expr(st.Node))
	case *staged.Rows:
		p.rows(st, u.bodies[0])
	case *staged.Comment:
		p.line("/* %s */", Comment(st.Text))
	default:
		p.effectKernel(u.stmt)
	}
}

// rows prints a loop over the set bits of a mask.
func (p *printer) rows(st *staged.Rows, body *scheduled) {
	v := p.name(st.Var)
	n := p.use(st.Mask.Block.N)
	p.line("for (u32 %s_w = 0; %s_w < %s; %s_w += 64) {", v, v, n, v)
	p.line("  for (u64 %s_m = %s[%s_w >> 6]; %s_m; %s_m &= %s_m - 1) {", v, p.array(st.Mask), v, v, v, v)
	p.indent += 2
	p.line("const u32 %s = %s_w + fl_ctz(%s_m);", v, v, v)
	p.units(body)
	p.indent -= 2
	p.line("  }")
	p.line("}")
}

// vecs prints an array of runtime descriptors.
func (p *printer) vecs(n *staged.Node) {
	name := p.name(n)
	p.vecArray(name, n.Vecs)
}

func (p *printer) vecArray(name string, vecs []staged.VecDesc) {
	for i := range vecs {
		if len(vecs[i].Elems) > 0 {
			p.vecArray(fmt.Sprintf("%s_%d", name, i), vecs[i].Elems)
		}
	}
	if len(vecs) == 0 {
		p.line("fl_vec *%s = NULL;", name)
		return
	}
	p.line("fl_vec %s[%d];", name, len(vecs))
	for i := range vecs {
		v := &vecs[i]
		constant, data, valid, elems := 0, "NULL", "NULL", "NULL"
		switch {
		case v.Data == nil:
		case v.Data.Lanes:
			data = p.array(v.Data)
		default:
			constant = 1
			data = fmt.Sprintf("%s_c%d", name, i)
			t := v.Data.Type
			ct := ctype(t)
			if t == staged.TMask || strings.HasSuffix(v.Kind, "BOOL") {
				ct = "u64"
			}
			p.line("%s %s[1]; %s[0] = %s;", ct, data, data, p.use(v.Data))
		}
		if v.Valid != nil {
			valid = p.array(v.Valid)
		}
		if len(v.Elems) > 0 {
			elems = fmt.Sprintf("%s_%d", name, i)
		}
		at := fmt.Sprintf("%s[%d]", name, i)
		p.line("%s.kind = %s; %s.constant = %d; %s.scale = %d; %s.typmod = %d; %s.count = %d; %s.pad = 0;", at, v.Kind, at, constant, at,
			v.Scale, at, v.Typmod, at, len(v.Elems), at)
		p.line("%s.data = %s; %s.valid = %s; %s.elems = %s;", at, data, at, valid, at, elems)
	}
}
