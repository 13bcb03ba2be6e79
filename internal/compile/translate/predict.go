package translate

import (
	"encoding/binary"
	"fmt"
	"slices"

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
	f.arguments = nil
	f.joined = f.joinTrees(n.Calls)
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
	if c.Choice != nil {
		return f.predictChosen(r, c)
	}
	version := f.versionOf(c.Model)
	outs := make([]Value, len(version.Outputs))
	in, given := f.modelInputs(r, c.Model, version, f.boundAll(r, c.Args), c.Args, c.Pos)
	if !given {
		for k := range outs {
			outs[k] = null(version.Outputs[k].Type)
		}
		return outs
	}
	used := readOutputs(c)
	part := version.Part(used)
	computed := part.Graph
	f.t.work.add(workOf(part))
	opt := lower.Options{Arrays: f.t.opts.Arrays, Together: f.t.together, BF16: version.Options.BF16(), Packed: f.wholes(r, in.arrays, c.Model, version, c.Pos)}
	if o, _ := ensembleOf(computed); o != nil {
		opt.Joined = f.joined[o]
	}
	for k, o := range version.Outputs {
		if used[k] {
			opt.Outputs = append(opt.Outputs, arrayKind(o.Type))
		}
	}
	rows, site := f.b.And(in.valid, r.sel), f.siteOf(versionName(c.Model), c.Pos)
	for _, x := range in.coded {
		computed, in.elements = f.remembered(r, rows, version, computed, in.elements, x, site)
	}
	results, err := lower.Lower(f.b, r.blk, rows, computed, in.elements, &modelData{f.b, version, f.constantBlob, site}, opt)
	if err != nil {
		fail(sqlstate.Of(err).At(c.Pos))
	}
	for k, o := range version.Outputs {
		if used[k] {
			outs[k], results = modelOutput(o, results[0], in.valid), results[1:]
		}
	}
	return outs
}

func (f *fn) versionOf(m *logical.Model) *registry.Version {
	version, ok := m.Impl.(*registry.Version)
	if !ok {
		fail(sqlstate.New(sqlstate.InternalError, "model %q has no graph", m.Name))
	}
	return version
}

// modelInputs are the inputs of a call: the elements of each, or the array that a row brings of them all. valid is the mask of rows
// without a NULL, nil for all.
type modelInputs struct {
	elements [][]*staged.Node
	arrays   map[int]Value
	coded    []codedInput // those of one element, a text, that codes bring
	valid    *staged.Node
}

// argument is an argument of a call as it was built for a row.
type argument struct {
	r *row
	e logical.Expr
	v Value
}

// boundAll builds arguments. Calls of one operator share those that are equal: a conversion that may raise is an effect, which the
// staged layer does not share.
func (f *fn) boundAll(r *row, args []logical.Expr) []Value {
	values := make([]Value, len(args))
	for i, e := range args {
		same := func(a argument) bool { return a.r == r && logical.Equal(a.e, e) }
		if k := slices.IndexFunc(f.arguments, same); k >= 0 && !logical.IsVolatile(e) {
			values[i] = f.arguments[k].v
			continue
		}
		values[i] = f.bound(r, e)
		if _, column := e.(*logical.Ref); !column {
			f.arguments = append(f.arguments, argument{r, e, values[i]})
		}
	}
	return values
}

// modelInputs builds the inputs of arguments; given is false if one of them is NULL in all rows.
func (f *fn) modelInputs(r *row, m *logical.Model, version *registry.Version, values []Value, args []logical.Expr, pos int) (in modelInputs, given bool) {
	in = modelInputs{elements: make([][]*staged.Node, len(version.Graph.Inputs)), arrays: map[int]Value{}}
	for i, x := range version.Graph.Inputs {
		in.elements[i] = make([]*staged.Node, x.Type.Size())
	}
	slot := 0
	for i, v := range values {
		if v.Null {
			return in, false
		}
		in.valid = f.b.And(in.valid, v.Valid)
		a := version.Inputs[slot]
		if x := version.Graph.Inputs[a.Input]; isArray(v) {
			v = f.packed(r, v)
			v.N = f.spread(r, v.N)
			f.checkWhole(r, v, x, m, pos)
			in.arrays[a.Input] = v
		} else {
			if v.Rep == RCode && x.Type.Size() == 1 {
				in.coded = append(in.coded, codedInput{a.Input, v})
			}
			in.elements[a.Input][a.Element] = f.modelInput(r, v, a.Name, x.Type.Elem, m, pos)
		}
		slot += m.Width(slot, args[i])
	}
	return in, true
}

// wholes are the inputs that are arrays, as the lowering takes them.
func (f *fn) wholes(r *row, arrays map[int]Value, m *logical.Model, version *registry.Version, pos int) map[int]lower.Packed {
	packed := map[int]lower.Packed{}
	for i, v := range arrays {
		packed[i] = f.wholeInput(r, v, version.Graph.Inputs[i], m, pos)
	}
	return packed
}

// ofNarrow tells arrays whose integers may exceed the model's narrow type.
func ofNarrow(v Value, e graph.Elem) bool {
	return e.IsInt() && e.IsNarrow() && !intBounds(elementOf(v).Kind).Within(staged.RangeOf(e.IntRange()))
}

// elementOf is the type of an array's or a vector's elements.
func elementOf(v Value) sqltype.Type {
	if v.Type.Kind == sqltype.Array {
		return v.Type.Element()
	}
	return sqltype.Of(sqltype.Float4)
}

// checkWhole raises where integers of an array are none of the model's narrow type.
func (f *fn) checkWhole(r *row, v Value, in *graph.Value, m *logical.Model, pos int) {
	if !ofNarrow(v, in.Type.Elem) {
		return
	}
	lo, hi := in.Type.Elem.IntRange()
	subject := fmt.Sprintf("%s\" of model \"%s", in.Name, m.Name)
	text := append(binary.LittleEndian.AppendUint32(nil, uint32(len(subject))), subject...)
	f.b.Run(r.blk, "flk_array_within", staged.Site{Rows: f.rows(r, v), Pos: pos}, v.N, kindCode(v.Type),
		staged.Int(staged.TI64, lo), staged.Int(staged.TI64, hi), f.blob(f.t.addBlob(text)))
}

// wholeInput is an array of all elements of an input.
func (f *fn) wholeInput(r *row, v Value, in *graph.Value, m *logical.Model, pos int) lower.Packed {
	e := in.Type.Elem
	kind := uint32(kindCode(v.Type).Imm)
	return lower.Packed{Lanes: v.N, Kind: kind, Elems: func() []*staged.Node {
		scalars := f.unpacked(r, v, in.Type.Size(), elementOf(v))
		lanes := make([]*staged.Node, len(scalars))
		for i, s := range scalars {
			if ofNarrow(v, e) {
				s.N = f.b.Bounded(s.N, staged.RangeOf(e.IntRange()))
			}
			lanes[i] = f.modelInput(r, s, in.Name, e, m, pos)
		}
		return lanes
	}}
}

func (f *fn) modelInput(r *row, v Value, name string, e graph.Elem, m *logical.Model, pos int) *staged.Node {
	v = f.plainText(r, v)
	want := map[graph.Elem]Rep{graph.F32: RF32, graph.F64: RF64, graph.I32: RInt, graph.I64: RInt, graph.Bool: RBool, graph.String: RStr}[e.Held()]
	if v.Rep != want {
		fail(sqlstate.New(sqlstate.InternalError, "argument of type %s for a model's %s", v.Type, e).At(pos))
	}
	switch {
	case e == graph.Bool:
		return f.mask(v, r)
	case e == graph.String:
		return f.spread(r, v.N)
	case isNarrowInt(e):
		return f.narrowInput(r, v, name, e, m, pos)
	}
	return v.N
}

// isNarrowInt tells the integers that SQL's types may exceed.
func isNarrowInt(e graph.Elem) bool { return e.IsInt() && e.Bits() < 32 || e == graph.U32 }

// narrowInput raises where an integer is none of the model's narrow type: SQL's types that hold them are wider. (u64 has none.)
func (f *fn) narrowInput(r *row, v Value, name string, e graph.Elem, m *logical.Model, pos int) *staged.Node {
	b, bounds := f.b, staged.RangeOf(e.IntRange())
	if v.N.Range.Within(bounds) {
		return v.N
	}
	n := f.spread(r, v.N)
	lo, hi := staged.Int(n.Type, int64(bounds.Lo)), staged.Int(n.Type, int64(bounds.Hi))
	out := b.Or(b.Prim("lt", n.Type, n, lo), b.Prim("gt", n.Type, n, hi))
	b.RaiseIf(b.And(f.rows(r, v), out), "22003", pos,
		fmt.Sprintf("argument %q of model %q is out of range: the model takes %d to %d", name, m.Name, int64(bounds.Lo), int64(bounds.Hi)))
	return b.Bounded(n, bounds)
}

// readOutputs tells which of a call's outputs something reads.
func readOutputs(c *physical.PredictCall) []bool {
	read := make([]bool, len(c.Outputs))
	for k, col := range c.Outputs {
		read[k] = col.ID != 0
	}
	return read
}

func modelOutput(o registry.Output, result lower.Result, valid *staged.Node) Value {
	kept := keepsTexts(o.Value)
	if result.Array != nil {
		return Value{Rep: RPacked, Type: o.Type, N: result.Array, Valid: valid}
	}
	elems := result.Elems
	one := func(n *staged.Node, t sqltype.Type) Value {
		v := Value{Type: t, N: n, Valid: valid, Keep: kept}
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
	v := Value{Rep: RArray, Type: o.Type, Valid: valid, Keep: kept}
	for _, n := range elems {
		e := one(n, sqltype.Of(o.Type.Elem))
		e.Valid = nil
		v.Elems = append(v.Elems, e)
	}
	return v
}

// keepsTexts reports whether a value's texts, if it has any, outlive the block: they are constants of the model, and not made of a
// row's texts.
func keepsTexts(v *graph.Value) bool {
	switch v.Op.(type) {
	case *graph.Constant, *graph.Lookup, *graph.Map:
		return true
	case *graph.Reshape, *graph.Pick:
		return keepsTexts(v.Args[0])
	}
	return v.Type.Elem != graph.String
}

// together notes how many rows a model computes at a time.
func (t *translator) together(rows int) { t.rows = max(t.rows, rows) }

// modelData hands a model's constants to the run as blobs.
type modelData struct {
	b       *staged.Builder
	version *registry.Version
	// place is the address of a constant.
	place func(Blob) *staged.Node
	site  func(operator string) int
}

// Site implements lower.Data.
func (d *modelData) Site(operator string) int { return d.site(operator) }

// Floats implements lower.Data.
func (d *modelData) Floats(t *graph.Tensor, transposed bool) *staged.Node {
	return d.floats(d.version.Floats(t, transposed), t.Elem)
}

// Matrix implements lower.Data.
func (d *modelData) Matrix(weights, bias *graph.Tensor) *staged.Node {
	return d.floats(d.version.Matrix(weights, bias), weights.Elem)
}

// Convolution implements lower.Data.
func (d *modelData) Convolution(o *graph.Conv) *staged.Node {
	return d.floats(d.version.Convolution(o), o.W.Elem)
}

// Winograd implements lower.Data.
func (d *modelData) Winograd(o *graph.Conv) *staged.Node {
	return d.floats(d.version.Winograd(o), o.W.Elem)
}

// MatrixBF16 implements lower.Data.
func (d *modelData) MatrixBF16(weights, bias *graph.Tensor) *staged.Node {
	return d.shared(d.version.MatrixBF16(weights, bias), staged.TU8)
}

// ConvolutionBF16 implements lower.Data.
func (d *modelData) ConvolutionBF16(o *graph.Conv) *staged.Node {
	return d.shared(d.version.ConvolutionBF16(o), staged.TU8)
}

// Trees implements lower.Data.
func (d *modelData) Trees(o *graph.TreeEnsemble, features graph.Elem) *staged.Node {
	return d.shared(d.version.Trees(o, features), staged.TU8)
}

// Tokens implements lower.Data.
func (d *modelData) Tokens(o *graph.Vectorize) *staged.Node {
	return d.shared(d.version.Tokens(o), staged.TU8)
}

// Network implements lower.Data.
func (d *modelData) Network(layers []registry.Layer) *staged.Node {
	return d.shared(d.version.Network(layers), staged.TU8)
}

// NetworkBF16 implements lower.Data.
func (d *modelData) NetworkBF16(layers []registry.Layer) *staged.Node {
	return d.shared(d.version.NetworkBF16(layers), staged.TU8)
}

func (d *modelData) floats(c *registry.Constant, e graph.Elem) *staged.Node {
	if e.Held() == graph.F32 {
		return d.shared(c, staged.TF32)
	}
	return d.shared(c, staged.TF64)
}

// Integers implements lower.Data.
func (d *modelData) Integers(v []int64) *staged.Node {
	var raw []byte
	for _, x := range v {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(x))
	}
	return d.address(raw, staged.TI64)
}

// Column implements lower.Data.
func (d *modelData) Column(t *graph.Tensor, first, step, size int) *staged.Node {
	c := d.version.Column(t, first, step, size)
	if t.Elem.IsFloat() {
		return d.floats(c, t.Elem)
	}
	return d.shared(c, staged.TI64)
}

// Strings implements lower.Data.
func (d *modelData) Strings(name any, list func() []string) *staged.Node {
	return d.Table(name, func() []byte { return textTable(list()) })
}

// Table implements lower.Data.
func (d *modelData) Table(name any, lay func() []byte) *staged.Node {
	return d.shared(d.version.Table(name, lay), staged.TU8)
}

// Found implements lower.Data.
func (d *modelData) Found(name any, find func() []int64) []int64 { return d.version.Found(name, find) }

// shared is the address of a constant that queries share.
func (d *modelData) shared(c *registry.Constant, of *staged.Type) *staged.Node {
	return d.b.Cast(of.Ptr(), d.place(Blob{Constant: c}))
}

func (d *modelData) address(raw []byte, of *staged.Type) *staged.Node {
	return d.b.Cast(of.Ptr(), d.place(Blob{Bytes: raw}))
}

// constantBlob is the address of a blob of its own.
func (f *fn) constantBlob(b Blob) *staged.Node {
	f.t.prog.Blobs = append(f.t.prog.Blobs, b)
	return f.blob(len(f.t.prog.Blobs) - 1)
}

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
