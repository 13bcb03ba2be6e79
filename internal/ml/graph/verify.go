package graph

// Verify reports the first place at which the graph breaks its own rules: values out of order, types that the operators
// would not infer, inputs or outputs that are not of this graph or share a name.
func (g *Graph) Verify() error {
	inputs, taken := 0, map[[2]int]bool{}
	for i, v := range g.Values {
		if v.ID != i {
			return g.broken("value %d is numbered %d", i, v.ID)
		}
		if err := g.verifyValue(v); err != nil {
			return err
		}
		if err := g.verifyControl(v, taken); err != nil {
			return err
		}
		if in, ok := v.Op.(*Input); ok {
			inputs++
			if in.Index < 0 || in.Index >= len(g.Inputs) || g.Inputs[in.Index] != v {
				return g.broken("input %%%d is not at its place", i)
			}
		}
	}
	if inputs != len(g.Inputs) {
		return g.broken("%d inputs are declared, %d present", len(g.Inputs), inputs)
	}
	return g.verifyNames()
}

func (g *Graph) verifyValue(v *Value) error {
	types := make([]Type, len(v.Args))
	for i, a := range v.Args {
		if a.ID >= v.ID || g.Values[a.ID] != a {
			return g.broken("%%%d uses a value that does not precede it", v.ID)
		}
		types[i] = a.Type
	}
	t, err := v.Op.Infer(types)
	if err != nil {
		return g.broken("%%%d: %s: %v", v.ID, v.Op.Name(), err)
	}
	if !t.Equal(v.Type) {
		return g.broken("%%%d has type %s, %s gives %s", v.ID, v.Type, v.Op.Name(), t)
	}
	return nil
}

func (g *Graph) verifyNames() error {
	seen := map[string]bool{}
	for _, v := range g.Inputs {
		if name := v.Op.(*Input).Label; seen[name] {
			return g.broken("two inputs are named %q", name)
		} else {
			seen[name] = true
		}
	}
	if len(g.Outputs) == 0 {
		return g.broken("there is no output")
	}
	seen = map[string]bool{}
	for _, o := range g.Outputs {
		if seen[o.Name] {
			return g.broken("two outputs are named %q", o.Name)
		}
		seen[o.Name] = true
		if id := o.Value.ID; id < 0 || id >= len(g.Values) || g.Values[id] != o.Value || o.Value.Type.Elem == Tuple {
			return g.broken("output %q is not a value of the graph", o.Name)
		}
	}
	return nil
}

func (g *Graph) broken(format string, args ...any) error {
	e := invalid(format, args...)
	e.Message = "model graph " + g.Name + ": " + e.Message
	return e
}
