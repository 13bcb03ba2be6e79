package compile

import (
	"crypto/sha256"
	"sync"

	"github.com/flernd/flernd/internal/compile/exec"
)

// shared keeps large read-only data of runs (weights of models) in shared memory between them, by contents.
type shared struct {
	mu    sync.Mutex
	byKey map[[32]byte]*exec.Shared
	order [][32]byte
}

const (
	sharedBytes = 64 << 10 // data at least this large is shared; smaller is copied with each run
	maxShared   = 64
)

func newShared() *shared { return &shared{byKey: map[[32]byte]*exec.Shared{}} }

func (s *shared) blob(b []byte) (exec.Blob, error) {
	if len(b) < sharedBytes {
		return exec.Blob{Bytes: b}, nil
	}
	key := sha256.Sum256(b)
	s.mu.Lock()
	defer s.mu.Unlock()
	if have := s.byKey[key]; have != nil {
		return exec.Blob{Shared: have}, nil
	}
	made, err := exec.NewShared(b)
	if err != nil {
		return exec.Blob{}, err
	}
	if len(s.order) >= maxShared {
		s.byKey[s.order[0]].Close()
		delete(s.byKey, s.order[0])
		s.order = s.order[1:]
	}
	s.byKey[key] = made
	s.order = append(s.order, key)
	return exec.Blob{Shared: made}, nil
}

func (s *shared) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.byKey {
		b.Close()
	}
}
