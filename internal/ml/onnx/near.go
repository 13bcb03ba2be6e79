package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
)

// topK gives the greatest or least elements of an axis, and their places. K is an attribute before operator set 10.
func topK(n *node) {
	x := n.arg(0)
	axis := n.axis(x, int(n.smallInt("axis", -1)))
	var k int
	if n.version() < 10 {
		k = int(n.smallInt("k", 0))
	} else if list := n.ints(1); len(list) == 1 {
		k = list[0]
	} else {
		n.fail("%s is no single number", n.argName(1))
	}
	least := !n.flag("largest", true)
	n.flag("sorted", true) // what need not be sorted may be
	if k < 1 || k > x.row()[axis] {
		n.unsupported("%d of the %d elements of axis %d", k, x.row()[axis], axis)
	}
	moved, back := n.toLast(x, axis)
	n.set(0, back(n.emit(&graph.TopK{K: k, Min: least}, moved)))
	if len(n.p.Output) > 1 {
		n.set(1, back(n.emit(&graph.TopK{K: k, Min: least, Indices: true}, moved)))
	}
}

// cdist is the distance of each row to each of constant points.
func cdist(n *node) {
	x := n.arg(0)
	switch metric := n.stringAttr("metric", "sqeuclidean"); metric {
	case "euclidean":
		n.set(0, n.unary(graph.Sqrt, n.distance(x, n.tensor(1), 2)))
	case "sqeuclidean":
		n.set(0, n.distance(x, n.tensor(1), 2))
	default:
		n.unsupported("metric %s", quote(metric))
	}
}

func (n *node) distance(x value, points *graph.Tensor, power int) value {
	if !x.batched || len(x.row()) != 1 {
		n.unsupported("distances of %s to %s", x, points.Type)
	}
	return n.emit(&graph.Distance{Points: points, Power: power}, x)
}

// distances imports a Scan of the form in which scikit-learn's converter writes distances: the state is the rows, which do not
// change, the points are what is scanned, and the body takes the difference and aggregates its powers.
func distances(n *node) bool {
	body := n.graphAttr("body")
	if n.intAttr("num_scan_inputs", 0) != 1 || len(n.p.Input) != 2 || len(n.p.Output) != 2 || len(n.attrs) != 2 || n.any(1).constant() == nil {
		return false
	}
	power, root := distanceBody(body)
	x := n.any(0)
	if power == 0 || !x.batched || x.layout != (layout{}) || len(x.row()) != 1 {
		return false
	}
	d := n.distance(x, n.tensor(1), power)
	if root {
		d = n.binary(graph.Pow, d, n.scalar(d, 1/float64(power)))
	}
	n.set(0, x)
	d.at = 1 // one entry a point comes first
	n.set(1, d)
	return true
}

// distanceBody recognises the body of such a Scan, and gives the power of the differences, or 0; root tells that the sum's
// root is taken.
func distanceBody(g *onnxpb.GraphProto) (power int, root bool) {
	if len(g.Input) != 2 || len(g.Output) != 2 {
		return 0, false
	}
	constants := map[string]*graph.Tensor{}
	for _, p := range g.Initializer {
		if t, err := tensorOf(p); err == nil {
			constants[p.Name] = t
		}
	}
	// term says what of the difference a value is.
	type term struct {
		of    string // "row", "point", "difference", "absolute" or "sum"
		power float64
	}
	terms := map[string]term{g.Input[0].Name: {"row", 1}, g.Input[1].Name: {"point", 1}}
	for _, p := range g.Node {
		if len(p.Input) == 0 || len(p.Output) != 1 {
			return 0, false
		}
		x := terms[p.Input[0]]
		switch second := p.Input[min(1, len(p.Input)-1)]; {
		case p.OpType == "Identity":
		case p.OpType == "Sub" && x.of == "row" && terms[second].of == "point":
			x = term{"difference", 1}
		case p.OpType == "Abs" && x.of == "difference":
			x.of = "absolute"
		case p.OpType == "Pow" && x.of == "absolute" && x.power == 1, p.OpType == "Pow" && x.of == "sum" && !root:
			t := constants[second]
			if t == nil || t.Size() != 1 || !t.Elem.IsNumber() {
				return 0, false
			}
			if root = x.of == "sum"; root && float32(t.Float(0)*x.power) != 1 {
				return 0, false
			} else if !root {
				x.power = t.Float(0)
			}
		case p.OpType == "ReduceSumSquare" && x.of == "difference" && alongRows(p, constants[second]):
			x = term{"sum", 2}
		case p.OpType == "ReduceSum" && x.of == "absolute" && alongRows(p, constants[second]):
			x.of = "sum"
		default:
			return 0, false
		}
		terms[p.Output[0]] = x
	}
	sum := terms[g.Output[1].Name]
	power = int(sum.power)
	if terms[g.Output[0].Name].of != "row" || sum.of != "sum" || float64(power) != sum.power || power > graph.MaxPower {
		return 0, false
	}
	return power, root
}

// alongRows reports whether an aggregate is over axis 1 and drops it. Axes are an attribute before operator set 13.
func alongRows(p *onnxpb.NodeProto, axes *graph.Tensor) bool {
	var list []int64
	keep := true
	for _, a := range p.Attribute {
		switch a.Name {
		case "axes":
			list = a.Ints
		case "keepdims":
			keep = a.I != 0
		default:
			return false
		}
	}
	if len(p.Input) > 1 {
		if axes == nil || axes.Elem != graph.I64 {
			return false
		}
		list = axes.I64
	}
	return !keep && slices.Equal(list, []int64{1})
}
