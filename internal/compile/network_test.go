package compile

import (
	"fmt"
	"math"
	"math/rand"
	"slices"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// layer is a dense layer of so many outputs and what follows it.
type layer struct {
	out int
	fn  graph.UnaryFn
}

// stack makes a model of reals of a chain of layers. Where tap is a layer's number, what it gives is an output too.
func stack(t *testing.T, r *rand.Rand, e graph.Elem, in, tap int, layers []layer) *registry.Version {
	t.Helper()
	kind := map[graph.Elem]sqltype.Kind{graph.F32: sqltype.Float4, graph.F64: sqltype.Float8}[e]
	g := graph.New("m")
	x, err := g.Input("x", graph.Of(e, in))
	if err != nil {
		t.Fatal(err)
	}
	v := &registry.Version{Name: "m", Graph: g}
	for k := range in {
		v.Inputs = append(v.Inputs, registry.Argument{Name: fmt.Sprint("x", k), Type: sqltype.Of(kind), Element: k})
	}
	random := func(dims ...int) *graph.Tensor {
		w := graph.NewTensor(e, dims...)
		for i := range w.Size() {
			w.SetFloat(i, r.NormFloat64()/math.Sqrt(float64(dims[0])))
		}
		return w
	}
	output := func(x *graph.Value) {
		name := fmt.Sprint("y", len(v.Outputs))
		g.Output(name, x)
		out := registry.Output{Name: name, Type: sqltype.Of(kind), Value: x}
		if x.Type.Size() > 1 {
			out.Type = sqltype.ArrayOf(kind, x.Type.Size())
		}
		v.Outputs = append(v.Outputs, out)
	}
	for i, l := range layers {
		if x, err = g.Add(&graph.Dense{W: random(x.Type.Last(), l.out), B: random(l.out)}, x); err != nil {
			t.Fatal(err)
		}
		if l.fn != graph.IsNaN {
			if x, err = g.Add(&graph.Unary{Fn: l.fn, Alpha: 0.2}, x); err != nil {
				t.Fatal(err)
			}
		}
		if i == tap || i == len(layers)-1 {
			output(x)
		}
	}
	return v
}

// TestNetworks compares chains of layers, unrolled and as kernels, over all rows and over few, with the interpreter; and the
// tiers with each other, to the bit.
func TestNetworks(t *testing.T) {
	none := graph.IsNaN // stands for no function
	d := openDatabase(t, Options{Threads: 1})
	r := rand.New(rand.NewSource(1))
	for i, c := range []struct {
		e       graph.Elem
		in, tap int
		layers  []layer
	}{
		{graph.F32, 4, -1, []layer{{4, none}}},
		{graph.F32, 7, -1, []layer{{9, graph.Relu}, {9, graph.Relu}, {1, graph.Sigmoid}}},
		{graph.F32, 5, -1, []layer{{64, graph.Relu}, {1, none}}},
		{graph.F32, 3, 0, []layer{{70, graph.Tanh}, {33, graph.LeakyRelu}, {5, none}}},
		{graph.F32, 3, -1, []layer{{200, graph.Erf}, {17, graph.Elu}, {3, graph.Abs}}},
		{graph.F32, 2, -1, []layer{{300, graph.Softplus}, {10, graph.Exp}}},
		{graph.F64, 6, 1, []layer{{31, graph.Relu}, {140, graph.Sigmoid}, {12, none}}},
	} {
		v := stack(t, r, c.e, c.in, c.tap, c.layers)
		d.models["m"] = sqlModel(v, uint64(i+1))
		inputs := make([][]*graph.Tensor, 120)
		for k := range inputs {
			x := graph.NewTensor(c.e, c.in)
			for j := range c.in {
				x.SetFloat(j, float64(float32(r.NormFloat64())))
			}
			inputs[k] = []*graph.Tensor{x}
		}
		for _, most := range []float64{math.Inf(1), 1.5, -1.5} { // all rows, most, few
			query := predictQuery(v, inputs)
			if !math.IsInf(most, 1) {
				query += fmt.Sprintf(" WHERE c0 < %v", most)
			}
			d.opt.Tier = "fast"
			rows, _, err := d.run(query, "")
			if err != nil {
				t.Fatal(err)
			}
			d.opt.Tier = "best"
			again, _, err := d.run(query, "")
			if err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(rows) != fmt.Sprint(again) {
				t.Errorf("%v: the tiers disagree", c)
			}
			left := slices.DeleteFunc(slices.Clone(inputs), func(x []*graph.Tensor) bool { return x[0].Float(0) >= most })
			if len(left) == 0 || len(rows) < len(left) {
				t.Fatalf("%v: %d rows of %d", c, len(rows), len(left))
			}
			for k, x := range left {
				want, err := interp.Run(v.Graph, x, d.rounding())
				if err != nil {
					t.Fatal(err)
				}
				for o, w := range want {
					got, err := parseTensor(w.Type, rows[k][o])
					if err != nil {
						t.Fatal(err)
					}
					for j := range w.Size() {
						if a, b := got.Float(j), w.Float(j); math.Abs(a-b) > 1e-5*(1+math.Abs(b)) {
							t.Fatalf("%v: output %d of row %d: %v, want %v", c, o, k, a, b)
						}
					}
				}
			}
		}
	}
}

// TestNoWeights: layers over nothing give their biases, layers of nothing give nothing.
func TestNoWeights(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	d.opt.Tier = "fast"
	build(t, d, "m", func(add func(graph.Op, ...*graph.Value) *graph.Value, x *graph.Value) *graph.Value {
		ones := func(dims ...int) *graph.Tensor {
			w := graph.NewTensor(graph.F32, dims...)
			for i := range w.Size() {
				w.SetFloat(i, 1)
			}
			return w
		}
		v := add(&graph.Dense{W: ones(1, 0), B: ones(0)}, x)
		v = add(&graph.Dense{W: ones(0, 200), B: ones(200)}, v)
		v = add(&graph.Dense{W: ones(200, 1), B: ones(1)}, v)
		return v
	})
	if got := d.must("select m(5)"); got != "201\n" {
		t.Error(got)
	}
}
