package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// factor is an operand of an Einsum, or a product of some: the rows' part of a tensor, with a letter for each axis.
type factor struct {
	value
	letters []rune
}

// einsumming is an Einsum while it is imported: one letter an axis, and each letter's size.
type einsumming struct {
	*node
	sizes map[rune]int
}

// einsum multiplies its operands one after another, as matrices, and sums over the letters that the result lacks. The letter of the
// batch, which all operands that have a batch have it as and the result has, is not the rows'.
func einsum(n *node) {
	e := &einsumming{n, map[rune]int{}}
	args := make([]value, max(1, len(n.p.Input)))
	for i := range args {
		args[i] = n.element(i)
	}
	terms, result := e.terms(args)
	like, at := e.batchLetter(args, terms, result)
	var batch rune
	if at >= 0 {
		batch = result[at]
	}
	factors := make([]factor, len(args))
	for i, x := range args {
		factors[i] = e.factor(x, terms[i], like, batch)
	}
	if at >= 0 && like.folded == 0 {
		result = slices.Delete(slices.Clone(result), at, at+1)
	}
	y := e.multiplied(factors, result)
	if like.batched {
		y.batched, y.layout = true, like.layout
		y.at = at
	}
	n.set(0, y)
}

// terms are the letters of the operands and of the result.
func (e *einsumming) terms(args []value) (terms [][]rune, result []rune) {
	terms, result = e.equation(len(args))
	for i, x := range args {
		if terms[i] = e.ellipsis(terms[i], x.rank()); len(terms[i]) != x.rank() {
			e.fail("%s has another rank than its term", x)
		}
	}
	known := slices.Concat(terms...)
	if result == nil {
		return terms, implied(terms)
	}
	result = slices.DeleteFunc(e.ellipsis(result, -1), func(r rune) bool { return r < 0 && !slices.Contains(known, r) })
	for i, letter := range result {
		if !slices.Contains(known, letter) || slices.Contains(result[:i], letter) {
			e.fail("the result has an axis that no operand has, or one twice")
		}
	}
	return terms, result
}

// batchLetter is an operand with a batch, if there is one, and the place of the batch's letter in the result, else -1.
func (e *einsumming) batchLetter(args []value, terms [][]rune, result []rune) (like value, at int) {
	at = -1
	var letter rune
	for i, x := range args {
		if !x.batched {
			continue
		}
		if !like.batched {
			like, letter = x, terms[i][x.at]
		}
		k := slices.Index(terms[i], letter)
		if k != x.at || slices.Contains(terms[i][k+1:], letter) || x.folded != like.folded || x.outer != like.outer {
			e.unsupported("an equation over %s and %s, which mixes rows,", like, x)
		}
	}
	if !like.batched {
		return like, -1
	}
	if at = slices.Index(result, letter); at < 0 {
		e.unsupported("an equation that sums over the batch of %s", like)
	}
	return like, at
}

// factor is an operand without the batch's axis; a constant may have that 1 long.
func (e *einsumming) factor(x value, term []rune, like value, batch rune) factor {
	y := factor{value{v: x.v, batched: x.batched}, term}
	if k := slices.Index(term, batch); like.batched && k >= 0 {
		if !x.batched && x.row()[k] != 1 {
			e.unsupported("an equation over %s and %s, which mixes rows,", like, x)
		}
		if like.folded == 0 {
			y.letters = slices.Delete(slices.Clone(term), k, k+1)
			y.value = e.reshape(y.value, slices.Delete(x.extents(), k, k+1)...)
		}
	}
	for k, letter := range y.letters {
		if size, seen := e.sizes[letter]; !seen || size == 1 {
			e.sizes[letter] = y.row()[k]
		}
	}
	return y
}

// multiplied is the product of all operands with the result's letters.
func (e *einsumming) multiplied(factors []factor, result []rune) value {
	dims := make([]int, len(result))
	for i, letter := range result {
		dims[i] = e.sizes[letter]
	}
	for _, f := range factors {
		for k, letter := range f.letters {
			if d := f.row()[k]; d != 1 && d != e.sizes[letter] {
				e.fail("the sizes of an axis of %s do not fit together", f)
			}
		}
		if f.v.Type.Size() == 0 {
			return e.constantOf(graph.NewTensor(f.elem(), dims...))
		}
	}
	needed := func(letter rune, by []factor) bool {
		return slices.Contains(result, letter) || slices.ContainsFunc(by, func(f factor) bool { return slices.Contains(f.letters, letter) })
	}
	for i, f := range factors {
		others := slices.Delete(slices.Clone(factors), i, i+1)
		factors[i] = e.reduced(f, func(letter rune) bool { return needed(letter, others) })
	}
	y := factors[0]
	for i, f := range factors[1:] {
		y = e.product2(y, f, func(letter rune) bool { return needed(letter, factors[i+2:]) })
	}
	return e.inOrder(y, result)
}

// reduced sums over the letters that nothing needs. One that comes twice is the diagonal.
func (e *einsumming) reduced(f factor, needed func(rune) bool) factor {
	var kept, summed []rune
	for i, letter := range f.letters {
		if slices.Contains(f.letters[:i], letter) {
			continue
		}
		if needed(letter) {
			kept = append(kept, letter)
		} else {
			summed = append(summed, letter)
		}
	}
	x := e.inOrder(f, slices.Concat(kept, summed))
	if len(summed) > 0 {
		x = e.sumLast(e.reshape(x, append(slices.Clone(x.row()[:len(kept)]), sizeOf(x.row()[len(kept):]))...))
	}
	return factor{x, kept}
}

// product2 multiplies two factors and sums over the letters of both that nothing needs: a product of matrices, for each entry of
// the letters that both have and that stay. Without such a sum it is elementwise.
func (e *einsumming) product2(a, b factor, needed func(rune) bool) factor {
	if a.constant() != nil && b.constant() == nil {
		a, b = b, a // weights are on the right
	}
	var both, summed, left, right []rune
	for _, letter := range a.letters {
		switch {
		case !slices.Contains(b.letters, letter):
			left = append(left, letter)
		case needed(letter):
			both = append(both, letter)
		default:
			summed = append(summed, letter)
		}
	}
	for _, letter := range b.letters {
		if !slices.Contains(a.letters, letter) {
			right = append(right, letter)
		}
	}
	all := slices.Concat(both, left, right)
	if len(summed) == 0 {
		return factor{e.binary(graph.Mul, e.inOrder(a, all), e.inOrder(b, all)), all}
	}
	x := e.matrix(a, both, left, summed)
	y := e.matrix(b, both, summed, right)
	var z value
	if len(both) == 0 && y.constant() != nil && y.elem().IsFloat() {
		z = e.dense(x, e.weights(value{v: y.v}), nil)
	} else {
		z = e.matMul(x, y)
	}
	dims := slices.Clone(z.row()[:len(both)])
	for _, letter := range left {
		dims = append(dims, a.row()[slices.Index(a.letters, letter)])
	}
	for _, letter := range right {
		dims = append(dims, b.row()[slices.Index(b.letters, letter)])
	}
	return factor{e.reshape(z, dims...), all}
}

// matrix is f with an axis for each of the leading letters, one for all of the rows' letters and one for all of the columns'.
func (e *einsumming) matrix(f factor, lead, rows, columns []rune) value {
	x := e.inOrder(f, slices.Concat(lead, rows, columns))
	dims := slices.Clone(x.row())
	for i, letter := range slices.Concat(rows, columns) {
		if dims[len(lead)+i] == 1 && slices.Contains(f.letters, letter) {
			dims[len(lead)+i] = e.sizes[letter] // summed along the other factor's
		}
	}
	x = e.repeat(x, dims)
	split := len(lead) + len(rows)
	return e.reshape(x, append(slices.Clone(dims[:len(lead)]), sizeOf(dims[len(lead):split]), sizeOf(dims[split:]))...)
}

// inOrder gives f one axis for each letter of order: 1 long where it has none. A letter that comes twice is the diagonal.
func (e *einsumming) inOrder(f factor, order []rune) value {
	dims := make([]int, len(order))
	for i, letter := range order {
		dims[i] = 1
		if k := slices.Index(f.letters, letter); k >= 0 {
			dims[i] = f.row()[k]
		}
	}
	places := make([]int, len(f.letters))
	for k, letter := range f.letters {
		if places[k] = slices.Index(order, letter); f.row()[k] != dims[places[k]] {
			e.fail("the sizes of an axis of %s do not fit together", f)
		}
	}
	from := make([]int, len(places))
	return e.pick(f.value, dims, func(at []int) []int {
		for k, place := range places {
			from[k] = at[place]
		}
		return from
	})
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
