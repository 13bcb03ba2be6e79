package compile

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/interp"
	"github.com/flernd/flernd/internal/ml/lower"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/ml/rewrite"
	"github.com/flernd/flernd/internal/planner/logical"
	"github.com/flernd/flernd/internal/storage/sqltype"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// TestImages runs a network of convolutions over rows that bring an image as one array, or as a vector.
func TestImages(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	m := &arrayModel{randomModel{t: t, r: rand.New(rand.NewSource(1)), g: graph.New("net")}, false}
	b := &graph.Builder{Graph: m.g}
	x := b.Input("image", graph.Of(graph.F32, 3, 24, 24))
	same := graph.Window{Strides: []int{1, 1}, Dilations: []int{1, 1}, Begin: []int{1, 1}, End: []int{1, 1}}
	half := graph.Window{Strides: []int{2, 2}, Dilations: []int{1, 1}, Begin: []int{0, 0}, End: []int{0, 0}}
	y := b.Unary(graph.Relu, b.Add(&graph.Conv{W: m.floats(10, 3, 3, 3), B: m.floats(10), Group: 1, Window: same}, x))
	z := b.Binary(graph.Add, y, b.Add(&graph.Conv{W: m.floats(10, 10, 3, 3), B: m.floats(10), Group: 1, Window: same}, y))
	p := b.Add(&graph.Pool{Kernel: []int{2, 2}, Window: half}, z)
	out := b.Add(&graph.Dense{W: m.floats(144, 1), B: m.floats(1)}, b.Add(&graph.Reshape{Dims: []int{10, 144}}, p))
	if b.Err != nil {
		t.Fatal(b.Err)
	}
	m.g.Output("scores", b.Add(&graph.Reshape{Dims: []int{10}}, out))
	const size = 3 * 24 * 24
	m.images(d, m.floats, 3, 24, 24)
	_, _, err := d.run("SELECT net('{1,2}'::real[])", "")
	wantCode(t, err, sqlstate.DataException)
	got, _, err := d.run("SELECT net(('{NULL"+strings.Repeat(",1", size-1)+"}')::real[])", "")
	if err != nil || got[0][0] != "∅" {
		t.Errorf("an image of which a part is NULL: %v, %v", got, err)
	}
}

// TestWinograd runs convolutions by squares over whole numbers, of which no sum is rounded.
func TestWinograd(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	m := &arrayModel{randomModel{t: t, r: rand.New(rand.NewSource(1)), g: graph.New("net")}, false}
	whole := func(dims ...int) *graph.Tensor {
		x := graph.NewTensor(graph.F32, dims...)
		for i := range x.F32 {
			x.F32[i] = float32(m.r.Intn(5) - 2)
		}
		return x
	}
	b := &graph.Builder{Graph: m.g}
	x := b.Input("image", graph.Of(graph.F32, 16, 8, 9))
	same := graph.Window{Strides: []int{1, 1}, Dilations: []int{1, 1}, Begin: []int{1, 1}, End: []int{1, 1}}
	y := b.Unary(graph.Relu, b.Add(&graph.Conv{W: whole(20, 16, 3, 3), B: whole(20), Group: 1, Window: same}, x))
	z := b.Binary(graph.Add, y, b.Add(&graph.Conv{W: whole(20, 20, 3, 3), B: whole(20), Group: 1, Window: same}, y))
	out := b.Add(&graph.Dense{W: whole(72, 1), B: whole(1)}, b.Add(&graph.Reshape{Dims: []int{20, 72}}, z))
	if b.Err != nil {
		t.Fatal(b.Err)
	}
	m.g.Output("scores", b.Add(&graph.Reshape{Dims: []int{20}}, out))
	m.images(d, whole, 16, 8, 9)
}

// images compares the model "net" of one image, made of channels, height and width, with the interpreter, its output being an array.
func (m *arrayModel) images(d *database, image func(dims ...int) *graph.Tensor, dims ...int) {
	t := m.t
	var err error
	if m.g, err = rewrite.Normalize(t.Context(), m.g); err != nil {
		t.Fatal(err)
	}
	size, output := dims[0]*dims[1]*dims[2], m.g.Outputs[0].Value
	v := &registry.Version{Name: "net", Graph: m.g, Inputs: []registry.Argument{{Name: "image", Type: sqltype.ArrayOf(sqltype.Float4, size)}},
		Outputs: []registry.Output{{Name: "scores", Type: sqltype.ArrayOf(sqltype.Float4, output.Type.Size()), Value: output}}}
	if err := lower.Check(m.g); err != nil {
		t.Fatal(err)
	}
	model := sqlModel(v, 77)
	model.Tensors = []logical.Tensor{{Name: "image", Width: 1}}
	d.models["net"] = model
	var rows, want []string
	for range 5 {
		some := image(dims...)
		got, err := interp.Run(m.g, []*graph.Tensor{some}, d.rounding())
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, exactText(got[0]))
		rows = append(rows, "("+strings.ReplaceAll(strings.ReplaceAll(fmt.Sprintf("'%v'::real[]", some.F32), "[", "{"), " ", ",")+")")
		rows[len(rows)-1] = strings.Replace(strings.Replace(rows[len(rows)-1], "]'", "}'", 1), "real{]", "real[]", 1)
	}
	from := " FROM (VALUES " + strings.Join(append(rows, "(NULL)"), ", ") + ") v(i)"
	for _, d.opt.Tier = range []string{"fast", "best"} {
		for _, arg := range []string{"i", fmt.Sprintf("i::vector(%d)", size)} {
			got, _, err := d.run("SELECT net("+arg+")"+from, "")
			if err != nil {
				t.Fatal(err)
			}
			for i, w := range want {
				x, err := parseTensor(output.Type, got[i][0])
				if err != nil {
					t.Fatal(err)
				}
				if a := exactText(x); a != w {
					t.Errorf("%s, %s, row %d: %s, want %s", d.opt.Tier, arg, i, a, w)
				}
			}
			if got[5][0] != "∅" {
				t.Errorf("no image gives %s", got[5][0])
			}
		}
	}
}
