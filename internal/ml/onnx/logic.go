package onnx

import "github.com/flernd/flernd/internal/ml/graph"

var compareFns = map[string]graph.CompareFn{"Equal": graph.Eq, "Less": graph.Lt, "LessOrEqual": graph.Le,
	"Greater": graph.Gt, "GreaterOrEqual": graph.Ge}

func comparison(n *node) {
	if n.p.OpType == "Equal" && (n.any(0).v == nil || n.any(1).v == nil) {
		n.set(0, n.equalSizes())
		return
	}
	x := n.align(n.element(0), n.element(1))
	n.set(0, n.compare(compareFns[n.p.OpType], x[0], x[1]))
}

// equalSizes compares sizes that depend on the batch with constants. Exporters ask so for -1; equality with anything
// that the batch's size can be is unknown here.
func (n *node) equalSizes() value {
	a, b := n.dimsArg(0), n.dimsArg(1)
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(b) != 1 && len(a) != len(b) {
		n.fail("inputs of %d and %d elements do not fit together", len(a), len(b))
	}
	out := graph.NewTensor(graph.Bool, len(a))
	for i, d := range a {
		e := b[min(i, len(b)-1)]
		switch {
		case d == e:
			out.Bool[i] = true
		case d.batch == e.batch && !d.batch, d.batch && !e.batch && e.n <= 0, e.batch && !d.batch && d.n <= 0:
		default:
			n.unsupported("a comparison of the size of the batch")
		}
	}
	return n.constantOf(out)
}

func logic(n *node) {
	x := n.align(n.element(0), n.element(1))
	n.set(0, n.binary(binaryFns[n.p.OpType], x[0], x[1]))
}

func where(n *node) {
	if n.any(1).v == nil || n.any(2).v == nil {
		n.set(0, n.whereSizes())
		return
	}
	x := n.align(n.element(0), n.element(1), n.element(2))
	n.set(0, n.emit(&graph.Where{}, x...))
}

// whereSizes chooses by a constant between sizes of which some depend on the batch.
func (n *node) whereSizes() value {
	c, a, b := n.tensor(0), n.dimsArg(1), n.dimsArg(2)
	if c.Elem != graph.Bool || len(a) != len(b) || c.Size() != len(a) {
		n.fail("inputs of types %s, i64[%d] and i64[%d] do not fit together", c.Type, len(a), len(b))
	}
	out := make([]dim, len(a))
	for i := range out {
		out[i] = b[i]
		if c.Bool[i] {
			out[i] = a[i]
		}
	}
	return n.symbolic(out, false)
}
