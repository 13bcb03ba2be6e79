package compile

import (
	"slices"
	"testing"

	"github.com/flernd/flernd/internal/compile/exec"
	"github.com/flernd/flernd/internal/compile/translate"
	"github.com/flernd/flernd/internal/ml/mltest"
	"github.com/flernd/flernd/internal/ml/registry"
)

// TestWeights: constants of models are shared between runs within a bound, never given up under a run; nothing else is.
func TestWeights(t *testing.T) {
	var dropped []*exec.Shared
	w := newWeights(8*3*sharedBytes, func(s *exec.Shared) { dropped = append(dropped, s) })
	constant := func(size int) translate.Blob {
		c := &registry.Constant{Bytes: make([]byte, size)}
		return translate.Blob{Bytes: c.Bytes, Constant: c}
	}
	run := func(all ...translate.Blob) ([]exec.Blob, func()) {
		blobs, release, err := w.blobs(all)
		if err != nil {
			t.Fatal(err)
		}
		return blobs, release
	}
	blobs, release := run(translate.Blob{Bytes: make([]byte, 4*sharedBytes)}, constant(sharedBytes-1))
	if blobs[0].Shared != nil || blobs[1].Shared != nil || len(blobs[0].Bytes) != 4*sharedBytes {
		t.Error("rows or small constants were shared")
	}
	release()
	a, large := constant(sharedBytes), constant(4*sharedBytes)
	first, releaseFirst := run(a)
	second, releaseSecond := run(a, large)
	if first[0].Shared == nil || first[0].Shared != second[0].Shared {
		t.Error("not shared")
	}
	releaseFirst()
	if dropped != nil {
		t.Error("given up under a run")
	}
	releaseSecond()
	if !slices.Equal(dropped, []*exec.Shared{first[0].Shared, second[1].Shared}) {
		t.Errorf("%d given up", len(dropped))
	}
	if w.kept.size != 0 || w.kept.order.Len() != 0 {
		t.Errorf("%d bytes are left", w.kept.size)
	}
}

// TestSharedWeights runs models with all constants in shared memory that is given up after every run.
func TestSharedWeights(t *testing.T) {
	d := openDatabase(t, Options{Threads: 1})
	d.engine.weights.least, d.engine.weights.kept.limit = 1, 0
	d.opt.Tier = "fast"
	for _, f := range mltest.Load(t) {
		predicts(t, d, f)
		predicts(t, d, f)
	}
	if n := d.engine.weights.kept.order.Len(); n != 0 {
		t.Errorf("%d constants are kept", n)
	}
}
