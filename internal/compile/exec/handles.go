package exec

import (
	"container/list"
	"os"

	"github.com/flernd/flernd/internal/wire/sqlstate"
	"golang.org/x/sys/unix"
)

// key names what a handle stands for.
type key struct {
	kind keyKind
	id   uint64
}

type keyKind uint8

const (
	keySegment keyKind = iota
	keyDict
	keyShared
	keyStream // never shared: id is its own
)

// handle is a mapping or a program that the executor holds. Handles that no run uses stay until the table is full, or until
// what they stand for will not be wanted again.
type handle struct {
	id     uint32
	refs   int
	name   any // key or [32]byte
	idle   *list.Element
	doomed bool // to be given up with the last run
}

func (h *handle) idOrNone() uint32 {
	if h == nil {
		return 0
	}
	return h.id
}

// handles gives out the numbers 1 to limit-1 of the executor's table of mappings or programs.
type handles struct {
	limit  uint32
	next   uint32
	free   []uint32
	byName map[any]*handle
	idle   *list.List // front: given back last
}

func newHandles(limit uint32) *handles {
	return &handles{limit: limit, next: 1, byName: map[any]*handle{}, idle: list.New()}
}

// acquire returns the handle of a name for one more run; fresh: the executor has to be told what it stands for. The least
// recently used idle handle is given up (evicted) when the table is full.
func (t *handles) acquire(name any) (h *handle, fresh bool, evicted *handle) {
	if h = t.byName[name]; h != nil {
		if h.idle != nil {
			t.idle.Remove(h.idle)
			h.idle = nil
		}
		h.refs++
		return h, false, nil
	}
	h = &handle{refs: 1, name: name}
	switch {
	case len(t.free) > 0:
		h.id, t.free = t.free[len(t.free)-1], t.free[:len(t.free)-1]
	case t.next < t.limit:
		h.id = t.next
		t.next++
	case t.idle.Len() > 0:
		evicted = t.idle.Remove(t.idle.Back()).(*handle)
		delete(t.byName, evicted.name)
		h.id = evicted.id
	default:
		return nil, false, nil
	}
	t.byName[name] = h
	return h, true, evicted
}

// release takes back a reference; given up: the executor has to be told that it was the last one of a doomed handle.
func (t *handles) release(h *handle) (givenUp bool) {
	if h.refs--; h.refs > 0 {
		return false
	}
	if h.doomed {
		t.abandon(h)
		return true
	}
	h.idle = t.idle.PushFront(h)
	return false
}

// doom gives up the handle of a name, now or with the last run that uses it.
func (t *handles) doom(name any) (h *handle, givenUp bool) {
	if h = t.byName[name]; h == nil {
		return nil, false
	}
	h.doomed = true
	if h.refs > 0 {
		return h, false
	}
	t.idle.Remove(h.idle)
	t.abandon(h)
	return h, true
}

// abandon gives up a handle that is not idle.
func (t *handles) abandon(h *handle) {
	delete(t.byName, h.name)
	t.free = append(t.free, h.id)
}

// forget gives up the mapping of a name: at once, or with the last run that reads it. Called with p.mu held.
func (p *process) forget(k key) {
	if h, givenUp := p.mappings.doom(k); givenUp {
		p.unmap(h)
	}
}

func (p *process) unmap(h *handle) {
	_ = p.send(head{kind: mUnmap, arg: h.id}, nil, nil) // a dead executor holds nothing
}

func (p *process) unload(h *handle) {
	_ = p.send(head{kind: mUnload, arg: h.id}, nil, nil) // a dead executor holds nothing
}

// mapFile makes the executor hold a mapping of the file's first bytes for the run.
func (p *process) mapFile(in *input, k key, f *os.File, size int64) (*handle, error) {
	h, fresh, evicted := p.mappings.acquire(k)
	if h == nil {
		return nil, sqlstate.New(sqlstate.ConfigurationLimit, "queries in flight read more than %d segments", maxMappings)
	}
	var err error
	if evicted != nil {
		err = p.send(head{kind: mUnmap, arg: evicted.id}, nil, nil)
	}
	if fresh && err == nil {
		writable := uint64(0)
		if k.kind == keyStream {
			writable = 1
		}
		err = p.send(head{kind: mMap, arg: h.id}, words(uint64(size), writable), f)
	}
	if err != nil {
		p.mappings.abandon(h)
		return nil, err
	}
	in.handles = append(in.handles, h)
	return h, nil
}

// hold makes the executor hold a program.
func (p *process) hold(o *Object) (*handle, error) {
	if o == nil {
		return nil, nil
	}
	h, fresh, evicted := p.programs.acquire(o.Hash)
	if h == nil {
		return nil, sqlstate.New(sqlstate.ConfigurationLimit, "more than %d programs are running", maxPrograms)
	}
	if !fresh {
		return h, nil
	}
	if err := p.load(o, h, evicted); err != nil {
		p.programs.abandon(h)
		return nil, err
	}
	return h, nil
}

func (p *process) load(o *Object, h, evicted *handle) error {
	if evicted != nil {
		if err := p.send(head{kind: mUnload, arg: evicted.id}, nil, nil); err != nil {
			return err
		}
	}
	f, err := memfdOf("flernd-program", o.Bytes, 0)
	if err != nil {
		return sqlstate.Wrap(err, sqlstate.OutOfMemory, "no shared memory")
	}
	defer f.Close()
	return p.send(head{kind: mLoad, arg: h.id}, words(uint64(len(o.Bytes))), f)
}

// openStream makes the shared buffers of an input stream.
func (p *process) openStream(in *input, count int) error {
	size := int64(count) * bufferSize
	f, err := memfd("flernd-stream", size)
	if err != nil {
		return sqlstate.Wrap(err, sqlstate.OutOfMemory, "no shared memory")
	}
	defer f.Close()
	if in.buffers, err = unix.Mmap(int(f.Fd()), 0, int(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED); err != nil {
		return sqlstate.Wrap(err, sqlstate.OutOfMemory, "no shared memory")
	}
	in.count = count
	p.streams++
	if in.stream, err = p.mapFile(in, key{keyStream, p.streams}, f, size); err != nil {
		return err
	}
	in.stream.doomed = true
	return nil
}

// drop gives up what a run held. Called with p.mu held.
func (p *process) drop(in *input) {
	for _, h := range in.handles {
		if p.mappings.release(h) {
			p.unmap(h)
		}
	}
	if in.buffers != nil {
		_ = unix.Munmap(in.buffers) // fails only for memory that is not mapped
	}
	*in = input{}
}
