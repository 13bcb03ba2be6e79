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
	background atomic.Bool // the best tier is being compiled, or has failed to
}

// programs keeps the programs seen last.
type programs struct {
	mu     sync.Mutex
	byText map[[32]byte]*program
	order  [][32]byte
}

// maxPrograms bounds the programs that are kept in memory; their objects are on disk.
const maxPrograms = 1024

func newPrograms() *programs { return &programs{byText: map[[32]byte]*program{}} }

func (s *programs) program(c *cgen.Program) *program {
	text := c.Print(cgen.Best)
	key := sha256.Sum256([]byte(text))
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.byText[key]; p != nil {
		return p
	}
	p := &program{best: text, fast: c.Print(cgen.Fast)}
	if len(s.order) >= maxPrograms {
		delete(s.byText, s.order[0])
		s.order = s.order[1:]
	}
	s.byText[key] = p
	s.order = append(s.order, key)
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
// run, and a run that still goes on changes over between morsels.
func (e *Engine) run(ctx context.Context, p *program, req *exec.Request, c *chosen) (*exec.Reply, error) {
	if !c.change {
		return e.executor.Run(ctx, req)
	}
	running, err := e.executor.Begin(ctx, req)
	if err != nil {
		return nil, err
	}
	timer := time.AfterFunc(changeAfter, func() {
		e.background(p, func(o *cc.Object) { _ = running.ChangeTo(o) })
	})
	reply, err := running.Wait()
	timer.Stop()
	if err == nil && p.runs.Load() >= reuse {
		e.background(p, func(*cc.Object) {})
	}
	return reply, err
}

// background compiles the best tier once, and hands the object to then.
func (e *Engine) background(p *program, then func(*cc.Object)) {
	if !p.background.CompareAndSwap(false, true) {
		return
	}
	go func() {
		if o, err := e.object(e.life, p, cc.Best); err == nil {
			then(o)
		}
	}()
}
