package interp

import (
	"fmt"

	"github.com/flernd/flernd/internal/ml/graph"
)

func vectorize(op *graph.Vectorize, out, x *graph.Tensor) {
	columns := map[string][]int32{}
	for i, g := range op.Grams {
		columns[fmt.Sprint(g)] = append(columns[fmt.Sprint(g)], op.Columns[i])
	}
	positions := map[any]int32{}
	for i := range op.Pool.Size() {
		positions[element(op.Pool, i)] = int32(i)
	}
	position := func(token any) int32 {
		if i, ok := positions[token]; ok {
			return i
		}
		return -1
	}
	if op.Tokenizer != nil {
		var ids []int32
		for _, token := range op.Tokenizer.Tokens(x.Str[0]) {
			ids = append(ids, position(token))
		}
		vector(op, out.F32, ids, columns)
		return
	}
	n := x.Last()
	for row := range len(out.F32) / max(op.Size, 1) {
		ids := make([]int32, n)
		for i := range ids {
			ids[i] = position(element(x, row*n+i))
		}
		vector(op, out.F32[row*op.Size:][:op.Size], ids, columns)
	}
}

func element(t *graph.Tensor, i int) any {
	if t.Elem == graph.String {
		return t.Str[i]
	}
	return t.Int(i)
}

// vector counts the sequences of one list of tokens.
func vector(op *graph.Vectorize, out []float32, ids []int32, columns map[string][]int32) {
	counts := make([]uint32, len(out))
	for length := op.Shortest; length <= op.Longest; length++ {
		for distance := 1; distance <= op.MaxSkip+1; distance++ {
			if length == 1 && distance > 1 {
				break
			}
			for from := 0; from+(length-1)*distance < len(ids); from++ {
				gram := make([]int32, length)
				for k := range gram {
					gram[k] = ids[from+k*distance]
				}
				for _, c := range columns[fmt.Sprint(gram)] {
					counts[c]++
				}
			}
		}
	}
	for c, n := range counts {
		switch {
		case op.Weighting == graph.Counts:
			out[c] = float32(n)
		case op.Weighting == graph.Weighted:
			out[c] = float32(n) * op.Weights.F32[c]
		case n > 0:
			out[c] = op.Weights.F32[c]
		}
	}
}
