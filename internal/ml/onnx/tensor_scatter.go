package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// tensorScatter writes a piece into each sample of a cache, from a computed place of an axis on.
func tensorScatter(n *node) {
	cache, piece := n.arg(0), n.arg(1)
	mode := n.stringAttr("mode", "linear")
	if mode != "linear" && mode != "circular" {
		n.fail("attribute mode has the unknown value %s", quote(mode))
	}
	axis := n.axis(cache, int(n.smallInt("axis", -2)))
	dims, part := cache.row(), piece.row()
	if cache.batched || piece.batched || axis == 0 {
		n.unsupported("writing %s into %s", piece, cache)
	}
	if len(part) != len(dims) || part[axis] > dims[axis] || piece.elem() != cache.elem() || sizeOf(part) == 0 {
		n.fail("writing %s into %s", piece, cache)
	}
	for k, d := range part {
		if k != axis && d != dims[k] {
			n.fail("writing %s into %s", piece, cache)
		}
	}
	along := slices.Repeat([]int{1}, len(dims))
	along[axis] = dims[axis]
	offset := n.reshape(n.iota(dims[axis]), along...) // into the piece
	if n.has(2) {
		start := n.cast(graph.I64, n.arg(2))
		if start.batched || sizeOf(start.row()) != dims[0] {
			n.fail("%s of type %s for %s", n.argName(2), start, cache)
		}
		perSample := slices.Repeat([]int{1}, len(dims))
		perSample[0] = dims[0]
		offset = n.binary(graph.Sub, offset, n.reshape(start, perSample...))
	}
	if mode == "circular" {
		offset = n.binary(graph.Mod, offset, n.scalar(offset, float64(dims[axis])))
	}
	zero, last := n.scalar(offset, 0), n.scalar(offset, float64(part[axis]-1))
	written := n.binary(graph.And, n.compare(graph.Ge, offset, zero), n.compare(graph.Le, offset, last))
	offset = n.binary(graph.Min, n.binary(graph.Max, offset, zero), last)
	// Where the axis begins in the flat piece, and its stride.
	stride := sizeOf(part[axis+1:])
	n.spend(sizeOf(dims))
	first := graph.NewTensor(graph.I64, dims...)
	coordinates(dims, func(i int, at []int) {
		flat := 0
		for k, c := range at {
			if k == axis {
				c = 0
			}
			flat = flat*part[k] + c
		}
		first.I64[i] = int64(flat)
	})
	from := n.binary(graph.Add, n.constantOf(first), n.binary(graph.Mul, offset, n.scalar(offset, float64(stride))))
	taken := n.emit(&graph.Gather{}, n.reshape(piece, sizeOf(part)), from)
	n.set(0, n.emit(&graph.Where{}, written, taken, cache))
}
