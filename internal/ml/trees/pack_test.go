package trees

import (
	"math"
	"math/rand"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/mltest"
)

// TestFixed: whole numbers add up to within a few ulps of the sum, or they are not taken.
func TestFixed(t *testing.T) {
	for _, c := range []struct {
		trees int
		scale func(*rand.Rand) float64
		out   graph.Elem
		ok    bool
		width int
	}{
		{500, func(*rand.Rand) float64 { return 1 }, graph.F32, true, 4},
		{500, func(*rand.Rand) float64 { return 0x1p-130 }, graph.F32, true, 4},
		{500, func(*rand.Rand) float64 { return 0 }, graph.F32, true, 4},
		{10000, func(*rand.Rand) float64 { return 1e6 }, graph.F32, true, 4},
		{10, func(*rand.Rand) float64 { return 1 }, graph.F32, true, 8},
		{500, func(*rand.Rand) float64 { return 1 }, graph.F64, true, 8},
		{500, func(r *rand.Rand) float64 { return math.Exp2(float64(-r.Intn(40))) }, graph.F32, true, 8},
		{500, func(r *rand.Rand) float64 { return math.Exp2(float64(r.Intn(2000) - 1000)) }, graph.F64, false, 8},
		{500, func(*rand.Rand) float64 { return math.Inf(1) }, graph.F32, false, 4},
		{500, func(*rand.Rand) float64 { return math.NaN() }, graph.F32, false, 4},
	} {
		r := rand.New(rand.NewSource(1))
		o := mltest.Trees(r, mltest.TreeShape{Trees: c.trees, Depth: 3, Features: 2, Targets: 1, Elem: graph.F32, Out: c.out})
		for i := range o.Values {
			o.Values[i].Weight *= c.scale(r)
		}
		f, ok := fixedOf(o)
		if ok != c.ok || ok && f.width != c.width {
			t.Errorf("%d trees: width %d, %v; want %d, %v", c.trees, f.width, ok, c.width, c.ok)
		}
		if !ok {
			continue
		}
		var sum, magnitude float64
		var fixed int64
		for _, leaves := range leavesOf(o) {
			l := leaves[r.Intn(len(leaves))]
			v := o.Values[o.Leaves[l]].Weight
			sum, magnitude, fixed = sum+v, magnitude+v*v, fixed+f.values[o.Leaves[l]]
		}
		if diff := math.Abs(float64(fixed)*f.units[0] - sum); diff > 0x1p-24*math.Sqrt(magnitude) {
			t.Errorf("%d trees: the sum differs by %g of %g", c.trees, diff, sum)
		}
	}
}

// BenchmarkPack packs half a million nodes.
func BenchmarkPack(b *testing.B) {
	o := mltest.Trees(rand.New(rand.NewSource(1)), mltest.TreeShape{Trees: 2000, Depth: 8, Features: 28, Targets: 1, Cuts: 255, Tests: []graph.TreeTest{graph.TestLt}, Missing: true, Elem: graph.F32, Out: graph.F32})
	b.ReportMetric(float64(len(o.Nodes)), "nodes")
	for b.Loop() {
		b.SetBytes(int64(len(Pack(o, graph.F32))))
	}
}
