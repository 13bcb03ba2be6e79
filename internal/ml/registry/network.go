package registry

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"github.com/flernd/flernd/internal/ml/graph"
)

// Activation is what products of matrices apply to their results, numbered as crt/src/gemm.h does.
type Activation uint32

var activations = map[graph.UnaryFn]Activation{graph.Relu: 1, graph.LeakyRelu: 2, graph.Elu: 3, graph.Sigmoid: 4, graph.Tanh: 5,
	graph.Softplus: 6, graph.Erf: 7, graph.Exp: 8, graph.Gelu: 12, graph.GeluTanh: 13}

// Activations that are no function of a graph, and the commonest.
const (
	Relu      Activation = 1
	ReluTo    Activation = 9 // at most alpha
	Swish     Activation = 10
	HardSwish Activation = 11
)

// ActivationOf is a function as an activation, if there is one.
func ActivationOf(fn graph.UnaryFn) (Activation, bool) {
	a, ok := activations[fn]
	return a, ok
}

// Layer is a dense layer with its activation; 0 is none.
type Layer struct {
	*graph.Dense
	Activation Activation
	Alpha      float64
}

// The layout of a network (crt/src/kernels.h): head, layers, panels of so many outputs.
const (
	networkHead   = 16
	networkLayer  = 32
	layerColumns  = 8
	panelsAligned = 64
)

// Network is a chain of layers of one element type, packed for flk_network_f32 or flk_network_f64.
func (v *Version) Network(layers []Layer) *Constant {
	return v.constant(networkName(layers), func() []byte {
		return packNetwork(layers, func(b []byte, weights, bias *graph.Tensor) []byte {
			return pack(b, weights, bias, layerColumns, layerColumns)
		})
	})
}

func networkName(layers []Layer) string {
	var name strings.Builder
	for _, l := range layers {
		fmt.Fprintf(&name, "%p %d %x;", l.Dense, l.Activation, math.Float64bits(l.Alpha))
	}
	return name.String()
}

func packNetwork(layers []Layer, pack func(b []byte, weights, bias *graph.Tensor) []byte) []byte {
	le := binary.LittleEndian
	widest := layers[0].W.Dims[0]
	for _, l := range layers {
		widest = max(widest, l.W.Dims[1])
	}
	b := le.AppendUint64(nil, uint64(len(layers)))
	b = le.AppendUint64(b, uint64(widest))
	b = append(b, make([]byte, networkLayer*len(layers))...)
	for i, l := range layers {
		b = append(b, make([]byte, (panelsAligned-len(b)%panelsAligned)%panelsAligned)...)
		h := b[networkHead+i*networkLayer:]
		le.PutUint32(h, uint32(l.W.Dims[0]))
		le.PutUint32(h[4:], uint32(l.W.Dims[1]))
		le.PutUint32(h[8:], uint32(l.Activation))
		le.PutUint64(h[16:], math.Float64bits(l.Alpha))
		le.PutUint64(h[24:], uint64(len(b)))
		b = pack(b, l.W, l.B)
	}
	return b
}
