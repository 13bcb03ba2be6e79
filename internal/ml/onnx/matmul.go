package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// product multiplies tensors of any rank as numpy's matmul does; at least one is computed by rows or has more than two axes.
func (n *node) product(a, b value) value {
	if !a.elem().IsNumber() || a.elem() != b.elem() {
		n.fail("a product of %s and %s", a, b)
	}
	left, right := a.rank() == 1 && !a.batched, b.rank() == 1 && !b.batched
	if left {
		a = n.reshape(a, 1, a.row()[0])
	}
	if right {
		b = n.reshape(b, b.row()[0], 1)
	}
	like := n.batchOfProduct(a, b)
	beside := like.batched && like.folded == 0 && like.behind() >= 2 // the matrices, and no axis of the rows
	rank := max(a.rank(), b.rank())
	y := n.matMul(n.operand(a, like, beside), n.operand(b, like, beside))
	extents, at := y.row(), rank-1-like.behind()
	if beside {
		extents = slices.Insert(slices.Clone(extents), at, 1)
	}
	if left {
		extents = slices.Delete(slices.Clone(extents), rank-2, rank-1)
		if at > rank-2 {
			at--
		}
	}
	if right {
		extents = extents[:len(extents)-1]
	}
	if !y.batched {
		return n.reshape(y, extents...)
	}
	return n.lay(y, extents, at, like.outer)
}

// batchOfProduct is the factor of a product whose batch the product has, if one has any. The batch is a dimension that both factors
// have or broadcast along, or the rows of a, or the columns of b; not what is summed over.
func (n *node) batchOfProduct(a, b value) value {
	like, other, summed := a, b, 0
	if !a.batched {
		like, other, summed = b, a, 1
	}
	if !like.batched {
		return like
	}
	behind := like.behind()
	k := other.rank() - 1 - behind
	switch {
	case other.batched && (behind < 2 || behind != other.behind() || like.folded != other.folded || like.outer != other.outer),
		!other.batched && (behind == summed || like.rank() < 2),
		!other.batched && behind >= 2 && k >= 0 && other.row()[k] != 1:
		n.unsupported("a product of %s and %s, which mixes rows,", a, b)
	}
	return like
}

// operand gives the rows of a factor the axes to multiply: if the batch is beside the matrices none for it, else one, 1 long where
// nothing is folded into it.
func (n *node) operand(x, like value, beside bool) value {
	k := x.rank() - 1 - like.behind()
	switch {
	case !like.batched || beside && x.batched:
	case x.batched:
		x = n.reshape(x, x.extents()...)
	case beside && k >= 0:
		x = n.reshape(x, slices.Delete(slices.Clone(x.row()), k, k+1)...)
	}
	return value{v: x.v, batched: x.batched}
}

// matMul multiplies the last two axes; those of integers as sums of products.
func (n *node) matMul(a, b value) value {
	if a.elem().IsFloat() {
		return n.emit(&graph.MatMul{}, a, b)
	}
	ra, rb := a.row(), b.row()
	wide := n.reshape(a, append(slices.Clone(ra), 1)...)
	lead := append(slices.Clone(rb[:len(rb)-2]), 1)
	other := n.reshape(b, append(lead, rb[len(rb)-2:]...)...)
	terms := n.binary(graph.Mul, wide, other) // […,i,k,j]
	moved, _ := n.toLast(terms, len(terms.row())-2)
	return n.sumLast(moved)
}

// sumLast sums the last axis, which may be empty.
func (n *node) sumLast(x value) value {
	if dims := x.row(); dims[len(dims)-1] == 0 {
		return n.constantOf(graph.NewTensor(x.elem(), dims[:len(dims)-1]...))
	}
	return n.emit(&graph.Reduce{Fn: graph.ReduceSum}, x)
}

// matMulInteger multiplies integers of 8 bits less their zero points, in 32.
func matMulInteger(n *node) {
	a, b := n.lessZeroPoint(0, 2, true), n.lessZeroPoint(1, 3, false)
	n.set(0, n.product(a, b))
}

// lessZeroPoint is input i in 32 bits less the zero point that input k gives: one, or one for each row (column) of a matrix.
func (n *node) lessZeroPoint(i, k int, rows bool) value {
	x := n.cast(graph.I32, n.arg(i))
	if !n.has(k) {
		return x
	}
	zero := n.cast(graph.I32, n.arg(k))
	if rows && zero.rank() == 1 && zero.row()[0] != 1 {
		zero = n.reshape(zero, zero.row()[0], 1)
	}
	p := n.align(x, zero)
	return n.binary(graph.Sub, p[0], p[1])
}

// einsum multiplies its operands with their axes in one order, one axis a letter, and sums over the letters that the result
// lacks.
func einsum(n *node) {
	args := n.args()
	terms, result := n.equation(len(args))
	sizes := map[rune]int{}
	var order []rune
	for i, x := range args {
		if x.batched {
			n.unsupported("an equation over %s", x)
		}
		if terms[i] = n.ellipsis(terms[i], x.rank()); len(terms[i]) != x.rank() {
			n.fail("%s has another rank than its term", x)
		}
		for k, letter := range terms[i] {
			if d := x.row()[k]; sizes[letter] == 0 || sizes[letter] == 1 {
				sizes[letter] = d
			}
			if !slices.Contains(order, letter) {
				order = append(order, letter)
			}
		}
	}
	if result == nil {
		result = implied(terms)
	} else {
		result = n.ellipsis(result, -1)
		result = slices.DeleteFunc(result, func(r rune) bool { return r < 0 && !slices.Contains(order, r) })
	}
	for _, letter := range result {
		if !slices.Contains(order, letter) {
			n.fail("the result has an axis that no operand has")
		}
	}
	kept := slices.Clone(result)
	for _, letter := range order {
		if !slices.Contains(result, letter) {
			kept = append(kept, letter)
		}
	}
	var y value
	for i, x := range args {
		if x = n.inOrder(x, terms[i], kept, sizes); i == 0 {
			y = x
		} else {
			y = n.binary(graph.Mul, y, x)
		}
	}
	dims := make([]int, len(kept))
	for i, letter := range kept {
		dims[i] = sizes[letter]
	}
	y = n.repeat(y, dims)
	summed := product(dims[len(result):])
	y = n.reshape(y, append(slices.Clone(dims[:len(result)]), summed)...)
	n.set(0, n.sumLast(y))
}

// equation parses the operands' letters and the result's, nil if it is left out. An ellipsis is one '.'.
func (n *node) equation(operands int) (terms [][]rune, result []rune) {
	text := n.stringAttr("equation", "")
	var term []rune
	arrow := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == ' ':
		case c == ',' && !arrow:
			terms, term = append(terms, term), nil
		case c == '-' && i+1 < len(text) && text[i+1] == '>' && !arrow:
			terms, term, arrow = append(terms, term), []rune{}, true
			i++
		case c == '.' && i+2 < len(text) && text[i:i+3] == "..." && !slices.Contains(term, '.'):
			term = append(term, '.')
			i += 2
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			term = append(term, rune(c))
		default:
			n.fail("attribute equation is malformed at byte %d", i)
		}
	}
	if arrow {
		result = term
	} else {
		terms = append(terms, term)
	}
	if len(terms) != operands {
		n.fail("the equation has %d operands, the node %d", len(terms), operands)
	}
	return terms, result
}

// maxEllipsis is the most axes that an ellipsis stands for.
const maxEllipsis = 8

// ellipsis replaces '.' by as many letters, negative ones from the last axis on, as rank needs; all of them for rank -1.
func (n *node) ellipsis(term []rune, rank int) []rune {
	at := slices.Index(term, '.')
	if at < 0 {
		return term
	}
	count := rank - len(term) + 1
	if rank < 0 {
		count = maxEllipsis
	}
	if count < 0 || count > maxEllipsis {
		n.fail("an operand has too few or too many axes for its term")
	}
	var letters []rune
	for i := count; i > 0; i-- {
		letters = append(letters, rune(-i))
	}
	return slices.Replace(slices.Clone(term), at, at+1, letters...)
}

// implied is the result of an equation without one: an ellipsis, then the letters that occur once, by alphabet.
func implied(terms [][]rune) []rune {
	count := map[rune]int{}
	for _, t := range terms {
		for _, letter := range t {
			count[letter]++
		}
	}
	result := []rune{}
	for letter, c := range count {
		if letter < 0 || c == 1 {
			result = append(result, letter)
		}
	}
	slices.Sort(result)
	return result
}

// inOrder gives x, whose axes are term, one axis for each letter of order: 1 long where it has none. A letter that comes twice
// is the diagonal.
func (n *node) inOrder(x value, term, order []rune, sizes map[rune]int) value {
	dims := make([]int, len(order))
	for i, letter := range order {
		dims[i] = 1
		if k := slices.Index(term, letter); k >= 0 {
			dims[i] = x.row()[k]
		}
	}
	for k, letter := range term {
		if d := x.row()[k]; d != dims[slices.Index(order, letter)] || d != 1 && d != sizes[letter] {
			n.fail("the sizes of an axis of %s do not fit together", x)
		}
	}
	from := make([]int, len(term))
	return n.pick(x, dims, func(at []int) []int {
		for k, letter := range term {
			from[k] = at[slices.Index(order, letter)]
		}
		return from
	})
}
