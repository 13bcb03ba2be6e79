package cgen

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/flernd/flernd/internal/compile/staged"
)

// printer prints one function.
type printer struct {
	out    *strings.Builder
	indent int
	tier   Tier
	names  map[*staged.Node]string
	arrays map[*staged.Node]string
	outs   map[*staged.Node]map[int]string // further outputs of kernel calls
	taken  map[string]bool
	next   map[string]int // suffix to try next
	loop   *loop          // the vector loop being printed
	size   int            // bytes of scratch memory so far
}

// printFunc prints f and returns the bytes of scratch it uses.
func printFunc(out *strings.Builder, f *staged.Func, tier Tier) int {
	p := &printer{out: out, tier: tier, names: map[*staged.Node]string{}, arrays: map[*staged.Node]string{},
		outs: map[*staged.Node]map[int]string{}, taken: map[string]bool{}, next: map[string]int{}}
	s, body := schedule(f, tier == Best)
	params := make([]string, len(f.Params))
	for i, a := range f.Params {
		p.names[a] = a.Name
		p.taken[a.Name] = true
		params[i] = declare(a.Type, a.Name)
	}
	if len(params) == 0 {
		params = []string{"void"}
	}
	out.WriteByte('\n')
	if f.Doc != "" {
		fmt.Fprintf(out, "/* %s */\n", Comment(f.Doc))
	}
	fmt.Fprintf(out, "static %s(%s) {\n", declare(f.Returns, f.Name), strings.Join(params, ", "))
	p.indent = 1
	for _, n := range s.order {
		if n.Op == staged.OpOut {
			continue // declared with its call
		}
		if n.Op == staged.OpKernel {
			p.outs[n] = map[int]string{}
			for k, t := range n.Kernel.Outs {
				p.declareArray(n, k, t)
			}
			continue
		}
		p.declareArray(n, 0, n.Type)
	}
	for _, n := range s.order {
		if n.Op == staged.OpOut {
			p.arrays[n] = p.outs[n.Args[0]][int(n.Imm)]
		}
	}
	p.units(body)
	out.WriteString("}\n")
	return p.size
}

// declareArray gives output k of n an array in scratch memory.
func (p *printer) declareArray(n *staged.Node, k int, t *staged.Type) {
	name := p.unique("a_" + p.hintOf(n))
	if k == 0 {
		p.arrays[n] = name
	} else {
		p.outs[n][k] = name
	}
	bytes, ct := t.Size()*staged.BlockRows, ctype(t)
	if t == staged.TMask {
		bytes, ct = staged.BlockRows/8, "u64"
	}
	if !strings.HasSuffix(ct, "*") {
		ct += " "
	}
	p.line("%s*const %s = (%s*)(w->scratch + %d);", ct, name, ct, p.room(bytes))
}

// room takes bytes of scratch memory and returns their offset.
func (p *printer) room(bytes int) int {
	at := p.size
	p.size += (bytes + 63) / 64 * 64
	return at
}

func (p *printer) line(format string, args ...any) {
	for i := 0; i < p.indent; i++ {
		p.out.WriteString("  ")
	}
	fmt.Fprintf(p.out, format, args...)
	p.out.WriteByte('\n')
}

func (p *printer) hintOf(n *staged.Node) string {
	if n.Hint != "" {
		return Identifier(n.Hint)
	}
	if n.Op == staged.OpPrim {
		return n.Name[:strings.IndexByte(n.Name, '_')]
	}
	return "t"
}

// reserved are names that programs must not give to values: C's own, the headers' types, and the vector loops' counter.
var reserved = func() map[string]bool {
	r := map[string]bool{}
	for _, w := range strings.Fields("auto break case char const continue default do double else enum extern float for goto if inline " +
		"int long register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while " +
		"asm typeof u8 i8 u16 i16 u32 i32 u64 i64 f32 f64 m16 NULL linux unix i main pipelines") {
		r[w] = true
	}
	return r
}()

func (p *printer) unique(base string) string {
	if reserved[base] {
		base += "_"
	}
	name := base
	for i := max(2, p.next[base]); p.taken[name]; i++ {
		name = base + "_" + strconv.Itoa(i)
		p.next[base] = i + 1
	}
	p.taken[name] = true
	return name
}

func (p *printer) name(n *staged.Node) string {
	if s, ok := p.names[n]; ok {
		return s
	}
	base := p.hintOf(n)
	if n.Op == staged.OpVar {
		base = n.Name
	}
	s := p.unique(base)
	p.names[n] = s
	return s
}

func (p *printer) units(sc *scheduled) {
	for _, u := range sc.units {
		switch {
		case u.loop != nil:
			p.vectorLoop(u.loop)
		case u.prim != nil:
			p.primKernel(u.prim)
		case u.kernel != nil:
			p.kernelCall(u.kernel)
		default:
			p.stmt(u)
		}
	}
}

func (p *printer) block(sc *scheduled) {
	p.indent++
	p.units(sc)
	p.indent--
}
