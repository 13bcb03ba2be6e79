package compile

import (
	"fmt"
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/mltest"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// treeModel is an ensemble as a model of a vector of features.
func treeModel(t testing.TB, o *graph.TreeEnsemble, e graph.Elem) *registry.Version {
	t.Helper()
	g := graph.New("m")
	x, err := g.Input("x", graph.Of(e, o.Features))
	if err != nil {
		t.Fatal(err)
	}
	y, err := g.Add(o, x)
	if err != nil {
		t.Fatal(err)
	}
	g.Output("y", y)
	kinds := map[graph.Elem]sqltype.Kind{graph.F32: sqltype.Float4, graph.F64: sqltype.Float8}
	v := &registry.Version{Name: "m", Version: 1, Graph: g,
		Outputs: []registry.Output{{Name: "y", Type: sqltype.ArrayOf(kinds[o.Out], o.Targets), Value: y}}}
	for i := range o.Features {
		v.Inputs = append(v.Inputs, registry.Argument{Name: fmt.Sprintf("x%d", i), Type: sqltype.Of(kinds[e]), Element: i})
	}
	return v
}

// TestTrees compares compiled ensembles of all shapes with the interpreter, on every tier.
func TestTrees(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	order := []graph.TreeTest{graph.TestLe, graph.TestLt, graph.TestGe, graph.TestGt}
	f32, f64 := graph.F32, graph.F64
	for i, s := range []mltest.TreeShape{
		{Trees: 40, Depth: 6, Features: 5, Targets: 1, Cuts: 20, Tests: order, Elem: f32, Out: f32},
		{Trees: 100, Depth: 8, Features: 3, Targets: 1, Tests: order, Missing: true, Ragged: 0.1, Elem: f32, Out: f32},
		{Trees: 60, Depth: 5, Features: 4, Targets: 3, Missing: true, Constant: true, Elem: f32, Out: f32},
		{Trees: 50, Depth: 7, Features: 4, Targets: 4, Missing: true, Several: true, Combine: graph.TreeMean, Elem: f64, Out: f32},
		{Trees: 9, Depth: 4, Features: 7, Targets: 2, Several: true, Combine: graph.TreeMin, Elem: f32, Out: f64},
		{Trees: 9, Depth: 4, Features: 7, Targets: 2, Missing: true, Several: true, Combine: graph.TreeMax, Elem: f64, Out: f64},
		{Trees: 35, Depth: 40, Features: 6, Targets: 1, Missing: true, Ragged: 0.48, Elem: f64, Out: f64},
		{Trees: 1, Depth: 12, Features: 2, Targets: 1, Tests: order, Elem: f32, Out: f32},
		{Trees: 3, Features: 1, Targets: 1, Elem: f32, Out: f32},
		{Features: 1, Targets: 2, Elem: f32, Out: f32},
	} {
		r := rand.New(rand.NewSource(int64(i)))
		o := mltest.Trees(r, s)
		v := treeModel(t, o, s.Elem)
		d.models["m"] = sqlModel(v, uint64(len(d.models)+1))
		rows := make([]*graph.Tensor, 600)
		for k := range rows {
			rows[k] = mltest.TreeFeatures(r, o, s.Elem)
		}
		for _, d.opt.Tier = range []string{"fast", "best"} {
			if d.opt.Tier == "best" && i%4 != 0 {
				continue
			}
			t.Run(fmt.Sprintf("%d %s", i, d.opt.Tier), func(t *testing.T) { predictsTrees(t, d, v, rows) })
		}
	}
}

// predictsTrees runs the model over all rows, and over few of them.
func predictsTrees(t *testing.T, d *database, v *registry.Version, rows []*graph.Tensor) {
	names, values := make([]string, len(v.Inputs)), make([]string, len(rows))
	for i := range names {
		names[i] = fmt.Sprintf("c%d", i)
	}
	args := strings.Join(names, ", ")
	for r, x := range rows {
		fields := []string{fmt.Sprint(r)}
		for i, a := range v.Inputs {
			fields = append(fields, literal(a.Type, x, i))
		}
		values[r] = "(" + strings.Join(fields, ", ") + ")"
	}
	for _, where := range []string{"true", "r % 97 = 5", "r % 3 > 0", "r > 1000"} {
		got, _, err := d.run("SELECT r, m("+args+") FROM (VALUES "+strings.Join(values, ", ")+") v(r, "+args+") WHERE "+where, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range got {
			var r int
			fmt.Sscan(row[0], &r)
			want, err := interp.Run(v.Graph, []*graph.Tensor{rows[r]}, interp.Options{})
			if err != nil {
				t.Fatal(err)
			}
			x, err := parseTensor(want[0].Type, row[1])
			if err != nil {
				t.Fatal(err)
			}
			for k := range want[0].Size() {
				if a, b := x.Float(k), want[0].Float(k); math.Abs(a-b) > tolerance(v.Graph) {
					t.Fatalf("row %d, target %d: %v, want %v\n%v", r, k, a, b, exactText(rows[r]))
				}
			}
		}
	}
}

// tolerance is two ulps of a sum around 1 in the model's element type.
func tolerance(g *graph.Graph) float64 {
	if g.Outputs[0].Value.Type.Elem == graph.F32 {
		return 0x1p-22
	}
	return 0x1p-48
}
