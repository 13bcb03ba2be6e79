package compile

import (
	"context"
	"crypto/sha256"
	"sync"
	"sync/atomic"
	"time"

	"github.com/flernd/flernd/internal/compile/cc"
	"github.com/flernd/flernd/internal/compile/cgen"
	"github.com/flernd/flernd/internal/compile/exec"
)

// program is a run's program: its text in both tiers, and what is known of it. The text is the run's alone: whoever runs the
// program again makes it anew, to find by it what is known.
type program struct {
	*known
	best, fast string        // fast: empty until it is asked for
	c          *cgen.Program // what they are printed from
}

// known is what is known of a program that has been asked for. Equal shapes have equal texts, so the text's hash is the key.
type known struct {
	key      [32]byte
	objects  [2]atomic.Pointer[cc.Object]
	runs     atomic.Int64
	asked    atomic.Bool // the best tier is being compiled for the runs to come
	failures failures    // of the best tier's compilation
}

// programs keeps what is known of the programs used last.
type programs struct {
	mu    sync.Mutex
	byKey *recent[[32]byte, *known]
}

const (
	// programBytes bounds the objects that are kept in memory; of an engine with a memory limit it is at most an eighth. What
	// is given up is on disk.
	programBytes = 64 << 20
	// knownBytes is about what one takes besides its objects.
	knownBytes = 512
)

// newPrograms begins with none; dropped takes the objects that are given up.
func newPrograms(memoryLimit int64, dropped func(...*cc.Object)) *programs {
	limit := int64(programBytes)
	if memoryLimit > 0 {
		limit = min(limit, memoryLimit/8)
	}
	never := func(*known) bool { return false } // a run holds what it needs
	return &programs{byKey: newRecent[[32]byte](limit, never, func(k *known) {
		for t := range k.objects {
			if o := k.objects[t].Load(); o != nil {
				dropped(o)
			}
		}
	})}
}

// program finds or makes what is known of a program.
func (s *programs) program(c *cgen.Program) *program {
	p := &program{best: c.Print(cgen.Best), c: c}
	key := sha256.Sum256([]byte(p.best))
	s.mu.Lock()
	defer s.mu.Unlock()
	var ok bool
	if p.known, ok = s.byKey.get(key); !ok {
		p.known = &known{key: key}
		s.byKey.put(key, p.known, knownBytes)
		s.byKey.trim()
	}
	return p
}

// keep keeps an object with what is known of its program, unless that has been given up meanwhile.
func (s *programs) keep(k *known, t cc.Tier, o *cc.Object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k.objects[t].Swap(o) != nil {
		return
	}
	if now, ok := s.byKey.get(k.key); ok && now == k {
		s.byKey.grow(k.key, int64(len(o.Bytes)))
		s.byKey.trim()
	}
}

func (p *program) text(t cc.Tier) string {
	if t == cc.Best {
		return p.best
	}
	if p.fast == "" {
		p.fast = p.c.Print(cgen.Fast)
	}
	return p.fast
}

// chosen is the program a run starts with.
type chosen struct {
	object    *cc.Object
	alternate *cc.Object
	tier      cc.Tier
	waited    time.Duration
	change    bool // go over to the best tier when it is there
}

// choose finds or makes the object to start with. In tier auto that is the best one if it is there, else the fast one.
func (e *Engine) choose(ctx context.Context, p *program, opt RunOptions) (*chosen, error) {
	p.runs.Add(1)
	c := &chosen{tier: cc.Fast}
	if opt.Tier == "best" {
		c.tier = cc.Best
	}
	if opt.Tier == "" || opt.Tier == "auto" {
		if o := e.ready(p, cc.Best); o != nil {
			c.tier = cc.Best
		} else {
			c.change = true
		}
	}
	began := time.Now()
	fresh := e.ready(p, c.tier) == nil
	var err error
	if c.object, err = e.object(ctx, p, c.tier); err != nil {
		return nil, err
	}
	if fresh {
		c.waited = time.Since(began)
	}
	if opt.changeOften {
		c.change = false
		if c.alternate, err = e.object(ctx, p, 1-c.tier); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// ready is an object that needs no compilation.
func (e *Engine) ready(p *program, t cc.Tier) *cc.Object {
	if o := p.objects[t].Load(); o != nil {
		return o
	}
	if o, ok := e.cc.Cached(p.text(t), t); ok {
		e.seen.keep(p.known, t, o)
		return o
	}
	return nil
}

func (e *Engine) object(ctx context.Context, p *program, t cc.Tier) (*cc.Object, error) {
	if o := e.ready(p, t); o != nil {
		return o, nil
	}
	o, err := e.cc.Compile(ctx, p.text(t), t)
	if err != nil {
		return nil, err
	}
	e.seen.keep(p.known, t, o)
	return o, nil
}

const (
	// changeAfter is how long a run goes on in the fast tier before the best one is compiled: most are over by then.
	changeAfter = 40 * time.Millisecond
	// reuse is the number of runs after which a program is compiled in the best tier whatever their length.
	reuse = 2
)

// run runs the request. In tier auto the best tier is compiled beside a run that takes long, or after a program's second
// run, and a run that still goes on changes over between morsels. changed tells whether it did.
func (e *Engine) run(ctx context.Context, p *program, req *exec.Request, c *chosen) (reply *exec.Reply, changed bool, err error) {
	if !c.change {
		reply, err = e.executor.Run(ctx, req)
		return reply, false, err
	}
	running, err := e.executor.Begin(ctx, req)
	if err != nil {
		return nil, false, err
	}
	later := &program{known: p.known, best: p.best} // does not hold what a compilation that outlives the run does without
	timer := time.AfterFunc(changeAfter, func() {
		if o := e.best(later); o != nil {
			_ = running.ChangeTo(o) // without it the run goes on as it is
		}
	})
	reply, err = running.Wait()
	timer.Stop()
	if err == nil && p.runs.Load() >= reuse && p.asked.CompareAndSwap(false, true) {
		go func() {
			defer later.asked.Store(false)
			e.best(later)
		}()
	}
	return reply, running.Changed(), err
}

// best is the program's object in the best tier, compiled for whoever comes as well: it does not end with the run that asks,
// and runs that ask at the same time wait for one compilation. Nil if it cannot be had.
func (e *Engine) best(p *program) *cc.Object {
	if o := e.ready(p, cc.Best); o != nil {
		return o
	}
	if !p.failures.retry(time.Now()) {
		return nil
	}
	o, err := e.object(e.life, p, cc.Best)
	if err != nil {
		p.failures.add(time.Now())
		return nil
	}
	return o
}
