package lower

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/registry"
)

// Check reports what keeps a model from being lowered, so that it can be refused when it is registered: it lowers the graph
// over made-up inputs and throws the code away.
func Check(g *graph.Graph) error { return lowerNowhere(g, nil) }

// lowerNowhere is Check that hears how many rows are computed at a time.
func lowerNowhere(g *graph.Graph, together func(int)) error {
	b := staged.NewFunc("check", staged.TVoid)
	blk := b.NewBlock(staged.Int(staged.TU32, 1))
	inputs := make([][]*staged.Node, len(g.Inputs))
	opt := Options{Packed: map[int]Packed{}, Together: together}
	for _, o := range g.Outputs {
		kind := uint32(0)
		if o.Value.Type.Size() > 1 { // an array in SQL
			kind = someKind
		}
		opt.Outputs = append(opt.Outputs, kind)
	}
	for i, in := range g.Inputs {
		elems := func() []*staged.Node {
			lanes := make([]*staged.Node, in.Type.Size())
			for k := range lanes {
				lanes[k] = b.Scratch(blk, LaneType(in.Type.Elem), "input")
			}
			return lanes
		}
		if in.Type.Size() > registry.MostScalars {
			opt.Packed[i] = Packed{Lanes: b.Scratch(blk, staged.TStr, "input"), Kind: someKind, Elems: elems}
			continue
		}
		inputs[i] = elems()
	}
	_, err := Lower(b, blk, blk.Head, g, inputs, nowhere{b}, opt)
	return err
}

// someKind stands for what an array's elements are to the runtime: the code is not for running.
const someKind = 1

// nowhere is data that no run will read.
type nowhere struct{ b *staged.Builder }

func (n nowhere) Floats(t *graph.Tensor, _ bool) *staged.Node {
	return n.b.Param("floats", LaneType(t.Elem).Ptr())
}
func (n nowhere) Matrix(w, _ *graph.Tensor) *staged.Node { return n.Floats(w, false) }
func (n nowhere) Convolution(o *graph.Conv) *staged.Node { return n.Floats(o.W, false) }
func (n nowhere) Winograd(o *graph.Conv) *staged.Node    { return n.Floats(o.W, false) }
func (n nowhere) Column(t *graph.Tensor, _, _, _ int) *staged.Node {
	if t.Elem.IsFloat() {
		return n.Floats(t, false)
	}
	return n.Integers(nil)
}
func (n nowhere) Strings(any, func() []string) *staged.Node { return n.Table(nil, nil) }
func (n nowhere) Integers([]int64) *staged.Node             { return n.b.Param("integers", staged.TI64.Ptr()) }
func (n nowhere) Trees(*graph.TreeEnsemble, graph.Elem) *staged.Node {
	return n.b.Param("trees", staged.TU8.Ptr())
}
func (n nowhere) Network([]registry.Layer) *staged.Node {
	return n.b.Param("network", staged.TU8.Ptr())
}
func (n nowhere) NetworkBF16(layers []registry.Layer) *staged.Node { return n.Network(layers) }
func (n nowhere) MatrixBF16(w, _ *graph.Tensor) *staged.Node       { return n.Network(nil) }
func (n nowhere) ConvolutionBF16(*graph.Conv) *staged.Node         { return n.Network(nil) }
func (n nowhere) Tokens(*graph.Vectorize) *staged.Node {
	return n.b.Param("tokens", staged.TU8.Ptr())
}
func (n nowhere) Table(any, func() []byte) *staged.Node    { return n.b.Param("table", staged.TU8.Ptr()) }
func (n nowhere) Found(_ any, find func() []int64) []int64 { return find() }
func (n nowhere) Site(string) int                          { return 0 }
