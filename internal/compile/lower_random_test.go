package compile

import (
	"flag"
	"fmt"
	"iter"
	"math"
	"math/rand"
	"os"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/lower"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// edge are the values of each element type that arithmetic, casts and searches are most likely to get wrong.
var edge = map[graph.Elem]*graph.Tensor{
	graph.I32:    {I32: []int32{0, 1, -1, 2, -7, 10, 46341, 65536, math.MaxInt32, math.MinInt32, math.MinInt32 + 1}},
	graph.I64:    {I64: []int64{0, 1, -1, 3, -7, 1 << 31, -1<<31 - 1, 1<<32 + 5, 3037000500, math.MaxInt64, math.MinInt64}},
	graph.F32:    {F32: []float32{0, float32(math.Copysign(0, -1)), 0.5, -2.5, 3, 3e9, -1e30, 1 << 24, 1e-40, -math.SmallestNonzeroFloat32, math.MaxFloat32, 16777217.5, float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))}},
	graph.F64:    {F64: []float64{0, math.Copysign(0, -1), 1.5, -2.5, 2147483647.5, -2147483648.5, 9.3e18, -1e300, 1e-310, -math.SmallestNonzeroFloat64, math.MaxFloat64, -9223372036854775808, math.NaN(), math.Inf(1), math.Inf(-1)}},
	graph.Bool:   {Bool: []bool{false, true}},
	graph.String: {Str: []string{"", "a", "ab", "b", "é", "zz"}},
}

var elems = []graph.Elem{graph.I32, graph.I64, graph.F32, graph.F64, graph.Bool, graph.String}

// narrow are the types that only casts give.
var narrow = []graph.Elem{graph.F16, graph.BF16, graph.I8, graph.I16, graph.U8, graph.U16, graph.U32, graph.U64, graph.F8E4M3FN, graph.F8E4M3FNUZ,
	graph.F8E5M2, graph.F8E5M2FNUZ, graph.F8E8M0, graph.F4E2M1, graph.I2, graph.I4, graph.U2, graph.U4}

var models = flag.Int("models", 12, "random models")

// modelSeeds are those of n random models, or of more where the long tests run, and the tier of each.
func modelSeeds(n int) iter.Seq2[int64, string] {
	return func(yield func(int64, string) bool) {
		if os.Getenv("FLERND_SLOW") != "" {
			n *= 20
		}
		for i := range int64(n) {
			tier := "fast"
			if i%4 == 0 {
				tier = "best"
			}
			if !yield(*seed-1+i, tier) {
				return
			}
		}
	}
}

// TestRandomModels compares compiled models of random operators with the interpreter, over edge values, to the bit (but for
// which NaN it is). All operators used have one right result. -seed and -models choose others, and more.
func TestRandomModels(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	for seed, tier := range modelSeeds(*models) {
		d.opt.Tier = tier
		d.opt.arrays = seed%2 == 1 || seed%8 == 4
		t.Run(fmt.Sprintf("%d %s", seed, d.opt.Tier), func(t *testing.T) {
			m := &randomModel{t: t, r: rand.New(rand.NewSource(seed)), g: graph.New("m")}
			v := m.version()
			if err := lower.Check(v.Graph); err != nil {
				t.Fatal(err)
			}
			d.models["m"] = sqlModel(v, uint64(len(d.models)+1))
			rows := make([][]*graph.Tensor, 40)
			for i := range rows {
				for _, in := range v.Graph.Inputs {
					rows[i] = append(rows[i], m.some(in.Type.Elem, in.Type.Dims...))
				}
			}
			got, _, err := d.run(predictQuery(v, rows), "")
			if err != nil {
				t.Fatalf("%v\n%s", err, v.Graph)
			}
			for i, inputs := range rows {
				want, err := interp.Run(v.Graph, inputs, interp.Options{})
				if err != nil {
					t.Fatal(err)
				}
				for k, w := range want {
					x, err := parseTensor(w.Type, got[i][k])
					if err != nil {
						t.Fatal(err)
					}
					if a, b := exactText(x), exactText(w); a != b {
						t.Fatalf("%%%d: %s, want %s\n%s", v.Outputs[k].Value.ID, a, b, v.Graph)
					}
				}
			}
		})
	}
}

func exactText(t *graph.Tensor) string {
	return fmt.Sprint(t.F32, t.F64, t.I64, t.I32, t.Bool, t.Str)
}

type randomModel struct {
	t *testing.T
	r *rand.Rand
	g *graph.Graph
}

// version is a model with vectors of all types as inputs, and every value it computes as an output.
func (m *randomModel) version() *registry.Version {
	v := &registry.Version{Name: "m", Version: 1, Graph: m.g}
	const size = 3
	kinds := map[graph.Elem]sqltype.Kind{graph.F32: sqltype.Float4, graph.F64: sqltype.Float8, graph.I64: sqltype.Int8,
		graph.I32: sqltype.Int4, graph.Bool: sqltype.Bool, graph.String: sqltype.Text}
	for _, e := range narrow {
		kinds[e] = kinds[e.Held()]
	}
	for i, e := range elems {
		if _, err := m.g.Input(e.String(), graph.Of(e, size)); err != nil {
			m.t.Fatal(err)
		}
		for k := range size {
			v.Inputs = append(v.Inputs, registry.Argument{Name: fmt.Sprintf("%s%d", e, k), Type: sqltype.Of(kinds[e]), Input: i, Element: k})
		}
	}
	for len(v.Outputs) < 40 {
		x := m.operator()
		if x == nil {
			continue
		}
		name := fmt.Sprintf("v%d", x.ID)
		m.g.Output(name, x)
		out := registry.Output{Name: name, Type: sqltype.Of(kinds[x.Type.Elem]), Value: x}
		if x.Type.Size() > 1 {
			out.Type = sqltype.ArrayOf(kinds[x.Type.Elem], x.Type.Size())
		}
		v.Outputs = append(v.Outputs, out)
	}
	return v
}

// some is a tensor of edge values.
func (m *randomModel) some(e graph.Elem, dims ...int) *graph.Tensor {
	t := graph.NewTensor(e, dims...)
	if e.IsNarrow() {
		for i := range t.Size() {
			t.SetFloat(i, float64(m.r.Intn(100)))
		}
		return t
	}
	n := len(edge[e].I32) + len(edge[e].I64) + len(edge[e].F32) + len(edge[e].F64) + len(edge[e].Bool) + len(edge[e].Str)
	for i := range t.Size() {
		t.CopyElem(i, &graph.Tensor{Type: graph.Of(e, n), I32: edge[e].I32, I64: edge[e].I64, F32: edge[e].F32, F64: edge[e].F64,
			Bool: edge[e].Bool, Str: edge[e].Str}, m.r.Intn(n))
	}
	return t
}

// operator adds an operator over what is there, nil where the arguments do not fit.
func (m *randomModel) operator() *graph.Value {
	x, y := m.value(), m.value()
	args := []*graph.Value{x}
	var op graph.Op
	switch m.r.Intn(14) {
	case 0, 1:
		fn := []graph.BinaryFn{graph.Add, graph.Sub, graph.Mul, graph.Min, graph.Max, graph.Div, graph.Mod, graph.Rem, graph.And, graph.Or, graph.Xor}[m.r.Intn(11)]
		if op = (&graph.Binary{Fn: fn}); fn.Divides() && x.Type.Elem.IsInt() {
			y = m.divisor(x.Type.Elem)
		}
		args = append(args, y)
	case 2:
		op, args = &graph.Compare{Fn: graph.CompareFn(m.r.Intn(6))}, append(args, y)
	case 3:
		fns := []graph.UnaryFn{graph.Abs, graph.Neg, graph.Sign, graph.Floor, graph.Ceil, graph.Round, graph.Sqrt, graph.Relu, graph.IsNaN, graph.Not}
		op = &graph.Unary{Fn: fns[m.r.Intn(len(fns))]}
	case 4:
		op = &graph.Cast{To: elems[m.r.Intn(len(elems)-1)]}
		if m.r.Intn(3) == 0 {
			op = &graph.Cast{To: narrow[m.r.Intn(len(narrow))]}
		} else if m.r.Intn(4) == 0 {
			op = &graph.BitCast{To: []graph.Elem{graph.F32, graph.F64}[m.r.Intn(2)]} // not back: which NaN it is may differ
		}
	case 5:
		op, args = &graph.Where{}, []*graph.Value{x, y, m.value()}
	case 6:
		to := elems[m.r.Intn(len(elems))]
		n := 1 + m.r.Intn(8)
		if x.Type.Elem == graph.Bool || to == graph.Bool {
			return nil
		}
		op = graph.NewMap(m.some(x.Type.Elem, n), m.some(to, n), m.some(to))
	case 7:
		op = &graph.Reduce{Fn: []graph.ReduceFn{graph.ReduceSum, graph.ReduceProd, graph.ReduceMax, graph.ReduceMin}[m.r.Intn(4)]}
	case 8:
		index, err := m.g.Add(&graph.ArgExtreme{Min: m.r.Intn(2) == 0, Last: m.r.Intn(2) == 0}, x)
		if err != nil {
			return nil
		}
		op, args = &graph.Lookup{Table: m.some(elems[m.r.Intn(4)], x.Type.Last())}, []*graph.Value{index}
	case 9:
		op = &graph.TopK{K: 1 + m.r.Intn(max(1, x.Type.Last())), Min: m.r.Intn(2) == 0, Indices: m.r.Intn(2) == 0}
	case 10:
		op = &graph.Normalize{Norm: graph.Norm(m.r.Intn(3))}
	case 11:
		if x.Type.Size()+y.Type.Size() > 12 {
			return nil
		}
		op, args = &graph.Concat{}, append(args, y)
	case 12:
		dims := [][]int{{}, {3}, {1, 3}, {3, 1}, {2, 3}, {1}}[m.r.Intn(6)]
		index := make([]int32, graph.Of(graph.I64, dims...).Size())
		for i := range index {
			index[i] = int32(m.r.Intn(x.Type.Size()))
		}
		op = &graph.Pick{Index: index, Dims: dims}
	case 13:
		op = &graph.Binary{Fn: []graph.BinaryFn{graph.BitAnd, graph.BitOr, graph.BitXor, graph.ShiftLeft, graph.ShiftRight}[m.r.Intn(5)]}
		args = append(args, y)
	}
	v, err := m.g.Add(op, args...)
	if err != nil {
		return nil
	}
	return v
}

func (m *randomModel) value() *graph.Value {
	if m.r.Intn(8) == 0 {
		return m.constant(m.some(elems[m.r.Intn(len(elems))], 3))
	}
	return m.g.Values[m.r.Intn(len(m.g.Values))]
}

func (m *randomModel) divisor(e graph.Elem) *graph.Value {
	t := m.some(e, 3)
	for i := range t.Size() {
		if t.Int(i) == 0 {
			t.SetFloat(i, -1)
		}
	}
	return m.constant(t)
}

func (m *randomModel) constant(t *graph.Tensor) *graph.Value {
	v, err := m.g.Constant(t)
	if err != nil {
		m.t.Fatal(err)
	}
	return v
}
