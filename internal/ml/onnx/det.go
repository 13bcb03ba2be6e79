package onnx

import (
	"math/bits"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// maxDeterminant bounds the matrices of a determinant, which is expanded into all minors of the last rows.
const maxDeterminant = 8

// det is the determinant of the last two axes.
func det(n *node) {
	x := n.arg(0)
	dims := x.row()
	if len(dims) < 2 || dims[len(dims)-1] != dims[len(dims)-2] || !x.elem().IsFloat() {
		n.fail("a determinant of %s", x)
	}
	size := dims[len(dims)-1]
	if size > maxDeterminant || size == 0 {
		n.unsupported("a determinant of %d rows (1 to %d are possible)", size, maxDeterminant)
	}
	lead := slices.Clone(dims[:len(dims)-2])
	element := func(i, j int) value {
		return n.pick(x, lead, func(at []int) []int { return append(slices.Clone(at), i, j) })
	}
	// minors has the determinant of the rows from row on, by the set of their columns.
	minors := map[uint]value{}
	for row := size - 1; row >= 0; row-- {
		next := map[uint]value{}
		for set := range uint(1) << size {
			if bits.OnesCount(set) != size-row {
				continue
			}
			var sum value
			for j, k := range columnsOf(set) {
				term := element(row, k)
				if minor, ok := minors[set&^(1<<k)]; ok {
					term = n.binary(graph.Mul, term, minor)
				}
				if j%2 == 1 {
					sum = n.binary(graph.Sub, sum, term)
				} else {
					sum = n.both(sum, term, graph.Add)
				}
			}
			next[set] = sum
		}
		minors = next
	}
	n.set(0, minors[1<<size-1])
}

func columnsOf(set uint) (columns []int) {
	for ; set != 0; set &= set - 1 {
		columns = append(columns, bits.TrailingZeros(set))
	}
	return columns
}
