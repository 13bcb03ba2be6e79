package exec

import (
	"context"
	"sync"
	"time"
)

// suspicion is how likely a run is the one that an executor died of for no known reason.
type suspicion int

const (
	unsuspected suspicion = iota
	inFlight              // when it died
	proven                // as well, and had been before
	onProbation           // as well, and beside none but proven ones
	suspicions
)

const (
	// probation is how long a suspect runs alone, the first time: the second and third time it is twice and four times that.
	probation = time.Second
	// barred is how long others wait for suspects in all, however many there are.
	barred = 5 * time.Second
)

// gate lets suspects run alone: after the executor died for no known reason, those that were in flight are run again one by
// one, the likeliest first, and nothing beside them. A suspect that has run alone for a while and that the executor has
// survived has proven itself: it leaves the gate, though it runs on, and others run beside it. Should the executor die then,
// it is a likelier suspect than those. A long run so bars nobody for longer than its probation, and all suspects together
// nobody for longer than the gate's bound: then it opens, and who is left runs beside the others.
type gate struct {
	probation, barred time.Duration

	mu      sync.Mutex
	cond    *sync.Cond
	active  int             // passes
	alone   bool            // the only pass is a suspect's
	waiting [suspicions]int // suspects
	open    bool            // suspects have barred the others for long enough
	bound   *time.Timer     // makes it so; nil while nobody is barred
}

// pass is a run's leave to run.
type pass struct {
	gate  *gate
	alone bool // a suspect's: no run that has not proven itself began beside it
	left  bool // under gate.mu
}

func newGate() *gate {
	g := &gate{probation: probation, barred: barred}
	g.cond = sync.NewCond(&g.mu)
	return g
}

func (g *gate) enter(ctx context.Context, s suspicion) (*pass, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	blocked := g.bars
	if s > unsuspected {
		g.waiting[s]++
		g.settle()
		defer func() {
			g.waiting[s]--
			g.settle()
		}()
		blocked = func() bool { return g.active > 0 || g.likelier(s) }
	}
	if blocked() {
		defer context.AfterFunc(ctx, func() {
			g.mu.Lock()
			defer g.mu.Unlock()
			g.cond.Broadcast()
		})()
	}
	for !g.open && blocked() {
		if ctx.Err() != nil {
			return nil, canceled()
		}
		g.cond.Wait()
	}
	p := &pass{gate: g, alone: s > unsuspected && g.active == 0}
	g.active++
	g.alone = g.alone || p.alone
	return p, nil
}

// bars tells whether there are suspects that others have to wait for.
func (g *gate) bars() bool { return g.alone || g.likelier(unsuspected) }

func (g *gate) likelier(than suspicion) bool {
	for _, n := range g.waiting[than+1:] {
		if n > 0 {
			return true
		}
	}
	return false
}

// settle starts to measure how long suspects bar the others, or ends that, and wakes who waits.
func (g *gate) settle() {
	switch bars := g.bars(); {
	case bars && g.bound == nil:
		var bound *time.Timer
		bound = time.AfterFunc(g.barred, func() {
			g.mu.Lock()
			defer g.mu.Unlock()
			if g.bound == bound {
				g.open = true
				g.cond.Broadcast()
			}
		})
		g.bound = bound
	case !bars && g.bound != nil:
		g.bound.Stop()
		g.bound, g.open = nil, false
	}
	g.cond.Broadcast()
}

// probe lets others in when the run has been alone for long enough.
func (p *pass) probe(attempt int) {
	if p.alone {
		time.AfterFunc(p.gate.probation<<(attempt-1), p.leave)
	}
}

// leave gives the pass back; again: nothing.
func (p *pass) leave() {
	g := p.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	if p.left {
		return
	}
	p.left = true
	g.active--
	if p.alone {
		g.alone = false
	}
	g.settle()
}

// suspicion is what the run is under when the executor has died for no known reason.
func (p *pass) suspicion() suspicion {
	p.gate.mu.Lock()
	defer p.gate.mu.Unlock()
	switch {
	case !p.alone:
		return inFlight
	case p.left:
		return proven
	}
	return onProbation
}
