package onnx

import (
	"cmp"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// Operators whose results have as many elements as the argument's values say: it must be constant.

// nonZero lists the coordinates of the elements that are not zero, an axis a row.
func nonZero(n *node) {
	t := n.tensor(0)
	if t.Elem == graph.String {
		n.fail("%s of type %s has no zero", n.argName(0), t.Type)
	}
	rank := max(1, t.Rank())
	n.spend(rank * t.Size())
	var found [][]int
	coordinates(append(slices.Repeat([]int{1}, rank-t.Rank()), t.Dims...), func(i int, at []int) {
		if t.Float(i) != 0 {
			found = append(found, slices.Clone(at))
		}
	})
	out := graph.NewTensor(graph.I64, rank, len(found))
	for k, at := range found {
		for a, c := range at {
			out.I64[a*len(found)+k] = int64(c)
		}
	}
	n.set(0, n.constantOf(out))
}

// unique keeps one of equal elements, or of equal entries of an axis, sorted or in the order in which they come.
func unique(n *node) {
	t := n.tensor(0)
	axis, entries := -1, t.Size()
	if n.hasAttr("axis") {
		axis = n.axis(n.any(0), int(n.smallInt("axis", 0)))
		entries = t.Dims[axis]
	}
	n.spend(4 * t.Size())
	// parts are the flat elements of each entry.
	parts := make([][]int, entries)
	coordinates(t.Dims, func(i int, at []int) {
		k := i
		if axis >= 0 {
			k = at[axis]
		}
		parts[k] = append(parts[k], i)
	})
	compare := func(a, b int) int {
		for k, i := range parts[a] {
			if c := compareElements(t, i, parts[b][k]); c != 0 {
				return c
			}
		}
		return 0
	}
	order := sequence(entries)
	slices.SortStableFunc(order, compare)
	var first []int // of each class of equal entries, in ascending order
	class := make([]int, entries)
	for i, k := range order {
		if i == 0 || compare(order[i-1], k) != 0 {
			first = append(first, k)
		}
		class[k] = len(first) - 1
	}
	rank := sequence(len(first)) // what place a class gets
	if !n.flag("sorted", true) {
		byPlace := sequence(len(first))
		slices.SortFunc(byPlace, func(a, b int) int { return first[a] - first[b] })
		for place, c := range byPlace {
			rank[c] = place
		}
	}
	kept, counts, inverse := make([]int, len(first)), make([]int64, len(first)), make([]int64, entries)
	for c, k := range first {
		kept[rank[c]] = k
	}
	for k, c := range class {
		inverse[k] = int64(rank[c])
		counts[rank[c]]++
	}
	places := make([]int64, len(kept))
	for i, k := range kept {
		places[i] = int64(k)
	}
	x := n.constantOf(t)
	if axis < 0 {
		x, axis = n.reshape(x, t.Size()), 0
	}
	n.set(0, n.take(x, axis, kept))
	n.set(1, n.constantOf(i64Tensor(places)))
	n.set(2, n.constantOf(i64Tensor(inverse)))
	n.set(3, n.constantOf(i64Tensor(counts)))
}

// compareElements orders elements of a tensor; NaN is the greatest, and as numpy has it no two are equal.
func compareElements(t *graph.Tensor, i, j int) int {
	switch {
	case t.Elem == graph.String:
		return cmp.Compare(t.Str[i], t.Str[j])
	case t.Elem == graph.U64:
		return cmp.Compare(uint64(t.I64[i]), uint64(t.I64[j]))
	case t.Elem.IsInt():
		return cmp.Compare(t.Int(i), t.Int(j))
	}
	a, b := t.Float(i), t.Float(j)
	switch {
	case a != a && b != b:
		return cmp.Compare(i, j)
	case a != a:
		return 1
	case b != b:
		return -1
	}
	return cmp.Compare(a, b)
}
