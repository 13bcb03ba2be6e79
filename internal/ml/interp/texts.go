package interp

import (
	little "encoding/binary"
	"math/bits"
	"strings"

	"github.com/flernd/flernd/internal/ml/graph"
)

func join(out, x, y *graph.Tensor) {
	ix, iy := broadcast(out.Dims, x.Dims), broadcast(out.Dims, y.Dims)
	for i := range out.Str {
		out.Str[i] = x.Str[ix[i]] + y.Str[iy[i]]
	}
}

func recase(op *graph.Recase, out, x *graph.Tensor) {
	for i, s := range x.Str {
		out.Str[i] = strings.Map(op.Rune, s)
	}
}

func matches(op *graph.Matches, out, x *graph.Tensor) {
	for i, s := range x.Str {
		out.Bool[i] = op.Of.Full(s)
	}
}

func hash(op *graph.Hash, out, x *graph.Tensor) {
	for i, s := range x.Str {
		out.I32[i] = int32(murmur3([]byte(s), op.Seed))
	}
}

func murmur3(b []byte, h uint32) uint32 {
	scramble := func(k uint32) uint32 { return bits.RotateLeft32(k*0xcc9e2d51, 15) * 0x1b873593 }
	n := uint32(len(b))
	for ; len(b) >= 4; b = b[4:] {
		h = bits.RotateLeft32(h^scramble(little.LittleEndian.Uint32(b)), 13)*5 + 0xe6546b64
	}
	if len(b) > 0 {
		var rest [4]byte
		copy(rest[:], b)
		h ^= scramble(little.LittleEndian.Uint32(rest[:]))
	}
	h ^= n
	h = (h ^ h>>16) * 0x85ebca6b
	h = (h ^ h>>13) * 0xc2b2ae35
	return h ^ h>>16
}
