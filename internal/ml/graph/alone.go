package graph

import "fmt"

// Alone cuts a graph in two at values that depend on one input alone, so that they need not be computed again for a row that
// brings what another one brought. alone has that input and, as outputs, these values; in rest they are inputs that follow the
// graph's own. The values are numbers or bools and have at most so many elements together: what would be larger is cut
// nearer to the input. alone is nil if nothing is left.
func (g *Graph) Alone(input, most int) (alone, rest *Graph) {
	front := g.front(input, most)
	if len(front) == 0 {
		return nil, nil
	}
	alone, rest = New(g.Name), New(g.Name)
	copied := map[*Value]*Value{}
	var copyOf func(v *Value) *Value
	copyOf = func(v *Value) *Value {
		if c := copied[v]; c != nil {
			return c
		}
		c := &Value{Op: v.Op, Type: v.Type, Name: v.Name}
		for _, a := range v.Args {
			c.Args = append(c.Args, copyOf(a))
		}
		if in, ok := v.Op.(*Input); ok {
			c.Op = &Input{Label: in.Label, Of: in.Of}
			alone.Inputs = append(alone.Inputs, c)
		}
		c.ID = len(alone.Values)
		alone.Values = append(alone.Values, c)
		copied[v] = c
		return c
	}
	at := map[*Value]int{}
	for i, v := range front {
		at[v] = i
		alone.Output(fmt.Sprint(i), copyOf(v))
	}
	copied = map[*Value]*Value{}
	news := make([]*Value, len(front))
	for _, v := range g.Values {
		c := &Value{ID: len(rest.Values), Op: v.Op, Type: v.Type, Name: v.Name}
		if i, cut := at[v]; cut {
			c.Op = &Input{Index: len(g.Inputs) + i, Label: fmt.Sprintf("%s\x00%d", g.Inputs[input].Op.(*Input).Label, i), Of: v.Type}
			news[i] = c
		} else {
			for _, a := range v.Args {
				c.Args = append(c.Args, copied[a])
			}
		}
		copied[v] = c
		rest.Values = append(rest.Values, c)
	}
	for _, in := range g.Inputs {
		rest.Inputs = append(rest.Inputs, copied[in])
	}
	rest.Inputs = append(rest.Inputs, news...)
	all := make([]bool, len(g.Outputs))
	for i, o := range g.Outputs {
		rest.Output(o.Name, copied[o.Value])
		all[i] = true
	}
	return alone, rest.Computing(all)
}

// front is the values to cut at.
func (g *Graph) front(input, most int) []*Value {
	const none, several = -1, -2
	on := make([]int, len(g.Values)) // the input that a value depends on
	chosen := map[*Value]bool{}
	choose := func(v *Value) {
		if on[v.ID] == input {
			chosen[v] = true
		}
	}
	for id, v := range g.Values {
		on[id] = none
		if in, ok := v.Op.(*Input); ok {
			on[id] = in.Index
		}
		for _, a := range v.Args {
			switch {
			case on[a.ID] == none || on[a.ID] == on[id]:
			case on[id] == none:
				on[id] = on[a.ID]
			default:
				on[id] = several
			}
		}
		if on[id] != input {
			for _, a := range v.Args {
				choose(a)
			}
		}
	}
	for _, o := range g.Outputs {
		choose(o.Value)
	}
	// From the outputs to the input: what does not fit gives way to what it is made of.
	var out []*Value
	for id := len(g.Values) - 1; id >= 0; id-- {
		v := g.Values[id]
		_, in := v.Op.(*Input)
		_, body := v.Op.(Control) // which may have more results than one
		switch {
		case !chosen[v] || in:
		case !body && v.Type.Elem != String && v.Type.Elem != U64 && v.Type.Size() <= most:
			out = append(out, v)
			most -= v.Type.Size()
		default:
			for _, a := range v.Args {
				choose(a)
			}
		}
	}
	return out
}
