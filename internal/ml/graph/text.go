package graph

import (
	"fmt"
	"strings"
)

// String is the graph's stable text form, one value a line. Small constants are shown, large ones by a hash.
func (g *Graph) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "graph %q\n", g.Name)
	for _, v := range g.Values {
		fmt.Fprintf(&b, "  %%%d = %s", v.ID, v.Op.Name())
		for _, a := range v.Args {
			fmt.Fprintf(&b, " %%%d", a.ID)
		}
		if s := v.Op.attrs(); s != "" {
			b.WriteString(" " + s)
		}
		fmt.Fprintf(&b, " : %s\n", v.Type)
	}
	for _, o := range g.Outputs {
		fmt.Fprintf(&b, "  output %q = %%%d\n", o.Name, o.Value.ID)
	}
	return b.String()
}

// Key describes a value's operator with its attributes and type: values of one graph with different keys compute
// differently. Equal keys with large constants need Tensor.Same to be sure.
func Key(v *Value) string { return v.Op.Name() + " " + v.Op.attrs() + " " + v.Type.String() }
