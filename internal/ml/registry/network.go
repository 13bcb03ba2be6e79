package registry

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"github.com/flernd/flernd/internal/ml/graph"
)

// Activation is what products of matrices apply to their results: enum fl_act (crt/src/gemm.h).
type Activation uint32

// The activations, numbered as the enum does; those that are no function of a graph are several of its operators.
const (
	NoActivation Activation = iota
	Relu
	LeakyRelu
	Elu
	Sigmoid
	Tanh
	Softplus
	Erf
	Exp
	ReluTo // alpha at most
	Swish
	HardSwish
	Gelu
	GeluTanh
)

var activations = map[graph.UnaryFn]Activation{graph.Relu: Relu, graph.LeakyRelu: LeakyRelu, graph.Elu: Elu, graph.Sigmoid: Sigmoid,
	graph.Tanh: Tanh, graph.Softplus: Softplus, graph.Erf: Erf, graph.Exp: Exp, graph.Gelu: Gelu, graph.GeluTanh: GeluTanh}

// ActivationOf is a function as an activation, if there is one.
func ActivationOf(fn graph.UnaryFn) (Activation, bool) {
	a, ok := activations[fn]
	return a, ok
}

// Layer is a dense layer with its activation.
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
