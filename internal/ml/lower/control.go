package lower

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// branches computes both branches of an If in lanes, each for its rows alone, and takes the elements of one.
func (l *lowering) branches(v *graph.Value, o *graph.If) ([]*staged.Node, error) {
	cond := l.elements(v.Args[0])[0]
	then, err := l.branch(o.Then, v.Args[1:1+o.ThenArgs], l.b.And(l.rows, cond))
	if err != nil {
		return nil, err
	}
	otherwise, err := l.branch(o.Else, v.Args[1+o.ThenArgs:], l.b.AndNot(l.rows, cond))
	if err != nil {
		return nil, err
	}
	var out []*staged.Node
	for i, t := range o.Results() {
		for k := range then[i] {
			out = append(out, l.choose(t.Elem, cond, l.spread(then[i][k]), l.spread(otherwise[i][k])))
		}
	}
	return out, nil
}

// branch computes the outputs of a graph whose inputs are values of this one, in the given rows.
func (l *lowering) branch(g *graph.Graph, args []*graph.Value, rows *staged.Node) ([][]*staged.Node, error) {
	sub := *l
	sub.graph, sub.rows, sub.values = g, rows, map[*graph.Value][]*staged.Node{}
	for i, in := range g.Inputs {
		sub.values[in] = l.elements(args[i])
	}
	for _, v := range g.Values {
		if _, input := v.Op.(*graph.Input); input || v.Constant() != nil {
			continue
		}
		if err := sub.room(v.Type.Size()); err != nil {
			return nil, err
		}
		if err := sub.compute(v); err != nil {
			return nil, err
		}
	}
	l.transcendentals = sub.transcendentals
	out := make([][]*staged.Node, len(g.Outputs))
	for i, o := range g.Outputs {
		out[i] = sub.elements(o.Value)
	}
	return out, nil
}

// result is the elements of one of the results of a control operator.
func (l *lowering) result(v *graph.Value, o *graph.Result) []*staged.Node {
	from := 0
	results := v.Args[0].Op.(graph.Control).Results()
	for _, t := range results[:o.Index] {
		from += t.Size()
	}
	return l.elements(v.Args[0])[from : from+results[o.Index].Size()]
}

// laneOnly is the first value of a graph that has no array form, nil if all have one.
func laneOnly(g *graph.Graph) *graph.Value {
	for _, v := range g.Values {
		switch op := v.Op.(type) {
		case *graph.Input, *graph.Constant, *graph.Result, *graph.Reshape:
			if v.Type.Elem == graph.String || v.Type.Size() == 0 {
				return v
			}
		case graph.Control:
			for _, body := range op.Bodies() {
				if w := laneOnly(body); w != nil {
					return w
				}
			}
		default:
			if !arrayOp(v) {
				return v
			}
		}
	}
	return nil
}

// noLoop is the error of a loop that cannot be in arrays.
func noLoop(o *graph.Loop) error {
	if v := laneOnly(o.Body); v != nil {
		return sqlstate.Unsupported("a loop of a model over %s of type %s", v.Op.Name(), v.Type)
	}
	return sqlstate.Unsupported("a loop of a model that needs what is computed from texts or trees")
}
