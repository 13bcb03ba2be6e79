package translate

import (
	"encoding/binary"
	"math"

	"github.com/flernd/flernd/internal/compile/staged"
)

// params is the parameter block: literals, laid out in the order the program first mentions them. The layout is shape, the
// bytes are data.
type params struct{ bytes []byte }

func (p *params) align(n int) int {
	for len(p.bytes)%n != 0 {
		p.bytes = append(p.bytes, 0)
	}
	return len(p.bytes)
}

func (p *params) int64(v int64) int {
	at := p.align(8)
	p.bytes = binary.LittleEndian.AppendUint64(p.bytes, uint64(v))
	return at
}

func (p *params) float64(v float64) int { return p.int64(int64(math.Float64bits(v))) }

func (p *params) float32(v float32) int {
	at := p.align(4)
	p.bytes = binary.LittleEndian.AppendUint32(p.bytes, math.Float32bits(v))
	return at
}

// slot reserves a param of type t at offset at and returns it as a scalar of the function being built.
func (f *fn) slot(t *staged.Type, at int) *staged.Node {
	base := f.b.Fixed(f.query(), "params", staged.TU8.Ptr())
	ptr := f.b.IndexAddr(base, staged.Int(staged.TU64, int64(at)))
	return f.b.FixedAt(f.b.Cast(t.Ptr(), ptr), staged.Int(staged.TU64, 0))
}

// intParam puts an integer into the parameter block. Its range, rounded up to a power of two, is part of the shape.
func (f *fn) intParam(v int64) *staged.Node {
	r := staged.RangeOf(v, v).RoundUp()
	at := f.t.params.int64(v)
	n := f.slot(staged.TI64, at)
	if !r.Fits64() {
		r = staged.Full(staged.TI64)
	}
	n.Range = r
	if r.Fits32() {
		return f.b.Cast(staged.TI32, n)
	}
	return n
}

// blob is read-only data of any size handed to a run beside the parameter block: weights, lists, patterns.
func (f *fn) blob(index int) *staged.Node {
	base := f.b.Fixed(f.query(), "blobs", staged.TU8.Ptr().Ptr())
	return f.b.FixedAt(base, staged.Int(staged.TU64, int64(index)))
}

// text puts a string into a blob and returns a scalar fl_str.
func (f *fn) text(s string) *staged.Node {
	index := f.t.addBlob(append(binary.LittleEndian.AppendUint64(nil, uint64(len(s))), s...))
	p := f.blob(index)
	return f.b.Pure(staged.TStr, "fl_str_of_blob", p)
}
