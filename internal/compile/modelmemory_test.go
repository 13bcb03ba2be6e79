package compile

import (
	"errors"
	"slices"
	"testing"

	"github.com/flernd/flernd/internal/compile/exec"
	"github.com/flernd/flernd/internal/compile/translate"
	"github.com/flernd/flernd/internal/ml/graph"
	"github.com/flernd/flernd/internal/ml/mltest"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// memoryProbe is a modelMemory that notes what it gives up.
type memoryProbe struct {
	*modelMemory
	t         *testing.T
	shared    []*exec.Shared
	forgotten []string
	told      int64
}

func probe(t *testing.T, limit int64) *memoryProbe {
	p := &memoryProbe{t: t, told: limit}
	p.modelMemory = newModelMemory(limit, func(s *exec.Shared) { p.shared = append(p.shared, s) }, func(left int64) { p.told = left })
	return p
}

// version has one constant of a number of f32.
func (p *memoryProbe) version(name string, weights int) (*registry.Version, translate.Blob) {
	v := &registry.Version{Name: name, Graph: graph.New(name)}
	w := graph.NewTensor(graph.F32, weights)
	v.Graph.Add(&graph.Constant{Value: w})
	return v, translate.Blob{Constant: v.Floats(w, false)}
}

func (p *memoryProbe) load(v *registry.Version) {
	p.t.Helper()
	if err := p.keep(v, func() { p.forgotten = append(p.forgotten, v.Name) }); err != nil {
		p.t.Fatal(err)
	}
}

func (p *memoryProbe) run(all ...translate.Blob) ([]exec.Blob, func()) {
	p.t.Helper()
	blobs, release, err := p.blobs(all)
	if err != nil {
		p.t.Fatal(err)
	}
	return blobs, release
}

func (p *memoryProbe) expect(when string, versions int, forgotten ...string) {
	p.t.Helper()
	if n := p.kept.order.Len(); n != versions || !slices.Equal(p.forgotten, forgotten) {
		p.t.Errorf("%s: %d versions kept, want %d; given up %v, want %v", when, n, versions, p.forgotten, forgotten)
	}
	if p.told != p.limit-p.kept.size {
		p.t.Errorf("%s: queries have %d, want %d", when, p.told, p.limit-p.kept.size)
	}
}

// TestModelMemory: versions are counted with their constants, shared by runs, and given up, those used last at last, above the share.
func TestModelMemory(t *testing.T) {
	const unit = 1 << 20 // a version takes about two: its graph and its constant
	p := probe(t, modelShare*5*unit)
	a, blobA := p.version("a", unit/4)
	b, blobB := p.version("b", unit/4)
	c, blobC := p.version("c", unit/4)
	p.load(a)
	if size := a.Size(); size < unit || size > unit+unit/8 {
		t.Errorf("a graph of %d bytes of weights takes %d", unit, size)
	}
	first, releaseFirst := p.run(blobA, translate.Blob{Bytes: make([]byte, 4*sharedBytes)})
	second, releaseSecond := p.run(blobA)
	if first[0].Shared == nil || first[0].Shared != second[0].Shared || first[1].Shared != nil {
		t.Error("runs do not share the constant, or share what is not one")
	}
	releaseFirst()
	releaseSecond()
	p.load(b)
	_, release := p.run(blobB)
	release()
	p.expect("two", 2)
	p.load(a) // used: b goes first
	p.load(c)
	_, release = p.run(blobC)
	release()
	p.expect("three", 2, "b")
	if third, release := p.run(blobA); third[0].Shared != first[0].Shared {
		t.Error("laid out again")
	} else {
		p.release(a)
		p.expect("a dropped under a run", 2, "b")
		release()
		p.expect("and its run over", 1, "b")
	}
	if !slices.Contains(p.shared, first[0].Shared) || len(p.shared) != 2 {
		t.Errorf("%d pieces of shared memory given up, want those of a and b", len(p.shared))
	}
	_, release = p.run(blobB) // planned before b was given up
	p.expect("a run of what nobody keeps", 2, "b")
	release()
	p.expect("and it is over", 1, "b")
	p.release(c)
	p.expect("all dropped", 0, "b")
}

// TestModelMemoryLimit: what is in use is never given up, the one used last stays within half of the limit, and nothing exceeds it.
func TestModelMemoryLimit(t *testing.T) {
	const unit = 1 << 20
	p := probe(t, 10*unit)
	medium, blob := p.version("medium", 2*unit/4) // 4 with its constant, above the share of 2.5
	p.load(medium)
	_, release := p.run(blob)
	other, otherBlob := p.version("other", 2*unit/4)
	p.load(other)
	p.expect("one in use, one used last", 2)
	_, releaseOther := p.run(otherBlob)
	third, thirdBlob := p.version("third", 2*unit/4)
	p.load(third)
	if _, _, err := p.blobs([]translate.Blob{thirdBlob}); codeOf(err) != sqlstate.OutOfMemory {
		t.Errorf("12 of 10: %v", err)
	}
	release()
	releaseOther()
	_, release = p.run(thirdBlob)
	p.expect("the others' runs are over", 1, "medium", "other")
	release()
	p.expect("the one used last", 1, "medium", "other")
	huge, _ := p.version("huge", 11*unit/4)
	if err := p.keep(huge, nil); codeOf(err) != sqlstate.OutOfMemory {
		t.Errorf("11 of 10: %v", err)
	}
	large, largeBlob := p.version("large", 4*unit/4) // 8 of 10
	p.load(large)
	_, release = p.run(largeBlob)
	p.expect("a large one in use", 1, "medium", "other", "third")
	release()
	p.expect("after it", 0, "medium", "other", "third", "large")
}

func codeOf(err error) sqlstate.Code {
	var e *sqlstate.Error
	if !errors.As(err, &e) {
		return ""
	}
	return e.Code
}

// TestSharedWeights runs models with all constants in shared memory that is given up after every run.
func TestSharedWeights(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	d.engine.models.least, d.engine.models.kept.limit = 1, 0
	d.opt.Tier = "fast"
	for _, f := range mltest.Load(t) {
		predicts(t, d, f)
		predicts(t, d, f)
	}
	if n := d.engine.models.kept.order.Len(); n != 0 {
		t.Errorf("%d versions are kept", n)
	}
}

// TestConstantsOnce: each plan of a model finds the constants that the plans before it made.
func TestConstantsOnce(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	for _, f := range slices.Concat(mltest.Load(t), mltest.Operators(t)) {
		v, err := registry.Import("m", f.File)
		if err != nil {
			t.Fatal(err)
		}
		d.models["m"] = sqlModel(v, uint64(len(d.models)+1))
		p, done, err := planFor(d, predictQuery(v, [][]*graph.Tensor{f.Row(t, v.Graph, 0)}))
		if err != nil {
			t.Fatal(err)
		}
		var plans [2][]*registry.Constant
		for i := range plans {
			prog, err := translate.Translate(p.Root, translate.Options{Arrays: true})
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range prog.Blobs {
				plans[i] = append(plans[i], b.Constant)
			}
		}
		if done(); !slices.Equal(plans[0], plans[1]) {
			t.Errorf("%s: constants are made anew", f.Name)
		}
	}
}
