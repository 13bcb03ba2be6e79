package trees

import (
	"unsafe"

	"github.com/flernd/flernd/internal/ml/graph"
)

// head is struct fl_trees.
type head struct {
	Features, Targets, Roots, Combine uint32
	Count                             float64
	Root, Node, Set, Word             uint64
	Leaf, Value, Target               uint64
	Unit, Base                        uint64
	Plain, Width, Parts, _            uint32
	Start, Part                       uint64
}

// What the values of a row's leaves are, and how they become one (enum fl_trees_combine).
const (
	sumFixed = iota // whole numbers of the target's unit
	sumFloat
	minFloat
	maxFloat
)

// MaxFeatures bounds the features of an ensemble: a node keeps its feature in 24 bits.
const MaxFeatures = 1 << 24

// Pack lays an ensemble out for features of an element type.
func Pack(o *graph.TreeEnsemble, features graph.Elem) []byte {
	b := &blob{bytes: make([]byte, 0, len(o.Nodes)*32+len(o.Values)*24)}
	h := head{Features: uint32(o.Features), Targets: uint32(o.Targets), Roots: uint32(len(o.Roots)), Count: 1}
	if o.Combine == graph.TreeMean && len(o.Roots) > 0 {
		h.Count = float64(len(o.Roots))
	}
	put(b, []head{h}) // its place; what it tells comes last
	n := nodesOf(o, features)
	h.Root, h.Node, h.Set, h.Word, h.Plain = put(b, o.Roots), n.put(b), put(b, n.sets), put(b, n.words), n.plain()
	values := make([]float64, len(o.Values))
	targets := make([]uint32, len(o.Values))
	for i, v := range o.Values {
		values[i], targets[i] = v.Weight, uint32(v.Target)
	}
	h.Leaf, h.Target, h.Base = put(b, o.Leaves), put(b, targets), put(b, o.Base)
	fixed, ok := fixedOf(o)
	switch {
	case o.Combine == graph.TreeMin:
		h.Combine = minFloat
	case o.Combine == graph.TreeMax:
		h.Combine = maxFloat
	case !ok:
		h.Combine = sumFloat
	}
	if h.Combine == sumFixed {
		h.Value, h.Width = put(b, fixed.values), uint32(fixed.width)
		if s := sliced(o, n, fixed); s != nil {
			h.Parts, h.Part = uint32(len(s.parts)), b.parts(s)
			h.Start = put(b, s.start)
		}
	} else {
		h.Value = put(b, values)
	}
	h.Unit = put(b, fixed.units)
	copy(b.bytes, bytesOf([]head{h}))
	b.room(64) // tables are read by whole cache lines
	return b.bytes
}

// blob is the bytes so far, padded to whole cache lines after each part.
type blob struct{ bytes []byte }

// put appends a part and returns its place.
func put[T any](b *blob, part []T) uint64 {
	at := len(b.bytes)
	b.bytes = append(b.bytes, bytesOf(part)...)
	b.room(0)
	return uint64(at)
}

// bytesOf is the memory of elements that have neither pointers nor padding; kernels read it as it is.
func bytesOf[T any](part []T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(part))), len(part)*int(unsafe.Sizeof(*new(T))))
}

// room appends so many zeros, and the padding.
func (b *blob) room(bytes int) {
	b.bytes = append(b.bytes, make([]byte, bytes)...)
	b.bytes = append(b.bytes, make([]byte, -len(b.bytes)&63)...)
}
