package graph

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func classifier(t *testing.T) *Graph {
	t.Helper()
	g := New("classifier")
	x, err := g.Input("x", Of(F32, 2))
	if err != nil {
		t.Fatal(err)
	}
	y := mustAdd(t, g, &Dense{W: FloatsOf(F32, []float64{1, 2, 3, 4, 5, 6}, 2, 3), B: F32Of(0.5, 0, -1)}, x)
	g.Output("class", mustAdd(t, g, &ArgExtreme{}, y))
	return g
}

func mustAdd(t *testing.T, g *Graph, op Op, args ...*Value) *Value {
	t.Helper()
	v, err := g.Add(op, args...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestText(t *testing.T) {
	g := classifier(t)
	want := `graph "classifier"
  %0 = input 0 "x" : f32[2]
  %1 = dense %0 w=f32[2,3]{1 2 3 4 5 6} b=f32[3]{0.5 0 -1} : f32[3]
  %2 = argmax %1 : i64[]
  output "class" = %2
`
	if got := g.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if err := g.Verify(); err != nil {
		t.Error(err)
	}
}

func TestInfer(t *testing.T) {
	mat := FloatsOf(F32, make([]float64, 6), 2, 3)
	for _, c := range []struct {
		op   Op
		args []Type
		want string // a type, or the start of an error
	}{
		{&Dense{W: mat, B: F32Of(1, 2, 3)}, []Type{Of(F32, 2)}, "f32[3]"},
		{&Dense{W: mat, B: F32Of(1, 2, 3)}, []Type{Of(F32, 7, 2)}, "f32[7,3]"},
		{&Dense{W: mat, B: F32Of(1, 2, 3)}, []Type{Of(F32, 3)}, "argument f32[3] does not fit weights f32[2,3]"},
		{&Dense{W: mat, B: F32Of(1, 2)}, []Type{Of(F32, 2)}, "weights f32[2,3] and bias f32[2] do not fit together"},
		{&Dense{W: mat, B: F32Of(1, 2, 3)}, []Type{Of(F64, 2)}, "argument f64[2], weights"},
		{&Dense{W: mat, B: F32Of(1, 2, 3)}, nil, "takes 1 arguments, not 0"},
		{&Unary{Fn: Tanh}, []Type{Of(F32, 2)}, "f32[2]"},
		{&Unary{Fn: Tanh}, []Type{Of(I64, 2)}, "argument i64[2] has the wrong element type"},
		{&Unary{Fn: Neg}, []Type{Of(I64, 2)}, "i64[2]"},
		{&Unary{Fn: IsNaN}, []Type{Of(F64)}, "bool[]"},
		{&Binary{Fn: Add}, []Type{Of(F32, 2), Of(F32)}, "f32[2]"},
		{&Binary{Fn: Add}, []Type{Of(F32, 3, 1), Of(F32, 4)}, "f32[3,4]"},
		{&Binary{Fn: Add}, []Type{Of(F32, 2), Of(F32, 3)}, "shapes [2] and [3] do not fit together"},
		{&Binary{Fn: Add}, []Type{Of(F32, 2), Of(F64, 2)}, "arguments f32[2] and f64[2]"},
		{&Binary{Fn: And}, []Type{Of(Bool), Of(Bool, 2)}, "bool[2]"},
		{&Binary{Fn: Pow}, []Type{Of(I64), Of(I64)}, "arguments i64[]"},
		{&Compare{Fn: Lt}, []Type{Of(I64, 2), Of(I64)}, "bool[2]"},
		{&Compare{Fn: Eq}, []Type{Of(String, 2), Of(String)}, "bool[2]"},
		{&Compare{Fn: Lt}, []Type{Of(String, 2), Of(String)}, "arguments string[2]"},
		{&Where{}, []Type{Of(Bool, 2), Of(F32), Of(F32, 2)}, "f32[2]"},
		{&Where{}, []Type{Of(F32, 2), Of(F32), Of(F32, 2)}, "arguments f32[2]"},
		{&Softmax{}, []Type{Of(F32, 3)}, "f32[3]"},
		{&Softmax{}, []Type{Of(F32)}, "argument f32[] has no last axis"},
		{&ArgExtreme{}, []Type{Of(F32, 5, 3)}, "i64[5]"},
		{&ArgExtreme{}, []Type{Of(F32, 0)}, "argument f32[0] has no last axis"},
		{&Reduce{Fn: ReduceMean}, []Type{Of(I64, 3)}, "argument i64[3] has the wrong"},
		{&Reduce{Fn: ReduceSum}, []Type{Of(I64, 3)}, "i64[]"},
		{&Normalize{Norm: L2}, []Type{Of(F32, 3)}, "f32[3]"},
		{&Concat{}, []Type{Of(F32, 2, 2), Of(F32)}, "f32[5]"},
		{&Concat{}, []Type{Of(F32, 2), Of(I64)}, "arguments f32[2] and i64[]"},
		{&Concat{}, nil, "takes at least one"},
		{&Pick{Index: []int32{1, 0}, Dims: []int{2}}, []Type{Of(F32, 2)}, "f32[2]"},
		{&Pick{Index: []int32{1, 2}, Dims: []int{2}}, []Type{Of(F32, 2)}, "index 2 is outside"},
		{&Pick{Index: []int32{1, -1}, Dims: []int{2}}, []Type{Of(F32, 2)}, "index -1 is outside"},
		{&Pick{Index: []int32{1}, Dims: []int{2}}, []Type{Of(F32, 2)}, "1 indices do not fill"},
		{&Reshape{Dims: []int{2, 3}}, []Type{Of(F32, 6)}, "f32[2,3]"},
		{&Reshape{Dims: []int{-2, -3}}, []Type{Of(F32, 6)}, "shape [-2,-3] has a negative"},
		{&Reshape{Dims: []int{1 << 27, 1 << 27}}, []Type{Of(F32, 6)}, "shape [134217728,134217728] has more"},
		{&Reshape{Dims: []int{5}}, []Type{Of(F32, 6)}, "argument f32[6] does not have"},
		{&Cast{To: F64}, []Type{Of(Bool, 6)}, "f64[6]"},
		{&Cast{To: String}, []Type{Of(F32, 6)}, "argument f32[6] does not cast"},
		{&Lookup{Table: StringsOf("a", "b")}, []Type{Of(I64)}, "string[]"},
		{&Lookup{Table: StringsOf()}, []Type{Of(I64)}, "argument i64[] or table"},
		{&Map{Keys: StringsOf("a"), Values: I64Of(1), Default: Scalar(I64, -1)}, []Type{Of(String, 2)}, "i64[2]"},
		{&Map{Keys: StringsOf("a"), Values: I64Of(1, 2), Default: Scalar(I64, -1)}, []Type{Of(String, 2)}, "keys string[1], values"},
		{&Map{Keys: StringsOf("b", "a"), Values: I64Of(1, 2), Default: Scalar(I64, -1)}, []Type{Of(String, 2)}, "keys string[2] are not in ascending"},
		{&Binary{Fn: Mod}, []Type{Of(F32, 2), Of(F32, 2)}, "arguments f32[2]"},
		{&Binary{Fn: Rem}, []Type{Of(F32, 2), Of(F32, 2)}, "f32[2]"},
		{&Constant{Value: &Tensor{Type: Of(F32, 3), F32: []float32{1}}}, nil, "constant f32[3] holds 1"},
	} {
		got, err := c.op.Infer(c.args)
		text := got.String()
		if err != nil {
			text = err.Error()
		}
		if text != c.want && (err == nil || !strings.HasPrefix(text, c.want)) {
			t.Errorf("%s %v: got %s, want %s", c.op.Name(), c.args, text, c.want)
		}
	}
}

func TestVerify(t *testing.T) {
	for _, c := range []struct {
		want  string
		spoil func(*Graph)
	}{
		{"no output", func(g *Graph) { g.Outputs = nil }},
		{"two outputs", func(g *Graph) { g.Outputs = append(g.Outputs, g.Outputs[0]) }},
		{"not a value", func(g *Graph) { g.Outputs[0].Value = &Value{ID: 1} }},
		{"is numbered", func(g *Graph) { g.Values[1].ID = 2 }},
		{"does not precede", func(g *Graph) { g.Values[1].Args = []*Value{g.Values[2]} }},
		{"has type", func(g *Graph) { g.Values[2].Type = Of(I64, 1) }},
		{"does not precede", func(g *Graph) { g.Values[1].Args = []*Value{{}} }},
		{"takes 1 arguments, not 0", func(g *Graph) { g.Values[1].Args = nil }},
		{"not at its place", func(g *Graph) { g.Inputs[0] = &Value{} }},
		{"declared", func(g *Graph) { g.Inputs = append(g.Inputs, g.Inputs[0]) }},
	} {
		g := classifier(t)
		c.spoil(g)
		err := g.Verify()
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

// TestNewMap sorts keys with NaN last, and keeps the first of equal ones.
func TestNewMap(t *testing.T) {
	nan := math.NaN()
	m := NewMap(FloatsOf(F64, []float64{nan, 2, math.Copysign(0, -1), nan, math.Inf(-1), 0}, 6), I64Of(1, 2, 3, 4, 5, 6), Scalar(I64, -1))
	if want := []int64{5, 3, 2, 1}; !slices.Equal(m.Values.I64, want) {
		t.Errorf("values %v, want %v", m.Values.I64, want)
	}
	for _, m := range []*Map{m, NewMap(StringsOf("b", "a", "b"), I64Of(1, 2, 3), Scalar(I64, -1)), NewMap(StringsOf(), I64Of(), Scalar(I64, -1))} {
		if _, err := m.Infer([]Type{Of(m.Keys.Elem, 2)}); err != nil {
			t.Error(err)
		}
	}
}
