package registry

import (
	"encoding/binary"
	"math"
	"sync"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/tokens"
	"github.com/flernd/flernd/internal/ml/trees"
)

// Constant is a constant of a model as programs read it. A version has one of each, and its address is its name: whoever has laid it
// out may keep that under the address, for as long as the version is kept.
type Constant struct {
	Of  *Version
	lay func() []byte
}

// Bytes lays the constant out, anew each time.
func (c *Constant) Bytes() []byte { return c.lay() }

// constants are those of a version that a program has been made with, by what they are: a form, a matrix, an ensemble; and what was
// found of the graph's constants. The keys point into the version's graph.
type constants struct {
	mu    sync.Mutex
	known map[any]*Constant
	// joins is what is known of ensembles (Joins), joined how many constants are Joined.
	joins  map[*graph.TreeEnsemble]*trees.Joining
	joined int
	found  map[any][]int64
}

type form struct {
	tensor     *graph.Tensor
	transposed bool
}

// Floats is a tensor of floats as it lies; transposed, a matrix of (in, out) output by output, as unrolled layers read weights.
func (v *Version) Floats(t *graph.Tensor, transposed bool) *Constant {
	return v.constant(form{t, transposed}, func() []byte { return append(layOut(t, transposed), make([]byte, vectorPad)...) })
}

// vectorPad is what vector loops may read past a tensor's end.
const vectorPad = 128

// ensemble is a tree ensemble over features of an element type.
type ensemble struct {
	trees    *graph.TreeEnsemble
	features graph.Elem
}

// Trees is a tree ensemble for the kernels. One whose features are f64 may be asked for over f32, if these are conversions of f32.
func (v *Version) Trees(o *graph.TreeEnsemble, features graph.Elem) *Constant {
	return v.constant(ensemble{o, features}, func() []byte {
		o := o
		if features == graph.F32 {
			o = o.Narrow()
		}
		return trees.Pack(o, features)
	})
}

// Tokens is what finds and counts tokens, for the kernels.
func (v *Version) Tokens(o *graph.Vectorize) *Constant {
	return v.constant(o, func() []byte { return tokens.Pack(o) })
}

// column is elements of a tensor, equally far apart.
type column struct {
	tensor            *graph.Tensor
	first, step, size int
}

// Column is elements of a tensor from the first one on, each a step after the other: floats in their own width, all else as i64.
func (v *Version) Column(t *graph.Tensor, first, step, size int) *Constant {
	return v.constant(column{t, first, step, size}, func() []byte {
		b := make([]byte, 0, size*8+vectorPad)
		for i := range size {
			if at := first + i*step; t.Elem.IsFloat() {
				b = appendFloats(b, t, at, at+1)
			} else {
				b = binary.LittleEndian.AppendUint64(b, uint64(t.Int(at)))
			}
		}
		return append(b, make([]byte, vectorPad)...)
	})
}

// Table is anything else that is laid out of the graph, under a name that says what it is.
func (v *Version) Table(name any, lay func() []byte) *Constant { return v.constant(name, lay) }

// Found is what find makes of the graph's constants the first time.
func (v *Version) Found(name any, find func() []int64) []int64 {
	v.constants.mu.Lock()
	defer v.constants.mu.Unlock()
	if found, ok := v.constants.found[name]; ok {
		return found
	}
	if v.constants.found == nil {
		v.constants.found = map[any][]int64{}
	}
	found := find()
	v.constants.found[name] = found
	return found
}

// constant is the version's constant of a name; lay lays it out.
func (v *Version) constant(name any, lay func() []byte) *Constant {
	v.constants.mu.Lock()
	defer v.constants.mu.Unlock()
	if c := v.constants.known[name]; c != nil {
		return c
	}
	if v.constants.known == nil {
		v.constants.known = map[any]*Constant{}
	}
	c := &Constant{Of: v, lay: lay}
	v.constants.known[name] = c
	return c
}

func layOut(t *graph.Tensor, transposed bool) []byte {
	b := make([]byte, 0, t.Size()*8+vectorPad)
	if !transposed {
		return appendFloats(b, t, 0, t.Size())
	}
	outer, inner := t.Dims[0], t.Dims[1]
	for j := range inner {
		for k := range outer {
			b = appendFloats(b, t, k*inner+j, k*inner+j+1)
		}
	}
	return b
}

// appendFloats appends the elements from … to-1 in their own width.
func appendFloats(b []byte, t *graph.Tensor, from, to int) []byte {
	if t.Elem.Held() == graph.F32 {
		for _, x := range t.F32[from:to] {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
		}
		return b
	}
	for _, x := range t.F64[from:to] {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	return b
}
