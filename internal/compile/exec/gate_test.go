package exec

import (
	"context"
	"testing"
	"time"
)

func mustEnter(t *testing.T, g *gate, s suspicion) *pass {
	t.Helper()
	p, err := g.enter(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (g *gate) waits(s suspicion) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.waiting[s] == 1
}

// TestGateOrder: the likeliest suspect goes first, and a proven one is likelier than one that never ran alone.
func TestGateOrder(t *testing.T) {
	g := newGate()
	g.barred = time.Hour
	before := mustEnter(t, g, unsuspected)
	order := make(chan suspicion, suspicions)
	for _, s := range []suspicion{inFlight, proven, onProbation} {
		go func() {
			p, err := g.enter(context.Background(), s)
			if err != nil || !p.alone {
				t.Errorf("%v: %+v, %v", s, p, err)
			}
			order <- s
			p.leave()
		}()
		waitFor(t, func() bool { return g.waits(s) })
	}
	before.leave()
	for want := onProbation; want > unsuspected; want-- {
		if got := <-order; got != want {
			t.Errorf("%v went in the place of %v", got, want)
		}
	}
	mustEnter(t, g, unsuspected).leave()
}

// TestGateProven: who has run alone for long enough bars nobody, neither runs nor suspects, and is suspected first.
func TestGateProven(t *testing.T) {
	g := newGate()
	g.probation, g.barred = time.Millisecond, time.Hour
	first := mustEnter(t, g, inFlight)
	if got := first.suspicion(); got != onProbation {
		t.Errorf("suspicion %v", got)
	}
	first.probe(1)
	second := mustEnter(t, g, inFlight)
	if got := first.suspicion(); got != proven || !second.alone {
		t.Errorf("suspicion %v, %+v", got, second)
	}
	second.probe(1)
	if got := mustEnter(t, g, unsuspected).suspicion(); got != inFlight {
		t.Errorf("suspicion %v", got)
	}
}

// TestGateOpens: whatever the suspects do, nobody waits for ever.
func TestGateOpens(t *testing.T) {
	g := newGate()
	g.barred = time.Millisecond
	first := mustEnter(t, g, inFlight)
	rest := []*pass{mustEnter(t, g, inFlight), mustEnter(t, g, unsuspected)}
	for _, p := range rest {
		if p.alone {
			t.Error("it is not alone")
		}
		p.leave()
	}
	first.leave()
	if g.open || g.bound != nil || g.active != 0 {
		t.Errorf("after all: %+v", g)
	}
}
