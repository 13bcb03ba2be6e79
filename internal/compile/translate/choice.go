package translate

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/lower"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// A call whose rows name their models partitions the block: each model's rows are gathered into a block of their own, computed there
// and put back to their places. Models whose code is the same but for their constants are a family: one piece of code, which finds
// the constants by the model's number. So code grows with the number of families, not of models.

// maxFamilies bounds the code of one call.
const maxFamilies = 64

// family is candidates with the same code and the same arguments. Their numbers follow one another.
type family struct {
	members  []*member
	args     []logical.Expr
	from     int // of args among the call's
	lo, hi   int // the numbers
	blobs    int // of the first member; the next one's follow
	inputs   modelInputs
	nullOnly bool // an argument is NULL in all rows
}

// member is a candidate and the constants of its code.
type member struct {
	model     *logical.Model
	version   *registry.Version
	outputs   []int // by the call's outputs that are used, which of its own they are
	graph     *graph.Graph
	constants []Blob
}

func (m *family) first() *member { return m.members[0] }

// usedOutputs are a call's outputs that something reads.
func usedOutputs(c *physical.PredictCall) (used []logical.ChosenOutput) {
	for k, o := range c.Choice.Outputs {
		if c.Outputs[k].ID != 0 {
			used = append(used, o)
		}
	}
	return used
}

// name is what errors say of the model.
func (m *family) name() string {
	if len(m.members) > 1 {
		return fmt.Sprintf("one of %d models such as \"%s\"", len(m.members), m.first().model.Name)
	}
	return versionName(m.first().model)
}

// predictChosen builds a call whose first argument names the model.
func (f *fn) predictChosen(r *row, c *physical.PredictCall) []Value {
	used := usedOutputs(c)
	values := f.chosenValues(r, c, used)
	outs := make([]Value, len(c.Choice.Outputs))
	for k := range outs {
		if c.Outputs[k].ID != 0 {
			outs[k], values = values[0], values[1:]
		}
	}
	return outs
}

func (f *fn) chosenValues(r *row, c *physical.PredictCall, used []logical.ChosenOutput) []Value {
	b := f.b
	outs := make([]Value, len(used))
	for k, o := range used {
		outs[k] = null(o.Typ)
	}
	name := f.plainText(r, f.bound(r, c.Args[0]))
	if name.Null {
		return outs
	}
	same := !name.N.Lanes // all rows name one model
	name = f.lanes(r, name)
	families := f.families(c, used)
	rows := f.rows(r, name)
	texts, numbers := numbered(c.Choice, families)
	number := f.runAt(r, "flk_choose", rows, c.Pos, name.N, f.blob(f.t.addBlob(texts)), b.Cast(staged.TI32.Ptr(), f.blob(f.t.addBlob(numbers))))
	number.Named("model")
	if len(families) == 0 {
		return outs
	}

	nullable := f.choiceInputs(r, c, families, number, rows, same)
	valid := name.Valid
	var has *staged.Node
	if nullable {
		has = b.Scratch(r.blk, staged.TMask, "predicted")
		b.Call(staged.TVoid, "flk_clear_m", b.Array(has))
		valid = b.And(valid, has)
	}
	for k, o := range used {
		outs[k] = chosen(o.Typ, b, r.blk)
		outs[k].Valid = valid
	}
	if same {
		f.oneGroup(r, rows, number, families, func(m *family, member *staged.Node) {
			values := f.chosenModel(m, member, r.with(rows), nil, c, used)
			for k, v := range values {
				b.StoreLanes(b.Array(outs[k].N), v.N)
			}
			if has != nil {
				b.StoreLanes(b.Array(has), f.orHead(r, values[0].Valid))
			}
		})
		return outs
	}
	f.eachGroup(r, number, families, func(m *family, member *staged.Node, blk *staged.Block, places *staged.Node) {
		values := f.chosenModel(m, member, &row{blk: blk, sel: blk.Head}, places, c, used)
		for k, v := range values {
			f.scatter(outs[k].N, v.N, places, blk)
		}
		if has != nil {
			f.scatter(has, f.orHead(&row{blk: blk}, values[0].Valid), places, blk)
		}
	})
	return outs
}

// families sorts the candidates by their arguments and their code.
func (f *fn) families(c *physical.PredictCall, used []logical.ChosenOutput) []*family {
	var all []*family
	by := map[string]*family{}
	var most modelWork
	for i, o := range c.Choice.Candidates {
		m := &member{model: o.Model, version: f.versionOf(o.Model)}
		for _, out := range used {
			m.outputs = append(m.outputs, out.Of[i])
		}
		part := m.version.Part(m.used())
		m.graph = part.Graph
		most = most.most(workOf(part))
		code, err := f.codeOf(m, c.Args[o.From:o.To])
		if err != nil {
			fail(sqlstate.Of(err).At(c.Pos))
		}
		key := fmt.Sprintf("%d %s", o.From, code)
		if by[key] == nil {
			by[key] = &family{args: c.Args[o.From:o.To], from: o.From}
			all = append(all, by[key])
		}
		by[key].members = append(by[key].members, m)
	}
	f.t.work.add(most)
	if len(all) > maxFamilies {
		fail(sqlstate.New(sqlstate.ProgramLimitExceeded, "predict would choose among models of %d different kinds, more than %d", len(all), maxFamilies).
			WithHint("A list of constants as the names (VALUES, flern.models with a condition is one) leaves only these models.").At(c.Pos))
	}
	slices.SortStableFunc(all, func(a, b *family) int { return a.from - b.from })
	number := 0
	for _, m := range all {
		m.lo, m.hi = number, number+len(m.members)
		number = m.hi
		m.blobs = len(f.t.prog.Blobs)
		for _, x := range m.members {
			f.t.prog.Blobs = append(f.t.prog.Blobs, x.constants...)
		}
	}
	return all
}

// codeOf lowers a candidate on its own, over inputs of which nothing is known, for its constants and the text of its code.
func (f *fn) codeOf(m *member, args []logical.Expr) (string, error) {
	b := staged.NewFunc("model", staged.TVoid)
	g := &fn{t: f.t, b: b, w: b.Param("w", staged.Worker.Type().Ptr())}
	n, blobs, base := b.Param("n", staged.TU32), b.Param("blobs", staged.TU8.Ptr().Ptr()), b.Param("base", staged.TU64)
	blk := b.NewBlock(n)
	r := &row{blk: blk, sel: blk.Head}
	in := modelInputs{arrays: map[int]Value{}}
	for _, x := range m.version.Graph.Inputs {
		in.elements = append(in.elements, make([]*staged.Node, x.Type.Size()))
	}
	var places strings.Builder // of the arguments among the inputs, and who raises for narrow ones; and of the outputs
	slot := 0
	for _, arg := range args {
		a := m.version.Inputs[slot]
		slot += m.model.Width(slot, arg)
		e := m.version.Graph.Inputs[a.Input].Type.Elem
		fmt.Fprintf(&places, "%d %d %v ", a.Input, a.Element, e)
		if isNarrowInt(e) || e.IsInt() && e.IsNarrow() {
			places.WriteString(m.model.Name)
		}
		switch t := arg.Type(); t.Kind {
		case sqltype.Array:
			in.arrays[a.Input] = Value{Rep: RPacked, Type: t, N: b.Scratch(blk, staged.TStr, "array")}
		case sqltype.Vector:
			in.arrays[a.Input] = Value{Rep: RVector, Type: t, N: b.Scratch(blk, staged.TStr, "vector")}
		default:
			in.elements[a.Input][a.Element] = b.Scratch(blk, lower.LaneType(e), "input")
		}
	}
	data := &modelData{b, m.version, func(c Blob) *staged.Node {
		m.constants = append(m.constants, c)
		return constantOf(b, blobs, base, len(m.constants)-1)
	}, func(string) int { return 0 }}
	opt := f.chosenOptions(m, g.wholes(r, in.arrays, m.model, m.version, 0))
	outs, err := lower.Lower(b, blk, blk.Head, m.graph, in.elements, data, opt)
	if err != nil {
		return "", err
	}
	for _, k := range m.outputs {
		fmt.Fprint(&places, k, m.version.Outputs[k].Type, m.model.Outputs[k].Type, " ")
	}
	for _, out := range outs {
		for _, n := range out.Elems {
			b.Call(staged.TVoid, "fl_result", g.w, b.Array(n))
		}
	}
	return places.String() + b.Func.String(), nil
}

func (f *fn) chosenOptions(m *member, packed map[int]lower.Packed) lower.Options {
	var kinds []uint32
	for k, used := range m.used() {
		if used {
			kinds = append(kinds, arrayKind(m.version.Outputs[k].Type))
		}
	}
	return lower.Options{Arrays: f.t.opts.Arrays, Together: f.t.together, BF16: m.version.Options.BF16(), Packed: packed,
		Outputs: kinds}
}

// used tells which outputs of the model are computed.
func (m *member) used() []bool {
	used := make([]bool, len(m.version.Outputs))
	for _, k := range m.outputs {
		used[k] = true
	}
	return used
}

// constantOf is the address of a model's k-th constant, where its first one is blob number base.
func constantOf(b *staged.Builder, blobs, base *staged.Node, k int) *staged.Node {
	return b.FixedAt(blobs, b.Add(base, staged.Int(staged.TU64, int64(k))))
}

// numbered is the table of names for flk_choose: those of the models, with their numbers, and after them the reasons of those that are
// refused, whose numbers are -1.
func numbered(c *logical.Choice, families []*family) (texts, numbers []byte) {
	number := map[string]int{}
	var names []string
	for _, m := range families {
		for i, x := range m.members {
			number[x.model.Name] = m.lo + i
			names = append(names, x.model.Name)
		}
	}
	why := map[string]string{}
	for _, x := range c.Refused {
		number[x.Name], why[x.Name] = -1, x.Why
		names = append(names, x.Name)
	}
	slices.Sort(names)
	for _, name := range names {
		numbers = binary.LittleEndian.AppendUint32(numbers, uint32(int32(number[name])))
	}
	all := names
	for _, name := range names {
		all = append(all, why[name])
	}
	return textTable(all), numbers
}

// chosen is the value of the call, in memory that each model fills its places of.
func chosen(t sqltype.Type, b *staged.Builder, blk *staged.Block) Value {
	v := Value{Type: t, Keep: true}
	lanes := staged.TStr
	switch t.Kind {
	case sqltype.Float4:
		v.Rep, lanes = RF32, staged.TF32
	case sqltype.Float8:
		v.Rep, lanes = RF64, staged.TF64
	case sqltype.Int2, sqltype.Int4:
		v.Rep, lanes = RInt, staged.TI32
	case sqltype.Int8:
		v.Rep, lanes = RInt, staged.TI64
	case sqltype.Bool:
		v.Rep, lanes = RBool, staged.TMask
	case sqltype.Array:
		v.Rep, v.Keep = RPacked, false
	default:
		v.Rep, v.Keep = RStr, false
	}
	v.N = b.Scratch(blk, lanes, "prediction")
	if v.Rep == RInt {
		v.N.Range = intBounds(t.Kind)
	}
	return v
}

// choiceInputs builds the families' inputs for the rows that name one of their models. If not all rows name the same, they are brought
// to the arrays that they are gathered from. It reports whether one may be NULL.
func (f *fn) choiceInputs(r *row, c *physical.PredictCall, families []*family, number, rows *staged.Node, same bool) (nullable bool) {
	within := func(lo, hi int) *row {
		if lo == 0 && hi == families[len(families)-1].hi {
			return r.with(rows)
		}
		least, past := staged.Int(staged.TI32, int64(lo)), staged.Int(staged.TI32, int64(hi))
		return r.with(f.b.And(rows, f.b.And(f.b.Prim("ge", staged.TI32, number, least), f.b.Prim("lt", staged.TI32, number, past))))
	}
	var values []Value
	for i, m := range families {
		if i == 0 || m.from != families[i-1].from {
			hi := m.hi
			for _, o := range families[i:] {
				if o.from == m.from {
					hi = o.hi
				}
			}
			values = f.boundAll(within(m.lo, hi), m.args)
		}
		inner := within(m.lo, m.hi)
		in, given := f.modelInputs(inner, m.first().model, m.first().version, values, m.args, c.Pos)
		m.nullOnly = !given
		nullable = nullable || !given || in.valid != nil
		if !given {
			continue
		}
		m.inputs = in
		if same {
			continue
		}
		for i, x := range m.first().version.Graph.Inputs {
			if v, ok := in.arrays[i]; ok {
				f.b.Array(v.N)
				continue
			}
			for k, n := range in.elements[i] {
				n = f.spread(r, f.b.Cvt(lower.LaneType(x.Type.Elem), n))
				in.elements[i][k] = n
				f.b.Array(n)
			}
		}
		if in.valid != nil {
			f.b.Array(in.valid)
		}
	}
	return nullable
}

// eachGroup partitions the block's rows by their numbers and builds what is done for the rows of a model of each family: its number
// within the family, and a block of its rows, which lie at `places` of r's.
func (f *fn) eachGroup(r *row, number *staged.Node, families []*family, body func(m *family, member *staged.Node, blk *staged.Block, places *staged.Node)) {
	b := f.b
	const group = 3 // words of fl_choice_groups: number, first place, rows
	models := families[len(families)-1].hi
	order := b.Array(b.Scratch(r.blk, staged.TU16, "order"))
	groups := b.Cast(staged.TU32.Ptr(), b.Room(min(models, staged.BlockRows)*group*4)).Named("groups")
	count := b.Call(staged.TU32, "fl_choice_groups", order, groups, b.Array(number), staged.Int(staged.TU32, int64(models)), r.blk.N)
	b.For("group", staged.Int(staged.TU64, 0), b.Cast(staged.TU64, count), staged.Int(staged.TU64, 1), func(g *staged.Node) {
		b.Call(staged.TVoid, "flk_obey", f.w)
		word := func(k int) *staged.Node {
			return b.Index(groups, b.Add(b.Mul(g, staged.Int(staged.TU64, group)), staged.Int(staged.TU64, int64(k))))
		}
		model, places := word(0), b.IndexAddr(order, b.Cast(staged.TU64, word(1)))
		for _, m := range families {
			build := func() {
				// Read again: what is fixed for a model would else be taken for fixed outside of its family's branch.
				member := b.Sub(b.Cast(staged.TU64, word(0)), staged.Int(staged.TU64, int64(m.lo)))
				body(m, member, b.NewBlock(word(2).Named("rows")), places)
			}
			switch {
			case m.nullOnly:
			case len(families) == 1:
				build()
			default:
				least, past := staged.Int(staged.TU32, int64(m.lo)), staged.Int(staged.TU32, int64(m.hi))
				b.If(b.Scalar("land", staged.TI32, b.Cmp("ge", model, least), b.Cmp("lt", model, past)), build, nil)
			}
		}
	})
}

// oneGroup builds what is done for a block whose rows all name one model: its number within its family.
func (f *fn) oneGroup(r *row, rows, number *staged.Node, families []*family, body func(m *family, member *staged.Node)) {
	b := f.b
	model := b.Var("chosen", staged.Int(staged.TI32, 0)) // one more than the number, 0 if no row wants any
	b.Reduce("or", b.Prim("add", staged.TI32, number, staged.Int(staged.TI32, 1)), rows, staged.Place{Var: model})
	for _, m := range families {
		if m.nullOnly {
			continue
		}
		before, last := staged.Int(staged.TI32, int64(m.lo)), staged.Int(staged.TI32, int64(m.hi))
		b.If(b.Scalar("land", staged.TI32, b.Cmp("gt", model, before), b.Cmp("le", model, last)), func() {
			body(m, b.Sub(b.Cast(staged.TU64, model), staged.Int(staged.TU64, int64(m.lo)+1)))
		}, nil)
	}
}

// gathered are a family's inputs in a block of rows that lie at places of the outer one.
func (f *fn) gathered(m *family, blk *staged.Block, places *staged.Node) modelInputs {
	in := modelInputs{arrays: map[int]Value{}}
	for i, elements := range m.inputs.elements {
		gathered := make([]*staged.Node, len(elements))
		if v, ok := m.inputs.arrays[i]; ok {
			v.N, v.Valid = f.gather(v.N, blk, places), nil
			in.arrays[i] = v
		} else {
			for k, n := range elements {
				gathered[k] = f.gather(n, blk, places)
			}
		}
		in.elements = append(in.elements, gathered)
	}
	if m.inputs.valid != nil {
		in.valid = f.gather(m.inputs.valid, blk, places)
	}
	return in
}

// chosenModel computes a family's member for rows of a block, which lie at places of the outer one; nil stands for their own.
func (f *fn) chosenModel(m *family, member *staged.Node, r *row, places *staged.Node, c *physical.PredictCall, used []logical.ChosenOutput) []Value {
	b, first := f.b, m.first()
	in := m.inputs
	if places != nil {
		in = f.gathered(m, r.blk, places)
	}
	r = r.with(b.And(r.sel, in.valid))
	base := b.Add(b.Mul(member, staged.Int(staged.TU64, int64(len(first.constants)))), staged.Int(staged.TU64, int64(m.blobs)))
	blobs := b.Fixed(f.query(), "blobs", staged.TU8.Ptr().Ptr())
	k := -1
	data := &modelData{b, first.version, func(Blob) *staged.Node { k++; return constantOf(b, blobs, base, k) },
		f.siteOf(m.name(), c.Pos)}
	outs, err := lower.Lower(b, r.blk, r.sel, first.graph, in.elements, data,
		f.chosenOptions(first, f.wholes(r, in.arrays, first.model, first.version, c.Pos)))
	if err != nil {
		fail(sqlstate.Of(err).At(c.Pos))
	}
	results := map[int]lower.Result{}
	for k, is := range first.used() {
		if is {
			results[k], outs = outs[0], outs[1:]
		}
	}
	values := make([]Value, len(used))
	for i, o := range used {
		k := first.outputs[i]
		values[i] = f.chosenOutput(r, modelOutput(first.version.Outputs[k], results[k], in.valid), first.model.Outputs[k].Type, o.Typ, c.Pos)
	}
	return values
}

// chosenOutput brings a model's output, which RETURNS may declare, to the type of the call's.
func (f *fn) chosenOutput(r *row, v Value, declared, wanted sqltype.Type, pos int) Value {
	for _, t := range []sqltype.Type{declared, wanted} {
		if v.Type != t {
			v = f.cast(r, v, t, true, pos)
		}
	}
	if v = f.lanes(r, v); wanted.Kind == sqltype.Array {
		v = f.packed(r, v)
	} else if v.Rep == RInt {
		v.N = f.b.Cvt(chosen(wanted, f.b, r.blk).N.Type, v.N)
	}
	return v
}

func laneKernel(what string, t *staged.Type) string {
	if t == staged.TMask {
		return "flk_" + what + "_m"
	}
	return fmt.Sprintf("flk_%s_%d", what, t.Size())
}

// gather is lanes of another block at places, as those of a block.
func (f *fn) gather(n *staged.Node, blk *staged.Block, places *staged.Node) *staged.Node {
	out := f.b.Scratch(blk, n.Type, "gathered")
	f.b.Call(staged.TVoid, laneKernel("gather", n.Type), f.b.Array(out), f.b.Array(n), places, blk.N)
	return out
}

// scatter puts the lanes of a block to their places of another.
func (f *fn) scatter(to, n, places *staged.Node, blk *staged.Block) {
	f.b.Call(staged.TVoid, laneKernel("scatter", n.Type), f.b.Array(to), f.b.Array(n), places, blk.N)
}
