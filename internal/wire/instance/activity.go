package instance

import (
	"context"
	"sync"
	"time"

	"github.com/flernd/flernd/internal/compile"
	"github.com/flernd/flernd/internal/planner/physical"
	"github.com/flernd/flernd/internal/storage/sqltype"
)

// activity is the engine as sessions see it: it notices when they have something run.
type activity struct {
	*compile.Engine

	mu      sync.Mutex
	running int
	since   time.Time // the last one ended
}

// Run implements session.Engine.
func (a *activity) Run(ctx context.Context, plan physical.Node, params []sqltype.Datum, options compile.RunOptions) (*compile.RunResult, error) {
	a.count(1)
	defer a.count(-1)
	return a.Engine.Run(ctx, plan, params, options)
}

func (a *activity) count(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.running += n
	a.since = time.Now()
}

// quiet is how long nothing has run.
func (a *activity) quiet() time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.running > 0 {
		return 0
	}
	return time.Since(a.since)
}
