package translate

import (
	"encoding/binary"
	"fmt"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/lower"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// predict evaluates models over the block. A model is lowered into the same functions as the operators around it.
func (l *line) predict(f *fn, n *physical.Predict, r *row, next func(*fn, *row)) {
	cols := map[logical.ColID]Value{}
	for _, c := range n.Calls {
		outs := f.model(r, &c)
		for i, col := range c.Outputs {
			if col.ID == 0 {
				continue
			}
			v := outs[i]
			if v.N != nil {
				v.N.Named(hint(n.ID, col.Name))
			}
			cols[col.ID] = v
		}
	}
	next(f, r.extend(cols))
}

// model builds one call. A NULL argument makes the prediction NULL.
func (f *fn) model(r *row, c *physical.PredictCall) []Value {
	version, ok := c.Model.Impl.(*registry.Version)
	if !ok {
		fail(sqlstate.New(sqlstate.InternalError, "model %q has no graph", c.Model.Name))
	}
	outs := make([]Value, len(version.Outputs))
	inputs := make([][]*staged.Node, len(version.Graph.Inputs))
	for i, in := range version.Graph.Inputs {
		inputs[i] = make([]*staged.Node, in.Type.Size())
	}
	opt := lower.Options{Arrays: f.t.opts.Arrays, Packed: map[int]lower.Packed{}}
	var valid *staged.Node
	slot := 0
	for _, e := range c.Args {
		v := f.bound(r, e)
		if v.Null {
			for k := range outs {
				outs[k] = null(version.Outputs[k].Type)
			}
			return outs
		}
		valid = f.b.And(valid, v.Valid)
		a := version.Inputs[slot]
		if in := version.Graph.Inputs[a.Input]; isArray(v) {
			opt.Packed[a.Input] = f.wholeInput(r, v, in, c)
		} else {
			inputs[a.Input][a.Element] = f.modelInput(r, v, a.Name, in.Type.Elem, c)
		}
		slot += c.Model.Width(slot, e)
	}
	used := make([]bool, len(outs))
	for k, col := range c.Outputs {
		used[k] = col.ID != 0
	}
	computed := version.Graph.Computing(used)
	f.t.flops += graph.CostOf(computed.Values).FLOPs
	for k, o := range version.Outputs {
		if used[k] {
			opt.Outputs = append(opt.Outputs, arrayKind(o.Type))
		}
	}
	results, err := lower.Lower(f.b, r.blk, f.b.And(valid, r.sel), computed, inputs, &modelData{f, version}, opt)
	if err != nil {
		fail(sqlstate.Of(err).At(c.Pos))
	}
	for k, o := range version.Outputs {
		if used[k] {
			outs[k], results = modelOutput(o, results[0], valid), results[1:]
		}
	}
	return outs
}

// wholeInput is an array of all elements of an input.
func (f *fn) wholeInput(r *row, v Value, in *graph.Value, c *physical.PredictCall) lower.Packed {
	v = f.packed(r, v)
	t := sqltype.Of(sqltype.Float4)
	if v.Type.Kind == sqltype.Array {
		t = v.Type.Element()
	}
	e := in.Type.Elem
	narrow := e.IsInt() && e.IsNarrow() && !intBounds(t.Kind).Within(staged.RangeOf(e.IntRange()))
	if narrow {
		lo, hi := e.IntRange()
		subject := fmt.Sprintf("%s\" of model \"%s", in.Name, c.Model.Name)
		text := append(binary.LittleEndian.AppendUint32(nil, uint32(len(subject))), subject...)
		f.b.Run(r.blk, "flk_array_within", staged.Site{Rows: f.rows(r, v), Pos: c.Pos}, f.spread(r, v.N), kindCode(v.Type),
			staged.Int(staged.TI64, lo), staged.Int(staged.TI64, hi), f.blob(f.t.addBlob(text)))
	}
	kind := uint32(kindCode(v.Type).Imm)
	return lower.Packed{Lanes: f.spread(r, v.N), Kind: kind, Elems: func() []*staged.Node {
		scalars := f.unpacked(r, v, in.Type.Size(), t)
		lanes := make([]*staged.Node, len(scalars))
		for i, s := range scalars {
			if narrow {
				s.N = f.b.Bounded(s.N, staged.RangeOf(e.IntRange()))
			}
			lanes[i] = f.modelInput(r, s, in.Name, e, c)
		}
		return lanes
	}}
}

func (f *fn) modelInput(r *row, v Value, name string, e graph.Elem, c *physical.PredictCall) *staged.Node {
	v = f.plainText(r, v)
	want := map[graph.Elem]Rep{graph.F32: RF32, graph.F64: RF64, graph.I32: RInt, graph.I64: RInt, graph.Bool: RBool, graph.String: RStr}[e.Held()]
	if v.Rep != want {
		fail(sqlstate.New(sqlstate.InternalError, "argument of type %s for a model's %s", v.Type, e).At(c.Pos))
	}
	switch {
	case e == graph.Bool:
		return f.mask(v, r)
	case e == graph.String:
		return f.spread(r, v.N)
	case e.IsInt() && e.Bits() < 32 || e == graph.U32:
		return f.narrowInput(r, v, name, e, c)
	}
	return v.N
}

// narrowInput raises where an integer is none of the model's narrow type: SQL's types that hold them are wider. (u64 has none.)
func (f *fn) narrowInput(r *row, v Value, name string, e graph.Elem, c *physical.PredictCall) *staged.Node {
	b, bounds := f.b, staged.RangeOf(e.IntRange())
	if v.N.Range.Within(bounds) {
		return v.N
	}
	n := f.spread(r, v.N)
	lo, hi := staged.Int(n.Type, int64(bounds.Lo)), staged.Int(n.Type, int64(bounds.Hi))
	out := b.Or(b.Prim("lt", n.Type, n, lo), b.Prim("gt", n.Type, n, hi))
	b.RaiseIf(b.And(f.rows(r, v), out), "22003", c.Pos,
		fmt.Sprintf("argument %q of model %q is out of range: the model takes %d to %d", name, c.Model.Name, int64(bounds.Lo), int64(bounds.Hi)))
	return b.Bounded(n, bounds)
}

func modelOutput(o registry.Output, result lower.Result, valid *staged.Node) Value {
	if result.Array != nil {
		return Value{Rep: RPacked, Type: o.Type, N: result.Array, Valid: valid}
	}
	elems := result.Elems
	one := func(n *staged.Node, t sqltype.Type) Value {
		v := Value{Type: t, N: n, Valid: valid, Keep: true}
		switch n.Type {
		case staged.TF32:
			v.Rep = RF32
		case staged.TF64:
			v.Rep = RF64
		case staged.TMask:
			v.Rep = RBool
		case staged.TStr:
			v.Rep = RStr
		default:
			v.Rep = RInt
		}
		return v
	}
	if o.Type.Kind != sqltype.Array {
		return one(elems[0], o.Type)
	}
	v := Value{Rep: RArray, Type: o.Type, Valid: valid, Keep: true}
	for _, n := range elems {
		e := one(n, sqltype.Of(o.Type.Elem))
		e.Valid = nil
		v.Elems = append(v.Elems, e)
	}
	return v
}

// modelData hands a model's constants to the run as blobs.
type modelData struct {
	f       *fn
	version *registry.Version
}

// Floats implements lower.Data.
func (d *modelData) Floats(t *graph.Tensor, transposed bool) *staged.Node {
	return d.floats(d.version.Floats(t, transposed), t.Elem)
}

// Matrix implements lower.Data.
func (d *modelData) Matrix(weights, bias *graph.Tensor) *staged.Node {
	return d.floats(d.version.Matrix(weights, bias), weights.Elem)
}

// Trees implements lower.Data.
func (d *modelData) Trees(o *graph.TreeEnsemble, features graph.Elem) *staged.Node {
	return d.constant(d.version.Trees(o, features), staged.TU8)
}

// Tokens implements lower.Data.
func (d *modelData) Tokens(o *graph.Vectorize) *staged.Node {
	return d.constant(d.version.Tokens(o), staged.TU8)
}

// Network implements lower.Data.
func (d *modelData) Network(layers []registry.Layer) *staged.Node {
	return d.constant(d.version.Network(layers), staged.TU8)
}

func (d *modelData) floats(c *registry.Constant, e graph.Elem) *staged.Node {
	if e.Held() == graph.F32 {
		return d.constant(c, staged.TF32)
	}
	return d.constant(c, staged.TF64)
}

// constant is the address of a constant that queries share.
func (d *modelData) constant(c *registry.Constant, of *staged.Type) *staged.Node {
	d.f.t.prog.Blobs = append(d.f.t.prog.Blobs, Blob{Bytes: c.Bytes, Constant: c})
	return d.f.b.Cast(of.Ptr(), d.f.blob(len(d.f.t.prog.Blobs)-1))
}

// Integers implements lower.Data.
func (d *modelData) Integers(v []int64) *staged.Node {
	var raw []byte
	for _, x := range v {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(x))
	}
	return d.address(raw, staged.TI64)
}

// Bytes implements lower.Data.
func (d *modelData) Bytes(b []byte) *staged.Node { return d.address(b, staged.TU8) }

// Strings implements lower.Data.
func (d *modelData) Strings(s []string) *staged.Node { return d.address(textTable(s), staged.TU8) }

// textTable lays strings out for kernels: a u32 count, so many and one more u32 offsets, the bytes.
func textTable(s []string) []byte {
	raw := binary.LittleEndian.AppendUint32(nil, uint32(len(s)))
	at := 0
	for _, x := range s {
		raw = binary.LittleEndian.AppendUint32(raw, uint32(at))
		at += len(x)
	}
	raw = binary.LittleEndian.AppendUint32(raw, uint32(at))
	for _, x := range s {
		raw = append(raw, x...)
	}
	return raw
}

func (d *modelData) address(raw []byte, t *staged.Type) *staged.Node {
	return d.f.b.Cast(t.Ptr(), d.f.blob(d.f.t.addBlob(raw)))
}
