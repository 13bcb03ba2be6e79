package lower

import (
	"fmt"
	"maps"
	"slices"

	"github.com/flernd/flernd/internal/ml/graph"
)

// halves reports whether a value is a product with weights of which there is a kernel with numbers of bf16. Where they are asked for all
// such products are of bf16, small ones too: whether a layer is unrolled depends on what else a query asks a model for, and a result
// must not.
func halves(v *graph.Value) bool {
	switch o := v.Op.(type) {
	case *graph.Dense:
		return o.W.Elem == graph.F32 && o.W.Size() > 0
	case *graph.Conv:
		return o.W.Elem == graph.F32 && !o.Depthwise()
	}
	return false
}

// Halved says what products of bf16 of a model are, if they are asked for.
type Halved struct {
	Products int   // that are
	Weights  int64 // of theirs
	// Others are products with weights that are not, by what they are.
	Others map[string]int
}

// Halves looks through a graph and the bodies of its control operators.
func Halves(g *graph.Graph) Halved {
	h := Halved{Others: map[string]int{}}
	h.count(g)
	return h
}

func (h *Halved) count(g *graph.Graph) {
	for _, v := range g.Values {
		switch o := v.Op.(type) {
		case graph.Control:
			for _, body := range o.Bodies() {
				h.count(body)
			}
		case *graph.Dense:
			h.product(v, o.W.Size(), "dense layer")
		case *graph.Conv:
			name := "convolution"
			if o.Depthwise() {
				name = "depthwise convolution"
			}
			h.product(v, o.W.Size(), name)
		case *graph.Recurrent:
			h.Others["recurrent layer"]++
		}
	}
}

func (h *Halved) product(v *graph.Value, weights int, name string) {
	if halves(v) {
		h.Products++
		h.Weights += int64(weights)
	} else {
		h.Others[name]++
	}
}

// Without lists the others, for people.
func (h *Halved) Without() []string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(h.Others)) {
		list = append(list, count(h.Others[name], name))
	}
	return list
}

// String is for EXPLAIN.
func (h *Halved) String() string { return fmt.Sprintf("%s of bf16", count(h.Products, "product")) }
