package compile

import (
	"sync"
	"time"
)

// failures says when a compilation that has failed is tried again. Lack of memory or of time passes, so it is; a compiler's
// refusal does not, so it is ever more seldom.
type failures struct {
	mu    sync.Mutex
	pause time.Duration
	until time.Time
}

const firstPause = time.Minute

func (f *failures) retry(now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return !now.Before(f.until)
}

// add notes a failure. Those that come while nothing is to be tried are of the same compilation.
func (f *failures) add(now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now.Before(f.until) {
		return
	}
	f.pause = max(2*f.pause, firstPause)
	f.until = now.Add(f.pause)
}
