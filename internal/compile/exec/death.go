package exec

import (
	"fmt"
	"sync"
	"syscall"

	"github.com/flernd/flernd/internal/wire/sqlstate"
)

// maxAttempts is how often a run is sent to an executor before it is given up.
const maxAttempts = 4

// afterDeath decides what becomes of a run whose executor has died: whether it is run again, or the error it ends with.
func (r *Running) afterDeath() (again bool, err error) {
	p := r.p
	p.runsMu.Lock()
	killed := p.killed
	p.runsMu.Unlock()
	known := p.fault.run != 0 || killed != nil
	switch {
	case r.ctx.Err() != nil:
		if p.fault.kind == faultSignal && p.fault.run == r.id {
			r.blame()
		}
		return false, canceled()
	case r.e.isStopped():
		return false, sqlstate.New(sqlstate.AdminShutdown, "the server is shutting down")
	case p.fault.kind == faultSignal && p.fault.run == r.id:
		return false, r.blame()
	case p.fault.run == r.id || killed == r:
		return false, sqlstate.New(sqlstate.InternalError, "the query did not stop and was killed").
			WithDetail("It was running %s.", p.fault.where)
	case !known && r.pass.alone && p.inFlight() == 1:
		return false, sqlstate.New(sqlstate.OutOfMemory, "the query was killed, most likely because memory ran out").
			WithDetail("The executor ended while it ran this query alone: %s.", p.describe())
	}
	if !r.req.ReadOnly || r.left || r.req.In != nil || r.attempts+1 >= maxAttempts {
		return false, sqlstate.New(sqlstate.CrashShutdown, "the query was interrupted because the executor crashed").
			WithDetail("The executor has been started again.").WithHint("Run the statement again.")
	}
	r.suspicion = unsuspected
	if !known {
		r.suspicion = r.pass.suspicion()
	}
	return true, nil
}

// inFlight is the number of runs that have not ended as far as the executor has told.
func (p *process) inFlight() int {
	p.runsMu.Lock()
	defer p.runsMu.Unlock()
	return len(p.runs)
}

func (e *Executor) isStopped() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.stopped
}

// blame makes the error of a run that crashed the executor, and sees to it that its program is not run again.
func (r *Running) blame() error {
	what := fmt.Sprintf("%v in %s", syscall.Signal(r.p.fault.signal), r.p.fault.where)
	r.e.quarantine.add(what, r.object, r.req.Alternate)
	return sqlstate.New(sqlstate.InternalError, "the compiled program of the query crashed: %s", what).
		WithDetail("It will not be run again.")
}

// quarantine holds the programs that have crashed the executor.
type quarantine struct {
	mu   sync.Mutex
	what map[[32]byte]string
}

func newQuarantine() *quarantine { return &quarantine{what: map[[32]byte]string{}} }

func (q *quarantine) add(what string, objects ...*Object) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, o := range objects {
		if o != nil {
			q.what[o.Hash] = what
		}
	}
}

// check refuses programs that have crashed.
func (q *quarantine) check(objects ...*Object) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, o := range objects {
		if o == nil {
			continue
		}
		if what, ok := q.what[o.Hash]; ok {
			return sqlstate.New(sqlstate.InternalError, "the compiled program of the query has crashed before and is not run again").
				WithDetail("It ended with %s.", what)
		}
	}
	return nil
}
