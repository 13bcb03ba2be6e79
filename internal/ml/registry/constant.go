package registry

import (
	"encoding/binary"
	"math"
	"sync"

	"github.com/flernd/flernd/internal/ml/graph"
)

// Constant is a floating-point constant of a model as programs read it. Its address is its name: it is laid out once a
// version, and whoever keeps something that was made of it may keep that under the address.
type Constant struct{ Bytes []byte }

// constants are those of a version that a program has been made with.
type constants struct {
	mu   sync.Mutex
	laid map[form]*Constant
}

type form struct {
	tensor     *graph.Tensor
	transposed bool
}

// Floats is a tensor of f32 or f64 as it lies; transposed, a matrix of (in, out) output by output, as kernels read weights.
func (v *Version) Floats(t *graph.Tensor, transposed bool) *Constant {
	v.constants.mu.Lock()
	defer v.constants.mu.Unlock()
	f := form{t, transposed}
	c := v.constants.laid[f]
	if c == nil {
		if v.constants.laid == nil {
			v.constants.laid = map[form]*Constant{}
		}
		c = &Constant{layOut(t, transposed)}
		v.constants.laid[f] = c
	}
	return c
}

func layOut(t *graph.Tensor, transposed bool) []byte {
	outer, inner := t.Size(), 1
	if transposed {
		outer, inner = t.Dims[0], t.Dims[1]
	}
	b := make([]byte, 0, t.Size()*8)
	for j := range inner {
		for k := range outer {
			if i := k*inner + j; t.Elem == graph.F32 {
				b = binary.LittleEndian.AppendUint32(b, math.Float32bits(t.F32[i]))
			} else {
				b = binary.LittleEndian.AppendUint64(b, math.Float64bits(t.F64[i]))
			}
		}
	}
	return b
}
