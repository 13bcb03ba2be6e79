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

// program is a program that has been asked for: its text in both tiers, and what is known of its objects. Equal shapes have
// equal texts, so the text is the key.
type program struct {
	best, fast string
	objects    [2]atomic.Pointer[cc.Object]
	runs       atomic.Int64
	asked      atomic.Bool // the best tier is being compiled for the runs to come
	failures   failures    // of the best tier's compilation
}

// programs keeps the programs used last.
type programs struct {
	mu     sync.Mutex
	byText *recent[[32]byte, *program]
}

// programBytes bounds the texts that are kept in memory. The objects of what is given up are on disk.
const programBytes = 256 << 20

func newPrograms() *programs {
	never, nothing := func(*program) bool { return false }, func(*program) {}
	return &programs{byText: newRecent[[32]byte](programBytes, never, nothing)}
}

// program finds or makes what is known of a text. Printing takes long for large models, so nobody else waits for it.
func (s *programs) program(c *cgen.Program) *program {
	text := c.Print(cgen.Best)
	key := sha256.Sum256([]byte(text))
	if p := s.find(key); p != nil {
		return p
	}
	made := &program{best: text, fast: c.Print(cgen.Fast)}
	s.mu.Lock()
	defer s.mu.Unlock()
	if p, ok := s.byText.get(key); ok {
		return p
	}
	s.byText.put(key, made, int64(len(made.best)+len(made.fast)))
	s.byText.trim()
	return made
}

func (s *programs) find(key [32]byte) *program {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, _ := s.byText.get(key)
	return p
}

func (p *program) text(t cc.Tier) string {
	if t == cc.Best {
		return p.best
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
		p.objects[t].Store(o)
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
	p.objects[t].Store(o)
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
	timer := time.AfterFunc(changeAfter, func() {
		if o := e.best(p); o != nil {
			_ = running.ChangeTo(o) // without it the run goes on as it is
		}
	})
	reply, err = running.Wait()
	timer.Stop()
	if err == nil && p.runs.Load() >= reuse && p.asked.CompareAndSwap(false, true) {
		go func() {
			defer p.asked.Store(false)
			e.best(p)
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
