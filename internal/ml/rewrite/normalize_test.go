package rewrite

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/mltest"
	"github.com/flernd/flernd/internal/ml/onnx"
)

var update = flag.Bool("update", false, "write the goldens of testdata anew")

// TestFixtures normalises every fixture, checks that the interpreter gives the same, and compares with the golden.
func TestFixtures(t *testing.T) {
	for _, f := range mltest.Load(t) {
		t.Run(f.Name, func(t *testing.T) {
			m, err := onnx.Import(f.File)
			if err != nil {
				t.Fatal(err)
			}
			text := m.Graph.String()
			g, err := Normalize(t.Context(), m.Graph)
			if err != nil {
				t.Fatal(err)
			}
			if m.Graph.String() != text {
				t.Error("the original is changed")
			}
			golden(t, filepath.Join("testdata", f.Name+".txt"), g.String())
			checkNormal(t, g)
			again, err := Normalize(t.Context(), g)
			if err != nil || again.String() != g.String() {
				t.Errorf("a second run changes it: %v\n%s", err, again)
			}
			for r := range f.Rows() {
				in := f.Row(t, g, r)
				before, err := interp.Run(m.Graph, in, interp.Options{})
				if err != nil {
					t.Fatal(err)
				}
				after, err := interp.Run(g, in, interp.Options{})
				if err != nil {
					t.Fatal(err)
				}
				for i, o := range g.Outputs {
					if d := near(before[i], after[i]); d != "" {
						t.Errorf("output %q, row %d: %s", o.Name, r, d)
					}
				}
			}
		})
	}
}

// checkNormal checks what the package comment of ml/graph promises of a normalised graph.
func checkNormal(t *testing.T, g *graph.Graph) {
	t.Helper()
	used := map[*graph.Value]bool{}
	for _, o := range g.Outputs {
		used[o.Value] = true
	}
	for i := len(g.Values) - 1; i >= 0; i-- {
		v := g.Values[i]
		if _, input := v.Op.(*graph.Input); !used[v] && !input {
			t.Errorf("%%%d is dead", v.ID)
		}
		constants := 0
		for _, a := range v.Args {
			used[a] = true
			if a.Constant() != nil {
				constants++
			}
		}
		if len(v.Args) > 0 && constants == len(v.Args) {
			t.Errorf("%%%d has only constant arguments", v.ID)
		}
		if b := match[graph.Binary](v); b != nil && b.Fn.Commutes() && v.Args[0].Constant() != nil {
			t.Errorf("%%%d has its constant first", v.ID)
		}
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != got {
		_ = os.WriteFile(path+".actual", []byte(got), 0o644)
		t.Errorf("%s differs from %s.actual (run with -update to accept): %v", path, path, err)
	}
}

// near compares two tensors, floats with a relative tolerance beside the greatest element; "" if they agree.
func near(a, b *graph.Tensor) string {
	x := mltest.Array{Shape: []int{1}, Data: make([]any, a.Size())}
	for i := range x.Data {
		if a.Elem == graph.String {
			x.Data[i] = a.Str[i]
		} else {
			x.Data[i] = a.Float(i)
		}
	}
	return x.Diff(0, b, 1e-5)
}

// build makes a graph over an input x of type t whose output is what make adds.
func build(t *testing.T, in graph.Type, make func(add func(graph.Op, ...*graph.Value) *graph.Value, x *graph.Value) *graph.Value) *graph.Graph {
	t.Helper()
	g := graph.New("t")
	x, err := g.Input("x", in)
	if err != nil {
		t.Fatal(err)
	}
	g.Output("y", make(func(op graph.Op, args ...*graph.Value) *graph.Value {
		v, err := g.Add(op, args...)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}, x))
	return g
}

// TestRules gives each rule a graph it should change, and one it must leave alone.
func TestRules(t *testing.T) {
	type adder = func(graph.Op, ...*graph.Value) *graph.Value
	c := func(add adder, v ...float64) *graph.Value {
		return add(&graph.Constant{Value: graph.FloatsOf(graph.F32, v, len(v))})
	}
	dense := &graph.Dense{W: graph.FloatsOf(graph.F32, []float64{1, 2, 3, 4}, 2, 2), B: graph.F32Of(5, 6)}
	binary := func(fn graph.BinaryFn) graph.Op { return &graph.Binary{Fn: fn} }
	in := graph.Of(graph.F32, 2)
	for name, test := range map[string]struct {
		in   graph.Type
		make func(add adder, x *graph.Value) *graph.Value
		want string // the values after the input, without numbers
	}{
		"fold": {in, func(add adder, x *graph.Value) *graph.Value {
			return add(binary(graph.Add), x, add(binary(graph.Mul), c(add, 2, 3), c(add, 4)))
		}, "constant f32[2]{8 12}; add %0 %1"},
		"noop": {in, func(add adder, x *graph.Value) *graph.Value {
			return add(&graph.Unary{Fn: graph.Exp}, add(binary(graph.Div), add(binary(graph.Sub), x, c(add, 0)), c(add, 1, 1)))
		}, "exp %0"},
		"add zero stays": {in, func(add adder, x *graph.Value) *graph.Value {
			return add(binary(graph.Add), x, c(add, 0))
		}, "constant f32[]{0}; add %0 %1"},
		"square": {in, func(add adder, x *graph.Value) *graph.Value {
			return add(binary(graph.Pow), x, c(add, 2))
		}, "mul %0 %0"},
		"cast there and back": {in, func(add adder, x *graph.Value) *graph.Value {
			return add(&graph.Unary{Fn: graph.Exp}, add(&graph.Cast{To: graph.F32}, add(&graph.Cast{To: graph.F64}, x)))
		}, "exp %0"},
		"lossy cast stays": {in, func(add adder, x *graph.Value) *graph.Value {
			return add(&graph.Cast{To: graph.F32}, add(&graph.Cast{To: graph.I64}, x))
		}, "cast %0 i64; cast %1 f32"},
		"moves": {graph.Of(graph.F32, 2, 3), func(add adder, x *graph.Value) *graph.Value {
			y := add(&graph.Pick{Index: []int32{0, 3, 1, 4, 2, 5}, Dims: []int{3, 2}}, add(&graph.Reshape{Dims: []int{2, 3}}, add(&graph.Reshape{Dims: []int{6}}, x)))
			return add(&graph.Reshape{Dims: []int{2}}, add(&graph.Pick{Index: []int32{1, 5}, Dims: []int{1, 2}}, y))
		}, "pick %0 [3 5] [2]"},
		"identity pick": {in, func(add adder, x *graph.Value) *graph.Value {
			return add(&graph.Unary{Fn: graph.Exp}, add(&graph.Pick{Index: []int32{0, 1}, Dims: []int{2}}, x))
		}, "exp %0"},
		"pick of concat": {in, func(add adder, x *graph.Value) *graph.Value {
			return add(&graph.Pick{Index: []int32{3, 2}, Dims: []int{2}}, add(&graph.Concat{}, add(&graph.Unary{Fn: graph.Exp}, x), x))
		}, "pick %0 [1 0] [2]"},
		"nested concat": {in, func(add adder, x *graph.Value) *graph.Value {
			return add(&graph.Concat{}, add(&graph.Concat{}, x, x), add(&graph.Reshape{Dims: []int{2, 1}}, x))
		}, "concat %0 %0 %0"},
		"canonical": {in, func(add adder, x *graph.Value) *graph.Value {
			return add(&graph.Compare{Fn: graph.Lt}, c(add, 1), add(binary(graph.Max), c(add, 3), x))
		}, "constant f32[]{3}; max %0 %1; constant f32[]{1}; gt %2 %3"},
		"dense bias and scale": {in, func(add adder, x *graph.Value) *graph.Value {
			return add(binary(graph.Add), add(binary(graph.Mul), add(dense, x), c(add, 2)), c(add, 1, -1))
		}, "dense %0 w=f32[2,2]{2 4 6 8} b=f32[2]{11 11}"},
		"dense with two users stays": {in, func(add adder, x *graph.Value) *graph.Value {
			y := add(dense, x)
			return add(binary(graph.Mul), add(binary(graph.Add), y, c(add, 1)), y)
		}, "dense %0 w=f32[2,2]{1 2 3 4} b=f32[2]{5 6}; constant f32[]{1}; add %1 %2; mul %3 %1"},
		"scaler into dense": {in, func(add adder, x *graph.Value) *graph.Value {
			return add(dense, add(binary(graph.Div), add(binary(graph.Sub), x, c(add, 1, 2)), c(add, 0.5)))
		}, "dense %0 w=f32[2,2]{2 4 6 8} b=f32[2]{-9 -14}"},
		"large shift stays": {in, func(add adder, x *graph.Value) *graph.Value {
			return add(dense, add(binary(graph.Sub), x, c(add, 1000, 2)))
		}, "constant f32[2]{-1000 -2}; add %0 %1; dense %2 w=f32[2,2]{1 2 3 4} b=f32[2]{5 6}"},
		"division by zero stays": {in, func(add adder, x *graph.Value) *graph.Value {
			return add(dense, add(binary(graph.Div), x, c(add, 0, 1)))
		}, "constant f32[2]{0 1}; div %0 %1; dense %2 w=f32[2,2]{1 2 3 4} b=f32[2]{5 6}"},
		"argmax of softmax": {in, func(add adder, x *graph.Value) *graph.Value {
			return add(&graph.ArgExtreme{}, add(&graph.Softmax{}, x))
		}, "argmax %0"},
		"class labels that count up": {in, func(add adder, x *graph.Value) *graph.Value {
			return add(&graph.Lookup{Table: graph.I64Of(0, 1)}, add(&graph.ArgExtreme{}, x))
		}, "argmax %0"},
		"cast of labels": {in, func(add adder, x *graph.Value) *graph.Value {
			return add(&graph.Cast{To: graph.I64}, add(&graph.Lookup{Table: graph.F32Of(7, 9)}, add(&graph.ArgExtreme{}, x)))
		}, "argmax %0; lookup %1 i64[2]{7 9}"},
		"reshape last": {in, func(add adder, x *graph.Value) *graph.Value {
			y := add(binary(graph.Mul), add(&graph.Unary{Fn: graph.Exp}, add(&graph.Reshape{Dims: []int{1, 2}}, x)), c(add, 2))
			return add(&graph.Unary{Fn: graph.Tanh}, add(&graph.Reshape{Dims: []int{2}}, y))
		}, "exp %0; constant f32[]{2}; mul %1 %2; tanh %3"},
		"softmax normalised": {in, func(add adder, x *graph.Value) *graph.Value {
			return add(&graph.Normalize{Norm: graph.L1}, add(&graph.Softmax{}, x))
		}, "softmax %0"},
		"equal values are shared": {in, func(add adder, x *graph.Value) *graph.Value {
			return add(binary(graph.Mul), add(&graph.Unary{Fn: graph.Exp}, x), add(&graph.Unary{Fn: graph.Exp}, x))
		}, "exp %0; mul %1 %1"},
	} {
		t.Run(name, func(t *testing.T) {
			g := build(t, test.in, test.make)
			h, err := Normalize(t.Context(), g)
			if err != nil {
				t.Fatal(err)
			}
			if got := body(h); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			for _, base := range []float64{-1.5, 0, 0.25, 3} {
				x := graph.NewTensor(test.in.Elem, test.in.Dims...)
				for i := range x.Size() {
					x.SetFloat(i, base+float64(i)*0.7)
				}
				before, _ := interp.Run(g, []*graph.Tensor{x}, interp.Options{})
				after, err := interp.Run(h, []*graph.Tensor{x}, interp.Options{})
				if err != nil {
					t.Fatal(err)
				}
				if before[0].Elem == graph.Bool {
					continue
				}
				if d := near(before[0], after[0]); d != "" {
					t.Errorf("at %v: %s", base, d)
				}
			}
		})
	}
}

// body is the operators of a graph with one input, on one line.
func body(g *graph.Graph) string {
	var out []string
	for _, line := range strings.Split(g.String(), "\n")[2:] {
		if _, op, ok := strings.Cut(line, " = "); ok && !strings.Contains(line, "output ") {
			op, _, _ = strings.Cut(op, " : ")
			out = append(out, op)
		}
	}
	return strings.Join(out, "; ")
}
