package onnx

import (
	"github.com/flernd/flernd/internal/ml/onnx/onnxpb"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// scope has the names that nodes may use: those of the graph that the nodes are in and, for a subgraph, those around it. The
// body of a function sees nothing around it.
type scope struct {
	outer  *scope
	values map[string]value
	// produced tells, by name, which node makes a value, for messages about order.
	produced map[string]*onnxpb.NodeProto
	// body is set where the subgraph becomes a graph of its own: what it uses from around it is brought in.
	body *body
}

func newScope(outer *scope) *scope { return &scope{outer: outer, values: map[string]value{}} }

// find looks a name up, from the inside out.
func (s *scope) find(name string) (value, bool) {
	if s == nil {
		return value{}, false
	}
	if x, ok := s.values[name]; ok {
		return x, true
	}
	x, ok := s.outer.find(name)
	if ok && s.body != nil {
		x = s.body.capture(x)
		s.values[name] = x
	}
	return x, ok
}

// maker is the node that makes the value of a name, nil if none does.
func (s *scope) maker(name string) *onnxpb.NodeProto {
	for ; s != nil; s = s.outer {
		if p := s.produced[name]; p != nil {
			return p
		}
	}
	return nil
}

// Bounds on what subgraphs and functions expand to.
const (
	maxNested   = 16
	maxExpanded = 100_000
)

// within runs f in another scope.
func (imp *importer) within(s *scope, f func() error) error {
	outer := imp.scope
	if imp.nested++; imp.nested > maxNested {
		return sqlstate.New(sqlstate.ProgramLimitExceeded, "subgraphs and functions are nested more than %d deep", maxNested)
	}
	imp.scope = s
	err := f()
	imp.scope = outer
	imp.nested--
	return err
}

// inline imports the nodes of a subgraph where n stands, its inputs being the given values, and gives its outputs.
func (n *node) inline(g *onnxpb.GraphProto, inputs ...value) []value {
	return n.inlineIn(newScope(n.imp.scope), g, inputs)
}

func (n *node) inlineIn(s *scope, g *onnxpb.GraphProto, inputs []value) (out []value) {
	if len(g.Input) != len(inputs) {
		n.fail("its subgraph takes %d inputs, not %d", len(g.Input), len(inputs))
	}
	if len(g.SparseInitializer) > 0 {
		n.unsupported("a sparse initializer")
	}
	imp := n.imp
	n.check(imp.within(s, func() error {
		for i, p := range g.Input {
			if err := imp.fresh("input", p.Name); err != nil {
				return err
			}
			s.values[p.Name] = inputs[i]
		}
		if err := imp.initializers(g.Initializer); err != nil {
			return err
		}
		if err := imp.nodes(g.Node); err != nil {
			return err
		}
		for _, p := range g.Output {
			x, ok := s.find(p.Name)
			if !ok {
				return invalid("output %s is not computed by any node", quote(p.Name))
			}
			out = append(out, x)
		}
		return nil
	}))
	return out
}

// graphAttr is a subgraph.
func (n *node) graphAttr(name string) *onnxpb.GraphProto {
	g := n.attr(name, onnxpb.AttributeProto_GRAPH).GetG()
	if g == nil {
		n.fail("attribute %s is missing", quote(name))
	}
	return g
}

// namesRead has the names that nodes, or the outputs of graphs and functions, read anywhere in a file.
func namesRead(m *onnxpb.ModelProto) map[string]bool {
	read := map[string]bool{}
	var nodes func(list []*onnxpb.NodeProto)
	graphOf := func(g *onnxpb.GraphProto) {
		for _, o := range g.GetOutput() {
			read[o.Name] = true
		}
		nodes(g.GetNode())
	}
	nodes = func(list []*onnxpb.NodeProto) {
		for _, p := range list {
			for _, name := range p.Input {
				read[name] = true
			}
			for _, a := range p.Attribute {
				graphOf(a.G)
			}
		}
	}
	graphOf(m.Graph)
	for _, f := range m.Functions {
		for _, name := range f.Output {
			read[name] = true
		}
		nodes(f.Node)
	}
	return read
}
