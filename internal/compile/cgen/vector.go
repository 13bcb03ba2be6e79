package cgen

import (
	"fmt"
	"strings"

	"github.com/flernd/flernd/internal/compile/staged"
)

// vectorLoop prints a fused loop: 16 rows a turn, values in registers, accumulators around it.
func (p *printer) vectorLoop(l *loop) {
	p.loop = l
	defer func() { p.loop = nil }()
	n := p.use(l.block.N)
	outer := p.names
	inner := make(map[*staged.Node]string, len(outer))
	for k, v := range outer {
		inner[k] = v
	}
	p.names = inner
	p.line("{")
	p.indent++
	for _, s := range l.steps {
		if s.node != nil && !s.load && l.stored[s.node] && s.node.Type == staged.TMask {
			// The loop may end within the mask's last word.
			p.line("%s[(%s - (%s != 0)) >> 6] = 0;", p.arrays[s.node], n, n)
		}
		if st, ok := s.effect.(*staged.StoreLanes); ok && st.Value.Type == staged.TMask {
			p.line("%s[(%s - (%s != 0)) >> 6] = 0;", p.use(st.Ptr), n, n)
		}
	}
	accs := p.accumulators(l)
	p.line("for (u32 i = 0; i < %s; i += FL_LANES) {", n)
	p.indent++
	distance := "FL_BLOCK / 2"
	if l.next {
		distance = "FL_BLOCK"
	}
	for _, column := range l.ahead {
		p.line("fl_prefetch(%s + i + %s);", p.array(column), distance)
	}
	for _, s := range l.steps {
		switch {
		case s.effect != nil:
			p.effect(s.effect, accs)
		case s.load:
			p.loadLanes(s.node)
		default:
			p.computeLanes(s.node, n)
		}
		if s.node != nil && !s.load && l.stored[s.node] {
			p.storeLanes(p.arrays[s.node], s.node)
		}
	}
	p.indent--
	p.line("}")
	for _, s := range l.steps {
		if r, ok := s.effect.(*staged.Reduce); ok {
			p.combineAccumulator(r, accs[r])
		}
	}
	p.indent--
	p.line("}")
	p.names = outer
}

func vtype(t *staged.Type) string {
	if t == staged.TMask {
		return "m16"
	}
	return "v_" + t.Suffix()
}

func (p *printer) loadLanes(n *staged.Node) {
	src := p.array(n)
	if n.Type == staged.TMask {
		p.line("const m16 %s = fl_load_m(%s, i);", p.name(n), src)
		return
	}
	if !n.Type.InRegister() {
		panic("cgen: " + n.Type.Suffix() + " lanes in a vector loop")
	}
	p.line("const %s %s = fl_load_%s(%s + i);", vtype(n.Type), p.name(n), n.Type.Suffix(), src)
}

func (p *printer) storeLanes(dst string, n *staged.Node) {
	if n.Type == staged.TMask {
		p.line("fl_store_m(%s, i, %s);", dst, p.name(n))
		return
	}
	p.line("fl_store_%s(%s + i, %s);", n.Type.Suffix(), dst, p.name(n))
}

func (p *printer) computeLanes(n *staged.Node, rows string) {
	if n.Op == staged.OpHead {
		p.line("const m16 %s = fl_head(%s, i);", p.name(n), rows)
		return
	}
	if len(n.Args) == 3 && n.Args[0].Type == staged.TMask && sameScalar(n.Args[1], n.Args[2]) { // a scalar spread over the lanes
		p.line("const %s %s = fl_set_%s(%s);", vtype(n.Type), p.name(n), n.Type.Suffix(), p.use(n.Args[1]))
		return
	}
	args := make([]string, len(n.Args))
	for i, a := range n.Args {
		switch {
		case a.Lanes:
			args[i] = p.name(a)
		case a.Type.Kind == staged.Pointer || n.Op == staged.OpLut:
			args[i] = p.use(a)
		default:
			args[i] = fmt.Sprintf("fl_set_%s(%s)", a.Type.Suffix(), p.use(a))
		}
	}
	p.line("const %s %s = fl_%s(%s);", vtype(n.Type), p.name(n), n.Name, strings.Join(args, ", "))
}

func sameScalar(a, b *staged.Node) bool {
	if a.Lanes || b.Lanes {
		return false
	}
	return a == b || a.Op == staged.OpConst && b.Op == staged.OpConst && a.Imm == b.Imm && a.F == b.F
}

// accumulators declares the reductions' accumulators.
func (p *printer) accumulators(l *loop) map[*staged.Reduce]string {
	accs := map[*staged.Reduce]string{}
	for _, s := range l.steps {
		r, ok := s.effect.(*staged.Reduce)
		if !ok {
			continue
		}
		if first := sharedWith(l, r); first != r {
			accs[r] = accs[first]
			continue
		}
		name := p.unique("acc")
		accs[r] = name
		if r.Op == "count" {
			p.line("u64 %s = 0;", name)
			continue
		}
		p.line("v_%s %s = fl_id_%s();", accType(r).Suffix(), name, reduction(r))
	}
	return accs
}

// sharedWith is the first reduction of the loop with the same lanes under the same mask: one accumulator serves both, as where
// an operator and a group count the same rows, or where a sum holds several fields.
func sharedWith(l *loop, r *staged.Reduce) *staged.Reduce {
	for _, s := range l.steps {
		if other, ok := s.effect.(*staged.Reduce); ok && other.Op == r.Op && other.Value == r.Value && other.Mask == r.Mask {
			return other
		}
	}
	return r
}

// accType is the type of a reduction's accumulator lanes.
func accType(r *staged.Reduce) *staged.Type {
	switch {
	case r.Op == "sum" && r.Value.Type.IsFloat():
		return staged.TF64
	case r.Op == "sum":
		return staged.TI64
	}
	return r.Value.Type
}

func (p *printer) effect(st staged.Stmt, accs map[*staged.Reduce]string) {
	switch st := st.(type) {
	case *staged.Reduce:
		if sharedWith(p.loop, st) != st {
			return
		}
		acc := accs[st]
		if st.Op == "count" {
			p.line("%s += fl_popcount(%s);", acc, p.name(st.Mask))
			return
		}
		p.line("%s = fl_%s(%s, %s, %s);", acc, reduction(st), acc, p.name(st.Mask), p.name(st.Value))
	case *staged.StoreLanes:
		p.storeLanes(p.use(st.Ptr), st.Value)
	case *staged.RaiseIf:
		p.line("if (fl_any_m(%s)) fl_raise(w, %s, %d, %s);", p.name(st.Mask), quote(st.SQLState), st.Position, quote(st.Message))
	}
}

func (p *printer) combineAccumulator(r *staged.Reduce, acc string) {
	if r.Op == "count" {
		p.line("%s += %s;", p.place(r.Into), acc)
		return
	}
	if r.Op == "field" {
		p.combine(r, fmt.Sprintf("fl_hfield_i32(%s, %d, %d)", acc, r.Shift, r.Bits))
		return
	}
	p.combine(r, fmt.Sprintf("fl_h%s(%s)", reduction(r), acc))
}

// reduction is the primitive's name: minimum and maximum of a block are told from those of two lanes.
func reduction(r *staged.Reduce) string {
	op := r.Op
	if op == "field" { // lanes add up as those of narrow sums do
		op = "sumw"
	}
	if op == "min" || op == "max" || op == "or" {
		op = "r" + op
	}
	return op + "_" + r.Value.Type.Suffix()
}
