package graph

import (
	"fmt"
	"strings"
)

// String is the graph's stable text form, one value a line. Small constants are shown, large ones by a hash.
func (g *Graph) String() string {
	var b strings.Builder
	g.write(&b, "")
	return b.String()
}

func (g *Graph) write(b *strings.Builder, indent string) {
	fmt.Fprintf(b, "%sgraph %q\n", indent, g.Name)
	for _, v := range g.Values {
		fmt.Fprintf(b, "%s  %%%d = %s", indent, v.ID, v.Op.Name())
		for _, a := range v.Args {
			fmt.Fprintf(b, " %%%d", a.ID)
		}
		if s := v.Op.attrs(); s != "" {
			b.WriteString(" " + s)
		}
		fmt.Fprintf(b, " : %s\n", v.Type)
		if c, ok := v.Op.(Control); ok {
			for _, body := range c.Bodies() {
				body.write(b, indent+"    ")
			}
		}
	}
	for _, o := range g.Outputs {
		fmt.Fprintf(b, "%s  output %q = %%%d\n", indent, o.Name, o.Value.ID)
	}
}

// Key describes an operator with its attributes: those with equal keys compute the same. ok is false for one that holds
// a large constant, which has no key.
func Key(op Op) (key string, ok bool) {
	switch op := op.(type) {
	case *Constant:
		ok = op.Value.Size() <= maxPrinted
	case *Dense:
		ok = op.W.Size() <= maxPrinted && op.B.Size() <= maxPrinted
	case *LayerNorm:
		ok = op.Scale.Size() <= maxPrinted
	case *Conv:
		ok = op.W.Size() <= maxPrinted && op.B.Size() <= maxPrinted
	case *Distance:
		ok = op.Points.Size() <= maxPrinted
	case *Pick:
		ok = len(op.Index) <= maxPicked
	case *Lookup:
		ok = op.Table.Size() <= maxPrinted
	case *Map:
		ok = op.Keys.Size() <= maxPrinted
	case *TreeEnsemble, *Recurrent, *Vectorize, Control:
		ok = false
	default:
		ok = true
	}
	if !ok {
		return "", false
	}
	return op.Name() + " " + op.attrs(), true
}
