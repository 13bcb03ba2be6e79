package graph

// need is which elements of a value something reads.
type need struct {
	used bool // it is an argument, be it that none of its elements is read
	all  bool
	some []bool // where not all; nil if none
}

// element marks an element of a value of the given size.
func (n *need) element(i, size int) {
	if n.all {
		return
	}
	if n.some == nil {
		n.some = make([]bool, size)
	}
	n.some[i] = true
}

// needs tells, by ID, which values are used to compute some of the outputs, and what is read of each input.
func (g *Graph) needs(outputs []bool) []need {
	all := make([]need, len(g.Values))
	for i, o := range g.Outputs {
		if outputs[i] {
			all[o.Value.ID] = need{used: true, all: true}
		}
	}
	for id := len(g.Values) - 1; id >= 0; id-- {
		if !all[id].used {
			continue
		}
		for _, a := range g.Values[id].Args {
			all[a.ID].used = true
		}
		if all[id].all || all[id].some != nil {
			g.Values[id].pass(all[id], all)
		}
		if _, input := g.Values[id].Op.(*Input); !input {
			all[id].some = nil // values may be many and large
		}
	}
	return all
}

// pass marks what a value reads of its arguments, of which n is needed.
func (v *Value) pass(n need, all []need) {
	switch op := v.Op.(type) {
	case *Reshape, *Cast, *Unary:
		v.Args[0].mark(n, func(i int) int { return i }, all)
		return
	case *Pick:
		v.Args[0].mark(n.over(len(op.Index)), func(i int) int { return int(op.Index[i]) }, all)
		return
	case *TreeEnsemble:
		if v.Args[0].Type.Rank() == 1 {
			size := v.Args[0].Type.Size()
			for i := range op.Nodes {
				all[v.Args[0].ID].element(int(op.Nodes[i].Feature), size)
			}
			return
		}
	case *Concat:
		from := 0
		for _, a := range v.Args {
			size := a.Type.Size()
			part := n
			if !n.all {
				part.some = n.some[from : from+size]
			}
			a.mark(part, func(i int) int { return i }, all)
			from += size
		}
		return
	}
	for _, a := range v.Args {
		all[a.ID].all = true
	}
}

// over spells "all" out, for an operator that does not read all of its argument.
func (n need) over(size int) need {
	if !n.all {
		return n
	}
	some := make([]bool, size)
	for i := range some {
		some[i] = true
	}
	return need{some: some}
}

// mark adds the elements at(i), for each i that is needed.
func (v *Value) mark(n need, at func(i int) int, all []need) {
	if n.all {
		all[v.ID].all = true
		return
	}
	for i, needed := range n.some {
		if needed {
			all[v.ID].element(at(i), v.Type.Size())
		}
	}
}

// Reads tells of each input which elements some of the outputs depend on.
func (g *Graph) Reads(outputs []bool) [][]bool {
	all := g.needs(outputs)
	reads := make([][]bool, len(g.Inputs))
	for i, in := range g.Inputs {
		reads[i] = make([]bool, in.Type.Size())
		copy(reads[i], all[in.ID].over(len(reads[i])).some)
	}
	return reads
}

// Computing is the graph of some of the outputs alone: it has all inputs, and of the other values those that these outputs
// need. Operators are shared with g.
func (g *Graph) Computing(outputs []bool) *Graph {
	all := g.needs(outputs)
	out := &Graph{Name: g.Name}
	values := make([]*Value, len(g.Values))
	for id, v := range g.Values {
		if _, input := v.Op.(*Input); !input && !all[id].used {
			continue
		}
		c := *v
		c.ID, c.Args = len(out.Values), make([]*Value, len(v.Args))
		for i, a := range v.Args {
			c.Args[i] = values[a.ID]
		}
		values[id] = &c
		out.Values = append(out.Values, &c)
	}
	for _, in := range g.Inputs {
		out.Inputs = append(out.Inputs, values[in.ID])
	}
	for i, o := range g.Outputs {
		if outputs[i] {
			out.Outputs = append(out.Outputs, Output{Name: o.Name, Value: values[o.Value.ID]})
		}
	}
	return out
}
