package registry

import (
	"encoding/binary"
	"math"
	"sync"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/tokens"
	"github.com/flernd/flernd/internal/ml/trees"
)

// Constant is a floating-point constant of a model as programs read it. Its address is its name: it is laid out once a
// version, and whoever keeps something that was made of it may keep that under the address.
type Constant struct{ Bytes []byte }

// constants are those of a version that a program has been made with, by what they are: a form, a matrix, an ensemble.
type constants struct {
	mu   sync.Mutex
	laid map[any]*Constant
}

type form struct {
	tensor     *graph.Tensor
	transposed bool
}

// Floats is a tensor of floats as it lies; transposed, a matrix of (in, out) output by output, as unrolled layers read weights.
func (v *Version) Floats(t *graph.Tensor, transposed bool) *Constant {
	return v.constants.once(form{t, transposed}, func() []byte { return append(layOut(t, transposed), make([]byte, vectorPad)...) })
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
	return v.constants.once(ensemble{o, features}, func() []byte {
		if features == graph.F32 {
			o = o.Narrow()
		}
		return trees.Pack(o, features)
	})
}

// Tokens is what finds and counts tokens, for the kernels.
func (v *Version) Tokens(o *graph.Vectorize) *Constant {
	return v.constants.once(o, func() []byte { return tokens.Pack(o) })
}

// once makes a constant when it is first asked for.
func (c *constants) once(key any, make func() []byte) *Constant {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.laid[key]; old != nil {
		return old
	}
	if c.laid == nil {
		c.laid = map[any]*Constant{}
	}
	laid := &Constant{make()}
	c.laid[key] = laid
	return laid
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
