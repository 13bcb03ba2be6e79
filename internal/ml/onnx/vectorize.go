package onnx

import (
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// tfIdfVectorizer counts sequences of tokens, which a Tokenizer has made of a text or the last axis has. Weights are those of
// columns, as ONNX Runtime takes them.
func tfIdfVectorizer(n *node) {
	x := n.whatever(0)
	o := &graph.Vectorize{Shortest: int(n.bounded("min_gram_length", 0, graph.MaxGram)), Longest: int(n.bounded("max_gram_length", 0, graph.MaxGram)),
		MaxSkip: int(n.bounded("max_skip_count", 0, graph.MaxSkipped))}
	if o.Shortest < 1 || o.Longest < o.Shortest {
		n.fail("sequences of %d to %d tokens", o.Shortest, o.Longest)
	}
	if x.kind == tokensKind {
		o.Tokenizer, x = x.tokens.by, x.tokens.text
	} else {
		x = n.arg(0)
	}
	pool := graph.StringsOf(n.stringsAttr("pool_strings")...)
	if ints := n.intsAttr("pool_int64s"); pool.Size() == 0 && len(ints) > 0 {
		pool = graph.I64Of(ints...)
		if x.elem() == graph.I32 {
			x = n.cast(graph.I64, x)
		}
	}
	if pool.Size() == 0 || pool.Elem != x.elem() {
		n.fail("tokens %s do not fit an argument of %s", pool.Type, x)
	}
	n.grams(o, pool)
	n.weighting(o)
	n.set(0, n.emit(o, x))
}

// grams sorts the pool and takes from it the sequences that are looked for: those of each length follow the shorter ones.
func (n *node) grams(o *graph.Vectorize, pool *graph.Tensor) {
	starts, columns := n.intsAttr("ngram_counts"), n.intsAttr("ngram_indexes")
	if len(starts) < o.Longest {
		n.fail("ngram_counts has %d lengths, sequences have %d", len(starts), o.Longest)
	}
	o.Pool = graph.NewMap(pool, positionsOf(pool), graph.Scalar(graph.I32, -1)).Keys
	rank := map[any]int32{}
	for i := range o.Pool.Size() {
		rank[tokenOf(o.Pool, i)] = int32(i)
	}
	number, seen := 0, map[string]bool{}
	for i := range starts {
		from, to := starts[i], int64(pool.Size())
		if i+1 < len(starts) {
			to = starts[i+1]
		}
		length := int64(i + 1)
		if from < 0 || to < from || to > int64(pool.Size()) || (to-from)%length != 0 {
			n.fail("ngram_counts %d to %d do not hold sequences of %d of the %d tokens", from, to, length, pool.Size())
		}
		for ; from < to; from += length {
			if number++; number > len(columns) {
				n.fail("ngram_indexes has %d columns for more sequences", len(columns))
			}
			if i+1 < o.Shortest || i+1 > o.Longest {
				continue
			}
			gram := make([]int32, length)
			key := make([]byte, 0, 4*length)
			for k := range gram {
				g := rank[tokenOf(pool, int(from)+k)]
				gram[k], key = g, append(key, byte(g), byte(g>>8), byte(g>>16), byte(g>>24))
			}
			if seen[string(key)] {
				n.fail("sequence %d of tokens is there twice", number-1)
			}
			seen[string(key)] = true
			o.Grams, o.Columns = append(o.Grams, gram), append(o.Columns, n.column(columns[number-1]))
		}
	}
	if len(columns) == 0 {
		n.fail("ngram_indexes has no columns")
	}
	o.Size = int(n.column(slices.Max(columns))) + 1
}

func tokenOf(pool *graph.Tensor, i int) any {
	if pool.Elem == graph.String {
		return pool.Str[i]
	}
	return pool.I64[i]
}

// column checks the number of a column of the result.
func (n *node) column(c int64) int32 {
	if c < 0 || c >= maxRowElements {
		n.fail("column %d of ngram_indexes is out of range", c)
	}
	return int32(c)
}

func (n *node) weighting(o *graph.Vectorize) {
	weights := n.floatsAttr("weights")
	switch mode := n.stringAttr("mode", ""); mode {
	case "TF":
		return
	case "IDF":
		o.Weighting = graph.Present
	case "TFIDF":
		o.Weighting = graph.Weighted
	default:
		n.fail("mode %s is none of TF, IDF and TFIDF", quote(mode))
	}
	if weights == nil {
		weights = slices.Repeat([]float32{1}, o.Size)
	}
	if len(weights) < o.Size {
		n.fail("%d weights are less than %d columns", len(weights), o.Size)
	}
	o.Weights = graph.F32Of(weights[:o.Size]...)
}
