package graph

// Lookup replaces every index of its argument (i64) by that element of Table, a constant vector. Whoever adds a Lookup
// has proved that indices are in range (they come from an ArgExtreme or a bool).
type Lookup struct{ Table *Tensor }

func (o *Lookup) Name() string  { return "lookup" }
func (o *Lookup) attrs() string { return o.Table.text() }

// Infer gives the argument's shape and the table's element type.
func (o *Lookup) Infer(args []Type) (Type, error) {
	if err := firstError(arity(args, 1), o.Table.check()); err != nil {
		return Type{}, err
	}
	if args[0].Elem != I64 || o.Table.Rank() != 1 || o.Table.Size() == 0 {
		return Type{}, invalid("argument %s or table %s has the wrong type", args[0], o.Table.Type)
	}
	return Type{Elem: o.Table.Elem, Dims: args[0].Dims}, nil
}

// Map replaces every element by the value beside the first equal key (floats: IEEE equality, but NaN equals NaN), or by
// Default where there is none.
type Map struct {
	Keys    *Tensor // [n]
	Values  *Tensor // [n]
	Default *Tensor // [], of Values' element type
}

func (o *Map) Name() string { return "map" }
func (o *Map) attrs() string {
	return o.Keys.text() + " -> " + o.Values.text() + " else " + o.Default.text()
}

// Infer gives the argument's shape and the values' element type.
func (o *Map) Infer(args []Type) (Type, error) {
	if err := firstError(arity(args, 1), o.Keys.check(), o.Values.check(), o.Default.check()); err != nil {
		return Type{}, err
	}
	if o.Keys.Rank() != 1 || o.Values.Rank() != 1 || o.Keys.Size() != o.Values.Size() || o.Default.Size() != 1 ||
		o.Default.Elem != o.Values.Elem {
		return Type{}, invalid("keys %s, values %s and default %s do not fit together", o.Keys.Type, o.Values.Type, o.Default.Type)
	}
	if args[0].Elem != o.Keys.Elem {
		return Type{}, invalid("argument %s does not match keys %s", args[0], o.Keys.Type)
	}
	return Type{Elem: o.Values.Elem, Dims: args[0].Dims}, nil
}
