package lower

import (
	"encoding/binary"
	"fmt"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
)

// arrays is the part of a call that works on arrays: a value is, for a band of the block's rows, a buffer of scratch memory with
// the elements of one row after the other. Elementwise operators are loops of the program over flat elements, all else is one
// kernel call an operator, so that the code does not grow with the tensors.
type arrays struct {
	*lowering
	plan *plan
	mem  *staged.Node // the band's memory
	band *staged.Node // how many rows the band has, u64
	at   *staged.Node // the selected rows' numbers, of this band
	// texts are the lane arrays of steps' arguments that are texts: these have no buffers.
	texts map[*graph.Value]*staged.Node
	// outer is what is around a body; places are its inputs that lie there.
	outer  *arrays
	places map[*graph.Value]place
	err    *error // the first, of any body
}

// arrayOps are the operators of the array form that are neither elementwise nor products, by name of their type.
var arrayOps map[string]func(a *arrays, v *graph.Value)

func init() {
	arrayOps = map[string]func(a *arrays, v *graph.Value){
		opName(&graph.MatMul{}):  (*arrays).matMul,
		opName(&graph.Softmax{}): (*arrays).softmax, opName(&graph.Reduce{}): (*arrays).reduce,
		opName(&graph.ArgExtreme{}): (*arrays).argExtreme, opName(&graph.Normalize{}): (*arrays).normalize,
		opName(&graph.Pick{}): (*arrays).pick, opName(&graph.Concat{}): (*arrays).concat, opName(&graph.Reshape{}): nothing,
		opName(&graph.LayerNorm{}): (*arrays).layerNorm, opName(&graph.Attention{}): (*arrays).attention,
		opName(&graph.Gather{}): (*arrays).gather, opName(&graph.JoinLast{}): (*arrays).join, opName(&graph.Pool{}): (*arrays).pool,
		opName(&graph.Recurrent{}): (*arrays).recurrent,
		opName(&graph.Vectorize{}): (*arrays).vectorize,
		opName(&graph.If{}):        (*arrays).branch, opName(&graph.Loop{}): (*arrays).repeat,
	}
}

// opName tells operators apart by their type.
func opName(op graph.Op) string { return fmt.Sprintf("%T", op) }

// nothing is to be done: the result is the argument's buffer.
func nothing(*arrays, *graph.Value) {}

// storedType is the elements of a buffer: bools are bytes.
func storedType(e graph.Elem) *staged.Type {
	if e == graph.Bool {
		return staged.TU8
	}
	return LaneType(e)
}

// runArrays computes the values in array form: band by band of the selected rows, from lane arrays to lane arrays.
func (l *lowering) runArrays(g *graph.Graph, forms []form, opt Options) error {
	p, err := newPlan(g, forms, opt.Outputs)
	if p == nil {
		return err
	}
	b := l.b
	l.together(p.rows)
	picked := b.Run(l.blk, "flk_indices_of", staged.Site{Rows: l.rows})
	numbers, count := b.Array(picked[0]), b.Cast(staged.TU64, b.Index(b.Array(picked[1]), staged.Int(staged.TU64, 0))).Named("selected")
	imports := make([]*staged.Node, len(p.imports))
	kinds := make([]uint32, len(p.imports)) // of what rows bring as arrays
	for i, v := range p.imports {
		if forms[v.ID] != array {
			imports[i] = l.lanesOf(v, l.elements(v))
			continue
		}
		whole := opt.Packed[v.Op.(*graph.Input).Index]
		imports[i], kinds[i] = b.Array(whole.Lanes), whole.Kind
	}
	texts := map[*graph.Value]*staged.Node{}
	for _, v := range p.steps {
		for _, x := range v.Args {
			if x.Type.Elem == graph.String {
				texts[x] = l.lanesOf(x, l.elements(x))
			}
		}
	}
	exports := make([]*staged.Node, len(p.exports))
	for i, v := range p.exports {
		if err := l.room(v.Type.Size()); err != nil {
			return err
		}
		out := make([]*staged.Node, v.Type.Size())
		for k := range out {
			out[k] = b.Scratch(l.blk, LaneType(v.Type.Elem), "model")
		}
		l.values[v] = out
		exports[i] = l.lanesOf(v, out)
	}
	for _, o := range p.whole {
		l.whole[o.value] = b.Scratch(l.blk, staged.TStr, "array")
		b.Run(l.blk, "flk_no_arrays", staged.Site{}, b.Array(l.whole[o.value]))
	}
	size := staged.Int(staged.TU64, int64(p.rows))
	b.For("band", staged.Int(staged.TU64, 0), count, size, func(at *staged.Node) {
		a := &arrays{lowering: l, plan: p, texts: texts, mem: b.Room(p.bytes).Named("band_memory"), err: &err}
		a.band = b.Pure(staged.TU64, "fl_min_u64", b.Sub(count, at), size).Named("band_rows")
		a.at = b.IndexAddr(numbers, at)
		a.call("flk_obey")
		for i, v := range p.imports {
			a.now = v
			if kinds[i] != 0 {
				a.call("flk_band_arrays", a.bytes(v), imports[i], a.int(v.Type.Size()), staged.Int(staged.TU32, int64(kinds[i])), a.at, a.band)
				if e := v.Type.Elem; e.IsFloat() && e.IsNarrow() {
					a.narrowed(v)
				}
				continue
			}
			a.call("flk_band_in_"+bandSuffix(v), a.of(v), imports[i], a.int(v.Type.Size()), a.at, a.band)
		}
		a.steps()
		for i, v := range p.exports {
			a.call("flk_band_out_"+bandSuffix(v), exports[i], a.of(v), a.int(v.Type.Size()), a.at, a.band)
		}
		for _, o := range p.whole {
			a.call("flk_band_out_arrays", b.Array(l.whole[o.value]), a.bytes(o.value), a.int(o.value.Type.Size()),
				staged.Int(staged.TU32, int64(o.kind)), a.at, a.band)
		}
	})
	return err
}

// lanesOf is the addresses of the lane arrays of a value's elements.
func (l *lowering) lanesOf(v *graph.Value, elems []*staged.Node) *staged.Node {
	ptrs := make([]*staged.Node, len(elems))
	for i, n := range elems {
		if v.Type.Elem != graph.Bool {
			n = l.num(n, v.Type.Elem)
		}
		ptrs[i] = l.b.Array(l.spread(n))
	}
	return l.b.Addresses(ptrs)
}

func bandSuffix(v *graph.Value) string { return LaneType(v.Type.Elem).Suffix() }

func (a *arrays) step(v *graph.Value) error {
	a.now = v
	if err := a.room(0); err != nil {
		return err
	}
	if r := a.plan.products[v]; r != nil {
		a.product(v, r)
		if v.Type.Elem.IsNarrow() {
			a.narrowed(v)
		}
	} else if elementwise(v) {
		a.loop(v)
	} else {
		arrayOps[opName(v.Op)](a, v)
		if v.Type.Elem.IsNarrow() && graph.Computes(v.Op) {
			a.narrowed(v)
		}
	}
	return nil
}

// of is the address of a value's elements for the band's first row.
func (a *arrays) of(v *graph.Value) *staged.Node {
	v = source(v)
	if p, ok := a.places[v]; ok {
		return p.at
	}
	t := storedType(v.Type.Elem).Ptr()
	if c := v.Constant(); c != nil {
		return a.constantArray(c)
	}
	at := a.plan.at[a.plan.buffer(v)] + a.plan.insets[v].first*t.To.Size()
	return a.b.Cast(t, a.b.IndexAddr(a.mem, a.int(at)))
}

// stored names a constant as buffers have it.
type stored struct{ constant *graph.Tensor }

// constantArray is the address of a constant's elements, as buffers have them.
func (a *arrays) constantArray(c *graph.Tensor) *staged.Node {
	if c.Elem.IsFloat() {
		return a.data.Floats(c, false)
	}
	return a.b.Cast(storedType(c.Elem).Ptr(), a.data.Table(stored{c}, func() []byte {
		var raw []byte
		for i := range c.Size() {
			switch c.Elem.Held() {
			case graph.I64:
				raw = binary.LittleEndian.AppendUint64(raw, uint64(c.I64[i]))
			case graph.I32:
				raw = binary.LittleEndian.AppendUint32(raw, uint32(c.I32[i]))
			default:
				raw = append(raw, byte(c.Float(i)))
			}
		}
		return append(raw, make([]byte, pad)...)
	}))
}

// stride is how many elements one row's tensor is after the last row's: none for constants.
func (a *arrays) stride(v *graph.Value) int {
	if p, ok := a.places[source(v)]; ok {
		return p.stride
	}
	if source(v).Constant() != nil {
		return 0
	}
	return v.Type.Size()
}

// call runs a kernel on the band.
func (a *arrays) call(name string, operands ...*staged.Node) {
	a.run(name, operands...)
}

func (a *arrays) int(n int) *staged.Node { return staged.Int(staged.TU64, int64(n)) }

// times is so many for each row of the band.
func (a *arrays) times(n int) *staged.Node { return a.b.Mul(a.band, a.int(n)) }

// source is the value whose buffer holds v's elements.
func source(v *graph.Value) *graph.Value {
	for {
		if _, ok := v.Op.(*graph.Reshape); !ok {
			return v
		}
		v = v.Args[0]
	}
}
