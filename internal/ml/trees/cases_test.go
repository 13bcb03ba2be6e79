package trees

import (
	"bytes"
	"encoding/binary"
	"flag"
	"math"
	"math/rand"
	"os"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/mltest"
)

var update = flag.Bool("update", false, "write the cases of the kernels' test")

// casesFile is what crt/test/trees_test.c reads.
const casesFile = "../../compile/crt/test/trees.bin"

// caseHead is followed by the packed ensemble, the features' columns, a mask, and the targets' columns.
type caseHead struct{ Width, Features, Targets, Rows, Bytes, Sliced uint32 }

// TestCases packs ensembles for the kernels' test, which runs on every instruction set and under the sanitizers. What they
// must answer, to the bit, is computed from the whole numbers here, and is the interpreter's result but for rounding.
func TestCases(t *testing.T) {
	order := []graph.TreeTest{graph.TestLe, graph.TestLt, graph.TestGe, graph.TestGt}
	f32, f64 := graph.F32, graph.F64
	var out bytes.Buffer
	for i, s := range []mltest.TreeShape{
		{Trees: 34, Depth: 4, Features: 3, Targets: 1, Cuts: 20, Elem: f32, Out: f32},
		{Trees: 150, Depth: 2, Features: 2, Targets: 1, Cuts: 4, Tests: order, Missing: true, Elem: f32, Out: f32},
		{Trees: 3, Depth: 8, Features: 3, Targets: 1, Cuts: 250, Tests: order, Elem: f32, Out: f64},
		{Trees: 33, Depth: 3, Features: 2, Targets: 1, Tests: order, Missing: true, Elem: f64, Out: f32},
		{Trees: 4, Depth: 7, Features: 2, Targets: 2, Cuts: 60, Missing: true, Several: true, Combine: graph.TreeMean, Elem: f64, Out: f64},
		{Trees: 8, Depth: 11, Features: 3, Targets: 1, Cuts: 30, Missing: true, Ragged: 0.35, Elem: f32, Out: f64},
		{Trees: 12, Depth: 5, Features: 3, Targets: 3, Missing: true, Ragged: 0.2, Constant: true, Elem: f32, Out: f32},
		{Trees: 3, Depth: 3, Features: 2, Targets: 2, Missing: true, Several: true, Combine: graph.TreeMin, Elem: f32, Out: f32},
		{Trees: 1, Depth: 6, Features: 2, Targets: 1, Ragged: 0.1, Elem: f64, Out: f64},
		{Features: 1, Targets: 2, Elem: f32, Out: f32},
	} {
		r := rand.New(rand.NewSource(int64(i)))
		o := mltest.Trees(r, s)
		writeCase(t, &out, r, o, s.Elem, 520-7*i)
	}
	if *update {
		if err := os.WriteFile(casesFile, out.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile(casesFile); err != nil || !bytes.Equal(have, out.Bytes()) {
		t.Errorf("%s is of another form (%v): run this test with -update", casesFile, err)
	}
}

func writeCase(t *testing.T, out *bytes.Buffer, r *rand.Rand, o *graph.TreeEnsemble, e graph.Elem, n int) {
	packed := Pack(o, e)
	var h head
	if err := binary.Read(bytes.NewReader(packed), binary.LittleEndian, &h); err != nil {
		t.Fatal(err)
	}
	width := map[graph.Elem]uint32{graph.F32: 4, graph.F64: 8}[e]
	padded := (n + 15) / 16 * 16
	columns, want := make([][]float64, o.Features), make([][]float64, o.Targets)
	for k := range columns {
		columns[k] = make([]float64, padded)
	}
	for row := range n {
		x := mltest.TreeFeatures(r, o, e)
		for k := range columns {
			columns[k][row] = x.Float(k)
		}
		y := exact(t, o, x)
		near, err := interp.Eval(o, graph.Of(graph.F64, o.Targets), []*graph.Tensor{x}, interp.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range y {
			want[k] = append(want[k], v)
			if math.Abs(v-near.Float(k)) > map[graph.Elem]float64{graph.F32: 0x1p-24, graph.F64: 0x1p-50}[o.Out] {
				t.Fatalf("row %d: %v, want %v", row, y, near)
			}
		}
	}
	mask := make([]uint64, (n+63)/64)
	for row := range n {
		if r.Intn(3) == 0 && row/64%3 > 0 || row%100 == 0 {
			mask[row/64] |= 1 << (row % 64)
		}
	}
	put := func(v any) {
		if err := binary.Write(out, binary.LittleEndian, v); err != nil {
			t.Fatal(err)
		}
	}
	put(caseHead{width, h.Features, h.Targets, uint32(n), uint32(len(packed)), h.Parts})
	put(packed)
	for _, c := range columns {
		if e == graph.F64 {
			put(c)
			continue
		}
		for _, v := range c {
			put(float32(v))
		}
	}
	put(mask)
	for _, w := range want {
		put(w)
	}
}

// exact is what kernels answer.
func exact(t *testing.T, o *graph.TreeEnsemble, x *graph.Tensor) []float64 {
	f, ok := fixedOf(o)
	if !ok || o.Combine == graph.TreeMin || o.Combine == graph.TreeMax {
		y, err := interp.Eval(o, graph.Of(graph.F64, o.Targets), []*graph.Tensor{x}, interp.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return y.F64
	}
	// One tree at a time, the interpreter tells the leaf: it is given leaves' numbers as values.
	sums := make([]int64, o.Targets)
	numbered := *o
	numbered.Targets, numbered.Base, numbered.Combine = 1, []float64{0}, graph.TreeSum
	numbered.Leaves, numbered.Values = nil, nil
	for l := range len(o.Leaves) {
		numbered.Leaves = append(numbered.Leaves, int32(l))
		numbered.Values = append(numbered.Values, graph.LeafValue{Weight: float64(l)})
	}
	for _, root := range o.Roots {
		numbered.Roots = []int32{root}
		y, err := interp.Eval(&numbered, graph.Of(graph.F64, 1), []*graph.Tensor{x}, interp.Options{})
		if err != nil {
			t.Fatal(err)
		}
		l := int(y.F64[0])
		for v := o.Leaves[l]; v < o.Leaves[l+1]; v++ {
			sums[o.Values[v].Target] += f.values[v]
		}
	}
	count := 1.0
	if o.Combine == graph.TreeMean && len(o.Roots) > 0 {
		count = float64(len(o.Roots))
	}
	out := make([]float64, o.Targets)
	for k, sum := range sums {
		out[k] = float64(sum)*f.units[k]/count + o.Base[k]
	}
	return out
}
