package tokens

import (
	"encoding/binary"
	"math/bits"

	"github.com/flernd/flernd/internal/ml/graph"
)

// What a text's tokens are: fl_tokens.kind.
const (
	elements = iota // the argument's elements
	characters
	matches
	separated
)

// header is fl_tokens (crt/src/tokens.h): numbers, then places in the blob, in bytes from its beginning.
type header struct {
	kind, least, mark, weighting  uint32
	size, shortest, longest, skip uint32
	tokens, slots, edges, tables  uint32
	texts, places, bytes, numbers uint32
	first, columns, tree, weights uint32
	table                         [graph.MaxSeparators]uint32
	begin, end                    uint32 // the marks' tokens, plus 1
}

// Pack lays out o.
func Pack(o *graph.Vectorize) []byte {
	h := &header{weighting: uint32(o.Weighting), size: uint32(o.Size), shortest: uint32(o.Shortest), longest: uint32(o.Longest),
		skip: uint32(o.MaxSkip), tokens: uint32(o.Pool.Size())}
	b := make([]byte, binary.Size(h))
	add := func(place *uint32, data any) {
		b = append(b, make([]byte, -len(b)&7)...)
		*place = uint32(len(b))
		b, _ = binary.Append(b, binary.LittleEndian, data)
	}
	if t := o.Tokenizer; t != nil {
		h.kind, h.least = characters, uint32(t.MinChars)
		tables := t.Separators
		if len(tables) > 0 {
			h.kind = separated
		}
		if t.Match != nil {
			h.kind = matches
			add(&h.table[0], t.Match.Table())
			tables = nil
		}
		for i, s := range tables {
			add(&h.table[i], s.Table())
		}
		h.tables = uint32(len(tables))
		if t.Mark {
			h.mark = 1
		}
	}
	if o.Pool.Elem == graph.String {
		slots, places, bytes := texts(o.Pool.Str)
		h.slots = uint32(len(slots))
		add(&h.texts, slots)
		add(&h.places, places)
		add(&h.bytes, bytes)
		for i, s := range o.Pool.Str {
			switch s {
			case graph.MarkBegin:
				h.begin = uint32(i) + 1
			case graph.MarkEnd:
				h.end = uint32(i) + 1
			}
		}
	} else {
		add(&h.numbers, o.Pool.I64)
	}
	t := newTree(o)
	edges := t.table()
	h.edges = uint32(len(edges))
	add(&h.first, t.first)
	add(&h.columns, t.columns)
	add(&h.tree, edges)
	weights := []float32{}
	if o.Weights != nil {
		weights = o.Weights.F32
	}
	add(&h.weights, weights)
	head, _ := binary.Append(nil, binary.LittleEndian, h)
	copy(b, head)
	return append(b, make([]byte, 8)...)
}

// texts is a hash table of texts: slots hold a text's number plus 1.
func texts(list []string) (slots, places []uint32, bytes []byte) {
	slots = make([]uint32, tableSize(len(list)))
	for i, s := range list {
		places = append(places, uint32(len(bytes)))
		bytes = append(bytes, s...)
		at := hashText(s)
		for slots[at&uint32(len(slots)-1)] != 0 {
			at++
		}
		slots[at&uint32(len(slots)-1)] = uint32(i) + 1
	}
	return slots, append(places, uint32(len(bytes))), bytes
}

// tableSize is a power of two that leaves at least half of a hash table empty.
func tableSize(n int) int { return 2 << bits.Len(uint(n)) }

// hashText is token_hash in C.
func hashText(s string) uint32 {
	h := uint32(0x811c9dc5)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 0x01000193
	}
	return h ^ h>>15
}

// edge leads from a node by a token to another. No edge leads to node 0, the root.
type edge struct{ From, Token, To, Pad uint32 }

// hashEdge is edge_hash in C.
func hashEdge(from, token uint32) uint32 {
	h := from*0x9e3779b1 ^ token*0x85ebca6b
	return h ^ h>>15
}

// tree has a node for each beginning of a sequence.
type tree struct {
	first   []uint32 // the root's edges, by token
	columns []int32  // by node: the column of the sequence that ends there; -1 if none does
	edges   map[edge]uint32
}

func newTree(o *graph.Vectorize) *tree {
	t := &tree{first: make([]uint32, o.Pool.Size()), columns: []int32{-1}, edges: map[edge]uint32{}}
	for i, gram := range o.Grams {
		node := uint32(0)
		for _, token := range gram {
			node = t.child(node, uint32(token))
		}
		t.columns[node] = o.Columns[i]
	}
	return t
}

func (t *tree) child(node, token uint32) uint32 {
	to := t.edges[edge{From: node, Token: token}]
	if node == 0 {
		to = t.first[token]
	}
	if to != 0 {
		return to
	}
	to = uint32(len(t.columns))
	t.columns = append(t.columns, -1)
	if node == 0 {
		t.first[token] = to
	} else {
		t.edges[edge{From: node, Token: token}] = to
	}
	return to
}

// table is the edges as a hash table; those of the root are not in it.
func (t *tree) table() []edge {
	out := make([]edge, tableSize(len(t.edges)))
	byNode := make([]edge, len(t.columns)) // in an order that is always the same
	for e, to := range t.edges {
		byNode[to] = edge{e.From, e.Token, to, 0}
	}
	for _, e := range byNode {
		if e.To == 0 {
			continue
		}
		at := hashEdge(e.From, e.Token)
		for out[at&uint32(len(out)-1)].To != 0 {
			at++
		}
		out[at&uint32(len(out)-1)] = e
	}
	return out
}
