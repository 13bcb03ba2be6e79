package translate

import (
	"fmt"

	"github.com/flernd/flernd/internal/compile/staged"
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/lower"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// codedInput is a model's input that codes of a dictionary bring.
type codedInput struct {
	index int
	Value
}

// What is remembered of a string: so many elements at most, and so many bytes of all strings.
const (
	mostRemembered      = 256
	mostRememberedBytes = 64 << 20
)

// remembered takes out of a model what depends on one coded text alone: that is computed once for each string that a selected row
// brings, when it is first met, and kept in tables of the run; rows look it up by their codes. It returns what is left of the model,
// whose last inputs are the values looked up.
func (f *fn) remembered(r *row, rows *staged.Node, version *registry.Version, g *graph.Graph, inputs [][]*staged.Node, in codedInput, site func(string) int) (*graph.Graph, [][]*staged.Node) {
	if f.prep == nil {
		return g, inputs
	}
	alone, rest := g.Alone(in.index, int(min(mostRemembered, mostRememberedBytes/8/(in.Dict.count+1))))
	if alone == nil {
		return g, inputs
	}
	b := f.b
	limit := b.Cast(staged.TU32, b.Fixed(f.dict(in.Dict), "count", staged.TU64))
	states := f.codeTable(in.Dict, staged.TU32)
	list := b.Run(r.blk, "flk_new_codes_"+in.N.Type.Suffix(), staged.Site{Rows: rows}, states, limit, in.N)
	count := b.Index(b.Array(list[1]), staged.Int(staged.TU64, 0)).Named("new_codes")
	tables := make([][]*staged.Node, len(alone.Outputs))
	for i, o := range alone.Outputs {
		for range o.Value.Type.Size() {
			tables[i] = append(tables[i], f.codeTable(in.Dict, rememberedType(o.Value.Type.Elem)))
		}
	}
	b.If(b.Cmp("ne", count, staged.Int(staged.TU32, 0)), func() {
		blk := b.NewBlock(count)
		codes := b.Load(blk, b.Array(list[0]))
		text := b.Run(blk, "flk_dict_str_u32", staged.Site{Rows: blk.Head}, f.dict(in.Dict), codes)[0]
		opt := lower.Options{Arrays: f.t.opts.Arrays, BF16: version.Options.BF16(), Outputs: make([]uint32, len(alone.Outputs))}
		outs, err := lower.Lower(b, blk, blk.Head, alone, [][]*staged.Node{{text}}, &modelData{b, version, f.constantBlob, site}, opt)
		if err != nil {
			fail(sqlstate.Of(err))
		}
		for i, elems := range outs {
			for k, n := range elems.Elems {
				t := laneOf(alone.Outputs[i].Value.Type.Elem)
				b.Run(blk, "flk_remember_"+t.Suffix(), staged.Site{}, tables[i][k], b.Array(codes), b.Cvt(t, n))
			}
		}
		b.Run(blk, "flk_remembered", staged.Site{}, states, b.Array(codes), blk.N)
	}, nil)
	for i, list := range tables {
		t := laneOf(alone.Outputs[i].Value.Type.Elem)
		elems := make([]*staged.Node, len(list))
		for k, table := range list {
			elems[k] = b.Lut(t, table, limit, in.N)
		}
		inputs = append(inputs, elems)
	}
	return rest, inputs
}

// laneOf is the lanes that elements are remembered as.
func laneOf(e graph.Elem) *staged.Type {
	switch {
	case e.Held() == graph.F32:
		return staged.TF32
	case e == graph.F64:
		return staged.TF64
	case e == graph.Bool:
		return staged.TMask
	}
	return staged.TI64
}

// rememberedType is the elements of a table: bools are bytes.
func rememberedType(e graph.Elem) *staged.Type {
	if e == graph.Bool {
		return staged.TU8
	}
	return laneOf(e)
}

// codeTable makes prepare() lay out a table with an element for each string of a dictionary, and is its address: zeros at first.
func (f *fn) codeTable(d *dictRef, t *staged.Type) *staged.Node {
	g := f.prep
	field := fmt.Sprintf("codes_%d", len(f.t.state.Fields))
	count := g.b.Pure(staged.TU64, "fl_max_u64", g.b.Fixed(g.dict(d), "count", staged.TU64), staged.Int(staged.TU64, 256))
	bytes := g.b.Mul(count, staged.Int(staged.TU64, int64(t.Size())))
	f.t.stateField(field, t.Ptr())
	g.b.Put(g.state, field, g.b.Cast(t.Ptr(), g.b.Call(staged.TVoid.Ptr(), "fl_alloc", g.w, bytes)))
	return f.b.Fixed(f.state, field, t.Ptr())
}
