package interp

import (
	"math"
	"math/big"
	"math/rand"
	"slices"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
)

// TestFMA32 compares with exact arithmetic, also where a sum in float64 and its rounding to float32 would round twice.
func TestFMA32(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	random := func() float32 {
		bits := r.Uint32()&0x807fffff | uint32(96+r.Intn(64))<<23
		if r.Intn(4) == 0 { // few digits, so that ties happen
			bits &^= 0xffff
		}
		return math.Float32frombits(bits)
	}
	exact := func(x float32) *big.Float { return new(big.Float).SetPrec(2000).SetFloat64(float64(x)) }
	for range 200000 {
		a, b, c := random(), random(), random()
		sum := new(big.Float).SetPrec(2000).Mul(exact(a), exact(b))
		want, _ := sum.Add(sum, exact(c)).Float32()
		if got := fma32(a, b, c); got != want {
			t.Fatalf("fma(%g, %g, %g) = %g, want %g", a, b, c, got, want)
		}
	}
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	if fma32(inf, 1, -1) != inf || fma32(2, 3, inf) != inf || !math.IsNaN(float64(fma32(nan, 1, 1))) || fma32(1, 1, -1) != 0 {
		t.Error("special values")
	}
}

// TestDenseOrder tells the order of accumulation, and the two roundings, by a case where they differ.
func TestDenseOrder(t *testing.T) {
	op := &graph.Dense{W: graph.FloatsOf(graph.F32, []float64{1, 1, 1}, 3, 1), B: graph.F32Of(1e8)}
	x := graph.F32Of(3, 3, -1e8)
	if got := eval(t, op, x).F32[0]; got != 0 {
		t.Errorf("got %v: the bias does not come first, then inputs in ascending order", got)
	}
	eps := float32(math.Exp2(-12))
	op = &graph.Dense{W: graph.FloatsOf(graph.F32, []float64{float64(1 + eps)}, 1, 1), B: graph.F32Of(-1 - 2*eps)}
	out := graph.NewTensor(graph.F32, 1)
	for fma, want := range map[bool]float32{false: 0, true: eps * eps} {
		dense(op, out, graph.F32Of(1+eps), Options{FMA: fma})
		if out.F32[0] != want {
			t.Errorf("fma %v: got %v, want %v", fma, out.F32[0], want)
		}
	}
}

func eval(t *testing.T, op graph.Op, args ...*graph.Tensor) *graph.Tensor {
	t.Helper()
	types := make([]graph.Type, len(args))
	for i, a := range args {
		types[i] = a.Type
	}
	typ, err := op.Infer(types)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Eval(op, typ, args, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEval(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	f32 := func(v ...float64) *graph.Tensor { return graph.FloatsOf(graph.F32, v, len(v)) }
	f64 := func(v ...float64) *graph.Tensor { return graph.FloatsOf(graph.F64, v, len(v)) }
	bools := func(v ...bool) *graph.Tensor {
		return &graph.Tensor{Type: graph.Of(graph.Bool, len(v)), Bool: v}
	}
	i32 := func(v ...int32) *graph.Tensor { return &graph.Tensor{Type: graph.Of(graph.I32, len(v)), I32: v} }
	for _, c := range []struct {
		name string
		op   graph.Op
		args []*graph.Tensor
		want *graph.Tensor
	}{
		{"relu", &graph.Unary{Fn: graph.Relu}, []*graph.Tensor{f32(-1, 0, 2, inf)}, f32(0, 0, 2, inf)},
		{"sigmoid at the ends", &graph.Unary{Fn: graph.Sigmoid}, []*graph.Tensor{f32(-inf, 0, inf)}, f32(0, 0.5, 1)},
		{"softplus at the ends", &graph.Unary{Fn: graph.Softplus}, []*graph.Tensor{f64(-inf, 1000)}, f64(0, 1000)},
		{"round", &graph.Unary{Fn: graph.Round}, []*graph.Tensor{f32(0.5, 1.5, -2.5)}, f32(0, 2, -2)},
		{"neg wraps", &graph.Unary{Fn: graph.Neg}, []*graph.Tensor{graph.I64Of(math.MinInt64, 3)}, graph.I64Of(math.MinInt64, -3)},
		{"abs of integers", &graph.Unary{Fn: graph.Abs}, []*graph.Tensor{i32(-4, 4, 0)}, i32(4, 4, 0)},
		{"min of NaN", &graph.Binary{Fn: graph.Min}, []*graph.Tensor{f32(nan, 1, 1), f32(1, nan, 2)}, f32(nan, nan, 1)},
		{"max of NaN", &graph.Binary{Fn: graph.Max}, []*graph.Tensor{f32(nan, 1, 1), f32(1, nan, 2)}, f32(nan, nan, 2)},
		{"integer division", &graph.Binary{Fn: graph.Div}, []*graph.Tensor{graph.I64Of(-7, 7), graph.I64Of(2)}, graph.I64Of(-3, 3)},
		{"least by -1", &graph.Binary{Fn: graph.Div}, []*graph.Tensor{graph.I64Of(math.MinInt64), graph.I64Of(-1)}, graph.I64Of(math.MinInt64)},
		{"mod", &graph.Binary{Fn: graph.Mod}, []*graph.Tensor{graph.I64Of(-7, 7, -7, 7, -6, math.MinInt64), graph.I64Of(3, -3, -3, 3, 3, -1)}, graph.I64Of(2, -2, -1, 1, 0, 0)},
		{"rem", &graph.Binary{Fn: graph.Rem}, []*graph.Tensor{i32(-7, 7, -7, 7, math.MinInt32), i32(3, -3, -3, 3, -1)}, i32(-1, 1, -1, 1, 0)},
		{"rem of floats", &graph.Binary{Fn: graph.Rem}, []*graph.Tensor{f32(-7.5, 7.5, inf, 5, 5), f32(2, -2, 2, 0, inf)}, f32(-1.5, 1.5, nan, nan, 5)},
		{"add wraps", &graph.Binary{Fn: graph.Add}, []*graph.Tensor{i32(math.MaxInt32), i32(1)}, i32(math.MinInt32)},
		{"broadcast", &graph.Binary{Fn: graph.Sub}, []*graph.Tensor{f32(1, 2).Reshaped(2, 1), f32(10, 20, 30)},
			f32(-9, -19, -29, -8, -18, -28).Reshaped(2, 3)},
		{"where", &graph.Where{}, []*graph.Tensor{bools(true, false), graph.StringsOf("a"), graph.StringsOf("b", "c")}, graph.StringsOf("a", "c")},
		{"comparison with NaN", &graph.Compare{Fn: graph.Ne}, []*graph.Tensor{f32(nan, 1), f32(nan, 1)}, bools(true, false)},
		{"compares large integers", &graph.Compare{Fn: graph.Lt}, []*graph.Tensor{graph.I64Of(1 << 60), graph.I64Of(1<<60 + 1)}, bools(true)},
		{"softmax of large scores", &graph.Softmax{}, []*graph.Tensor{f32(1000, 1000)}, f32(0.5, 0.5)},
		{"argmax of equals", &graph.ArgExtreme{}, []*graph.Tensor{f32(1, 2, 2)}, graph.I64Of(1).Reshaped()},
		{"argmax, last", &graph.ArgExtreme{Last: true}, []*graph.Tensor{f32(1, 2, 2)}, graph.I64Of(2).Reshaped()},
		{"argmin", &graph.ArgExtreme{Min: true}, []*graph.Tensor{i32(5, 4, 4)}, graph.I64Of(1).Reshaped()},
		{"mean", &graph.Reduce{Fn: graph.ReduceMean}, []*graph.Tensor{f32(1, 2, 6, 3, 4, 5).Reshaped(2, 3)}, f32(3, 4)},
		{"prod", &graph.Reduce{Fn: graph.ReduceProd}, []*graph.Tensor{graph.I64Of(2, 3, 4)}, graph.I64Of(24).Reshaped()},
		{"normalize zeros", &graph.Normalize{Norm: graph.L2}, []*graph.Tensor{f32(0, 0)}, f32(0, 0)},
		{"normalize by highest", &graph.Normalize{Norm: graph.Highest}, []*graph.Tensor{f32(-8, 4)}, f32(-2, 1)},
		{"cast to integer", &graph.Cast{To: graph.I64}, []*graph.Tensor{f32(1.9, -1.9, nan, inf, -inf, 9.3e18)},
			graph.I64Of(1, -1, math.MinInt64, math.MinInt64, math.MinInt64, math.MinInt64)},
		{"cast to i32", &graph.Cast{To: graph.I32}, []*graph.Tensor{f64(2147483647.9, 2147483648, -2147483648.9)}, i32(math.MaxInt32, math.MinInt32, math.MinInt32)},
		{"cast to bool", &graph.Cast{To: graph.Bool}, []*graph.Tensor{f32(0, -0.5, nan)}, bools(false, true, true)},
		{"cast rounds once", &graph.Cast{To: graph.F32}, []*graph.Tensor{graph.I64Of(1<<24+1, 1<<60+1<<36+1)}, &graph.Tensor{Type: graph.Of(graph.F32, 2), F32: []float32{1 << 24, 1<<60 + 1<<37}}},
		{"map", &graph.Map{Keys: f32(1, nan), Values: graph.I64Of(7, 8), Default: graph.Scalar(graph.I64, -1)}, []*graph.Tensor{f32(nan, 1, 2)}, graph.I64Of(8, 7, -1)},
		{"pick", &graph.Pick{Index: []int32{2, 2, 0}, Dims: []int{3, 1}}, []*graph.Tensor{f32(5, 6, 7)}, f32(7, 7, 5).Reshaped(3, 1)},
		{"concat", &graph.Concat{}, []*graph.Tensor{f32(1, 2).Reshaped(2, 1), f32(3).Reshaped()}, f32(1, 2, 3)},
	} {
		got := eval(t, c.op, c.args...)
		same := got.Type.Equal(c.want.Type)
		for i := 0; same && i < got.Size(); i++ {
			if got.Elem == graph.String {
				same = got.Str[i] == c.want.Str[i]
				continue
			}
			x, y := got.Float(i), c.want.Float(i)
			same = x == y || math.IsNaN(x) && math.IsNaN(y)
		}
		if !same {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}

// TestTrees sends features by every test into a leaf of 1 (yes) or 2 (no), and combines trees that miss a target.
func TestTrees(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		n       graph.TreeNode
		yes, no []float64
	}{
		{graph.TreeNode{Test: graph.TestLe, Threshold: 2}, []float64{2, -inf}, []float64{3, inf, nan}},
		{graph.TreeNode{Test: graph.TestLt, Threshold: 2}, []float64{1}, []float64{2, nan}},
		{graph.TreeNode{Test: graph.TestGe, Threshold: 2, MissingYes: true}, []float64{2, nan}, []float64{1}},
		{graph.TreeNode{Test: graph.TestGt, Threshold: 2}, []float64{3}, []float64{2, nan}},
		{graph.TreeNode{Test: graph.TestEq, Threshold: 2}, []float64{2}, []float64{1, nan}},
		{graph.TreeNode{Test: graph.TestNe, Threshold: 2}, []float64{1}, []float64{2, nan}},
		{graph.TreeNode{Test: graph.TestNe, Threshold: 2, MissingYes: true}, []float64{1, nan}, []float64{2}},
		{graph.TreeNode{Test: graph.TestIn, Set: []uint64{1<<0 | 1<<3, 1 << 1}}, []float64{0, -0.5, 0.5, 3.9, 65}, []float64{-1, 1, 4, 64, 128, 1e30, -inf, inf, nan}},
	} {
		c.n.Yes, c.n.No = ^0, ^1
		op := &graph.TreeEnsemble{Features: 1, Targets: 1, Roots: []int32{0}, Nodes: []graph.TreeNode{c.n}, Leaves: []int32{0, 1, 2},
			Values: []graph.LeafValue{{Weight: 1}, {Weight: 2}}, Base: []float64{0}, Out: graph.F32}
		for i, xs := range [][]float64{c.yes, c.no} {
			for _, x := range xs {
				if got := eval(t, op, graph.F32Of(float32(x))).F32[0]; got != float32(i+1) {
					t.Errorf("%s: %v goes to leaf %v", c.n.Test, x, got)
				}
			}
		}
	}
	op := &graph.TreeEnsemble{Features: 1, Targets: 3, Roots: []int32{^0, ^1}, Leaves: []int32{0, 2, 3},
		Values: []graph.LeafValue{{Weight: 1}, {Target: 1, Weight: 5}, {Weight: 4}}, Base: []float64{0.5, 0, 7}, Out: graph.F64}
	for combine, want := range map[graph.TreeCombine][]float64{graph.TreeSum: {5.5, 5, 7}, graph.TreeMean: {3, 2.5, 7},
		graph.TreeMin: {1.5, 5, 7}, graph.TreeMax: {4.5, 5, 7}} {
		op.Combine = combine
		if got := eval(t, op, graph.F32Of(0)).F64; !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", combine, got, want)
		}
	}
}

func TestEvalErrors(t *testing.T) {
	div := &graph.Binary{Fn: graph.Div}
	if _, err := Eval(div, graph.Of(graph.I64, 1), []*graph.Tensor{graph.I64Of(1), graph.I64Of(0)}, Options{}); err == nil {
		t.Error("division by zero passes")
	}
	look := &graph.Lookup{Table: graph.F32Of(1, 2)}
	for _, i := range []int64{-1, 2} {
		if _, err := Eval(look, graph.Of(graph.F32, 1), []*graph.Tensor{graph.I64Of(i)}, Options{}); err == nil {
			t.Errorf("index %d passes", i)
		}
	}
	g := graph.New("g")
	x, _ := g.Input("x", graph.Of(graph.F32, 2))
	g.Output("y", x)
	for _, in := range [][]*graph.Tensor{nil, {graph.F32Of(1)}, {graph.I64Of(1, 2)}} {
		if _, err := Run(g, in, Options{}); err == nil {
			t.Errorf("inputs %v pass", in)
		}
	}
}
