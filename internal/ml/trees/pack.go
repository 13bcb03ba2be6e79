package trees

import (
	"bytes"
	"encoding/binary"

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
	var b blob
	h := head{Features: uint32(o.Features), Targets: uint32(o.Targets), Roots: uint32(len(o.Roots)), Count: 1}
	if o.Combine == graph.TreeMean && len(o.Roots) > 0 {
		h.Count = float64(len(o.Roots))
	}
	b.room(binary.Size(h))
	n := nodesOf(o, features)
	h.Root, h.Node, h.Set, h.Word, h.Plain = b.put(o.Roots), b.put(n.laid()), b.put(n.sets), b.put(n.words), n.plain()
	values := make([]float64, len(o.Values))
	targets := make([]uint32, len(o.Values))
	for i, v := range o.Values {
		values[i], targets[i] = v.Weight, uint32(v.Target)
	}
	h.Leaf, h.Target, h.Base = b.put(o.Leaves), b.put(targets), b.put(o.Base)
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
		h.Value, h.Width = b.put(fixed.values), uint32(fixed.width)
		if s := sliced(o, n, fixed); s != nil {
			h.Parts, h.Part = uint32(len(s.parts)), b.parts(s)
			h.Start = b.put(s.start)
		}
	} else {
		h.Value = b.put(values)
	}
	h.Unit = b.put(fixed.units)
	var start blob
	start.put(h)
	copy(b.Bytes(), start.Bytes())
	b.room(64) // tables are read by whole cache lines
	return b.Bytes()
}

// blob is the bytes so far, padded to whole cache lines after each part.
type blob struct{ bytes.Buffer }

// put appends a part and returns its place.
func (b *blob) put(part any) uint64 {
	at := b.Len()
	if err := binary.Write(b, binary.LittleEndian, part); err != nil {
		panic(err) // a type without a fixed size
	}
	b.room(-b.Len() & 63)
	return uint64(at)
}

func (b *blob) room(bytes int) {
	b.Write(make([]byte, bytes))
	b.Write(make([]byte, -b.Len()&63))
}
