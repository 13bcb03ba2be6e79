package graph

import (
	"cmp"
	"slices"
)

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

// Map replaces every element by the value beside the equal key (floats: IEEE equality, but NaN equals NaN), or by Default
// where there is none. No element or value is a bool.
type Map struct {
	Keys    *Tensor // [n], ascending, each once; NaN last
	Values  *Tensor // [n]
	Default *Tensor // [], of Values' element type
}

// NewMap sorts keys that may stand in any order; of equal ones the first counts. Infer judges whether the tensors fit
// together.
func NewMap(keys, values, otherwise *Tensor) *Map {
	m := &Map{Keys: keys, Values: values, Default: otherwise}
	if keys.Rank() != 1 || values.Rank() != 1 || keys.Size() != values.Size() {
		return m
	}
	order := make([]int32, keys.Size())
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(i, j int32) int { return keys.compare(int(i), int(j)) })
	order = slices.CompactFunc(order, func(i, j int32) bool { return keys.compare(int(i), int(j)) == 0 })
	m.Keys, m.Values = keys.Picked(order, len(order)), values.Picked(order, len(order))
	return m
}

// compare orders two elements; NaN equals itself and is greater than all else.
func (t *Tensor) compare(i, j int) int {
	switch {
	case t.Elem == String:
		return cmp.Compare(t.Str[i], t.Str[j])
	case t.Elem.IsInt():
		return cmp.Compare(t.Int(i), t.Int(j))
	}
	x, y := t.Float(i), t.Float(j)
	if x != x || y != y {
		return cmp.Compare(y, x) // there NaN is the least
	}
	return cmp.Compare(x, y)
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
		o.Default.Elem != o.Values.Elem || o.Keys.Elem == Bool || o.Values.Elem == Bool {
		return Type{}, invalid("keys %s, values %s and default %s do not fit together", o.Keys.Type, o.Values.Type, o.Default.Type)
	}
	for i := 1; i < o.Keys.Size(); i++ {
		if o.Keys.compare(i-1, i) >= 0 {
			return Type{}, invalid("keys %s are not in ascending order", o.Keys.Type)
		}
	}
	if args[0].Elem != o.Keys.Elem {
		return Type{}, invalid("argument %s does not match keys %s", args[0], o.Keys.Type)
	}
	return Type{Elem: o.Values.Elem, Dims: args[0].Dims}, nil
}
