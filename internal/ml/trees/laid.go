package trees

import (
	"cmp"
	"maps"
	"math"
	"math/bits"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// How the kernel reads parts: the structs of trees.h.

type partHead struct { // fl_trees_part
	Planes, Features, Derived, Chunks uint32
	Feature, Heap, Steps, Step, Chunk uint64
	_                                 [2]uint32
}

type featureHead struct { // fl_trees_feature
	Feature, Levels, Cuts, Plane, Low, Heap uint32
}

type chunkHead struct { // fl_trees_chunk
	Pieces [maxDepth + 1]uint32 // by depth
	Runs   uint32
	Node   uint64
	Run    uint64
	_, _   uint32
}

type runHead struct { // fl_trees_run
	Target, Depth, Pieces, _ uint32
	Piece, Table             uint64
}

// chunkPieces is how many pieces' leaf numbers are kept before their values are added: sums of so many bytes fit 16 bits.
const chunkPieces = 128

// parts lays all parts out and returns the place of their heads.
func (b *blob) parts(s *slicer) uint64 {
	heads := make([]partHead, len(s.parts))
	for i, p := range s.parts {
		heads[i] = b.part(s, p)
	}
	return put(b, heads)
}

func (b *blob) part(s *slicer, p *part) partHead {
	var h partHead
	slices.SortStableFunc(p.pieces, func(x, y piece) int { return x.depth - y.depth })
	t := &template{s: s, planes: p.planes, values: make([][]int64, s.o.Targets)}
	var chunks []chunkHead
	for at := 0; at < len(p.pieces); at += chunkPieces {
		chunks = append(chunks, b.chunk(s, t, p.pieces[at:min(at+chunkPieces, len(p.pieces))]))
	}
	h.Chunks, h.Chunk = uint32(len(chunks)), put(b, chunks)
	h.Features, h.Planes, h.Derived = uint32(len(p.planes.order)), uint32(p.planes.count), uint32(len(p.planes.derived))
	h.Feature, h.Heap = b.features(p.planes)
	h.Steps, h.Step = b.steps(p.planes.derived)
	return h
}

// features lays out the features and their cuts, as complete search trees.
func (b *blob) features(p *planes) (features, heaps uint64) {
	var heads []featureHead
	var all []float64
	for _, k := range p.order {
		f := p.features[k]
		levels := max(4, bits.Len(uint(len(f.cuts))))
		heads = append(heads, featureHead{Feature: k, Levels: uint32(levels), Cuts: uint32(len(f.cuts)), Plane: f.plane * planeBytes,
			Low: map[bool]uint32{true: 1}[f.low], Heap: uint32(len(all))})
		all = append(all, heapOf(f.cuts, levels)...)
	}
	features = put(b, heads)
	if p.nodes.elem == graph.F32 {
		narrow := make([]float32, len(all))
		for i, v := range all {
			narrow[i] = float32(v)
		}
		return features, put(b, narrow)
	}
	return features, put(b, all)
}

// heapOf is the cuts as a complete search tree: the entries of a level l begin at 2^l, and bit k of a place there tells that the
// way to it turned upwards at level k. Infinity fills the tree.
func heapOf(cuts []float64, levels int) []float64 {
	heap := make([]float64, 1<<levels)
	for l := range levels {
		width := 1 << (levels - l) // of the cuts below an entry
		for i := range 1 << l {
			way := int(bits.Reverse32(uint32(i)) >> 1 >> (31 - l))
			heap[1<<l+i] = math.Inf(1)
			if k := way*width + width/2 - 1; k < len(cuts) {
				heap[1<<l+i] = cuts[k]
			}
		}
	}
	return heap
}

// steps lays out where each derived plane's steps begin, and the steps.
func (b *blob) steps(derived [][]step) (begin, all uint64) {
	begins, words := []uint32{0}, []uint32(nil)
	for _, steps := range derived {
		for _, s := range steps {
			words = append(words, s.word())
		}
		begins = append(begins, uint32(len(words)))
	}
	return put(b, begins), put(b, words)
}

// runKey is what the pieces of a run have in common.
type runKey struct {
	target int32
	depth  int
}

// run is the pieces of a chunk that have values for a target, and their tables.
type run struct {
	pieces []uint16
	tables []byte
}

func (b *blob) chunk(s *slicer, t *template, pieces []piece) chunkHead {
	var c chunkHead
	var offsets []uint32
	runs := map[runKey]*run{}
	for i, x := range pieces {
		c.Pieces[x.depth]++
		t.fill(x)
		offsets = append(offsets, t.offsets...)
		for _, target := range t.targets {
			k, values := runKey{target, x.depth}, t.values[target]
			r := runs[k]
			if r == nil {
				r = &run{}
				runs[k] = r
			}
			least := slices.Min(values)
			r.pieces = append(r.pieces, uint16(i))
			r.tables = appendTable(r.tables, values, least, s.fixed.width)
			s.start[target] += least
		}
	}
	keys := slices.SortedFunc(maps.Keys(runs), func(x, y runKey) int { return cmp.Or(cmp.Compare(x.target, y.target), cmp.Compare(x.depth, y.depth)) })
	var heads []runHead
	for _, k := range keys {
		r := runs[k]
		heads = append(heads, runHead{Target: uint32(k.target), Depth: uint32(k.depth), Pieces: uint32(len(r.pieces)),
			Piece: put(b, r.pieces), Table: put(b, r.tables)})
	}
	c.Node, c.Runs, c.Run = put(b, offsets), uint32(len(heads)), put(b, heads)
	return c
}

// appendTable appends values above the least, a byte of all after the other.
func appendTable(to []byte, values []int64, least int64, width int) []byte {
	to = slices.Grow(to, len(values)*width)
	for k := range width {
		for _, v := range values {
			to = append(to, byte(uint64(v-least)>>(8*k)))
		}
	}
	return to
}

// template is a piece as a complete tree: offsets of the tests' planes, level by level, and values of its leaves by target. One
// is filled with a part's pieces in turn.
type template struct {
	s       *slicer
	planes  *planes
	offsets []uint32
	values  [][]int64
	targets []int32 // that have values
	leaves  int
}

func (t *template) fill(x piece) {
	for _, target := range t.targets {
		t.values[target] = t.values[target][:0]
	}
	t.targets, t.leaves = t.targets[:0], 1<<x.depth
	t.offsets = t.offsets[:0]
	t.offsets = append(t.offsets, make([]uint32, t.leaves-1)...)
	if x.entrance == nil {
		t.node(x.root, 0, 0, x.depth)
		return
	}
	t.offsets[0] = t.planes.ofEntrance(x.entrance) * planeBytes
	t.node(x.root, 1, 1, x.depth)
}

// of is a target's values, at first 0.
func (t *template) of(target int32) []int64 {
	if len(t.values[target]) == 0 {
		t.values[target] = append(t.values[target], make([]int64, t.leaves)...)
		t.targets = append(t.targets, target)
	}
	return t.values[target]
}

// node puts a node at place i of a level. What is below a leaf has its values too; what begins another piece has none.
func (t *template) node(at int32, level, i, depth int) {
	if at < 0 {
		low, s := i<<(depth-level), t.s
		for l := s.o.Leaves[^at]; l < s.o.Leaves[^at+1]; l++ {
			values := t.of(s.o.Values[l].Target)
			for k := range 1 << (depth - level) {
				values[low+k] = s.fixed.values[l]
			}
		}
		return
	}
	if level == depth {
		return
	}
	t.offsets[1<<level-1+i] = t.planes.of(t.s.nodes.predicate(at)) * planeBytes
	for holds, next := range t.s.nodes.all[at].next {
		t.node(next, level+1, 2*i+holds, depth)
	}
}
