package rewrite

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// bodies normalises the graphs of control operators. What is constant around them is put in; what they do not use, or get twice,
// is not handed to them.
func bodies(p *pass, v *graph.Value) *graph.Value {
	args := p.of(v.Args...)
	switch op := v.Op.(type) {
	case *graph.Loop:
		from := op.Heads() + op.Carried + op.Scanned
		body, rest, changed := p.body(op.Body, 1+op.Carried+op.Scanned, args[from:])
		if changed {
			loop := *op
			loop.Body = body
			return p.add(&loop, append(slices.Clone(args[:from]), rest...)...)
		}
	case *graph.If:
		then, thenArgs, changed := p.body(op.Then, 0, args[1:1+op.ThenArgs])
		otherwise, elseArgs, too := p.body(op.Else, 0, args[1+op.ThenArgs:])
		if changed || too {
			return p.add(&graph.If{Then: then, Else: otherwise, ThenArgs: len(thenArgs)}, slices.Concat(args[:1], thenArgs, elseArgs)...)
		}
	}
	return nil
}

// body is a normalised graph whose inputs from some place on are the given values, and those of them that it needs.
func (p *pass) body(g *graph.Graph, from int, args []*graph.Value) (*graph.Graph, []*graph.Value, bool) {
	needed := map[*graph.Value]bool{}
	used := func(v *graph.Value) {
		if in, ok := v.Op.(*graph.Input); ok && in.Index >= from && args[in.Index-from].Constant() == nil {
			needed[args[in.Index-from]] = true
		}
	}
	for _, v := range g.Values {
		for _, a := range v.Args {
			used(a)
		}
	}
	for _, o := range g.Outputs {
		used(o.Value)
	}
	var kept []*graph.Value
	for _, a := range args {
		if needed[a] && !slices.Contains(kept, a) {
			kept = append(kept, a)
		}
	}
	if p.work.normal[g] && len(kept) == len(args) || p.err != nil {
		return g, args, false
	}
	with := graph.New(g.Name)
	images := make([]*graph.Value, len(g.Values))
	add := func(v *graph.Value, op graph.Op, args ...*graph.Value) {
		if p.err == nil {
			images[v.ID], p.err = with.Add(op, args...)
		}
	}
	for i, in := range g.Inputs {
		if i < from || needed[args[i-from]] && !slices.Contains(args[:i-from], args[i-from]) {
			var v *graph.Value
			if v, p.err = with.Input(in.Op.(*graph.Input).Label, in.Type); p.err != nil {
				return g, args, false
			}
			images[in.ID] = v
		}
	}
	for i, a := range args {
		in := g.Inputs[from+i]
		switch first := slices.Index(args, a); {
		case a.Constant() != nil:
			add(in, a.Op)
		case first < i:
			images[in.ID] = images[g.Inputs[from+first].ID]
		}
	}
	for _, v := range g.Values {
		if _, input := v.Op.(*graph.Input); input || p.err != nil {
			continue
		}
		of := make([]*graph.Value, len(v.Args))
		for i, a := range v.Args {
			of[i] = images[a.ID]
		}
		add(v, v.Op, of...)
	}
	for _, o := range g.Outputs {
		with.Output(o.Name, images[o.Value.ID])
	}
	if p.err != nil {
		return g, args, false
	}
	if with, p.err = p.work.normalize(with); p.err != nil {
		return g, args, false
	}
	p.work.normal[with] = true
	return with, kept, true
}
