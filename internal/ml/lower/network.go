package lower

import (
	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/registry"
)

// inlineWeights is the most weights of a chain of layers that is unrolled into the query's loop. Measured, the kernel ties from
// there to some 250 weights and wins above; below, its turns are too short.
const inlineWeights = 128

// network is a chain of dense layers and their activations that one kernel computes, because they are too large to be unrolled: what lies
// between them never leaves the nearest caches.
type network struct {
	input  *graph.Value
	layers []registry.Layer
}

// networks finds the chains of a graph, of products of bf16 the small ones too. Each stands at its last value; the others are inside, where nothing else reads them.
func networks(g *graph.Graph, bf16 bool) (last map[*graph.Value]*network, inside map[*graph.Value]bool) {
	users := map[*graph.Value][]*graph.Value{}
	for _, v := range g.Values {
		for _, a := range v.Args {
			users[a] = append(users[a], v)
		}
	}
	for _, o := range g.Outputs {
		users[o.Value] = append(users[o.Value], nil)
	}
	last, inside = map[*graph.Value]*network{}, map[*graph.Value]bool{}
	seen := map[*graph.Value]bool{}
	for _, v := range g.Values {
		if _, ok := v.Op.(*graph.Dense); !ok || seen[v] {
			continue
		}
		n, values := chain(v, users)
		for _, c := range values {
			seen[c] = true
		}
		if !n.large() && !(bf16 && n.half()) {
			continue
		}
		end := values[len(values)-1]
		last[end] = n
		for _, c := range values[:len(values)-1] {
			inside[c] = true
		}
	}
	return last, inside
}

// chain follows a dense layer as far as each value has one use, which is a layer or an activation.
func chain(first *graph.Value, users map[*graph.Value][]*graph.Value) (*network, []*graph.Value) {
	n := &network{input: first.Args[0]}
	var values []*graph.Value
	for v := first; v != nil; {
		switch o := v.Op.(type) {
		case *graph.Dense:
			if o.W.Size() == 0 {
				return n, values
			}
			n.layers = append(n.layers, registry.Layer{Dense: o})
		case *graph.Unary:
			act, ok := registry.ActivationOf(o.Fn)
			l := &n.layers[len(n.layers)-1]
			if !ok || l.Activation != registry.NoActivation {
				return n, values
			}
			l.Activation, l.Alpha = act, o.Alpha
		default:
			return n, values
		}
		values = append(values, v)
		next := users[v]
		if len(next) != 1 {
			break
		}
		v = next[0]
	}
	return n, values
}

// large reports whether the chain is too large to be unrolled.
func (n *network) large() bool {
	weights := 0
	for _, l := range n.layers {
		weights += l.W.Size()
	}
	return weights > inlineWeights
}

// half reports whether the chain has products of bf16 where they are asked for (halves).
func (n *network) half() bool { return n.layers[0].W.Elem == graph.F32 }

// networkRows is how many rows a network's kernel takes through its layers at a time (crt/src/network.c).
const networkRows = 48

// network calls the kernel for each vector of the input. It computes the model's rows only, where these are few.
func (l *lowering) network(n *network, xs []*staged.Node) []*staged.Node {
	in, out := n.layers[0].W.Dims[0], n.layers[len(n.layers)-1].W.Dims[1]
	t := LaneType(n.layers[0].W.Elem)
	kernel := "flk_network_" + t.Suffix()
	var packed *staged.Node
	if l.opt.BF16 && n.half() {
		kernel, packed = "flk_network_bf16", l.data.NetworkBF16(n.layers)
	} else {
		packed = l.data.Network(n.layers)
	}
	l.together(networkRows)
	rows := l.rows
	if rows == l.blk.Head {
		rows = nil
	}
	outs := make([]*staged.Type, out)
	for j := range outs {
		outs[j] = t
	}
	var all []*staged.Node
	for at := 0; at < len(xs); at += in {
		x := l.each(xs[at:at+in], l.spread)
		all = append(all, l.b.Kernel(l.blk, &staged.Kernel{Func: kernel, Outs: outs,
			Args: []staged.Arg{staged.W, staged.Outs, staged.List(x), staged.A(packed), staged.A(rows), staged.N}})...)
	}
	return all
}

// dense unrolls a layer: an fma chain an output, from the bias.
func (l *lowering) dense(v *graph.Value, o *graph.Dense, xs []*staged.Node) []*staged.Node {
	nin, nout := o.W.Dims[0], o.W.Dims[1]
	t := LaneType(o.W.Elem)
	bias := l.data.Floats(o.B, false)
	weights := l.data.Floats(o.W, true)
	var out []*staged.Node
	for len(out) < v.Type.Size() {
		for j := range nout {
			acc := l.b.FixedAt(bias, staged.Int(staged.TU64, int64(j)))
			for k := range nin {
				w := l.b.FixedAt(weights, staged.Int(staged.TU64, int64(j*nin+k)))
				acc = l.prim("fma", t, xs[k], w, acc)
			}
			out = append(out, acc)
		}
		xs = xs[nin:]
	}
	return out
}
