package compile

import (
	"context"
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"github.com/flernd/flernd/internal/compile/crt"
	"github.com/flernd/flernd/internal/compile/exec"
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/ml/rewrite"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// TestRandomArrays compares models of random operators over tensors of several axes with the interpreter, to the bit (but for
// which NaN it is), on every instruction set, of some rows only; with products of bf16, too, where no number is an edge: the instruction
// takes what is below normal numbers for zeros.
func TestRandomArrays(t *testing.T) {
	for _, isa := range crt.ISAs {
		if _, err := exec.DetectISA(isa); err != nil {
			continue
		}
		d := openDatabase(t, Options{Threads: 2, ISA: isa})
		d.opt.arrays = true
		for seed, tier := range modelSeeds((*models + 2) / 3) {
			d.opt.Tier = tier
			t.Run(fmt.Sprintf("%s %d %s", isa, seed, d.opt.Tier), func(t *testing.T) {
				m := &arrayModel{randomModel{t: t, r: rand.New(rand.NewSource(seed)), g: graph.New("m")}, seed%2 == 1}
				v := m.version()
				m.compare(d, v)
				if !m.edges {
					v.Options.Precision = registry.PrecisionBF16
					m.compare(d, v)
				}
			})
		}
	}
}

// arrayModel is a model of one input vector, of which tensors are made.
type arrayModel struct {
	randomModel
	edges bool // values are now and then of those in edge
}

func (m *arrayModel) compare(d *database, v *registry.Version) {
	rounding := d.rounding()
	rounding.BF16 = v.Options.BF16()
	d.models["m"] = sqlModel(v, uint64(len(d.models)+1))
	rows := make([][]*graph.Tensor, 40)
	for i := range rows {
		rows[i] = []*graph.Tensor{m.floats(arrayInputs)}
	}
	got, _, err := d.run(predictQuery(v, rows)+" WHERE c0 > -1.5", "")
	if err != nil {
		m.t.Fatalf("%v\n%s", err, v.Graph)
	}
	rows = slices.DeleteFunc(rows, func(row []*graph.Tensor) bool { return !(row[0].F32[0] > -1.5 || row[0].F32[0] != row[0].F32[0]) }) // NaN is the greatest in SQL
	if len(got) != len(rows) {
		m.t.Fatalf("%d rows, want %d", len(got), len(rows))
	}
	for i, inputs := range rows {
		want, err := interp.Run(v.Graph, inputs, rounding)
		if err != nil {
			m.t.Fatal(err)
		}
		for k, w := range want {
			x, err := parseTensor(w.Type, got[i][k])
			if err != nil {
				m.t.Fatal(err)
			}
			if a, b := exactText(x), exactText(w); a != b {
				m.t.Fatalf("row %d, %%%d: %s, want %s\n%s", i, v.Outputs[k].Value.ID, a, b, v.Graph)
			}
		}
	}
}

const (
	arrayInputs = 37
	arrayOutput = 60 // elements of a value that is an output
)

// floats is a vector of small numbers, zeros among them.
func (m *arrayModel) floats(dims ...int) *graph.Tensor {
	t := graph.NewTensor(graph.F32, dims...)
	for i := range t.F32 {
		t.F32[i] = float32(m.r.Intn(9)-4) * float32(m.r.Intn(1000)) / 1000
		if m.edges && m.r.Intn(40) == 0 {
			t.F32[i] = edge[graph.F32].F32[m.r.Intn(len(edge[graph.F32].F32))]
		}
	}
	return t
}

// version is a model whose small values are outputs.
func (m *arrayModel) version() *registry.Version {
	v := &registry.Version{Name: "m", Version: 1, Graph: m.g}
	x, err := m.g.Input("x", graph.Of(graph.F32, arrayInputs))
	if err != nil {
		m.t.Fatal(err)
	}
	for k := range arrayInputs {
		v.Inputs = append(v.Inputs, registry.Argument{Name: fmt.Sprintf("x%d", k), Type: sqltype.Of(sqltype.Float4), Element: k})
	}
	// Tensors of several shapes to begin with, larger than the input.
	for range 4 {
		m.pick(x, m.dims(2+m.r.Intn(3))...)
	}
	for len(v.Outputs) < 20 {
		x := m.arrayOperator()
		if x == nil {
			continue
		}
		o := registry.Output{Name: fmt.Sprintf("v%d", x.ID), Type: sqltype.Of(map[graph.Elem]sqltype.Kind{graph.F32: sqltype.Float4,
			graph.I64: sqltype.Int8, graph.Bool: sqltype.Bool}[x.Type.Elem]), Value: x}
		switch size := x.Type.Size(); {
		case size > arrayOutput:
			continue
		case size > 1:
			o.Type = sqltype.ArrayOf(o.Type.Kind, size)
		}
		m.g.Output(o.Name, x)
		v.Outputs = append(v.Outputs, o)
	}
	if v.Graph, err = rewrite.Normalize(context.Background(), m.g); err != nil {
		m.t.Fatal(err)
	}
	for i := range v.Outputs {
		v.Outputs[i].Value = v.Graph.Outputs[i].Value
	}
	return v
}

func (m *arrayModel) dims(n int) []int {
	dims := make([]int, n)
	for i := range dims {
		dims[i] = 1 + m.r.Intn(6)
	}
	return dims
}

func (m *arrayModel) pick(x *graph.Value, dims ...int) *graph.Value {
	index := make([]int32, graph.Of(graph.F32, dims...).Size())
	step := m.r.Intn(3)
	for i := range index {
		index[i] = int32(i*step) % int32(x.Type.Size())
	}
	return m.add(&graph.Pick{Index: index, Dims: dims}, x)
}

func (m *arrayModel) add(op graph.Op, args ...*graph.Value) *graph.Value {
	v, err := m.g.Add(op, args...)
	if err != nil || v.Type.Size() > 5000 {
		return nil
	}
	return v
}

// arrayOperator adds an operator whose result is exact, nil where the arguments do not fit.
func (m *arrayModel) arrayOperator() *graph.Value {
	x, y := m.g.Values[m.r.Intn(len(m.g.Values))], m.g.Values[m.r.Intn(len(m.g.Values))]
	if m.r.Intn(5) == 0 {
		if c, err := m.g.Constant(m.floats(x.Type.Dims[min(m.r.Intn(3), x.Type.Rank()):]...)); err == nil {
			y = c
		}
	}
	switch m.r.Intn(14) {
	case 0, 1:
		return m.add(&graph.Binary{Fn: []graph.BinaryFn{graph.Add, graph.Sub, graph.Mul, graph.Min, graph.Max}[m.r.Intn(5)]}, x, y)
	case 2:
		return m.add(&graph.Unary{Fn: []graph.UnaryFn{graph.Relu, graph.Abs, graph.Neg, graph.Floor, graph.Sign}[m.r.Intn(5)]}, x)
	case 3:
		c := m.add(&graph.Compare{Fn: graph.CompareFn(m.r.Intn(6))}, x, y)
		if c == nil {
			return nil
		}
		return m.add(&graph.Where{}, c, x, y)
	case 4:
		return m.add(&graph.Reduce{Fn: graph.ReduceFn(m.r.Intn(5))}, x)
	case 5:
		return m.add(&graph.ArgExtreme{Min: m.r.Intn(2) == 0, Last: m.r.Intn(2) == 0}, x)
	case 6:
		return m.transpose(x)
	case 7:
		return m.add(&graph.Concat{}, x, y, x)
	case 8:
		if x.Type.Rank() == 0 || x.Type.Elem != graph.F32 {
			return nil
		}
		n := 1 + m.r.Intn(70)
		return m.add(&graph.Dense{W: m.floats(x.Type.Last(), n), B: m.floats(n)}, x)
	case 9:
		if x.Type.Rank() < 2 || y.Type.Rank() < 2 {
			return nil
		}
		// The right operand's last axes are made to fit.
		dims := slices.Clone(y.Type.Dims)
		dims[len(dims)-2] = x.Type.Last()
		if y = m.pick(y, dims...); y == nil {
			return nil
		}
		return m.add(&graph.MatMul{}, x, y)
	case 10:
		return m.window(x)
	case 11:
		return m.recurrent(x, y)
	case 12:
		if x.Type.Rank() == 0 || x.Type.Elem != graph.F32 {
			return nil
		}
		n := x.Type.Last()
		return m.add(&graph.LayerNorm{Scale: m.floats(n), Shift: m.floats(n), Epsilon: 1e-5}, x)
	}
	index := m.add(&graph.ArgExtreme{}, x)
	if index == nil || y.Type.Rank() == 0 || x.Type.Last() > y.Type.Dims[0] {
		return nil
	}
	return m.add(&graph.Gather{}, y, index)
}

func (m *arrayModel) transpose(x *graph.Value) *graph.Value {
	rank := x.Type.Rank()
	order := m.r.Perm(rank)
	dims := make([]int, rank)
	for i, k := range order {
		dims[i] = x.Type.Dims[k]
	}
	index := make([]int32, x.Type.Size())
	for i := range index {
		rest, at := i, make([]int, rank)
		for k := rank - 1; k >= 0; k-- {
			at[order[k]] = rest % dims[k]
			rest /= dims[k]
		}
		for k, c := range at {
			index[i] = index[i]*int32(x.Type.Dims[k]) + int32(c)
		}
	}
	return m.add(&graph.Pick{Index: index, Dims: dims}, x)
}

// window is a convolution or a pool.
func (m *arrayModel) window(x *graph.Value) *graph.Value {
	n := x.Type.Rank() - 1
	if n < 1 || x.Type.Elem != graph.F32 {
		return nil
	}
	some := func(low, spread int) []int {
		out := make([]int, n)
		for i := range out {
			out[i] = low + m.r.Intn(spread)
		}
		return out
	}
	w := graph.Window{Strides: some(1, 3), Dilations: some(1, 2), Begin: some(0, 3), End: some(0, 3), Ceil: m.r.Intn(2) == 0}
	kernel := some(1, 3)
	if m.r.Intn(2) == 0 {
		return m.add(&graph.Pool{Mean: m.r.Intn(2) == 0, CountPads: m.r.Intn(2) == 0, Kernel: kernel, Window: w}, x)
	}
	channels, group := x.Type.Dims[0], 1
	if m.r.Intn(3) == 0 {
		group = channels
	}
	out := group * (1 + m.r.Intn(20))
	return m.add(&graph.Conv{W: m.floats(append([]int{out, channels / group}, kernel...)...), B: m.floats(out), Group: group, Window: w}, x)
}

// recurrent is a recurrent layer with activations that are exact; what else it has comes from y.
func (m *arrayModel) recurrent(x, y *graph.Value) *graph.Value {
	if x.Type.Rank() < 2 || x.Type.Elem != graph.F32 || y.Type.Elem != graph.F32 {
		return nil
	}
	yes := func() bool { return m.r.Intn(2) == 0 }
	outer, steps, in := x.Type.Dims[:x.Type.Rank()-2], x.Type.Dims[x.Type.Rank()-2], x.Type.Last()
	hidden := 1 + m.r.Intn(20)
	o := &graph.Recurrent{Cell: graph.Cell(m.r.Intn(3)), ResetAfter: yes(), Coupled: yes(), First: yes(), Lens: yes(), States: yes()}
	o.FirstC = o.Cell == graph.LSTM && yes()
	if yes() {
		o.Clip = 1.5
	}
	gates := o.Cell.Gates()
	exact := []graph.SquashFn{graph.SquashRelu, graph.SquashAffine, graph.SquashLeakyRelu, graph.SquashThresholdedRelu, graph.SquashHardSigmoid, graph.SquashSoftsign}
	squash := func() graph.Squash {
		return graph.Squash{Fn: exact[m.r.Intn(len(exact))], Alpha: 0.3, Beta: 0.4}
	}
	for range 1 + m.r.Intn(2) {
		d := graph.Direction{W: m.floats(in, gates*hidden), B: m.floats(gates * hidden), R: m.floats(hidden, gates*hidden), Backward: yes(), F: squash(), G: squash(), K: squash()}
		if o.Cell == graph.GRU {
			d.R, d.N = m.floats(hidden, 2*hidden), m.floats(hidden, hidden)
			if o.ResetAfter {
				d.NB = m.floats(hidden)
			}
		}
		if o.Cell == graph.LSTM && yes() {
			d.P = m.floats(3, hidden)
		}
		o.Directions = append(o.Directions, d)
	}
	args := []*graph.Value{x}
	for _, there := range []bool{o.First, o.FirstC} {
		if there {
			args = append(args, m.pick(y, append(slices.Clone(outer), len(o.Directions), hidden)...))
		}
	}
	if o.Lens {
		args = append(args, m.add(&graph.Cast{To: graph.I32}, m.add(&graph.ArgExtreme{}, m.pick(y, append(slices.Clone(outer), steps)...))))
	}
	return m.add(o, args...)
}
