package compile

import (
	"sync"

	"github.com/flernd/flernd/internal/compile/exec"
	"github.com/flernd/flernd/internal/compile/translate"
	"github.com/flernd/flernd/internal/ml/registry"
)

// weights keeps the large constants of models in shared memory between runs. A run holds those it reads until its end, so
// that none is given up under it; above the bound there is only what runs hold.
type weights struct {
	least int // constants of so many bytes are shared; smaller ones are copied with each run
	mu    sync.Mutex
	kept  *recent[*registry.Constant, *sharedWeights]
}

type sharedWeights struct {
	*exec.Shared
	runs int
}

const (
	sharedBytes = 64 << 10
	// weightsBytes bounds what is kept; of an engine with a memory limit it is at most an eighth.
	weightsBytes = 1 << 30
)

// newWeights begins with none; dropped takes what is given up.
func newWeights(memoryLimit int64, dropped func(*exec.Shared)) *weights {
	limit := int64(weightsBytes)
	if memoryLimit > 0 {
		limit = min(limit, memoryLimit/8)
	}
	busy := func(s *sharedWeights) bool { return s.runs > 0 }
	return &weights{least: sharedBytes, kept: newRecent[*registry.Constant](limit, busy, func(s *sharedWeights) { dropped(s.Shared) })}
}

// blobs makes the blobs of a run; release must be called at its end.
func (w *weights) blobs(all []translate.Blob) (blobs []exec.Blob, release func(), err error) {
	var held []*sharedWeights
	release = func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, s := range held {
			s.runs--
		}
		w.kept.trim()
	}
	for _, b := range all {
		if b.Constant == nil || len(b.Bytes) < w.least {
			blobs = append(blobs, exec.Blob{Bytes: b.Bytes})
			continue
		}
		s, err := w.hold(b.Constant)
		if err != nil {
			release()
			return nil, nil, err
		}
		held = append(held, s)
		blobs = append(blobs, exec.Blob{Shared: s.Shared})
	}
	return blobs, release, nil
}

func (w *weights) hold(c *registry.Constant) (*sharedWeights, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s, ok := w.kept.get(c)
	if !ok {
		made, err := exec.NewShared(c.Bytes)
		if err != nil {
			return nil, err
		}
		s = &sharedWeights{Shared: made}
		w.kept.put(c, s, int64(len(c.Bytes)))
	}
	s.runs++
	return s, nil
}

// close gives all up that no run holds.
func (w *weights) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.kept.limit = 0
	w.kept.trim()
}
