package lower

import (
	"slices"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// maxNodes bounds the code of one call of a model, and with it what compiling it takes: the optimising compiler takes some
// twenty seconds for so many operations in one loop.
const maxNodes = 10_000

// inlineTranscendentals is how many of them are part of the query's loop, at some thirty instructions each; those that come
// after are kernel calls.
const inlineTranscendentals = 64

// Data hands constants to the run: each returns an address in the program.
type Data interface {
	// Floats is a vector of f32 or f64; transposed, the matrix output by output, as the kernels read weights.
	Floats(t *graph.Tensor, transposed bool) *staged.Node
	// Matrix is a packed matrix [in,out] with a bias (nil for zeros), as fl_gemm_f32 and fl_gemm_f64 read it.
	Matrix(weights, bias *graph.Tensor) *staged.Node
	// Convolution is a convolution's weights and bias, as flk_conv_* or, depthwise, flk_conv_depth_* read them.
	Convolution(o *graph.Conv) *staged.Node
	// Winograd is the same of windows of 3 × 3, and their weights as flk_conv_winograd_f32 reads them.
	Winograd(o *graph.Conv) *staged.Node
	// MatrixBF16 and ConvolutionBF16 are those of f32, as flk_conv_bf16 reads them.
	MatrixBF16(weights, bias *graph.Tensor) *staged.Node
	ConvolutionBF16(o *graph.Conv) *staged.Node
	// Network is a chain of dense layers, as flk_network_f32 and flk_network_f64 read it.
	Network(layers []registry.Layer) *staged.Node
	// NetworkBF16 is the same, of f32, as flk_network_bf16 reads it.
	NetworkBF16(layers []registry.Layer) *staged.Node
	// Column is elements of a tensor from the first one on, each a step after the other: f32, f64, or all else as i64.
	Column(t *graph.Tensor, first, step, size int) *staged.Node
	// Integers are some i64, of this call alone.
	Integers(v []int64) *staged.Node
	// Trees is an ensemble for the kernels, over features of an element type.
	Trees(o *graph.TreeEnsemble, features graph.Elem) *staged.Node
	// Tokens is what flk_arr_tokens_str and flk_arr_tokens_i64 read.
	Tokens(o *graph.Vectorize) *staged.Node
	// Table is anything that is laid out of the graph, once a version and when a run needs it, under a name that says what it is.
	Table(name any, lay func() []byte) *staged.Node
	// Strings is such a table for flk_label_str.
	Strings(name any, list func() []string) *staged.Node
	// Found is what find makes of the graph, once a version.
	Found(name any, find func() []int64) []int64
	// Site is what errors of an operator have as their position; "" stands for the model itself.
	Site(operator string) int
}

// Options are what a call may have beside its inputs' elements.
type Options struct {
	// Packed has the inputs that are arrays, by number.
	Packed map[int]Packed
	// Outputs has, by number, what the elements of outputs that are arrays are to the runtime (enum fl_kind), and 0 for scalars.
	// Those that are not there are lanes.
	Outputs []uint32
	// BF16 asks for products of bf16, where there is a kernel for them (bf16.go).
	BF16 bool
	// Together, if there, is told how many rows layers compute at a time that read their weights once for all of them.
	Together func(rows int)
	// Joined is what the call's ensemble is evaluated together with, nil for none.
	Joined *Joined
	// Arrays is for tests: it takes the array form wherever there is one, however small the model is.
	Arrays bool
}

// Packed are the lanes of an input whose elements a row brings as one array (fl_array) or vector, and what its elements are to
// the runtime (enum fl_kind). Integers of a narrow type are in its range. Elems makes lanes of its elements, for a model that
// needs those.
type Packed struct {
	Lanes *staged.Node
	Kind  uint32
	Elems func() []*staged.Node
}

// Result is an output: the lanes of its elements, or, where the call had them in memory, of one array of them all (fl_array),
// which lasts as long as the block.
type Result struct {
	Elems []*staged.Node
	Array *staged.Node
}

// lowering is the state of one call of a model.
type lowering struct {
	b      *staged.Builder
	blk    *staged.Block
	rows   *staged.Node
	data   Data
	graph  *graph.Graph
	now    *graph.Value // that is being computed; nil before the first
	opt    Options
	values map[*graph.Value][]*staged.Node
	// whole has the outputs that have become arrays.
	whole map[*graph.Value]*staged.Node
	most  int // NextID of the function when the model is too large
	// transcendentals is how many are in the loop so far.
	transcendentals int
}

// Lower builds one call of the model: inputs[i] holds the elements of input i, in row-major order, as lane values of the
// block: f32, f64, i32 or i64 (i64 values that are known to fit may lie in i32 lanes), masks for bool, Str lanes for strings,
// which are there in the rows of mask rows only. An input that rows bring as one array is Packed.
func Lower(b *staged.Builder, blk *staged.Block, rows *staged.Node, g *graph.Graph, inputs [][]*staged.Node, data Data, opt Options) ([]Result, error) {
	l := &lowering{b: b, blk: blk, rows: rows, data: data, graph: g, opt: opt, values: map[*graph.Value][]*staged.Node{},
		whole: map[*graph.Value]*staged.Node{}, most: b.Func.NextID + maxNodes}
	last, inside := networks(g, opt.BF16)
	nearestOnly(g, inside)
	forms := forms(g, inside, opt)
	for _, now := range []form{early, array, late} {
		if now == array {
			if err := l.runArrays(g, forms, opt); err != nil {
				return nil, err
			}
			continue
		}
		for i, v := range g.Values {
			if forms[i] != now || v.Constant() != nil || inside[v] {
				continue // built where it is used
			}
			if in, ok := v.Op.(*graph.Input); ok {
				elems := inputs[in.Index]
				if whole, ok := opt.Packed[in.Index]; ok {
					if !used(g, v) {
						continue
					}
					if err := l.room(v.Type.Size()); err != nil {
						return nil, err
					}
					elems = whole.Elems()
				}
				l.values[v] = l.each(elems, func(x *staged.Node) *staged.Node { return l.input(v.Type.Elem, x) })
				continue
			}
			if err := l.room(v.Type.Size()); err != nil {
				return nil, err
			}
			if n := last[v]; n != nil {
				l.values[v] = l.network(n, l.elements(n.input))
				continue
			}
			if top, ok := v.Op.(*graph.TopK); ok && inside[v.Args[0]] {
				d := v.Args[0]
				l.values[v] = l.nearest(top, d.Op.(*graph.Distance), l.elements(d.Args[0]))
				continue
			}
			if err := l.compute(v); err != nil {
				return nil, err
			}
		}
	}
	outs := make([]Result, len(g.Outputs))
	for i, o := range g.Outputs {
		if outs[i].Array = l.whole[o.Value]; outs[i].Array != nil {
			continue
		}
		if o.Value.Constant() != nil {
			if err := l.room(o.Value.Type.Size()); err != nil {
				return nil, err
			}
		}
		outs[i].Elems = l.each(l.elements(o.Value), l.spread)
	}
	return outs, nil
}

// used tells an input that something is computed from, or that is an output itself.
func used(g *graph.Graph, input *graph.Value) bool {
	return slices.ContainsFunc(g.Values, func(v *graph.Value) bool { return slices.Contains(v.Args, input) }) ||
		slices.ContainsFunc(g.Outputs, func(o graph.Output) bool { return o.Value == input })
}

// compute builds a value of the lane form.
func (l *lowering) compute(v *graph.Value) error {
	l.now = v
	out, err := l.op(v)
	if err != nil {
		return err
	}
	if e := v.Type.Elem; e.IsNarrow() && graph.Computes(v.Op) && !elementwise(v) {
		out = l.each(out, func(x *staged.Node) *staged.Node { return l.narrow(e, x) })
	}
	l.values[v] = out
	return nil
}

// room reports a model that is too large if so many more operations are added.
func (l *lowering) room(nodes int) error {
	if l.b.Func.NextID+nodes > l.most {
		return tooLarge()
	}
	return nil
}

func tooLarge() error { return sqlstate.Unsupported("a model of more than %d operations", maxNodes) }

// elements are a value's elements; those of constants are scalars of the program.
func (l *lowering) elements(v *graph.Value) []*staged.Node {
	if ns, ok := l.values[v]; ok {
		return ns
	}
	ns := l.constant(v.Constant())
	l.values[v] = ns
	return ns
}

func (l *lowering) constant(t *graph.Tensor) []*staged.Node {
	out := make([]*staged.Node, t.Size())
	switch t.Elem.Held() {
	case graph.F32, graph.F64:
		p := l.data.Floats(t, false)
		for i := range out {
			out[i] = l.b.FixedAt(p, staged.Int(staged.TU64, int64(i)))
		}
	case graph.I32, graph.I64:
		p := l.data.Column(t, 0, 1, t.Size())
		for i := range out {
			out[i] = l.b.FixedAt(p, staged.Int(staged.TU64, int64(i)))
		}
	case graph.Bool:
		for i := range out {
			out[i] = l.b.None(l.blk)
			if t.Bool[i] {
				out[i] = l.blk.Head
			}
		}
	case graph.String:
		p := whole(t).strings(l)
		for i := range out {
			out[i] = l.label(p, l.spread(staged.Int(staged.TI32, int64(i))))
		}
	}
	return out
}

// spread makes a scalar a lane value.
func (l *lowering) spread(n *staged.Node) *staged.Node {
	if n.Lanes {
		return n
	}
	return l.b.Prim("sel", n.Type, l.blk.Head, n, n)
}

// prim applies a primitive, spreading the first operand if none is a lane value.
func (l *lowering) prim(op string, on *staged.Type, args ...*staged.Node) *staged.Node {
	for _, a := range args {
		if a.Lanes {
			return l.b.Prim(op, on, args...)
		}
	}
	return l.b.Prim(op, on, append([]*staged.Node{l.spread(args[0])}, args[1:]...)...)
}

// LaneType is the lanes that elements are computed in: i32 wraps as the model's integers do.
func LaneType(e graph.Elem) *staged.Type {
	switch e.Held() {
	case graph.F32:
		return staged.TF32
	case graph.F64:
		return staged.TF64
	case graph.Bool:
		return staged.TMask
	case graph.String:
		return staged.TStr
	case graph.I32:
		return staged.TI32
	}
	return staged.TI64
}

// num brings an element to the lanes of its type.
func (l *lowering) num(n *staged.Node, e graph.Elem) *staged.Node { return l.b.Cvt(LaneType(e), n) }

func (l *lowering) op(v *graph.Value) ([]*staged.Node, error) {
	switch o := v.Op.(type) {
	case *graph.If:
		return l.branches(v, o)
	case *graph.Result:
		return l.result(v, o), nil
	case *graph.Loop:
		return nil, noLoop(o)
	}
	args := make([][]*staged.Node, len(v.Args))
	for i, a := range v.Args {
		args[i] = l.elements(a)
	}
	if elementwise(v) {
		return l.all(v, args), nil
	}
	switch o := v.Op.(type) {
	case *graph.Dense:
		if l.opt.BF16 && halves(v) {
			return l.network(&network{layers: []registry.Layer{{Dense: o}}}, args[0]), nil
		}
		return l.dense(v, o, args[0]), nil
	case *graph.Softmax:
		return l.softmax(o, v, args[0]), nil
	case *graph.ArgExtreme:
		return l.argExtreme(o, v.Args[0].Type, args[0]), nil
	case *graph.Reduce:
		return l.reduce(o, v.Args[0].Type, args[0]), nil
	case *graph.Normalize:
		return l.normalize(o, v.Type, args[0]), nil
	case *graph.LayerNorm:
		return l.layerNorm(o, v.Type, args[0]), nil
	case *graph.Concat:
		var all []*staged.Node
		for _, a := range args {
			all = append(all, a...)
		}
		return all, nil
	case *graph.JoinLast:
		var all []*staged.Node
		for k := range v.Type.Size() / max(1, v.Type.Last()) {
			for i, a := range args {
				n := v.Args[i].Type.Last()
				all = append(all, a[k*n:(k+1)*n]...)
			}
		}
		return all, nil
	case *graph.Pick:
		out := make([]*staged.Node, len(o.Index))
		for i, k := range o.Index {
			out[i] = args[0][k]
		}
		return out, nil
	case *graph.Reshape:
		return args[0], nil
	case *graph.Gather:
		return l.gather(o, v.Args[0], v.Args[1])
	case *graph.Distance:
		return l.distance(o, args[0]), nil
	case *graph.TopK:
		return l.topK(o, v.Args[0].Type, args[0]), nil
	case *graph.Couple:
		return l.couple(o, args[0]), nil
	case *graph.Require:
		return l.require(o, args[0], args[1]), nil
	case *graph.TreeEnsemble:
		return l.trees(o, v.Args[0].Type.Elem, args[0])
	}
	return nil, sqlstate.Unsupported("operator %s of a model in a compiled query", v.Op.Name())
}

func (l *lowering) each(xs []*staged.Node, f func(*staged.Node) *staged.Node) []*staged.Node {
	out := make([]*staged.Node, len(xs))
	for i, x := range xs {
		out[i] = f(x)
	}
	return out
}

// together tells whoever wants to know how many rows a layer computes at a time.
func (l *lowering) together(rows int) {
	if l.opt.Together != nil {
		l.opt.Together(rows)
	}
}
