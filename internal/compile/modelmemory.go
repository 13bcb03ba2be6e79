package compile

import (
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/flernd/flernd/internal/compile/exec"
	"github.com/flernd/flernd/internal/compile/translate"
	"github.com/flernd/flernd/internal/ml/registry"
	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// modelMemory is what loaded versions of models take: their graphs, and their constants as programs read them, the large ones in
// memory shared with the executor. It is part of the engine's memory limit; queries have what is left of it. Versions that no run
// uses stay while all are within a share of the limit, those used last longest; the one used last may take half of it. A run holds
// its versions to its end, so that no constant is given up under it.
type modelMemory struct {
	least int   // constants of so many bytes are shared; smaller ones are copied with each run
	limit int64 // of the engine; 0: none
	drop  func(*exec.Shared)
	left  func(bytes int64) // told what is left of the limit

	mu   sync.Mutex
	kept *recent[*registry.Version, *resident]
	last *resident
	told int64

	garbage  atomic.Int64 // bytes of our own that were given up and not yet returned to the system
	cleaning atomic.Bool
}

// resident is a version that takes memory.
type resident struct {
	version *registry.Version
	size    int64
	runs    int
	forget  func() // tells who keeps the version that it has been given up; nil if nobody does: then it goes with its last run
	laid    map[*registry.Constant]*laid
}

// laid is a constant that has been laid out.
type laid struct {
	mu   sync.Mutex // held while it is
	done bool
	blob exec.Blob
}

const (
	sharedBytes = 64 << 10
	// modelShare of the memory limit is what versions that no run uses take; modelBytes where there is no limit.
	modelShare = 4
	modelBytes = 4 << 30
	// garbageBytes is how much is left behind before it is returned to the system out of turn.
	garbageBytes = 16 << 20
)

// newModelMemory begins with none; drop takes shared memory that is given up, left the limit that remains for queries.
func newModelMemory(limit int64, drop func(*exec.Shared), left func(int64)) *modelMemory {
	m := &modelMemory{least: sharedBytes, limit: limit, drop: drop, left: left, told: limit}
	share := int64(modelBytes)
	if limit > 0 {
		share = limit / modelShare
	}
	busy := func(r *resident) bool { return r.runs > 0 || r == m.last && (limit <= 0 || r.size <= limit/2) }
	m.kept = newRecent[*registry.Version](share, busy, m.dropped)
	return m
}

// KeepModel counts a version that the caller keeps, and notes that it is used. It fails if the version takes more memory than there
// may be. When it is given up to make room, forget is called, which must not call the engine: then the caller keeps it no longer.
func (e *Engine) KeepModel(v *registry.Version, forget func()) error { return e.models.keep(v, forget) }

// DropModel gives up a version: what runs use of it, with the last of them.
func (e *Engine) DropModel(v *registry.Version) { e.models.release(v) }

// ModelFits fails if a model takes more memory than there may be.
func (e *Engine) ModelFits(name string, bytes int64) error { return e.models.fits(name, bytes) }

// ModelSize is what a version takes in memory now.
func (e *Engine) ModelSize(v *registry.Version) int64 {
	m := e.models
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.kept.byKey[v]; r != nil {
		return r.Value.(*recentEntry[*registry.Version, *resident]).value.size
	}
	return 0
}

func (m *modelMemory) fits(name string, bytes int64) error {
	if m.limit > 0 && bytes > m.limit {
		return tooLarge(name, bytes, m.limit)
	}
	return nil
}

func tooLarge(name string, bytes, limit int64) error {
	return sqlstate.New(sqlstate.OutOfMemory, "out of memory").WithDetail(
		"Model \"%s\" takes %d MB of memory with others in use, beyond the server's memory limit of %d MB.", name, bytes>>20, limit>>20)
}

func (m *modelMemory) keep(v *registry.Version, forget func()) error {
	size := v.Size()
	if err := m.fits(v.Name, size); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	r, fresh := m.resident(v)
	r.forget = forget
	if fresh {
		m.waste(size) // about what an import leaves behind
	}
	m.settle()
	return nil
}

func (m *modelMemory) release(v *registry.Version) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.kept.byKey[v]; e != nil {
		r := e.Value.(*recentEntry[*registry.Version, *resident]).value
		r.forget = nil
		m.leave(r)
	}
	m.settle()
}

// resident notes that a version is used.
func (m *modelMemory) resident(v *registry.Version) (r *resident, fresh bool) {
	r, ok := m.kept.get(v)
	if !ok {
		r = &resident{version: v, size: v.Size(), laid: map[*registry.Constant]*laid{}}
		m.kept.put(v, r, r.size)
	}
	m.last = r
	return r, !ok
}

// leave gives up a version that nobody keeps.
func (m *modelMemory) leave(r *resident) {
	if r.forget == nil && r.runs == 0 {
		m.kept.remove(r.version)
	}
}

// settle brings the sum within its bound, and tells what it leaves.
func (m *modelMemory) settle() {
	m.kept.trim()
	if left := max(m.limit-m.kept.size, 0); m.limit > 0 && left != m.told {
		m.told = left
		m.left(left)
	}
}

// dropped gives back what a version takes.
func (m *modelMemory) dropped(r *resident) {
	ours := r.size
	for _, l := range r.laid {
		if l.done && l.blob.Shared != nil {
			ours -= l.blob.Shared.Size()
			m.drop(l.blob.Shared)
		}
	}
	if r == m.last {
		m.last = nil
	}
	if r.forget != nil {
		r.forget()
	}
	m.waste(ours)
}

// waste notes memory of the heap's that is not used any more. The collector would come by when as much again has been asked for;
// the system may want it before.
func (m *modelMemory) waste(bytes int64) {
	if m.garbage.Add(bytes) < garbageBytes || !m.cleaning.CompareAndSwap(false, true) {
		return
	}
	go func() {
		for m.garbage.Swap(0) >= garbageBytes {
			debug.FreeOSMemory()
		}
		m.cleaning.Store(false)
	}()
}

// blobs makes the blobs of a run; release must be called at its end.
func (m *modelMemory) blobs(all []translate.Blob) (blobs []exec.Blob, release func(), err error) {
	held := map[*registry.Version]*resident{}
	release = func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		for _, r := range held {
			r.runs--
			m.leave(r)
		}
		m.settle()
	}
	for _, b := range all {
		blob := exec.Blob{Bytes: b.Bytes}
		if b.Constant != nil {
			if blob, err = m.layOut(b.Constant, held); err != nil {
				release()
				return nil, nil, err
			}
		}
		blobs = append(blobs, blob)
	}
	return blobs, release, nil
}

// layOut is a constant of a version that the run holds from now on.
func (m *modelMemory) layOut(c *registry.Constant, held map[*registry.Version]*resident) (exec.Blob, error) {
	m.mu.Lock()
	r := held[c.Of]
	if r == nil {
		r, _ = m.resident(c.Of)
		r.runs++
		held[c.Of] = r
	}
	l := r.laid[c]
	if l == nil {
		l = &laid{}
		r.laid[c] = l
	}
	m.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.done {
		return l.blob, nil
	}
	bytes := c.Bytes()
	if err := m.charge(r, int64(len(bytes))); err != nil {
		return exec.Blob{}, err
	}
	if l.blob = (exec.Blob{Bytes: bytes}); len(bytes) >= m.least {
		shared, err := exec.NewShared(bytes)
		if err != nil {
			_ = m.charge(r, -int64(len(bytes)))
			return exec.Blob{}, err
		}
		l.blob = exec.Blob{Shared: shared}
		m.waste(int64(len(bytes)))
	}
	l.done = true
	return l.blob, nil
}

// charge counts bytes of a version that a run holds.
func (m *modelMemory) charge(r *resident, bytes int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	add := func(n int64) {
		r.size += n
		m.kept.grow(r.version, n)
		m.settle()
	}
	add(bytes)
	if all := m.kept.size; m.limit > 0 && all > m.limit {
		add(-bytes)
		return tooLarge(r.version.Name, all, m.limit)
	}
	return nil
}

// close gives all up that no run holds.
func (m *modelMemory) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept.limit, m.last, m.left = 0, nil, func(int64) {}
	m.settle()
}
