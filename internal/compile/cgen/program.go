package cgen

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/flernd/flernd/internal/compile/staged"
)

// Tier is the way lane operations are printed.
type Tier uint8

// The tiers.
const (
	Fast Tier = iota // kernel calls; for tcc or an unoptimised compilation
	Best             // fused vector loops; for an optimising compiler
)

// Pipeline is a pipeline's functions; all but Work may be nil.
type Pipeline struct {
	Name                           string
	Prepare, Morsels, Work, Finish *staged.Func
	Flags                          []string // FL_STREAM …
	Stream                         int
	FirstNode                      int
}

// Program is a whole program before printing.
type Program struct {
	Header    []string // the plan, for people
	State     *staged.Struct
	Structs   []*staged.Struct // in the order of definition
	Funcs     []*staged.Func   // helpers, in the order of definition
	Pipelines []*Pipeline
	Counters  int
	Includes  []string // headers of the runtime's parts that only some programs use
}

// Print prints the program as C text for a tier. The text depends on the program's shape alone.
func (p *Program) Print(tier Tier) string {
	var out strings.Builder
	out.WriteString("/*\n")
	for _, l := range p.Header {
		fmt.Fprintf(&out, " * %s\n", Comment(l))
	}
	out.WriteString(" */\n#include \"fl.h\"\n#include \"kernels.h\"\n#include \"support.h\"\n#include \"parcels.h\"\n#include \"fsum.h\"\n")
	for _, h := range p.Includes {
		fmt.Fprintf(&out, "#include %q\n", h)
	}
	if tier == Best {
		out.WriteString("#include \"flv.h\"\n")
	}
	types := p.structs()
	out.WriteString(types)
	scratch := map[*staged.Func]int{}
	for _, f := range p.Funcs {
		scratch[f] = printFunc(&out, f, tier)
	}
	for _, pl := range p.Pipelines {
		for _, f := range []*staged.Func{pl.Morsels, pl.Prepare, pl.Work, pl.Finish} {
			if f != nil {
				scratch[f] = printFunc(&out, f, tier)
			}
		}
	}
	fmt.Fprintf(&out, "\nstatic const fl_pipeline pipelines[] = {\n")
	for _, pl := range p.Pipelines {
		size := 0
		for _, f := range []*staged.Func{pl.Prepare, pl.Morsels, pl.Work, pl.Finish} {
			size = max(size, scratch[f])
		}
		flags := "0"
		if len(pl.Flags) > 0 {
			flags = strings.Join(pl.Flags, " | ")
		}
		fmt.Fprintf(&out, "  {%s, %s, %s, %s, %s, %d, %s, %d, %d},\n", quote(pl.Name), funcName(pl.Prepare), funcName(pl.Morsels),
			funcName(pl.Work), funcName(pl.Finish), size, flags, pl.Stream, pl.FirstNode)
	}
	sum := sha256.Sum256([]byte(types + strings.Join(p.Header, "\n")))
	fmt.Fprintf(&out, "};\n\nconst fl_program fl_main = {FL_ABI, %d, 0x%xul, sizeof(struct %s), pipelines, %d, 0};\n",
		len(p.Pipelines), binary.LittleEndian.Uint64(sum[:]), p.State.Name, p.Counters)
	return out.String()
}

func funcName(f *staged.Func) string {
	if f == nil {
		return "NULL"
	}
	return f.Name
}

func (p *Program) structs() string {
	var out strings.Builder
	for _, s := range append(append([]*staged.Struct(nil), p.Structs...), p.State) {
		fmt.Fprintf(&out, "\nstruct %s {\n", s.Name)
		for _, f := range s.Fields {
			if f.Count > 0 {
				fmt.Fprintf(&out, "  %s[%d];\n", declare(f.Type, f.Name), f.Count)
			} else {
				fmt.Fprintf(&out, "  %s;\n", declare(f.Type, f.Name))
			}
		}
		if len(s.Fields) == 0 {
			out.WriteString("  u64 unused;\n")
		}
		out.WriteString("};\n")
	}
	return out.String()
}

// declare is a declaration of name as t.
func declare(t *staged.Type, name string) string {
	c := ctype(t)
	if strings.HasSuffix(c, "*") {
		return c + name
	}
	return c + " " + name
}

func ctype(t *staged.Type) string {
	switch t.Kind {
	case staged.Void:
		return "void"
	case staged.Mask:
		return "u64"
	case staged.I128:
		return "fl_i128"
	case staged.Str:
		return "fl_str"
	case staged.Interval:
		return "fl_interval"
	case staged.Pointer:
		c := ctype(t.To)
		if strings.HasSuffix(c, "*") {
			return c + "*"
		}
		return c + " *"
	case staged.StructKind:
		if t.Struct.External {
			return t.Struct.Name
		}
		return "struct " + t.Struct.Name
	}
	return t.Suffix()
}
